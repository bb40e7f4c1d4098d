"""Texts made comparable for rules, vetoes and the model: folded, addresses and digits masked, sentences kept apart."""

import re

from core.text import folded

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[?!;]+|\.(?=\s|$)|\n\s*\n|\n\s*[-*•]\s+")
_ABBREVIATION = re.compile(
    r"\b(bv|evt|nl|ivm|o\.a|a\.u\.b|aub|d\.w\.z|m\.b\.t|i\.v\.m|bijv|dhr|mevr|nr|tel)\.", re.IGNORECASE
)
#: Wishes of several sentences: a sentence shorter than this says nothing by itself.
SHORTEST_SENTENCE = 12


def masked(text: str) -> str:
    """A text without what identifies somebody: addresses and links become a word, every digit a nought."""
    return re.sub(r"\d", "0", _ADDRESS.sub(" mailadresx ", _LINK.sub(" weblinkx ", text)))


def sentences(text: str) -> list[str]:
    """The sentences of a text, each folded (lower case, no accents) with addresses and digits masked."""
    prepared = _ABBREVIATION.sub(lambda found: found[1].replace(".", ""), masked(text))
    parts = (folded(part.replace(".", "")) for part in _SENTENCE_END.split(prepared))
    return [part for part in parts if part]


def plain(text: str) -> str:
    """All sentences of a text, folded, with « . » between them: what the tables of patterns are matched on."""
    return " . ".join(sentences(text))
