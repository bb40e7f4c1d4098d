"""The values of matching: notes as they stand, what is known around a bank line, and what is proposed for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.vocabulary import MatchKind, PayerKind

Payer = tuple[PayerKind, int]


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A debit note as it stands. `left_cents`: still to be paid; below 0 it was paid too much."""

    note_id: int
    number: str
    ogm: str
    payer: Payer
    payer_name: str
    left_cents: int


@dataclass(frozen=True, slots=True)
class Part:
    """Cents for one note, signed as the line; `is_kept`: as credit of that note's payer instead of for the note."""

    note_id: int
    cents: int
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as an English msgid; the fields `amount`, `left` and `rest` are cents."""

    message: str
    fields: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do with a bank line. Only `is_certain` may be done without a person."""

    kind: MatchKind
    reason: Reason
    parts: tuple[Part, ...] = ()
    is_certain: bool = False
    payer: Payer | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """What the lines were placed as that a reversal may take back; one entry a line, empty where it still waits.

    `same`: by the reference of the bank or of the payer; `alike`: only of the same account and amount.
    """

    same: Sequence[tuple[Part, ...]] = ()
    alike: Sequence[tuple[Part, ...]] = ()


NOTHING = Undone()


@dataclass(frozen=True, slots=True)
class Found:
    """What is known around a bank line. Notes by reference and number; open ones of payers by account and by name.

    `of_named`: open ones of the payers of the notes that are named. `nearly`: those a mistyped reference may mean.
    `payers`: who may have paid, by account, else by name. `kept`: credit of the payers of that account, by
    the note it hangs on.
    """

    by_ogm: Mapping[str, OpenNote] = field(default_factory=dict)
    by_number: Mapping[str, OpenNote] = field(default_factory=dict)
    of_account: Sequence[OpenNote] = ()
    of_name: Sequence[OpenNote] = ()
    of_named: Sequence[OpenNote] = ()
    nearly: Sequence[OpenNote] = ()
    payers: frozenset[Payer] = frozenset()
    kept: Mapping[int, int] = field(default_factory=dict)
    undone: Undone = NOTHING
