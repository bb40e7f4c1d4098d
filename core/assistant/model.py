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
#: Of how many nearest examples of each kind the likeness counts for «a person», and how much beside what was learnt.
NEAREST, _LIKENESS = 5, 13.0
#: So many texts are remembered with what was made of them: a sentence is often the whole message, or said by many.
_REMEMBERED = 4_096
_training = threading.Lock()


class Model:
    """TF-IDF of characters 2–4 and words 1–2, logistic regression; trained once, then only read.

    Whether a person is needed hangs on a few words that a sum of weights loses sight of; so there the nearest examples
    count too: by how much the text is more like those for a person than like ordinary ones.
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
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2, **common),
            TfidfVectorizer(analyzer="word", ngram_range=(1, 2), token_pattern=_WORD, min_df=_RAREST_WORD, **common),
        ]
        near = dict.fromkeys(for_a_person() if personal is None else personal)
        needs = [intent in NEVER_ALONE or text in near for intent, text in rows]
        more = near.keys() - {text for _intent, text in rows}
        texts = [masked(text) for text in (*(text for _intent, text in rows), *(each for each in near if each in more))]
        needs += [True] * len(more)
        intents, person = (
            LogisticRegression(C=10, class_weight="balanced", max_iter=2000, tol=1e-3) for _learner in range(2)
        )
        with threadpool_limits(1):  # several threads on so small a task only wait for each other
            seen = make_union(*views).fit_transform(texts)
            intents.fit(seen[: len(rows)], [intent.value for intent, _text in rows])
            person.fit(seen, needs)
        self._views = [(view.build_analyzer(), view.vocabulary_, view.idf_) for view in views]
        weights = numpy.ascontiguousarray(numpy.vstack([intents.coef_, person.coef_]).T)  # the last column: a person
        self._weights = weights
        self._examples, self._for_a_person = seen.T.tocsr(), numpy.array(needs)
        asked = [None if is_for_person else intent for (intent, _text), is_for_person in zip(rows, needs, strict=False)]
        self._asked: list[Intent | None] = [*asked, *([None] * len(more))]
        self._remembered: dict[str, tuple[dict[Intent, float], float]] = {}
        self._base = numpy.append(intents.intercept_, person.intercept_)
        self._intents = [Intent(name) for name in intents.classes_]

    def judged(self, text: str) -> tuple[dict[Intent, float], float]:
        """How likely each intent is (together 1), and how likely it is that the text needs a person (0–1)."""
        if (known := self._remembered.get(text)) is not None:
            return known
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        found = self._remembered[text] = self._judged(text)
        return found

    def alike(self, text: str, intent: Intent) -> int:
        """How many of the nearest examples ask this intent, and need no person."""
        import numpy  # noqa: PLC0415

        nearest = numpy.argsort(-self._likenesses(*self._weighed(masked(text))))[:NEAREST]
        return sum(self._asked[each] is intent for each in nearest)

    def _judged(self, text: str) -> tuple[dict[Intent, float], float]:
        """As :meth:`judged`, not remembered."""
        import numpy  # noqa: PLC0415

        columns, values = self._weighed(masked(text))
        sums = self._base + values @ self._weights[columns]
        powers = numpy.exp(sums[:-1] - sums[:-1].max())
        likely = dict(zip(self._intents, (float(power) for power in powers / powers.sum()), strict=True))
        return likely, float(1 / (1 + numpy.exp(-sums[-1] - _LIKENESS * self._likeness(columns, values))))

    def _weighed(self, text: str) -> tuple[Any, Any]:
        """The columns of what stands in a text, and what each weighs there."""
        import numpy  # noqa: PLC0415

        columns, values, first = [numpy.empty(0, int)], [numpy.empty(0)], 0
        for terms, vocabulary, idf in self._views:
            counts = Counter(vocabulary[term] for term in terms(text) if term in vocabulary)
            if counts:
                found = numpy.fromiter(counts, int, len(counts))
                weighed = (1 + numpy.log(numpy.fromiter(counts.values(), float, len(counts)))) * idf[found]
                columns.append(found + first)
                values.append(weighed / numpy.linalg.norm(weighed))
            first += len(vocabulary)
        return numpy.concatenate(columns), numpy.concatenate(values)

    def _likeness(self, columns: Any, values: Any) -> float:
        """How much more a text is like the nearest examples for a person than like the nearest ordinary ones."""
        import numpy  # noqa: PLC0415

        alike = self._likenesses(columns, values)
        near, ordinary = alike[self._for_a_person], alike[~self._for_a_person]
        return float(
            numpy.mean(numpy.partition(near, -NEAREST)[-NEAREST:])
            - numpy.mean(numpy.partition(ordinary, -NEAREST)[-NEAREST:])
        )

    def _likenesses(self, columns: Any, values: Any) -> Any:
        """How alike a text and each example are: the cosine of characters and that of words, added up (0–2)."""
        import numpy  # noqa: PLC0415

        table = self._examples  # its rows are read directly: scipy's own way there takes twice as long
        first, last = table.indptr[columns], table.indptr[columns + 1]
        many = last - first
        places = numpy.repeat(last - many.cumsum(), many) + numpy.arange(many.sum())
        weights = table.data[places] * numpy.repeat(values, many)
        return numpy.bincount(table.indices[places], weights, minlength=table.shape[1])

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
