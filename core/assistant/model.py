"""The learnt half: which of the 18 intents a text looks like, from our own examples.

scikit-learn is imported here only, when the model is trained: a process that never reads a mail stays light.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from core.assistant.wording import masked
from core.vocabulary import Intent

EXAMPLES = Path(__file__).parent / "examples"
_WORD = r"\w+"
_training = threading.Lock()


@lru_cache(maxsize=1)
def examples() -> tuple[tuple[Intent, str, str], ...]:
    """All examples: intent, language, text."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    for intent in Intent:
        with (EXAMPLES / f"{intent}.yaml").open(encoding="utf-8") as file:
            rows: dict[str, list[str]] = yaml.load(file, Loader=loader)  # noqa: S506 - both are safe loaders
        found += [(intent, language, text) for language, texts in rows.items() for text in texts]
    return tuple(found)


class Model:
    """TF-IDF of characters 2–5 and words 1–2, logistic regression; trained once, then only read."""

    def __init__(self, rows: Sequence[tuple[Intent, str]]) -> None:
        from numpy import float32  # noqa: PLC0415 - heavy: only where it is used
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
        from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415

        common: dict[str, Any] = {"strip_accents": "unicode", "sublinear_tf": True, "dtype": float32}
        self._pipeline = make_pipeline(
            make_union(
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, **common),
                TfidfVectorizer(analyzer="word", ngram_range=(1, 2), token_pattern=_WORD, **common),
            ),
            LogisticRegression(C=10, class_weight="balanced", max_iter=2000, tol=1e-3),
        )
        self._pipeline.fit([masked(text) for _intent, text in rows], [intent.value for intent, _text in rows])
        self._intents = [Intent(name) for name in self._pipeline.classes_]

    def probabilities(self, texts: Sequence[str]) -> list[dict[Intent, float]]:
        """For each text how likely each intent is; the numbers of one text add up to 1."""
        rows = self._pipeline.predict_proba([masked(text) for text in texts])
        return [dict(zip(self._intents, map(float, row), strict=True)) for row in rows]


@lru_cache(maxsize=1)
def _trained() -> Model:
    return Model([(intent, text) for intent, _language, text in examples()])


def model() -> Model:
    """This process's model, trained on the first call; others wait for it meanwhile."""
    with _training:
        return _trained()
