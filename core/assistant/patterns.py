"""The two tables that hold the patterns: what hits an intent (`rules.yaml`) and what forbids an answer (`vetoes.yaml`).

A pattern is a regular expression on folded words, with three shorthands: « ~ » stands for up to 60 signs of the same
sentence, « a & b » for all of them in any order, and « <name> » for the words of a family (`families.yaml`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from pathlib import Path
from typing import Any

import yaml

from core.vocabulary import Intent

FOLDER = Path(__file__).parent / "tables"
START_THRESHOLD = 0.28
_FAMILY = re.compile(r"<(\w+)>")
_GAP = r" (?:[^.]{0,60}? )??"


@dataclass(frozen=True, slots=True)
class Rule:
    """When an intent is meant: one of `hits`, none of `unless`; `threshold` is the probability asked of the model."""

    hits: re.Pattern[str]
    unless: re.Pattern[str] | None
    threshold: float


def compiled(patterns: list[str]) -> re.Pattern[str]:
    """One expression of many patterns, the shorthands written out."""
    return re.compile("|".join(rf"\b(?:{_written_out(pattern)})\b" for pattern in patterns))


def _written_out(pattern: str) -> str:
    pattern = _FAMILY.sub(lambda found: f"(?:{_families()[found[1]]})", pattern)
    parts = [f"(?:{part})" for part in pattern.replace(" ~ ", _GAP).split(" & ")]
    return "|".join(_GAP.join(order) for order in permutations(parts))


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return found


@lru_cache(maxsize=1)
def _families() -> dict[str, str]:
    families: dict[str, str] = _read("families.yaml")
    return families


@lru_cache(maxsize=1)
def rules() -> dict[Intent, Rule]:
    """The rule of each intent that has one."""
    return {
        Intent(name): Rule(
            hits=compiled(row["hits"]),
            unless=compiled(row["unless"]) if row.get("unless") else None,
            threshold=float(row.get("threshold", START_THRESHOLD)),
        )
        for name, row in _read("rules.yaml").items()
    }


@lru_cache(maxsize=1)
def _vetoes() -> dict[Intent, tuple[tuple[str, re.Pattern[str]], ...]]:
    table = _read("vetoes.yaml")
    kinds: dict[str, dict[str, list[str]]] = table["kinds"]
    return {
        intent: tuple(
            (kind, compiled([pattern for group in rows.values() for pattern in group]))
            for kind, rows in kinds.items()
            if kind in table["always"] or kind in table["intents"].get(intent.value, ())
        )
        for intent in Intent
    }


@lru_cache(maxsize=4096)
def hits(plain: str) -> frozenset[Intent]:
    """The intents whose rule fits a text of :func:`core.assistant.wording.plain`."""
    return frozenset(
        intent
        for intent, rule in rules().items()
        if rule.hits.search(plain) and not (rule.unless and rule.unless.search(plain))
    )


def veto(intent: Intent, plain: str) -> str | None:
    """The kind of veto word that forbids answering this intent by itself, or None."""
    return next((kind for kind, pattern in _vetoes()[intent] if pattern.search(plain)), None)
