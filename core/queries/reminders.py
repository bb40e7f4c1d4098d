"""Reminders as the team and the payers see them: what leaves at the next run, what does not and why, what was sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, and_, func, select

from core import access, clock
from core.db import Db
from core.decisions import decisions
from core.labels import holder
from core.models import Institution, Note, Person, ReminderHold, ReminderRun
from core.queries import reminders_due
from core.queries.reminders_due import Ground
from core.rules import reminders as rules
from core.rules.reminders import Ladder
from core.vocabulary import Actor, HoldReason, PayerKind, ReminderBar, ReminderText


class Shelf(StrEnum):
    """The lists of the page «Herinneringen»; the value stands in its address."""

    LEAVES = "vertrekt"
    KEPT_BACK = "tegengehouden"
    TO_FOLLOW_UP = "opvolgen"
    SENT = "verstuurd"
    LADDER = "stappen"


@dataclass(frozen=True, slots=True)
class HoldRow:
    """Why no reminder of a note leaves, until when (that day included), and who said so."""

    reason: HoldReason
    remark: str
    until: date
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A debit note of which a step has come. `step` is None when the team follows it up; `bar`: why nothing leaves."""

    note_id: int
    number: str
    payer_name: str
    person_id: int | None
    institution_id: int | None
    due_on: date
    left_cents: int
    step: int | None
    text: ReminderText
    bar: ReminderBar | None
    last_on: date | None
    hold: HoldRow | None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, and how many there are in all."""

    rows: tuple[Any, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Run:
    """The last run: its day, what left, and how much was kept back or waits for the team."""

    day: date
    was_fresh: bool
    sent: int
    kept_back: int
    to_follow_up: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """The next run: its day, whether the bank is known well enough then, and how much stands on each list."""

    on: date
    is_switched_on: bool
    bank_until: date | None
    is_fresh: bool
    most_days: int
    counts: dict[Shelf, int]
    last_run: Run | None


def next_run_on(db: Db) -> date:
    """The day of the next run: today's while it has not been, else the next working day's."""
    today = clock.today()
    was_today = db.get(ReminderRun, today) is not None
    return rules.next_run(today + timedelta(days=1) if was_today else today)


def outlook(db: Db, actor: Actor) -> Outlook:
    """How it stands with the reminders now. Raises NotFound for whoever is not a coordinator."""
    access.check_sees_all(actor)
    ground = reminders_due.ground(db, next_run_on(db))
    last = db.scalar(select(ReminderRun).order_by(ReminderRun.day.desc()).limit(1))
    own = decisions(db)
    return Outlook(
        on=ground.on,
        is_switched_on=own.reminders_leave == "yes",
        bank_until=ground.bank_until,
        is_fresh=ground.is_fresh,
        most_days=own.reminder_bank_days,
        counts=counted(db, ground),
        last_run=Run(last.day, last.was_fresh, last.sent, last.kept_back, last.to_follow_up) if last else None,
    )


def counted(db: Db, ground: Ground) -> dict[Shelf, int]:
    """How many notes stand on each list that is derived."""
    found = reminders_due.due(ground)
    each = db.execute(
        select(found.c.bar.is_not(None), found.c.step.is_(None), func.count()).group_by(
            found.c.bar.is_not(None), found.c.step.is_(None)
        )
    ).all()
    counts = dict.fromkeys((Shelf.LEAVES, Shelf.KEPT_BACK, Shelf.TO_FOLLOW_UP), 0)
    for is_barred, is_listed, count in each:
        shelf = Shelf.KEPT_BACK if is_barred else Shelf.TO_FOLLOW_UP if is_listed else Shelf.LEAVES
        counts[shelf] += count
    return counts


def count_to_follow_up(db: Db, actor: Actor) -> int:
    """How many notes the team follows up itself now; what waits at the bank is not looked at, for that takes long.

    Raises NotFound for whoever is not a coordinator.
    """
    access.check_sees_all(actor)
    found = reminders_due.due(reminders_due.quick_ground(db, next_run_on(db)))
    wanted = _on_shelf(found, Shelf.TO_FOLLOW_UP)
    return db.scalar(select(func.count()).select_from(found).where(wanted)) or 0


def due(db: Db, actor: Actor, shelf: Shelf, *, page: int = 1, size: int = 25) -> Found:
    """One page of a derived list as it stands for the next run, the oldest due date first.

    Raises NotFound for whoever is not a coordinator.
    """
    access.check_sees_all(actor)
    ground = reminders_due.ground(db, next_run_on(db))
    found = reminders_due.due(ground)
    wanted = _on_shelf(found, shelf)
    rows = _described(db, found, wanted, limit=size, offset=(max(page, 1) - 1) * size)
    total = db.scalar(select(func.count()).select_from(found).where(wanted)) or 0
    return Found(tuple(_row(ground.ladder, row) for row in rows), total)


def one(db: Db, ground: Ground, note_id: int) -> DueReminder | None:
    """A note as it stands on a day; None when no step of it has come, or too few days have gone."""
    found = reminders_due.due(ground, Note.id == note_id)
    rows = _described(db, found, found.c.note_id == note_id, limit=1, offset=0)
    return _row(ground.ladder, rows[0]) if rows else None


def to_send(db: Db, ground: Ground) -> tuple[int, ...]:
    """The notes whose reminder leaves now, the oldest due date first."""
    found = reminders_due.due(ground)
    wanted = _on_shelf(found, Shelf.LEAVES)
    return tuple(db.scalars(select(found.c.note_id).where(wanted).order_by(found.c.due_on, found.c.note_id)))


def _on_shelf(found: Subquery, shelf: Shelf) -> ColumnElement[bool]:
    if shelf is Shelf.KEPT_BACK:
        return found.c.bar.is_not(None)
    is_mail = found.c.step.is_not(None) if shelf is Shelf.LEAVES else found.c.step.is_(None)
    return and_(found.c.bar.is_(None), is_mail)


def _described(db: Db, found: Subquery, wanted: ColumnElement[bool], *, limit: int, offset: int) -> Sequence[Row[Any]]:
    return db.execute(
        select(found, Note.number, Institution.name, Person.first_name, Person.last_name, ReminderHold)
        .join(Note, Note.id == found.c.note_id)
        .outerjoin(Institution, Institution.id == Note.payer_institution_id)
        .outerjoin(Person, Person.id == Note.payer_person_id)
        .outerjoin(ReminderHold, ReminderHold.note_id == found.c.note_id)
        .where(wanted)
        .order_by(found.c.due_on, found.c.note_id)
        .limit(limit)
        .offset(offset)
    ).all()


def _row(ladder: Ladder, row: Row[Any]) -> DueReminder:
    kind = PayerKind(row.payer_kind)
    steps, hold = ladder[kind], row.ReminderHold
    bar = ReminderBar(row.bar) if row.bar else None
    return DueReminder(
        note_id=row.note_id,
        number=row.number,
        payer_name=row.name or holder(f"{row.first_name} {row.last_name}".strip() if row.first_name else None),
        person_id=row.person_id if kind is PayerKind.PERSON else None,
        institution_id=row.institution_id,
        due_on=row.due_on,
        left_cents=int(row.left),
        step=row.step,
        text=steps[row.step - 1].text if row.step else ReminderText.LIST,
        bar=bar,
        last_on=row.last_on,
        hold=HoldRow(hold.reason, hold.remark, hold.until, hold.made_by, hold.made_at)
        if hold is not None and bar is ReminderBar.ON_HOLD
        else None,
    )
