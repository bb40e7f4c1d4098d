"""Filling in the words between braces of a text module."""

from collections.abc import Mapping

#: What can stand between braces, and is known of most conversations.
PLACEHOLDERS = ("naam", "voornaam", "school", "nascholing", "eerste_dag", "mijn_naam")
#: What stands where nothing is known, for the writer to fill in.
UNKNOWN = "…"


def filled(text: str, facts: Mapping[str, str]) -> str:
    """A text module with what is known filled in, and «…» for the rest."""
    for name in PLACEHOLDERS:
        text = text.replace(f"{{{name}}}", facts.get(name) or UNKNOWN)
    return text
