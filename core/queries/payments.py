"""Bank lines for coordinators: what waits with its proposal, what was placed, the files, and credit that is kept."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from stdnum import iban as any_iban

from core import access
from core.db import Db
from core.i18n import _, shown
from core.models import (
    Allocation,
    BankFile,
    BankStatement,
    BankTransaction,
    Note,
    WaitingTransaction,
)
from core.money import euro
from core.queries import matching, reversals
from core.rules.billing import printed_ogm
from core.rules.proposals import OpenNote, Part, Payer, Proposal, Reason
from core.vocabulary import Actor, MatchKind, PlacedAs

_IN_EURO = frozenset({"amount", "left", "rest"})


@dataclass(frozen=True, slots=True)
class LineRow:
    """A bank line: `cents` signed (above 0 came in), `said` its references and text as the payer typed them.

    `iban` is printed as a bank prints it.
    """

    transaction_id: int
    booked_on: date
    cents: int
    name: str
    iban: str
    said: str
    bank_ref: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """Where part of a line goes or went. Without a number it was set aside, with the remark beside it."""

    number: str
    payer_name: str
    cents: int
    placed_as: PlacedAs
    note_id: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A line that waits, what is left of it in cents, and what is proposed, with the reason in words."""

    line: LineRow
    left_cents: int
    kind: MatchKind
    reason: str
    parts: tuple[PartRow, ...]


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A line that was placed: its parts, who did it last, and when."""

    line: LineRow
    parts: tuple[PartRow, ...]
    made_by: str
    made_at: datetime
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """A bank file that was read: how many lines it held and were new, and what did not add up."""

    file_id: int
    name: str
    made_at: datetime
    made_by: str
    lines: int
    added: int
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreditRow:
    """Credit that is kept for a payer, with the note it came from."""

    note_id: int
    number: str
    payer_name: str
    cents: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, and how many there are in all."""

    rows: tuple[Any, ...]
    total: int


def count_waiting(db: Db, actor: Actor) -> int:
    """How many bank lines wait for somebody. Raises NotFound for whoever is not a coordinator."""
    access.check_sees_all(actor)
    return db.scalar(select(func.count()).select_from(WaitingTransaction)) or 0


def waiting(db: Db, actor: Actor, *, page: int = 1, size: int = 20) -> Found:
    """One page of the lines that wait, the oldest first, each with its proposal as things stand now."""
    access.check_sees_all(actor)
    rows = db.execute(
        select(BankTransaction, WaitingTransaction.left_cents)
        .join(WaitingTransaction, WaitingTransaction.transaction_id == BankTransaction.id)
        .order_by(BankTransaction.booked_on, BankTransaction.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    return Found(_proposed(db, [(line, left) for line, left in rows]), count_waiting(db, actor))


def waiting_line(db: Db, actor: Actor, transaction_id: int) -> WaitingRow:
    """One line that waits. Raises NotFound, also when it was placed meanwhile."""
    access.check_sees_all(actor)
    row = db.execute(
        select(BankTransaction, WaitingTransaction.left_cents)
        .join(WaitingTransaction, WaitingTransaction.transaction_id == BankTransaction.id)
        .where(BankTransaction.id == transaction_id)
    ).first()
    if row is None:
        raise access.NotFound
    return _proposed(db, [(row[0], row[1])])[0]


def _proposed(db: Db, lines: Sequence[tuple[BankTransaction, int]]) -> tuple[WaitingRow, ...]:
    found = reversals.proposals(db, lines)
    known = _by_id(db, {part.note_id for proposal in found.values() for part in proposal.parts})
    return tuple(
        WaitingRow(
            line=_line(line),
            left_cents=left,
            kind=found[line.id].kind,
            reason=sentence(found[line.id].reason),
            parts=tuple(_part(part, known) for part in found[line.id].parts),
        )
        for line, left in lines
    )


def _by_id(db: Db, note_ids: set[int]) -> dict[int, OpenNote]:
    return {note.note_id: note for note in matching.notes(db, Note.id.in_(note_ids))} if note_ids else {}


def _part(part: Part, known: Mapping[int, OpenNote]) -> PartRow:
    note, placed_as = known[part.note_id], PlacedAs.KEPT if part.is_kept else PlacedAs.NOTE
    return PartRow(note.number, note.payer_name, part.cents, placed_as, note.note_id)


def _line(line: BankTransaction) -> LineRow:
    said = " · ".join(each for each in (*map(_printed, line.references.split()), line.text) if each)
    return LineRow(line.id, line.booked_on, line.cents, line.name, any_iban.format(line.iban), said, line.bank_ref)


def _printed(reference: str) -> str:
    return printed_ogm(reference) if len(reference) == 12 and reference.isdecimal() else reference


def sentence(reason: Reason) -> str:
    """A reason in the language of the moment, its amounts in euro."""
    fields = {
        name: euro(value) if name in _IN_EURO and isinstance(value, int) else shown(value)
        for name, value in reason.fields.items()
    }
    return _(reason.message).format(**fields)


def placed(db: Db, actor: Actor, text: str = "", *, page: int = 1, size: int = 20) -> Found:
    """One page of the lines that were placed, the newest first; by part of the payer's name, note number or amount."""
    access.check_sees_all(actor)
    live = (
        select(Allocation.transaction_id)
        .group_by(Allocation.transaction_id)
        .having(func.sum(Allocation.cents) != 0)
        .correlate(None)
    )
    condition = and_(BankTransaction.id.in_(live), _said(text))
    lines = db.scalars(
        select(BankTransaction)
        .where(condition)
        .order_by(BankTransaction.booked_on.desc(), BankTransaction.id.desc())
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    total = db.scalar(select(func.count()).select_from(BankTransaction).where(condition)) or 0
    return Found(_placed_rows(db, lines), total)


def _said(text: str) -> ColumnElement[bool]:
    wanted = text.strip()
    if not wanted:
        return true()
    of_note = select(Allocation.transaction_id).join(Note, Note.id == Allocation.note_id)
    return or_(
        BankTransaction.name.icontains(wanted, autoescape=True),
        BankTransaction.text.icontains(wanted, autoescape=True),
        BankTransaction.iban == wanted.replace(" ", "").upper(),
        BankTransaction.id.in_(of_note.where(Note.number.icontains(wanted, autoescape=True))),
    )


def _placed_rows(db: Db, lines: Sequence[BankTransaction]) -> tuple[PlacedRow, ...]:
    parts: dict[int, list[PartRow]] = defaultdict(list)
    last: dict[int, Allocation] = {}
    rows = db.scalars(
        select(Allocation).where(Allocation.transaction_id.in_([line.id for line in lines])).order_by(Allocation.id)
    ).all()
    undone = {row.undoes_id for row in rows}
    known = _by_id(db, {row.note_id for row in rows if row.note_id is not None})
    for row in rows:
        last[row.transaction_id] = row
        if row.undoes_id is None and row.id not in undone:
            note = known[row.note_id] if row.note_id is not None else None
            named = (note.number, note.payer_name) if note else ("", "")
            parts[row.transaction_id].append(PartRow(*named, row.cents, row.placed_as, row.note_id, row.remark))
    return tuple(
        PlacedRow(_line(line), tuple(parts[line.id]), done.made_by, done.made_at, done.is_automatic)
        for line in lines
        for done in (last[line.id],)
    )


def files(db: Db, actor: Actor, *, page: int = 1, size: int = 10) -> Found:
    """One page of the bank files that were read, the newest first."""
    access.check_sees_all(actor)
    added = (
        select(func.count())
        .select_from(BankTransaction)
        .join(BankStatement, BankStatement.id == BankTransaction.statement_id)
        .where(BankStatement.file_id == BankFile.id)
        .correlate(BankFile)
        .scalar_subquery()
    )
    rows = db.execute(
        select(BankFile, added).order_by(BankFile.id.desc()).limit(size).offset((max(page, 1) - 1) * size)
    )
    found = tuple(
        FileRow(file.id, file.name, file.made_at, file.made_by, file.lines, count, tuple(_doubts(file.doubts)))
        for file, count in rows
    )
    return Found(found, db.scalar(select(func.count()).select_from(BankFile)) or 0)


def _doubts(stored: str) -> list[str]:
    return [sentence(Reason(message, fields)) for message, fields in json.loads(stored)]


def credits_kept(db: Db, actor: Actor, *, page: int = 1, size: int = 500) -> Found:
    """One page of the credit that is kept for payers, the largest first."""
    access.check_sees_all(actor)
    kept = matching.kept_by_note(db)
    known = _by_id(db, set(kept))
    rows = [CreditRow(note_id, known[note_id].number, known[note_id].payer_name, kept[note_id]) for note_id in kept]
    ordered = sorted(rows, key=lambda row: (-row.cents, row.note_id))
    return Found(tuple(ordered[(max(page, 1) - 1) * size :][:size]), len(ordered))


def newest_booked(db: Db) -> date | None:
    """The newest day that any bank statement speaks of: how fresh the knowledge of payments is."""
    return db.scalar(select(func.max(BankStatement.until)))


def payers_waiting(db: Db) -> frozenset[Payer]:
    """The payers of whom a payment waits in the queue, as far as its proposal tells who paid."""
    rows = db.execute(
        select(BankTransaction, WaitingTransaction.left_cents)
        .join(WaitingTransaction, WaitingTransaction.transaction_id == BankTransaction.id)
        .where(BankTransaction.cents > 0)
    ).all()
    found: dict[int, Proposal] = reversals.proposals(db, [(line, left) for line, left in rows])
    return frozenset(proposal.payer for proposal in found.values() if proposal.payer is not None)
