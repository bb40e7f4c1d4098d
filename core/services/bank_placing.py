"""Placing what is certain of the lines that a bank file brought; the rest goes to the queue. A few queries a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, insert, select

from core.db import Db
from core.documents.bank import Line
from core.models import Allocation, BankTransaction, Note, WaitingTransaction
from core.queries import matching, reversals
from core.queries.bank_payers import in_batches
from core.queries.matching import Ground
from core.rules import matching as rules
from core.rules.proposals import NOTHING, Part
from core.rules.references import Seen, numbers, references
from core.services import payments
from core.vocabulary import Actor


@dataclass(frozen=True, slots=True)
class Fresh:
    """A line that no file brought before, with the id of its row."""

    transaction_id: int
    line: Line


@dataclass(frozen=True, slots=True)
class _Look:
    """What a fresh line says and names."""

    transaction_id: int
    seen: Seen
    ogms: tuple[str, ...]
    numbers: tuple[str, ...]


class _Books:
    """What is to be written: where money went, and what waits."""

    def __init__(self, db: Db, actor: Actor) -> None:
        self.db = db
        self.done = payments.automatically(actor)
        self.allocations: list[dict[str, object]] = []
        self.waiting: list[dict[str, object]] = []

    def place(self, transaction_id: int, parts: Sequence[Part]) -> None:
        """A line pays these parts."""
        self.allocations += [payments.allocation(self.done, transaction_id, part) for part in parts]

    def wait(self, transaction_id: int, cents: int) -> None:
        """A line waits for somebody."""
        self.waiting.append({"transaction_id": transaction_id, "left_cents": cents})

    def write(self) -> None:
        """Write it down, before somebody looks."""
        for model, rows in ((Allocation, self.allocations), (WaitingTransaction, self.waiting)):
            if rows:
                self.db.connection().execute(insert(cast("Table", model.__table__)), rows)
                rows.clear()


def place_certain(db: Db, actor: Actor, fresh: Sequence[Fresh]) -> int:
    """Place what is certain and queue the rest. Returns how many lines were placed.

    The lines that may be taken back and then the notes that are named are locked first, in one order for everybody.
    """
    looks = [_look(each) for each in fresh]
    about = _ground(db, looks)
    books = _Books(db, actor)
    placed = 0
    for look in looks:
        undone = NOTHING
        if look.seen.is_reversal:
            books.write()  # it may take back a line of this very file
            undone = reversals.undone_by(db, db.get_one(BankTransaction, look.transaction_id))
        found = rules.certain(look.seen, *about.named(look.ogms, look.numbers), undone)
        if found is None:
            books.wait(look.transaction_id, look.seen.cents)
        else:
            about.paid(found.parts)
            books.place(look.transaction_id, found.parts)
            placed += 1
    books.write()
    return placed


def _look(fresh: Fresh) -> _Look:
    line = fresh.line
    seen = Seen(line.cents, line.references, line.text, line.is_reversal, line.currency == "EUR")
    return _Look(fresh.transaction_id, seen, references(seen), numbers(seen))


def _ground(db: Db, looks: Sequence[_Look]) -> Ground:
    """The notes that are named, locked, as they stand now; the lines that may be taken back are locked before them."""
    lines = sorted({each for look in looks if look.seen.is_reversal for each in _taken_back(db, look.transaction_id)})
    payments.lock_lines(db, lines)
    ids = {part.note_id for parts in matching.placed(db, lines).values() for part in parts}
    ids |= _ids(db, Note.ogm, {ogm for look in looks for ogm in look.ogms})
    ids |= _ids(db, Note.number, {number for look in looks if look.ogms for number in look.numbers})
    made = Ground()
    for some in in_batches(sorted(ids)):
        payments.lock_notes(db, Note.id.in_(some))
    for some in in_batches(sorted(ids)):
        made.add(matching.notes(db, Note.id.in_(some)))
    return made


def _ids(db: Db, column: Any, wanted: set[str]) -> set[int]:
    return {note for some in in_batches(sorted(wanted)) for note in db.scalars(select(Note.id).where(column.in_(some)))}


def _taken_back(db: Db, transaction_id: int) -> Sequence[int]:
    return reversals.candidates(db, db.get_one(BankTransaction, transaction_id)).same
