"""A message without what says who wrote it: no addresses, links, digits or known names."""

import re
from collections.abc import Iterable

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_GREETED = re.compile(
    r"^(\s*(?:dag|beste|hallo|geachte|dear|hello|hi|bonjour|cher|chère)\b)[^\n,!]{0,60}", re.IGNORECASE
)
_SHORTEST = 3


def without_names(text: str, names: Iterable[str]) -> str:
    """A text to learn from: addresses and links gone, digits noughts, every word of these names «X»."""
    plain = re.sub(r"\d", "0", _ADDRESS.sub("[adres]", _LINK.sub("[link]", text)))
    plain = _GREETED.sub(r"\1", plain)
    for word in sorted({word for name in names for word in re.findall(r"\w+", name)}, key=len, reverse=True):
        if len(word) > 1:  # «An» is a name, «an» is not
            flags = re.IGNORECASE if len(word) >= _SHORTEST else 0
            plain = re.sub(rf"\b{re.escape(word)}\b", "X", plain, flags=flags)
    return plain.strip()
