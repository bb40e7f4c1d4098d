"""How a column of an import is written: its heading, the shape of its cells, the words they may hold (D15).

Headings and words are those of the files, Dutch whatever the language of the screen; what explains them is translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from core.i18n import N_, speaking
from core.labels import label
from core.text import folded
from core.vocabulary import (
    EnrolmentStatus,
    Language,
    Level,
    NoteKind,
    PayerPolicy,
)


class Shape(StrEnum):
    """How the cells of a column are written, and read."""

    TEXT = "text"
    LONG = "long"
    EMAIL = "email"
    EMAILS = "emails"
    PHONE = "phone"
    YEAR = "year"
    DATE = "date"
    TIME = "time"
    HOURS = "hours"
    MONEY = "money"
    COUNT = "count"
    YES_NO = "yes_no"
    WORD = "word"
    WORDS = "words"
    NUMBER = "number"
    KBO = "kbo"
    OGM = "ogm"
    SCHOOL = "school"
    SCHOOLS = "schools"


#: How a cell is to be filled in, for the explanation sheet.
ADVICE: dict[Shape, str] = {
    Shape.TEXT: N_("Text."),
    Shape.LONG: N_("Text, of several lines if need be."),
    Shape.EMAIL: N_("One e-mail address."),
    Shape.EMAILS: N_("One or more e-mail addresses, a semicolon between them."),
    Shape.PHONE: N_("Telephone number, with its leading zero or +32."),
    Shape.YEAR: N_("Year in four digits."),
    Shape.DATE: N_("Date: 03/12/2019 or 2019-12-03."),
    Shape.TIME: N_("Time: 09:30."),
    Shape.HOURS: N_("Number of hours: 6,5."),
    Shape.MONEY: N_("Amount in euros: 190,00."),
    Shape.COUNT: N_("Whole number."),
    Shape.YES_NO: N_("«ja» or «nee»."),
    Shape.WORD: N_("One of: {words}."),
    Shape.WORDS: N_("One or more, a semicolon between them, of: {words}."),
    Shape.NUMBER: N_("Institution number, six digits with its leading zeros."),
    Shape.KBO: N_("KBO number, ten digits: 0257.216.482."),
    Shape.OGM: N_("Structured reference, twelve digits: +++123/4567/89002+++."),
    Shape.SCHOOL: N_("Institution number, or the exact name of an institution without number."),
    Shape.SCHOOLS: N_("One or more institution numbers, a semicolon between them."),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the code, its heading, how its cells are written.

    `longest` counts characters; `words` are the kinds of words of a WORD column; `remark` (a msgid) says more.
    `example_in_days` makes its example the day so many days from now.
    """

    name: str
    heading: str
    shape: Shape
    example: str = ""
    is_required: bool = False
    longest: int = 0
    words: type[StrEnum] | None = None
    only: tuple[StrEnum, ...] = ()
    remark: str = ""
    aliases: tuple[str, ...] = field(default=())
    example_in_days: int = 0

    @property
    def names(self) -> frozenset[str]:
        """What its heading may be, made comparable."""
        return frozenset(folded(text) for text in (self.heading, *self.aliases))


@lru_cache(maxsize=32)
def words_of(kind: type[StrEnum], only: tuple[StrEnum, ...] = ()) -> Mapping[str, StrEnum]:
    """The members that a file can name, by the Dutch word of the screen and by their code, both made comparable."""
    with speaking(Language.DUTCH):
        members = only or tuple(kind)
        found = {folded(member.value): member for member in members}
        found |= {folded(_shown(member)): member for member in members}
    return found


def choice_of(kind: type[StrEnum], only: tuple[StrEnum, ...] = ()) -> str:
    """The words that a file may write, one after the other."""
    with speaking(Language.DUTCH):
        return ", ".join(_shown(member) for member in only or tuple(kind))


def _shown(member: StrEnum) -> str:
    """The word that a file writes for a member; levels go by their code."""
    return member.value if isinstance(member, Level) else _SHORT.get(member) or label(member)


#: Shorter words than the screen's, for files.
_SHORT: dict[StrEnum, str] = {
    PayerPolicy.ALLOWED: "toegelaten",
    PayerPolicy.APPROVAL: "na goedkeuring",
    PayerPolicy.FORBIDDEN: "niet toegelaten",
    NoteKind.DEBIT: "debetnota",
    NoteKind.CREDIT: "creditnota",
    EnrolmentStatus.CONFIRMED: "bevestigd",
    EnrolmentStatus.CANCELLED: "geannuleerd",
}
