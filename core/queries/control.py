"""The control of the books: what did not add up, and the checks of bank lines, numbering and guards."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, text

from core import access, clock
from core.db import Db, is_sqlite
from core.migrations import balances
from core.migrations.triggers import BANK_BOOKS, INSERT_ONLY
from core.models import (
    Allocation,
    BankTransaction,
    ControlFinding,
    ControlRun,
    Counter,
    Note,
    WaitingTransaction,
    is_imported,
)
from core.queries import note_control
from core.queries.note_control import Fault
from core.vocabulary import Actor, ControlKind

AT_ONCE = 500
#: Files and mails of a note may take so long.
SETTLES = timedelta(hours=1)
_MOST_GAPS = 50


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something that does not add up; `note_id` leads to its note."""

    kind: ControlKind
    facts: dict[str, Any]
    found_at: datetime
    note_id: int | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run: how far it has come, in notes and bank lines."""

    run_id: int
    is_full: bool
    checked: int
    started_at: datetime
    finished_at: datetime | None
    made_by: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step looked at, and what did not add up there."""

    note_ids: tuple[int, ...]
    line_ids: tuple[int, ...]
    faults: tuple[Fault, ...]
    is_first: bool
    is_last: bool
    share: float


def count(db: Db, actor: Actor) -> int:
    """How many things do not add up. Raises NotFound for whoever does not work for CNO."""
    if not access.is_staff(actor):
        raise access.NotFound
    return db.scalar(select(func.count()).select_from(ControlFinding)) or 0


def counts(db: Db, actor: Actor) -> dict[ControlKind, int]:
    """How many of each kind, also those of which there are none."""
    access.check_sees_all(actor)
    found: Any = db.execute(select(ControlFinding.kind, func.count()).group_by(ControlFinding.kind)).all()
    return dict.fromkeys(ControlKind, 0) | dict(found)


def findings(db: Db, actor: Actor, kind: ControlKind, *, page: int = 1, size: int = 25) -> tuple[FindingRow, ...]:
    """One page of what does not add up in one way, the newest first."""
    access.check_sees_all(actor)
    found = db.scalars(
        select(ControlFinding)
        .where(ControlFinding.kind == kind)
        .order_by(ControlFinding.id.desc())
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    return tuple(
        FindingRow(row.kind, json.loads(row.facts), row.found_at, row.subject_id if row.about == "note" else None)
        for row in found
    )


def latest(db: Db, actor: Actor) -> tuple[RunRow | None, RunRow | None]:
    """The last run of all, and the last over everything."""
    access.check_sees_all(actor)
    last = select(ControlRun).order_by(ControlRun.id.desc()).limit(1)
    return _run(db.scalar(last)), _run(db.scalar(last.where(ControlRun.is_full)))


def _run(row: ControlRun | None) -> RunRow | None:
    if row is None:
        return None
    return RunRow(row.id, row.is_full, row.checked, row.started_at, row.finished_at, row.made_by)


def look(db: Db, run_id: int) -> Batch:
    """The next step of a run: some hundred notes and bank lines; the first also at what was found before."""
    run = db.get_one(ControlRun, run_id)
    is_first = not run.checked
    note_ids = _next(db, Note, run.done_note_id, run.last_note_id)
    line_ids = _next(db, BankTransaction, run.done_line_id, run.last_line_id)
    again: Any = db.execute(select(ControlFinding.about, ControlFinding.subject_id)).all() if is_first else ()
    noted = tuple({*note_ids, *(identity for about, identity in again if about == "note")})
    lined = tuple({*line_ids, *(identity for about, identity in again if about == "bank_transaction")})
    found = [*note_control.faults(db, noted), *_line_faults(db, lined)]
    is_last = len(note_ids) < AT_ONCE and len(line_ids) < AT_ONCE
    if is_last:
        found += [*_gaps(db), *_guards(db)]
    todo = max(run.last_note_id + run.last_line_id, 1)
    at = (max(note_ids, default=run.last_note_id), max(line_ids, default=run.last_line_id))
    return Batch(noted, lined, tuple(found), is_first, is_last, 1.0 if is_last else sum(at) / todo)


def _next(db: Db, table: type[Note] | type[BankTransaction], after: int, until: int) -> tuple[int, ...]:
    ids = select(table.id).where(table.id > after, table.id <= until).order_by(table.id).limit(AT_ONCE)
    return tuple(db.scalars(ids))


def _line_faults(db: Db, line_ids: Sequence[int]) -> Iterator[Fault]:
    """Bank lines of which more was placed than they hold, or of which the wrong rest waits."""
    placed = (
        select(Allocation.transaction_id, func.sum(Allocation.cents).label("cents"))
        .where(Allocation.transaction_id.in_(line_ids))
        .group_by(Allocation.transaction_id)
        .subquery()
    )
    found: Any = db.execute(
        select(BankTransaction, func.coalesce(placed.c.cents, 0), WaitingTransaction.left_cents)
        .outerjoin(placed, placed.c.transaction_id == BankTransaction.id)
        .outerjoin(WaitingTransaction, WaitingTransaction.transaction_id == BankTransaction.id)
        .where(BankTransaction.id.in_(line_ids))
    )
    for line, cents, waits in found:
        rest, sign = line.cents - int(cents), 1 if line.cents > 0 else -1
        if rest * sign < 0 or int(cents) * sign < 0 or rest != (waits or 0):
            facts = {"name": line.name, "on": line.booked_on.isoformat(), "cents": line.cents, "placed": int(cents)}
            yield Fault(ControlKind.BANK_LINE, "bank_transaction", line.id, facts)


def _gaps(db: Db) -> Iterator[Fault]:
    """Numbers that no note has, up to the last that was given out; the series of imports are their own affair."""
    previous = func.lag(Note.nr).over(partition_by=Note.series, order_by=Note.nr)
    steps = select(Note.series, Note.nr, previous.label("before")).where(~is_imported(Note.series)).subquery()
    holes: Any = db.execute(
        select(steps.c.series, func.coalesce(steps.c.before, 0) + 1, steps.c.nr - 1)
        .where(steps.c.nr > func.coalesce(steps.c.before, 0) + 1)
        .order_by(steps.c.series, steps.c.nr)
        .limit(_MOST_GAPS)
    ).all()
    highest = select(Note.series, func.max(Note.nr).label("nr")).group_by(Note.series).subquery()
    ends: Any = db.execute(
        select(Counter.series, func.coalesce(highest.c.nr, 0) + 1, Counter.last)
        .outerjoin(highest, highest.c.series == Counter.series)
        .where(
            Counter.last > func.coalesce(highest.c.nr, 0),
            or_(Counter.series.startswith("DN-"), Counter.series.startswith("CN-")),
        )
    ).all()
    for series, first, last in (*holes, *ends):
        yield Fault(ControlKind.GAP, series, first, {"series": series, "first": first, "last": last})


def _guards(db: Db) -> Iterator[Fault]:
    """Triggers that keep the books from being changed, and the balances right, but are not there."""
    books = INSERT_ONLY + BANK_BOOKS
    if is_sqlite(db):
        names = set(db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        expected = {f"{table}_no_{event}" for table in books for event in ("update", "delete")}
    else:
        names = set(db.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")))
        expected = {f"{table}_no_{event}" for table in books for event in ("change", "truncate")}
    for place, name in enumerate(sorted(expected | balances.triggers())):
        if name not in names:
            yield Fault(ControlKind.GUARD, "trigger", place, {"name": name})


def last_ids(db: Db) -> tuple[int, int]:
    """Until which note and bank line a run that begins now goes: what is younger than an hour comes next time."""
    settled = clock.now() - SETTLES
    note = db.scalar(select(func.max(Note.id)).where(Note.created_at <= settled)) or 0
    return note, db.scalar(select(func.max(BankTransaction.id))) or 0
