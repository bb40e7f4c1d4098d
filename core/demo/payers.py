"""How payers write on a transfer which note it is for: as they should, retyped, mistyped, in words, or not at all."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stdnum.iso7064 import mod_97_10

from core.rules.billing import printed_ogm


class Habit(StrEnum):
    """What a payer writes."""

    STRUCTURED = "structured reference"
    RETYPED = "reference typed in the text"
    RF = "creditor reference (RF) of the number"
    TYPO = "reference with one wrong digit"
    SWAPPED = "reference with two digits swapped"
    NUMBER = "number of the note in words"
    WRONG_NUMBER = "number of the note with a wrong digit"
    WRONG_YEAR = "number of the note with last year's year"
    PERSON = "name of the participant and the course"
    COURSE = "only the course"
    OLD = "reference of a note that was paid before"
    NOTHING = "nothing that helps"


@dataclass(frozen=True, slots=True)
class Owed:
    """A debit note, as its payer has it on the desk."""

    note_id: int
    number: str
    ogm: str
    cents: int
    participant: str = ""
    course: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on the transfer: the structured reference, the free text."""

    reference: str = ""
    text: str = ""


_RETYPED = (
    "***{0}/{1}/{2}***",
    "+++{0}/{1}/{2}+++",
    "{0} {1} {2}",
    "{0}.{1}.{2}",
    "{0}{1}{2}",
    "{0}-{1}-{2} nascholing",
    "betaling ***{0}/{1}/{2}*** {who}",
    "OGM {0}/{1}/{2}",
    "debetnota {number} mededeling {0}/{1}/{2}",
)
_NUMBERED = ("debetnota {0}-{1}-{2}", "{0} {1} {3}", "nota {0}{1}{2}", "betaling van {0}-{1}-{2} {who}", "{0}/{1}/{3}")
_NOTHING = ("", "betaling", "nascholing CNO", "factuur", "zie mail", "vorming personeel", "dossier 2026/114")


def words(habit: Habit, chance: random.Random, notes: Sequence[Owed], old: Owed | None = None) -> Words:
    """What a payer with this habit writes for these notes; `old` is the note that an old transfer was for."""
    if habit is Habit.STRUCTURED and len(notes) == 1:
        return Words(reference=notes[0].ogm)
    if habit is Habit.OLD and old is not None:
        return Words(reference=old.ogm) if chance.random() < 0.5 else Words(text=printed_ogm(old.ogm))
    if habit is Habit.RF and len(notes) == 1:
        return Words(reference=creditor_reference(notes[0].number))
    if habit is Habit.NOTHING:
        return Words(text=chance.choice(_NOTHING))
    write = _WRITERS.get(habit, _retyped)
    return Words(text=chance.choice((" ", " en ", ", ", " + ")).join(write(chance, note) for note in notes))


def creditor_reference(number: str) -> str:
    """The number of a note as an RF reference (ISO 11649)."""
    bare = number.replace("-", "")
    return f"RF{mod_97_10.calc_check_digits(bare + 'RF')}{bare}"


def _spread(chance: random.Random, digits: str, note: Owed) -> str:
    said = {"who": note.participant, "number": note.number}
    return chance.choice(_RETYPED).format(digits[:3], digits[3:7], digits[7:], **said)


def _retyped(chance: random.Random, note: Owed) -> str:
    return _spread(chance, note.ogm, note)


def _typo(chance: random.Random, note: Owed) -> str:
    place = chance.randrange(12)
    wrong = str((int(note.ogm[place]) + chance.randint(1, 9)) % 10)
    said = note.ogm[:place] + wrong + note.ogm[place + 1 :]
    return f"***{said[:3]}/{said[3:7]}/{said[7:]}***"


def _swapped(chance: random.Random, note: Owed) -> str:
    places = [place for place in range(11) if note.ogm[place] != note.ogm[place + 1]]
    place = chance.choice(places)
    said = note.ogm[:place] + note.ogm[place + 1] + note.ogm[place] + note.ogm[place + 2 :]
    return f"{said[:3]}/{said[3:7]}/{said[7:]}"


def _numbered(chance: random.Random, note: Owed) -> str:
    series, year, nr = note.number.split("-")
    return chance.choice(_NUMBERED).format(series, year, nr, int(nr), who=note.participant)


def _wrong_number(chance: random.Random, note: Owed) -> str:
    series, year, nr = note.number.split("-")
    return f"debetnota {series}-{year}-{int(nr) + chance.choice((-9, -1, 1, 9, 10)):06}"


def _wrong_year(_chance: random.Random, note: Owed) -> str:
    series, year, nr = note.number.split("-")
    return f"{series}-{int(year) - 1}-{nr}"


def _person(_chance: random.Random, note: Owed) -> str:
    return f"{note.participant} {note.course}"[:140]


def _course(_chance: random.Random, note: Owed) -> str:
    return f"nascholing {note.course}"[:140]


_WRITERS: Mapping[Habit, Callable[[random.Random, Owed], str]] = {
    Habit.TYPO: _typo,
    Habit.SWAPPED: _swapped,
    Habit.NUMBER: _numbered,
    Habit.WRONG_NUMBER: _wrong_number,
    Habit.WRONG_YEAR: _wrong_year,
    Habit.PERSON: _person,
    Habit.COURSE: _course,
}
