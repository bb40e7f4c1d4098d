"""Texts made comparable: for searching and for finding doubles."""

import re
import unicodedata


def folded(text: str) -> str:
    """Lower case, without accents, every run of other signs one space: «Zoë De Wolf-Claes» → «zoe de wolf claes»."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9@.]+", " ", plain.lower().replace("ß", "ss")).strip()


def address_key(email: str) -> str:
    """An e-mail address as it is stored and compared: trimmed, lower case."""
    return email.strip().lower()


def slug(text: str) -> str:
    """A text for an address: «AI in de klas: wat nu?» → «ai-in-de-klas-wat-nu», 80 characters at most."""
    return folded(text).replace(".", " ").replace("@", " ").replace("  ", " ").replace(" ", "-")[:80].strip("-")
