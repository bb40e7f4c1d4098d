"""Our own example sentences, from which the model learns."""

from functools import lru_cache
from pathlib import Path

import yaml

from core.vocabulary import Intent

FOLDER = Path(__file__).parent / "examples"


@lru_cache(maxsize=1)
def examples() -> tuple[tuple[Intent, str, str], ...]:
    """All examples: intent, language, text."""
    return tuple((intent, language, text) for intent in Intent for language, text in _read(f"{intent}.yaml"))


@lru_cache(maxsize=1)
def for_a_person() -> tuple[str, ...]:
    """Messages that speak of what the bot knows, yet need a person: where an answer would not help, or do harm."""
    return tuple(text for _language, text in _read("for_a_person.yaml"))


def _read(name: str) -> list[tuple[str, str]]:
    """The texts of a file with their language."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (FOLDER / name).open(encoding="utf-8") as file:
        rows: dict[str, list[str]] = yaml.load(file, Loader=loader)  # noqa: S506 - both are safe loaders
    return [(language, text) for language, texts in rows.items() for text in texts]
