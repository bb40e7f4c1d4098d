"""The debit notes that are due or will leave: which seats can be billed, when, and which leave on one note."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from core import access, clock
from core.db import Db
from core.decisions import decisions
from core.labels import holder
from core.models import Account, ComingChange, Course, Enrolment, Institution, Person, is_held
from core.rules import billing as rules
from core.vocabulary import Actor, ComingKind, EnrolmentStatus, NoteGrouping

#: What is billed for a seat, in cents: its price, or what cancelling it cost.
CENTS = func.coalesce(Enrolment.cancellation_cents, Enrolment.price_cents)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A seat whose debit note will leave; `is_grouped`: on one note with others of its institution."""

    enrolment_id: int
    due_on: date
    person_name: str
    payer_name: str
    course_title: str
    course_code: str
    cents: int
    is_grouped: bool


@dataclass(frozen=True, slots=True)
class LeavingNote:
    """A debit note that will leave, known by one of its seats; a person and a course are named when it has one seat."""

    enrolment_id: int
    leaves_on: date
    payer_name: str
    institution_id: int | None
    reference: str
    seats: int
    cents: int
    person_name: str
    course_title: str


@dataclass(frozen=True, slots=True)
class KeptSeat:
    """A seat whose debit note a coordinator holds, why, and since when it would have left (or will)."""

    enrolment_id: int
    leaves_on: date
    payer_name: str
    person_name: str
    course_title: str
    cents: int
    reason: str
    kept_by: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list; how many there are in all, and their cents together."""

    rows: tuple[Any, ...]
    total: int
    cents: int


def billable() -> ColumnElement[bool]:
    """The condition for a seat that asks a debit note which was not issued yet."""
    return and_(
        Enrolment.billed_on.is_(None),
        Enrolment.price_cents > 0,
        or_(Enrolment.status == EnrolmentStatus.CONFIRMED, Enrolment.cancellation_cents > 0),  # as in its index
        Enrolment.status.in_((EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED)),
    )


def leaves_by(db: Db, day: date) -> ColumnElement[bool]:
    """The condition for a seat that can be billed and whose note leaves on or before a day (`rules.leaves_on`)."""
    after = timedelta(days=decisions(db).debit_note_after_days)
    payer = aliased(Institution)
    monthly = exists().where(payer.id == Enrolment.payer_institution_id, payer.note_grouping == NoteGrouping.MONTH)
    is_over = Enrolment.confirmed_on <= rules.closed_month(day) - after
    return and_(billable(), Enrolment.confirmed_on <= day - after, or_(is_over, not_(monthly)))


def is_kept_back() -> ColumnElement[bool]:
    """The condition for a seat whose debit note a coordinator holds."""
    return is_held(ComingKind.DEBIT_NOTE, Enrolment.id)


def due(db: Db, *, limit: int = 500) -> tuple[int, ...]:
    """The debit notes to issue today, each by one of its seats, those that wait longest first; what is held is none."""
    seats = _grouped(select(Enrolment.id, Enrolment.confirmed_on)).where(leaves_by(db, clock.today()), ~is_kept_back())
    each = seats.subquery()
    return tuple(
        db.scalars(
            select(func.min(each.c.id))
            .group_by(each.c.institution, each.c.reference, each.c.alone)
            .order_by(func.min(each.c.confirmed_on), func.min(each.c.id))
            .limit(limit)
        )
    )


def _grouped(seats: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The same seats with what those on one note share: `institution` and `reference`; or else their own id."""
    shares = func.coalesce(Institution.note_grouping, NoteGrouping.ENROLMENT) != NoteGrouping.ENROLMENT
    return seats.outerjoin(Institution, Institution.id == Enrolment.payer_institution_id).add_columns(
        case((shares, Institution.id), else_=0).label("institution"),
        case((shares, Enrolment.billing_reference), else_="").label("reference"),
        case((shares, 0), else_=Enrolment.id).label("alone"),
    )


def leaving(db: Db, actor: Actor, days: int, *, page: int = 1, size: int = 20) -> Found:
    """One page of the notes that leave within so many days, the first first; what is held is none of them.

    Raises NotFound for whoever is not a coordinator.
    """
    access.check_sees_all(actor)
    until = clock.today() + timedelta(days=days)
    columns = select(Enrolment.id, CENTS.label("cents"), leaves_key(db, until).label("leaves"))
    each = _grouped(columns).where(leaves_by(db, until), ~is_kept_back()).subquery()
    now = clock.today() - timedelta(days=decisions(db).debit_note_after_days)
    on = case((each.c.leaves <= now, literal(now)), else_=each.c.leaves).label("leaves")
    seats = select(each.c.id, each.c.cents, on, each.c.institution, each.c.reference, each.c.alone).subquery()
    groups = select(
        func.min(seats.c.id).label("id"), func.count().label("seats"), func.sum(seats.c.cents).label("cents"),
        seats.c.leaves,
    ).group_by(seats.c.leaves, seats.c.institution, seats.c.reference, seats.c.alone).subquery()  # fmt: skip
    total, cents = db.execute(select(func.count(), func.coalesce(func.sum(groups.c.cents), 0))).one()
    shown = (
        select(groups).order_by(groups.c.leaves, groups.c.id).limit(size).offset((max(page, 1) - 1) * size).subquery()
    )
    facts = (Person, Institution.id, Institution.name, Course.title, Enrolment.billing_reference)
    rows = db.execute(
        _with_facts(select(shown.c.id, shown.c.leaves, shown.c.seats, shown.c.cents, *facts))
        .where(Enrolment.id == shown.c.id)
        .order_by(shown.c.leaves, shown.c.id)
    )
    after = timedelta(days=decisions(db).debit_note_after_days)
    return Found(tuple(_leaving(after, *row) for row in rows), total, int(cents))


def _with_facts(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Seats with their person, course and the institution that pays."""
    return (
        query.join_from(Enrolment, Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(Institution, Institution.id == Enrolment.payer_institution_id)
    )


def _leaving(  # noqa: PLR0917 - one row of one query
    after: timedelta,
    identity: int,
    leaves: date,
    seats: int,
    cents: int,
    person: Person | None,
    institution_id: int | None,
    institution: str | None,
    title: str,
    reference: str,
) -> LeavingNote:
    name, is_one = holder(person.name if person else None), seats == 1
    return LeavingNote(
        enrolment_id=identity,
        leaves_on=leaves + after,
        payer_name=institution or name,
        institution_id=institution_id,
        reference=reference,
        seats=seats,
        cents=int(cents),
        person_name=name if is_one else "",
        course_title=title if is_one else "",
    )


def kept(db: Db, actor: Actor, *, page: int = 1, size: int = 20) -> Found:
    """One page of the seats whose debit note is held, the first to leave first. Raises NotFound as :func:`leaving`."""
    access.check_sees_all(actor)
    after = decisions(db).debit_note_after_days
    is_kept = (
        billable(),
        ComingChange.kind == ComingKind.DEBIT_NOTE,
        ComingChange.subject_id == Enrolment.id,
        ComingChange.is_held,
    )
    total, cents = db.execute(select(func.count(), func.coalesce(func.sum(CENTS), 0)).where(*is_kept)).one()
    rows = db.execute(
        _with_facts(select(Enrolment, CENTS, Person, Institution, Course.title, ComingChange, Account.name))
        .join(ComingChange, and_(*is_kept))
        .outerjoin(Account, Account.id == ComingChange.account_id)
        .order_by(Enrolment.confirmed_on, Enrolment.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    found = []
    for seat, amount, person, school, title, change, by in rows:
        name = holder(person.name if person else None)
        grouping = school.note_grouping if school else NoteGrouping.ENROLMENT
        found.append(
            KeptSeat(
                enrolment_id=seat.id,
                leaves_on=rules.leaves_on(seat.confirmed_on, after, grouping),
                payer_name=school.name if school else name,
                person_name=name,
                course_title=title,
                cents=amount,
                reason=change.reason,
                kept_by=by or "",
                kept_at=change.changed_at,
            )
        )
    return Found(tuple(found), total, int(cents))


def count_coming(db: Db, days: int) -> int:
    """How many seats are billed within so many days."""
    return db.scalar(select(func.count()).select_from(Enrolment).where(_leaves_within(db, days))) or 0


def _leaves_within(db: Db, days: int) -> ColumnElement[bool]:
    return leaves_by(db, clock.today() + timedelta(days=days))


def coming_debit_notes(db: Db, days: int, *, page: int = 1, size: int = 25) -> tuple[DueRow, ...]:
    """One page of the seats that are billed within so many days, the first first."""
    after = decisions(db).debit_note_after_days
    rows = db.execute(
        select(Enrolment, Person, Institution.name, Institution.note_grouping, Course.title, Course.code, CENTS)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Institution, Institution.id == Enrolment.payer_institution_id)
        .where(_leaves_within(db, days))
        .order_by(leaves_key(db, clock.today() + timedelta(days=days)), Enrolment.confirmed_on, Enrolment.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    return tuple(
        DueRow(
            enrolment_id=enrolment.id,
            due_on=rules.leaves_on(enrolment.confirmed_on, after, grouping or NoteGrouping.ENROLMENT),
            person_name=holder(person.name if person else None),
            payer_name=institution or holder(person.name if person else None),
            course_title=title,
            course_code=code,
            cents=amount,
            is_grouped=grouping not in {None, NoteGrouping.ENROLMENT},
        )
        for enrolment, person, institution, grouping, title, code, amount in rows
        if enrolment.confirmed_on is not None
    )


def leaves_key(db: Db, until: date) -> ColumnElement[date]:
    """By which seats stand in the order of the days their notes leave; :class:`Institution` is joined beside them.

    It is that day less the days to wait, so that no database must reckon with dates.
    """
    wait, today = timedelta(days=decisions(db).debit_note_after_days), clock.today()
    ends, end = [rules.closed_month(today)], rules.month_end(today + timedelta(days=1))
    while end <= until:
        ends.append(end)
        end = rules.month_end(end + timedelta(days=1))
    monthly = Institution.note_grouping == NoteGrouping.MONTH
    steps = [(and_(monthly, Enrolment.confirmed_on <= each - wait), literal(each - wait)) for each in ends]
    return case(*steps, else_=Enrolment.confirmed_on)
