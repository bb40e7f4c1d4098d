"""The learnt half: which of the 18 intents a text looks like, from our own examples.

scikit-learn is imported here only, when the model is trained: a process that never reads a mail stays light.
"""

import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

from core.assistant.corpus import examples
from core.assistant.wording import masked
from core.vocabulary import Intent

_WORD = r"\w+"
_RAREST_WORD = 2
_training = threading.Lock()


class Model:
    """TF-IDF of characters 2–5 and words 1–2, logistic regression; trained once, then only read.

    scikit-learn trains; a single text is weighed here: its own way from text to probabilities takes far longer.
    """

    def __init__(self, rows: Sequence[tuple[Intent, str]]) -> None:
        import numpy  # noqa: PLC0415 - heavy: only where it is used
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
        from sklearn.pipeline import make_union  # noqa: PLC0415
        from threadpoolctl import threadpool_limits  # noqa: PLC0415

        common: dict[str, Any] = {"strip_accents": "unicode", "sublinear_tf": True, "dtype": numpy.float32}
        views = [
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, **common),
            TfidfVectorizer(analyzer="word", ngram_range=(1, 2), token_pattern=_WORD, min_df=_RAREST_WORD, **common),
        ]
        texts = [masked(text) for _intent, text in rows]
        learner = LogisticRegression(C=10, class_weight="balanced", max_iter=2000, tol=1e-3)
        with threadpool_limits(1):  # several threads on so small a task only wait for each other
            learner.fit(make_union(*views).fit_transform(texts), [intent.value for intent, _text in rows])
        self._views = [(view.build_analyzer(), view.vocabulary_, view.idf_) for view in views]
        self._weights = numpy.split(numpy.ascontiguousarray(learner.coef_.T), [len(views[0].vocabulary_)])
        self._base = learner.intercept_
        self._intents = [Intent(name) for name in learner.classes_]

    def probabilities(self, texts: Sequence[str]) -> list[dict[Intent, float]]:
        """For each text how likely each intent is; the numbers of one text add up to 1."""
        return [dict(zip(self._intents, self._weigh(masked(text)), strict=True)) for text in texts]

    def _weigh(self, text: str) -> list[float]:
        import numpy  # noqa: PLC0415

        sums = self._base
        for (terms, vocabulary, idf), weights in zip(self._views, self._weights, strict=True):
            counts = Counter(vocabulary[term] for term in terms(text) if term in vocabulary)
            if counts:
                columns = numpy.fromiter(counts, int, len(counts))
                values = (1 + numpy.log(numpy.fromiter(counts.values(), float, len(counts)))) * idf[columns]
                sums = sums + (values / numpy.linalg.norm(values)) @ weights[columns]
        powers = numpy.exp(sums - sums.max())
        return [float(power) for power in powers / powers.sum()]


Learnt = tuple[tuple[Intent, str], ...]


def trained(learnt: Learnt = ()) -> Model:
    """A model of our own examples and those that coordinators accepted."""
    return Model([*((intent, text) for intent, _language, text in examples()), *learnt])


class _InUse:
    """This process's model, and which accepted examples it learnt."""

    model: Model | None = None
    learnt: Learnt = ()


def model() -> Model:
    """This process's model, trained on the first call; others wait for it meanwhile."""
    with _training:
        if _InUse.model is None:
            _InUse.model = trained(_InUse.learnt)
        return _InUse.model


def learn(learnt: Learnt) -> bool:
    """Train anew when other examples are accepted than this process's model learnt; whether it was done."""
    with _training:
        if learnt == _InUse.learnt and _InUse.model is not None:
            return False
        _InUse.model, _InUse.learnt = trained(learnt), learnt
        return True
