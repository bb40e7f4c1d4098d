"""The journal: what of the books falls in a period, what came in too late for one, and the lines of an export."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, case, func, select

from core import access, clock
from core.db import Db
from core.decisions import decisions
from core.models import (
    Allocation,
    BankTransaction,
    LedgerExport,
    LedgerPosting,
    Note,
)
from core.queries import ledger_scope as scope
from core.queries.ledger_scope import Source
from core.rules import ledger as rules
from core.rules.ledger import Balance, Controls, LedgerLine, MoneyEntry, NoteEntry, Plan
from core.vocabulary import Actor, NoteKind

_BATCH = 500


@dataclass(frozen=True, slots=True)
class ExportRow:
    """An export: its period, who made it, its totals; `late` entries of its days came in since (cents of debit)."""

    export_id: int
    first_day: date
    last_day: date
    made_by: str
    made_at: datetime
    lines: int
    debit_cents: int
    is_last: bool
    withdrawn_at: datetime | None
    withdrawn_by: str
    late: int


@dataclass(frozen=True, slots=True)
class Exported:
    """An export with its lines, and what they move on each account."""

    export_id: int
    first_day: date
    last_day: date
    debit_cents: int
    sha256: str
    lines: tuple[LedgerLine, ...]
    balances: tuple[Balance, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export of a period would hold."""

    period: scope.Period
    controls: Controls
    plan: Plan


def plan_of(db: Db) -> Plan:
    """The accounts and codes that hold now."""
    own = decisions(db)
    return Plan(**{name: getattr(own, f"ledger_{name}") for name in Plan.__dataclass_fields__})


def preview(db: Db, actor: Actor, first: date, last: date) -> Preview:
    """The totals of a period that is not exported yet. Raises NotFound for whoever is not a coordinator."""
    access.check_sees_all(actor)
    own = scope.period(db, first, last)
    return Preview(own, scope.controls(db, own), plan_of(db))


def controls_of(db: Db, actor: Actor, export_id: int) -> Controls:
    """The totals of what an export holds, summed by the database. Raises NotFound."""
    access.check_sees_all(actor)
    export = _standing(db, export_id)
    return scope.totals(
        db,
        {
            source: (scope.within(source, export.id), scope.is_from(source, export.first_day))
            for source in scope.SOURCES
        },
    )


def lines(db: Db, export: LedgerExport) -> Iterator[LedgerLine]:
    """The lines of an export, note by note, then the bank, then what was placed; the same however often it is asked."""
    plan = Plan(**json.loads(export.plan))
    late: set[tuple[str, int]] = {
        (table, row_id)
        for table, row_id in db.execute(
            select(LedgerPosting.table_name, LedgerPosting.row_id).where(
                LedgerPosting.export_id == export.id, LedgerPosting.is_late
            )
        )
    }
    for batch in _batches(db, Note, export.id):
        for identity, note_entry in _note_entries(db, batch):
            for line in rules.note_lines(note_entry, plan):
                yield _marked(line, is_late=("note", identity) in late)
    for source, entries in ((BankTransaction, _bank_entries), (Allocation, _placed_entries)):
        for batch in _batches(db, source, export.id):
            for identity, entry in entries(db, batch):
                for line in rules.money_lines(entry, plan):
                    yield _marked(line, is_late=(source.__tablename__, identity) in late)


def _marked(line: LedgerLine, *, is_late: bool) -> LedgerLine:
    return replace(line, is_late=True) if is_late else line


def _batches(db: Db, source: Source, export_id: int) -> Iterator[Sequence[int]]:
    ids = db.scalars(
        select(LedgerPosting.row_id)
        .where(LedgerPosting.export_id == export_id, LedgerPosting.table_name == source.__tablename__)
        .order_by(LedgerPosting.row_id)
    ).all()
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _note_entries(db: Db, ids: Sequence[int]) -> Iterator[tuple[int, NoteEntry]]:
    found = db.execute(
        select(Note.id, Note.number, Note.kind, Note.issued_on, Note.ogm, Note.payload)
        .where(Note.id.in_(ids))
        .order_by(Note.id)
    )
    for identity, number, kind, on, ogm, text in found:
        payload = json.loads(text)
        own = tuple((each["description"], each["amount_cents"], each["vat_category"]) for each in payload["lines"])
        is_credit = kind is NoteKind.CREDIT
        yield identity, NoteEntry(number, is_credit, on, payload["payer"]["name"], ogm or "", own)


def _bank_entries(db: Db, ids: Sequence[int]) -> Iterator[tuple[int, MoneyEntry]]:
    found = db.scalars(select(BankTransaction).where(BankTransaction.id.in_(ids)).order_by(BankTransaction.id))
    for line in found:
        said = " ".join((line.references or line.text).split())[:140]
        yield line.id, MoneyEntry(line.bank_ref, line.booked_on, line.name, said, line.cents)


def _placed_entries(db: Db, ids: Sequence[int]) -> Iterator[tuple[int, MoneyEntry]]:
    found: Any = db.execute(
        select(Allocation, BankTransaction.bank_ref, BankTransaction.name, Note.number, Note.ogm, Note.payload)
        .join(BankTransaction, BankTransaction.id == Allocation.transaction_id)
        .outerjoin(Note, Note.id == Allocation.note_id)
        .where(Allocation.id.in_(ids))
        .order_by(Allocation.id)
    )
    for row, bank_ref, name, number, ogm, payload in found:
        party = json.loads(payload)["payer"]["name"] if payload else name
        on, text = clock.day_of(row.made_at), number or row.remark
        yield row.id, MoneyEntry(bank_ref, on, party, text, row.cents, row.placed_as.value, ogm or "")


def exports(db: Db, actor: Actor, *, page: int = 1, size: int = 12) -> tuple[ExportRow, ...]:
    """One page of the exports, the newest first, each with how many entries of its days came in since."""
    access.check_sees_all(actor)
    found = db.scalars(
        select(LedgerExport).order_by(LedgerExport.id.desc()).limit(size).offset((max(page, 1) - 1) * size)
    ).all()
    last = db.scalar(select(func.max(LedgerExport.id)).where(LedgerExport.withdrawn_at.is_(None)))
    late = _late(db, [each for each in found if each.withdrawn_at is None])
    return tuple(
        ExportRow(
            each.id, each.first_day, each.last_day, each.made_by, each.made_at, each.lines, each.debit_cents,
            each.id == last, each.withdrawn_at, each.withdrawn_by, late.get(each.id, 0),
        )
        for each in found
    )  # fmt: skip


def count_exports(db: Db, actor: Actor) -> int:
    """How many exports there are."""
    access.check_sees_all(actor)
    return db.scalar(select(func.count()).select_from(LedgerExport)) or 0


def _late(db: Db, shown: Sequence[LedgerExport]) -> dict[int, int]:
    """What came in since for the days of each of these exports: one query a table."""
    if not shown:
        return {}
    own = scope.period(db, min(each.first_day for each in shown), max(each.last_day for each in shown))
    found: dict[int, int] = {}
    for source in scope.SOURCES:
        of_export = case(
            *(
                (and_(scope.is_from(source, each.first_day), scope.is_until(source, each.last_day)), each.id)
                for each in shown
            )
        )
        for identity, count in db.execute(
            select(of_export, func.count()).where(scope.to_post(source, own)).group_by(of_export)
        ):
            if identity is not None:
                found[identity] = found.get(identity, 0) + count
    return found


def export(db: Db, actor: Actor, export_id: int) -> Exported:
    """An export with its lines and what they move on each account. Raises NotFound, also when it was withdrawn."""
    access.check_sees_all(actor)
    found = _standing(db, export_id)
    made = tuple(lines(db, found))
    return Exported(
        found.id, found.first_day, found.last_day, found.debit_cents, found.sha256, made, rules.balances(made)
    )


def _standing(db: Db, export_id: int) -> LedgerExport:
    found = db.get(LedgerExport, export_id)
    if found is None or found.withdrawn_at is not None:
        raise access.NotFound
    return found
