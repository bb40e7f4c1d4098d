"""Our own example sentences, from which the model learns."""

from functools import lru_cache
from pathlib import Path

import yaml

from core.vocabulary import Intent

FOLDER = Path(__file__).parent / "examples"


@lru_cache(maxsize=1)
def examples() -> tuple[tuple[Intent, str, str], ...]:
    """All examples: intent, language, text."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    for intent in Intent:
        with (FOLDER / f"{intent}.yaml").open(encoding="utf-8") as file:
            rows: dict[str, list[str]] = yaml.load(file, Loader=loader)  # noqa: S506 - both are safe loaders
        found += [(intent, language, text) for language, texts in rows.items() for text in texts]
    return tuple(found)
