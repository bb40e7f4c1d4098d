"""«Vandaag»: what needs a person now, each a count, and the list behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, null, select, union_all
from sqlalchemy.orm import aliased

from core import access, clock
from core.db import Db
from core.i18n import _, ngettext, number
from core.mail import refusing
from core.models import (
    Account,
    Attendance,
    BillingAddress,
    Course,
    CourseDay,
    Enrolment,
    Institution,
    Note,
    NoteToRender,
    OutgoingMail,
)
from core.queries.outbox import TROUBLED
from core.vocabulary import SEATED, Actor, CourseStatus, EnrolmentStatus

SOON_DAYS = 14
LOOK_BACK_DAYS = 60
NOTE_FILE_AFTER_HOURS = 1


class Matter(StrEnum):
    """What can need a person; the value stands in the page's address."""

    BELOW_MINIMUM = "onder-minimum"
    WAITING_LISTS = "wachtlijsten"
    ATTENDANCE = "aanwezigheden"
    NOTES = "nota-problemen"
    ADDRESSES = "adressen"


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One thing to look at. One of the ids leads to its page; `on` is the day it is about."""

    title: str
    facts: str
    on: date | None = None
    course_id: int | None = None
    person_id: int | None = None
    institution_id: int | None = None


@dataclass(frozen=True, slots=True)
class MatterPage:
    """One page of a matter, and how many there are in all."""

    rows: tuple[MatterRow, ...]
    total: int


def counts(db: Db, actor: Actor) -> dict[Matter, int]:
    """How many things of each matter need a person now; one query a matter."""
    _check(actor)
    return {
        Matter.BELOW_MINIMUM: _count(db, Course, _below_minimum()),
        Matter.WAITING_LISTS: _count(db, Course, _can_move()),
        Matter.ATTENDANCE: _count(db, CourseDay, _attendance_missing()),
        Matter.NOTES: _count(db, OutgoingMail, _note_mail_failed()) + _count(db, Note, _without_file()),
        Matter.ADDRESSES: _count(db, Account, Account.undeliverable_since.is_not(None))
        + _count(db, BillingAddress, refusing.billing_refuses()),
    }


def matters(db: Db, actor: Actor, matter: Matter, *, page: int = 1, size: int = 20) -> MatterPage:
    """One page of what needs a person, the most urgent first."""
    _check(actor)
    return _LISTS[matter](db, size, (max(page, 1) - 1) * size)


def _seats(*statuses: EnrolmentStatus) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(Enrolment.course_id == Course.id, Enrolment.status.in_(statuses))
        .correlate(Course)
        .scalar_subquery()
    )


def _decides_on() -> ColumnElement[date]:
    return func.coalesce(Course.enrolment_deadline, Course.first_day)


def _below_minimum() -> ColumnElement[bool]:
    """A published course whose deadline is near, with fewer confirmed seats than it needs to go ahead (D14)."""
    today = clock.today()
    return and_(
        Course.status == CourseStatus.PUBLISHED,
        Course.minimum > 0,
        Course.first_day > today,
        Course.first_day <= today + timedelta(days=2 * LOOK_BACK_DAYS),
        _decides_on() <= today + timedelta(days=SOON_DAYS),
        _seats(EnrolmentStatus.CONFIRMED) < Course.minimum,
    )


def _below_minimum_page(db: Db, size: int, offset: int) -> MatterPage:
    found = db.execute(
        select(Course.id, Course.title, Course.code, _decides_on(), Course.minimum, _seats(EnrolmentStatus.CONFIRMED))
        .where(_below_minimum())
        .order_by(_decides_on(), Course.id)
        .limit(size)
        .offset(offset)
    )
    rows = tuple(
        MatterRow(title, f"{code} · {_few(seated, minimum)}", on, identity)
        for identity, title, code, on, minimum, seated in found
    )
    return MatterPage(rows, _count(db, Course, _below_minimum()))


def _few(seated: int, minimum: int) -> str:
    return _("{seated} enrolled, at least {minimum} needed").format(seated=number(seated), minimum=number(minimum))


def _movable(free: int, waiting: int) -> str:
    seats = ngettext("{count} free seat", "{count} free seats", free)
    return f"{seats}, {ngettext('{count} waiting', '{count} waiting', waiting)}"


def _can_move() -> ColumnElement[bool]:
    """A coming course with somebody on its waiting list and a seat that nobody holds or is offered."""
    waits = exists().where(Enrolment.course_id == Course.id, Enrolment.status == EnrolmentStatus.WAITLISTED)
    return and_(
        Course.status.in_((CourseStatus.PUBLISHED, CourseStatus.CLOSED)),
        Course.first_day > clock.today(),
        waits,
        _seats(*SEATED) < Course.capacity,
    )


def _can_move_page(db: Db, size: int, offset: int) -> MatterPage:
    found = db.execute(
        select(
            Course.id,
            Course.title,
            Course.code,
            Course.first_day,
            Course.capacity - _seats(*SEATED),
            _seats(EnrolmentStatus.WAITLISTED),
        )
        .where(_can_move())
        .order_by(Course.first_day, Course.id)
        .limit(size)
        .offset(offset)
    )
    rows = tuple(
        MatterRow(title, f"{code} · {_movable(free, waiting)}", on, identity)
        for identity, title, code, on, free, waiting in found
    )
    return MatterPage(rows, _count(db, Course, _can_move()))


def _attendance_missing() -> ColumnElement[bool]:
    """A course day of the past weeks with seats, for which nobody's presence was written down."""
    course = aliased(Course)
    held = exists().where(
        course.id == CourseDay.course_id, course.status.in_((CourseStatus.PUBLISHED, CourseStatus.CLOSED))
    )
    seated = exists().where(Enrolment.course_id == CourseDay.course_id, Enrolment.status == EnrolmentStatus.CONFIRMED)
    taken = exists().where(Attendance.course_day_id == CourseDay.id)
    today = clock.today()
    return and_(
        CourseDay.held_on < today,
        CourseDay.held_on >= today - timedelta(days=LOOK_BACK_DAYS),
        held,
        seated,
        ~taken,
    )


def _attendance_page(db: Db, size: int, offset: int) -> MatterPage:
    found = db.execute(
        select(Course.id, Course.title, Course.code, CourseDay.held_on)
        .join(Course, Course.id == CourseDay.course_id)
        .where(_attendance_missing())
        .order_by(CourseDay.held_on.desc(), CourseDay.id)
        .limit(size)
        .offset(offset)
    )
    rows = tuple(MatterRow(title, code, on, identity) for identity, title, code, on in found)
    return MatterPage(rows, _count(db, CourseDay, _attendance_missing()))


def _note_mail_failed() -> ColumnElement[bool]:
    few = aliased(
        OutgoingMail
    )  # found by their state, then put in order: not sought among all mails from the newest on
    found = select(few.id).where(few.name.in_(("debit-note", "credit-note")), few.state.in_(TROUBLED))
    return OutgoingMail.id.in_(found)


def _without_file() -> ColumnElement[bool]:
    """An issued note that was not rendered within the hour: the worker stands still, or stumbles over it."""
    waits = Note.id.in_(select(NoteToRender.note_id))
    return and_(Note.created_at <= clock.now() - timedelta(hours=NOTE_FILE_AFTER_HOURS), waits)


def _notes_page(db: Db, size: int, offset: int) -> MatterPage:
    failed = db.execute(
        select(OutgoingMail.subject, OutgoingMail.recipient, OutgoingMail.created_at)
        .where(_note_mail_failed())
        .order_by(OutgoingMail.id.desc())
        .limit(size + offset)
    )
    waiting = db.execute(
        select(Note.number, Note.issued_on).where(_without_file()).order_by(Note.id.desc()).limit(size + offset)
    )
    rows = [MatterRow(subject, to, clock.day_of(at)) for subject, to, at in failed]
    rows += [MatterRow(number, "", on) for number, on in waiting]
    total = _count(db, OutgoingMail, _note_mail_failed()) + _count(db, Note, _without_file())
    return MatterPage(tuple(rows[offset : offset + size]), total)


def _addresses_page(db: Db, size: int, offset: int) -> MatterPage:
    """The addresses of accounts, and those that institutions want their notes at; the latest first."""
    refuses, no_person = Account.undeliverable_since.is_not(None), null().label("person_id")
    of_accounts = select(
        Account.name, Account.email, Account.undeliverable_since, Account.person_id, Account.institution_id
    ).where(refuses)
    for_notes = (
        select(Institution.name, BillingAddress.email, BillingAddress.undeliverable_since, no_person, Institution.id)
        .join(Institution, Institution.id == BillingAddress.institution_id)
        .where(refusing.billing_refuses())
    )
    both = union_all(of_accounts, for_notes).subquery()
    found = db.execute(
        select(both).order_by(both.c.undeliverable_since.desc(), both.c.email).limit(size).offset(offset)
    )
    rows = tuple(
        MatterRow(name or email, email, _day(since), None, person_id, institution_id)
        for name, email, since, person_id, institution_id in found
    )
    total = _count(db, Account, refuses) + _count(db, BillingAddress, refusing.billing_refuses())
    return MatterPage(rows, total)


def _day(at: datetime | None) -> date | None:
    return clock.day_of(at) if at else None


def _count(db: Db, table: type, condition: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _check(actor: Actor) -> None:
    if not access.is_staff(actor):
        raise access.NotFound


_LISTS: dict[Matter, Callable[[Db, int, int], MatterPage]] = {
    Matter.BELOW_MINIMUM: _below_minimum_page,
    Matter.WAITING_LISTS: _can_move_page,
    Matter.ATTENDANCE: _attendance_page,
    Matter.NOTES: _notes_page,
    Matter.ADDRESSES: _addresses_page,
}
