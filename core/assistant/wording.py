"""Texts made comparable for rules, vetoes and the model: folded, addresses and digits masked, sentences kept apart."""

import re

from core.assistant.spelling import spelled
from core.text import folded

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[?!;]+|\.(?=\s|$)|\n\s*\n|\n\s*[-*•]\s+")
_ABBREVIATION = re.compile(
    r"\b(bv|evt|nl|ivm|o\.a|a\.u\.b|aub|d\.w\.z|m\.b\.t|i\.v\.m|bijv|dhr|mevr|nr|tel)\.", re.IGNORECASE
)
_SHORTEST_STATEMENT = 5
_ASKING = re.compile(
    r"\b(?:waar|wanneer|hoe\w*|welke?|kan|kun\w*|mag|mogen|wil\w*|wens\w*|zou\w*|graag|gelieve|aub|wacht\w*|zoek\w*"
    r"|vra\w+|nodig|niet|geen|nooit|nergens|nog|mis\w*|kwijt|verloren|weg|verwacht\w*|stuur\w*|bezorg\w*"
    r"|needs?|asks?|demande\w*"
    r"|where|when|how|which|can|could|may|please|would|need|not|never|t|lost|looking|want|miss\w*|waiting|send"
    r"|ou|quand|comment|quel\w*|puis|peu\w+|pouv\w+|pourr\w+|merci de|veuillez|pas|jamais|besoin|voudr\w+"
    r"|souhait\w*|perdu\w*|cherch\w*|attend\w*|manque\w*|envoy\w*)\b"
)
_ASKS_FIRST = re.compile(r"(?:is|zijn|staat|staan|komt|komen|krijg\w*|are|does|do|est|sont)\b")
_AND = re.compile(r" (?:en|maar|and|but|et|mais) ")
_SOMEBODY = re.compile(
    r"\b(?:van|voor|gebruikt|heeft|of|for|uses|has|pour|utilise)\s+(?!(?:Sint|De|Het|Vrije|Heilig|Go|Onze|Basis\w*|Gemeente\w*)\b)"
    r"[A-Z][a-z]+\s+(?:(?:[Dd]e|[Vv]an|[Dd]en|[Dd]er|[Ll]e|[Ll]a)\s+){0,2}[A-Z][a-z]+"
)
_GO = re.compile(r"\bGO!")  # the name of a school network, not the end of a sentence
#: Wishes of several sentences: a sentence shorter than this says nothing by itself.
SHORTEST_SENTENCE = 12


def masked(text: str) -> str:
    """A text without what identifies somebody: addresses, links and digits masked; slips right."""
    return re.sub(r"\d", "0", spelled(_ADDRESS.sub(" mailadresx ", _LINK.sub(" weblinkx ", text))))


def sentences(text: str) -> list[str]:
    """The sentences of a text, each folded (lower case, no accents) with addresses and digits masked."""
    prepared = _ABBREVIATION.sub(lambda found: found[1].replace(".", ""), masked(_GO.sub("GO", text)))
    parts = (folded(part.replace(".", "")) for part in _SENTENCE_END.split(prepared))
    return [part for part in parts if part]


def plain(text: str) -> str:
    """All sentences of a text, folded, with « . » between them: what the tables of patterns are matched on."""
    return " . ".join(sentences(text))


def asks_something(text: str, folded_text: str) -> bool:
    """Whether a text asks or misses something, or is too short to say anything else («attest webinar»)."""
    return (
        "?" in text
        or len(folded_text.split()) <= _SHORTEST_STATEMENT
        or bool(_ASKS_FIRST.match(folded_text) or _ASKING.search(folded_text))
    )


def clauses(sentence: str) -> list[str]:
    """A folded sentence cut at «en», «maar»: each may hold a wish of its own."""
    return [part.strip() for part in _AND.split(sentence)]


def names_somebody(text: str) -> bool:
    """Whether a text speaks of somebody by full name: «het attest van Lies Claes», not «ik ben Lies Claes»."""
    return bool(_SOMEBODY.search(text))
