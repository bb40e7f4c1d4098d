"""The words of the domain as screens show them: member → text, icon and colour."""

from enum import StrEnum

from core.i18n import _
from core.labels.imports import IMPORTS
from core.labels.looks import COLOURS, ICONS
from core.labels.money import MONEY
from core.labels.people import PEOPLE
from core.labels.traces import TRACES
from core.labels.words import LABELS as WORDS

__all__ = ["COLOURS", "ICONS", "LABELS", "colour", "holder", "icon", "label"]

LABELS = (*WORDS, *MONEY, *IMPORTS, *PEOPLE, *TRACES)
# Members of two enums may share a value, and equal strings would be one key: hence the type in the key.
_BY_MEMBER = {(type(member), member.value): text for member, text in LABELS}
_ICON_BY_MEMBER = {(type(member), member.value): text for member, text in ICONS}
_COLOUR_BY_MEMBER = {(type(member), member.value): text for member, text in COLOURS}


def label(member: StrEnum) -> str:
    """The word a screen shows for a member, in the language of the moment."""
    return _(_BY_MEMBER[type(member), member.value])


def holder(name: str | None) -> str:
    """Who holds a seat, or the words for a seat that an institution has not named anybody for."""
    return name or _("(to be named)")


def icon(member: StrEnum) -> str:
    """The Material symbol of a theme or a state."""
    return _ICON_BY_MEMBER.get((type(member), member.value), ":material/label:")


def colour(member: StrEnum) -> str:
    """The badge colour of a state."""
    return _COLOUR_BY_MEMBER.get((type(member), member.value), "blue")
