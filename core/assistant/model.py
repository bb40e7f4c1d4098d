"""The learnt half: which of the 18 intents a text looks like, and whether it needs a person, from our own examples.

scikit-learn is imported here only, when the model is trained: a process that never reads a mail stays light.
"""

import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

from core.assistant.corpus import examples, for_a_person
from core.assistant.wording import masked
from core.vocabulary import Intent

#: What the bot never answers by itself, however sure it is.
NEVER_ALONE = frozenset({Intent.OTHER, Intent.PERSONAL_DATA})
_WORD = r"\w+"
_RAREST_WORD = 2
_training = threading.Lock()


class Model:
    """TF-IDF of characters 2–5 and words 1–2, logistic regression; trained once, then only read.

    scikit-learn trains; a single text is weighed here: its own way from text to probabilities takes far longer.
    """

    def __init__(self, rows: Sequence[tuple[Intent, str]], personal: Sequence[str] | None = None) -> None:
        """Learn from examples; `personal`: what needs a person though it speaks of an intent (without: our own)."""
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
        near = for_a_person() if personal is None else personal
        texts = [masked(text) for text in (*(text for _intent, text in rows), *near)]
        needs = [intent in NEVER_ALONE for intent, _text in rows] + [True] * len(near)
        intents, person = (
            LogisticRegression(C=10, class_weight="balanced", max_iter=2000, tol=1e-3) for _learner in range(2)
        )
        with threadpool_limits(1):  # several threads on so small a task only wait for each other
            seen = make_union(*views).fit_transform(texts)
            intents.fit(seen[: len(rows)], [intent.value for intent, _text in rows])
            person.fit(seen, needs)
        self._views = [(view.build_analyzer(), view.vocabulary_, view.idf_) for view in views]
        weights = numpy.ascontiguousarray(numpy.vstack([intents.coef_, person.coef_]).T)  # the last column: a person
        self._weights = numpy.split(weights, [len(views[0].vocabulary_)])
        self._base = numpy.append(intents.intercept_, person.intercept_)
        self._intents = [Intent(name) for name in intents.classes_]

    def judged(self, text: str) -> tuple[dict[Intent, float], float]:
        """How likely each intent is (together 1), and how likely it is that the text needs a person (0–1)."""
        import numpy  # noqa: PLC0415

        sums = self._base
        for (terms, vocabulary, idf), weights in zip(self._views, self._weights, strict=True):
            counts = Counter(vocabulary[term] for term in terms(masked(text)) if term in vocabulary)
            if counts:
                columns = numpy.fromiter(counts, int, len(counts))
                values = (1 + numpy.log(numpy.fromiter(counts.values(), float, len(counts)))) * idf[columns]
                sums = sums + (values / numpy.linalg.norm(values)) @ weights[columns]
        powers = numpy.exp(sums[:-1] - sums[:-1].max())
        likely = dict(zip(self._intents, (float(power) for power in powers / powers.sum()), strict=True))
        return likely, float(1 / (1 + numpy.exp(-sums[-1])))

    def probabilities(self, texts: Sequence[str]) -> list[dict[Intent, float]]:
        """For each text how likely each intent is; the numbers of one text add up to 1."""
        return [self.judged(text)[0] for text in texts]


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
