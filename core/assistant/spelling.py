"""Slips of the pen set right before anything is understood: an unknown word one letter away from a word that matters.

`tables/words.yaml` holds the words that matter, words of daily use that look like them, and short forms of chat.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml

from core.assistant.corpus import examples
from core.text import folded

TABLE = Path(__file__).parent / "tables" / "words.yaml"
_SHORTEST = 5
_WORD = re.compile(r"[^\W\d_]{2,40}")


def spelled(text: str) -> str:
    """A text with its slips set right; every other word stays as it was written."""
    return _WORD.sub(lambda found: _right(found[0]), text)


@lru_cache(maxsize=4096)
def _right(written: str) -> str:
    short, matter, known = _words()
    word = folded(written)
    if word in short:
        return short[word]
    if len(word) < _SHORTEST or word in known:
        return written
    meant = {right for rest in (word, *_shorter(word)) for right in matter.get(rest, ()) if _is_near(word, right)}
    return meant.pop() if len(meant) == 1 else written


def _shorter(word: str) -> Iterator[str]:
    """A word without each of its letters in turn."""
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _is_near(word: str, right: str) -> bool:
    """Whether one letter was added, left out or mistaken, or two neighbours changed places."""
    if word[0] != right[0] or abs(len(word) - len(right)) > 1:
        return False
    if len(word) != len(right):
        longer, shorter = sorted((word, right), key=len, reverse=True)
        return shorter in _shorter(longer)
    different = [at for at, (one, other) in enumerate(zip(word, right, strict=True)) if one != other]
    is_swap = len(different) == 2 and different[1] == different[0] + 1 and sorted(word) == sorted(right)
    return len(different) == 1 or is_swap


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, str], dict[str, list[str]], frozenset[str]]:
    """Short forms; what remains of each word that matters without one letter; the words that are right as they are."""
    table = yaml.safe_load(TABLE.read_text("utf-8"))
    matter: list[str] = table["matter"].split()
    remains: dict[str, list[str]] = {}
    for word in matter:
        for rest in (word, *_shorter(word)):
            remains.setdefault(rest, []).append(word)
    written = (word for _intent, _language, text in examples() for word in folded(text).replace(".", " ").split())
    return table["short"], remains, frozenset([*matter, *table["known"].split(), *written])
