"""What a bank file says, whichever format it came in."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from core.errors import DomainError
from core.i18n import N_


class FileTooLarge(DomainError):
    """More than a bank ever sends in one file."""

    message = N_("The file «{name}» is larger than {most} MB.")


class NotABankFile(DomainError):
    """Another kind of file, or a format that is not read."""

    message = N_("The file «{name}» is not a bank statement in CODA 2 or camt.052, 053 or 054.")


class UnreadableBankFile(DomainError):
    """A bank file that is broken: nothing of it is taken in."""

    message = N_("The file «{name}» cannot be read: {place}.")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in a statement that does not add up: an English msgid and its fields. It never stops the reading."""

    message: str
    fields: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One booked movement. `cents` is signed: above 0 came in, below 0 went out.

    `references` are the structured ones (an OGM of twelve digits or an RF reference), `text` the free communication.
    `sequence` tells apart what is equal in account, day, bank reference and amount within its file.
    """

    booked_on: date
    cents: int
    currency: str
    bank_ref: str
    end_to_end: str = ""
    name: str = ""
    iban: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    type_code: str = ""
    is_reversal: bool = False
    valued_on: date | None = None
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account; balances in cents, None when the bank gives none. `pending`: not booked yet."""

    format: str
    account: str
    number: str
    lines: tuple[Line, ...]
    opened_cents: int | None = None
    closed_cents: int | None = None
    closed_on: date | None = None
    pending: int = 0
    doubts: tuple[Doubt, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The newest day this statement speaks of."""
        days = [line.booked_on for line in self.lines]
        return max([*days, self.closed_on] if self.closed_on else days, default=None)


def in_cents(amount: str) -> int:
    """An amount as a bank writes it, in cents. Raises ArithmeticError or ValueError when it is none."""
    cents = Decimal(amount.strip()) * 100
    if cents != cents.to_integral_value():
        raise ValueError(amount)
    return int(cents)


def balance_doubts(opened: int | None, moved: int, closed: int | None) -> list[Doubt]:
    """The doubt when the old balance and the movements do not make the new balance."""
    if opened is None or closed is None or opened + moved == closed:
        return []
    gap = f"{Decimal(closed - opened - moved) / 100:.2f}"
    return [Doubt(N_("The balances do not fit the movements: the difference is {gap} euro."), {"gap": gap})]


def own_reference(reference: str, *facts: str) -> str:
    """The bank's reference of a line; when it gives none, a fingerprint of what the line says takes its place."""
    wanted = reference.strip()
    if wanted and wanted != "NOTPROVIDED":
        return wanted[:60]
    return "#" + hashlib.sha256("\n".join(facts).encode()).hexdigest()[:32]


def compact(reference: str) -> str:
    """A structured reference without spaces, stars, plusses and slashes."""
    wanted = reference.strip().upper()
    return wanted if wanted.isalnum() else "".join(sign for sign in wanted if sign.isalnum())


def numbered(lines: Sequence[Line], counted: dict[tuple[object, ...], int], account: str) -> tuple[Line, ...]:
    """The lines with their sequence; `counted` goes from statement to statement of one file."""
    found = []
    for line in lines:
        key = (account, line.booked_on, line.bank_ref, line.cents)
        count = counted.get(key, 0)
        counted[key] = count + 1
        found.append(replace(line, sequence=count) if count else line)
    return tuple(found)
