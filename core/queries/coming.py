"""What leaves by itself in the coming days, by kind: counted, and one page of it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from core import access, clock
from core.db import Db
from core.decisions import decisions
from core.labels import holder
from core.models import Affiliation, Base, ComingChange, Course, Enrolment, Institution, PayerRequest, Person
from core.queries import due_notes
from core.rules import seats
from core.rules.billing import leaves_on
from core.services.affiliations import to_ask
from core.vocabulary import ACTIVE, Actor, ComingKind, EnrolmentStatus, PayerRequestState


@dataclass(frozen=True, slots=True)
class ComingRow:
    """Something that leaves by itself on a day: to whom, about what, for how many cents (None: no money).

    `is_held`: a coordinator keeps it back; `addition`: the text a coordinator put above its mail.
    """

    kind: ComingKind
    subject_id: int
    on: date
    to: str
    about: str
    cents: int | None
    is_held: bool = False
    addition: str = ""


@dataclass(frozen=True, slots=True)
class ComingPage:
    """One page of a kind, and how many there are in all."""

    rows: tuple[ComingRow, ...]
    total: int


def counts(db: Db, actor: Actor, days: int) -> dict[ComingKind, int]:
    """How many of each kind leave within so many days."""
    _check(actor)
    return {
        ComingKind.DEBIT_NOTE: due_notes.count_coming(db, days),
        ComingKind.PAYER_REMINDER: _count(db, PayerRequest, _requests(db, days)),
        ComingKind.NAME_REMINDER: len(_name_reminders(db, days)),
        ComingKind.OFFER_END: _count(db, Enrolment, _offers(days)),
        ComingKind.LINK_QUESTION: _count(db, Institution, _link_questions(db, days)),
    }


def coming(db: Db, actor: Actor, kind: ComingKind, days: int, *, page: int = 1, size: int = 25) -> ComingPage:
    """One page of what leaves within so many days, the first first."""
    _check(actor)
    offset = (max(page, 1) - 1) * size
    match kind:
        case ComingKind.DEBIT_NOTE:
            found, total = _debit_notes(db, days, page, size), due_notes.count_coming(db, days)
        case ComingKind.NAME_REMINDER:
            all_of_them = _name_reminders(db, days)
            found, total = all_of_them[offset : offset + size], len(all_of_them)
        case ComingKind.PAYER_REMINDER:
            found, total = _payer_reminders(db, days, size, offset), _count(db, PayerRequest, _requests(db, days))
        case ComingKind.OFFER_END:
            found, total = _offer_ends(db, days, size, offset), _count(db, Enrolment, _offers(days))
        case ComingKind.LINK_QUESTION:
            found, total = _questions(db, days, size, offset), _count(db, Institution, _link_questions(db, days))
    return ComingPage(with_changes(db, kind, found), total)


def with_changes(db: Db, kind: ComingKind, found: list[ComingRow]) -> tuple[ComingRow, ...]:
    """The rows with what a coordinator decided about each: held, or a text added."""
    known = {
        change.subject_id: change
        for change in db.scalars(
            select(ComingChange).where(
                ComingChange.kind == kind, ComingChange.subject_id.in_([row.subject_id for row in found])
            )
        )
    }

    def changed(row: ComingRow) -> ComingRow:
        change = known.get(row.subject_id)
        if change is None:
            return row
        return ComingRow(
            row.kind, row.subject_id, row.on, row.to, row.about, row.cents, change.is_held, change.addition
        )

    return tuple(changed(row) for row in found)


def _debit_notes(db: Db, days: int, page: int, size: int) -> list[ComingRow]:
    return [
        ComingRow(
            ComingKind.DEBIT_NOTE,
            row.enrolment_id,
            row.due_on,
            row.payer_name,
            f"{row.person_name} · {row.course_title}",
            row.cents,
        )
        for row in due_notes.coming_debit_notes(db, days, page=page, size=size)
    ]


def _requests(db: Db, days: int) -> ColumnElement[bool]:
    """A question that is reminded within so many days: some days before the debit note leaves."""
    own = decisions(db)
    ahead = days + own.payer_request_remind_days - own.debit_note_after_days
    seat = aliased(Enrolment)
    standing = exists().where(
        seat.id == PayerRequest.enrolment_id,
        seat.status.in_(ACTIVE),
        seat.confirmed_on <= clock.today() + timedelta(days=ahead),
    )
    return and_(PayerRequest.state == PayerRequestState.WAITING, PayerRequest.reminded_at.is_(None), standing)


def _payer_reminders(db: Db, days: int, size: int, offset: int) -> list[ComingRow]:
    own = decisions(db)
    found = db.execute(
        select(PayerRequest.id, Enrolment, Institution.name, Person, Course.title)
        .join(Enrolment, Enrolment.id == PayerRequest.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Institution, Institution.id == PayerRequest.institution_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(_requests(db, days))
        .order_by(Enrolment.confirmed_on, PayerRequest.id)
        .limit(size)
        .offset(offset)
    )
    return [
        ComingRow(
            ComingKind.PAYER_REMINDER,
            identity,
            max(
                clock.today(),
                leaves_on(enrolment.confirmed_on, own.debit_note_after_days)
                - timedelta(days=own.payer_request_remind_days),
            ),
            institution,
            f"{holder(person.name if person else None)} · {title}",
            enrolment.price_cents,
        )
        for identity, enrolment, institution, person, title in found
        if enrolment.confirmed_on is not None
    ]


def _offers(days: int) -> ColumnElement[bool]:
    return and_(
        Enrolment.status == EnrolmentStatus.OFFERED,
        Enrolment.offer_expires_at <= clock.now() + timedelta(days=days),
    )


def _offer_ends(db: Db, days: int, size: int, offset: int) -> list[ComingRow]:
    found = db.execute(
        select(Enrolment.id, Enrolment.offer_expires_at, Person, Course.title)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(_offers(days))
        .order_by(Enrolment.offer_expires_at, Enrolment.id)
        .limit(size)
        .offset(offset)
    )
    return [
        ComingRow(
            ComingKind.OFFER_END,
            identity,
            clock.day_of(expires_at),
            holder(person.name if person else None),
            title,
            None,
        )
        for identity, expires_at, person, title in found
        if expires_at is not None
    ]


def _link_questions(db: Db, days: int) -> ColumnElement[bool]:
    before = clock.today() + timedelta(days=days - decisions(db).affiliation_check_days)
    asked = func.coalesce(Institution.asked_links_on, before) <= before
    return and_(asked, exists().where(Affiliation.institution_id == Institution.id, to_ask(before)))


def _questions(db: Db, days: int, size: int, offset: int) -> list[ComingRow]:
    every = timedelta(days=decisions(db).affiliation_check_days)
    linked = aliased(Affiliation)
    count = (
        select(func.count())
        .where(linked.institution_id == Institution.id, linked.ended_on.is_(None))
        .correlate(Institution)
        .scalar_subquery()
    )
    found = db.execute(
        select(Institution.id, Institution.name, Institution.city, Institution.asked_links_on, count)
        .where(_link_questions(db, days))
        .order_by(Institution.asked_links_on, Institution.id)
        .limit(size)
        .offset(offset)
    )
    return [
        ComingRow(
            ComingKind.LINK_QUESTION,
            identity,
            max(clock.today(), asked_on + every) if asked_on else clock.today(),
            name,
            f"{city} · {persons}",
            None,
        )
        for identity, name, city, asked_on, persons in found
    ]


def _name_reminders(db: Db, days: int) -> list[ComingRow]:
    """The courses with reserved places whose next reminder falls within so many days; few at any time."""
    own, today = decisions(db), clock.today()
    steps = (own.name_seats_first_reminder_days, own.name_seats_last_reminder_days)
    found = db.execute(
        select(
            Course,
            func.count(),
            func.min(func.coalesce(Enrolment.name_reminded_on, Enrolment.confirmed_on)),
            func.max(Institution.name),
            func.count(Institution.id.distinct()),
        )
        .join(Enrolment, Enrolment.course_id == Course.id)
        .join(Institution, Institution.id == Enrolment.payer_institution_id)
        .where(
            Enrolment.person_id.is_(None),
            Enrolment.status == EnrolmentStatus.CONFIRMED,
            Course.first_day >= today + timedelta(days=own.name_seats_until_days),
            Course.first_day <= today + timedelta(days=days + max(steps)),
        )
        .group_by(Course.id)
    )
    rows = []
    for course, places, reminded_on, institution, institutions in found:
        if course.first_day is None:
            continue
        on = seats.next_name_reminder(course.first_day, reminded_on, today, steps)
        if on is not None and on <= today + timedelta(days=days):
            to = institution if institutions == 1 else f"{institution} (+{institutions - 1})"
            about = f"{course.title} ({places})"
            rows.append(ComingRow(ComingKind.NAME_REMINDER, course.id, on, to, about, None))
    return sorted(rows, key=lambda row: (row.on, row.subject_id))


def _count(db: Db, table: type[Base], condition: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _check(actor: Actor) -> None:
    if not access.is_staff(actor):
        raise access.NotFound
