"""«Onze nascholingen»: the enrolments an institution pays, filtered and paged in SQL (R42)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true

from core import access, clock
from core.db import Db
from core.decisions import decisions
from core.labels import holder
from core.models import Course, Enrolment, PayerRequest, Person
from core.queries.enrolments import EnrolmentRow, rows
from core.rules import school_year as years
from core.rules import seats
from core.text import folded
from core.vocabulary import ACTIVE, CALLED_OFF, Actor, EnrolmentStatus, PayerRequestState


class Period(StrEnum):
    """Which part of the list is looked at."""

    COMING = "coming"
    PAST = "past"
    CERTIFIED = "certified"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: part of a name, part of a course's title or code, a school year (by its first year)."""

    period: Period = Period.COMING
    person: str = ""
    course: str = ""
    school_year: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list; `total` counts all pages, `unnamed` the coming places still without a name."""

    rows: tuple[EnrolmentRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RequestRow:
    """Somebody asks whether the institution pays. `until` is the last day to answer; None: on the waiting list."""

    request_id: int
    person_name: str
    course_title: str
    course_address: str
    first_day: date | None
    price_cents: int
    until: date | None


def paid(db: Db, actor: Actor, wanted: Wanted, *, page: int = 1, size: int = 20) -> Found:
    """One page of the enrolments the actor's institution pays; the next course first, of the past ones the last."""
    condition = and_(_own(actor), _matching(db, wanted))
    counted = select(func.count()).select_from(Enrolment).join(Course, Course.id == Enrolment.course_id)
    if wanted.person:
        counted = counted.outerjoin(Person, Person.id == Enrolment.person_id)
    total = db.scalar(counted.where(condition))
    if wanted.period is Period.COMING:
        order = (Course.first_day.asc(), Course.id.asc(), Person.search_name.asc().nulls_last(), Enrolment.id.asc())
    else:
        order = (Course.first_day.desc(), Course.id.desc(), Person.search_name.asc().nulls_last(), Enrolment.id.asc())
    return Found(rows(db, condition, order=order, limit=size, offset=(max(page, 1) - 1) * size), total or 0)


def chosen(db: Db, actor: Actor, enrolment_ids: tuple[int, ...]) -> tuple[EnrolmentRow, ...]:
    """Some enrolments of the institution, for a dialog about them; others' are passed over."""
    condition = and_(_own(actor), Enrolment.id.in_(enrolment_ids))
    return rows(db, condition, order=(Course.first_day.asc(), Enrolment.id.asc()), limit=len(enrolment_ids))


def earlier_holders(db: Db, actor: Actor, found: tuple[EnrolmentRow, ...]) -> dict[int, tuple[str, ...]]:
    """Who held each seat before (A→B→C), the first first, by enrolment; nobody from before another's time as payer."""
    followers = {row.enrolment_id: row.replaces_id for row in found if row.replaces_id is not None}
    if not followers:
        return {}
    chain = select(Enrolment.seat_id).where(Enrolment.id.in_(followers))
    links = {
        identity: (before, holder(f"{first} {last}" if first is not None else None))
        for identity, before, first, last in db.execute(
            select(Enrolment.id, Enrolment.replaces_id, Person.first_name, Person.last_name)
            .outerjoin(Person, Person.id == Enrolment.person_id)
            .where(
                or_(Enrolment.id.in_(chain), Enrolment.seat_id.in_(chain)),
                Enrolment.payer_institution_id == (actor.institution_id or -1),
            )
        )
    }
    chains = {}
    for identity, before in followers.items():
        names: list[str] = []
        step: int | None = before
        while step in links:
            step, name = links[step]
            names.insert(0, name)
        if names:
            chains[identity] = tuple(names)
    return chains


def school_years(db: Db, actor: Actor, institution_id: int | None = None) -> tuple[int, ...]:
    """The school years in which an institution paid for a course, the latest first. Raises NotFound.

    Without `institution_id` the actor's own; another's for coordinators.
    """
    payer = access.seen_institution_id(actor, institution_id)
    first, last = db.execute(
        select(func.min(Course.first_day), func.max(Course.first_day))
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(_paid_by(payer))
    ).one()
    if first is None or last is None:
        return ()
    return tuple(range(years.school_year(last), years.school_year(first) - 1, -1))


def open_requests(db: Db, actor: Actor, *, limit: int = 50) -> tuple[RequestRow, ...]:
    """The questions of staff that wait for an answer, the most urgent first."""
    found = db.execute(
        select(PayerRequest.id, Person, Course, Enrolment)
        .join(Enrolment, Enrolment.id == PayerRequest.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            PayerRequest.institution_id == actor.institution_id,
            PayerRequest.state == PayerRequestState.WAITING,
            Enrolment.status.in_(ACTIVE),
        )
        .order_by(Enrolment.confirmed_on, PayerRequest.id)
        .limit(limit)
    )
    return tuple(
        RequestRow(
            request_id=identity,
            person_name=person.name,
            course_title=course.title,
            course_address=f"{course.slug}-{course.id:05}",
            first_day=course.first_day,
            price_cents=enrolment.price_cents,
            until=seats.last_day_to_answer(enrolment.confirmed_on, decisions(db).debit_note_after_days),
        )
        for identity, person, course, enrolment in found
    )


def unnamed(db: Db, actor: Actor) -> int:
    """How many reserved places of coming courses still have no name."""
    return (
        db.scalar(
            select(func.count())
            .select_from(Enrolment)
            .join(Course, Course.id == Enrolment.course_id)
            .where(
                _own(actor),
                Enrolment.person_id.is_(None),
                Enrolment.status == EnrolmentStatus.CONFIRMED,
                Course.first_day > clock.today(),
            )
        )
        or 0
    )


def _own(actor: Actor) -> ColumnElement[bool]:
    """The seats the actor's institution pays; nobody's for other actors."""
    return _paid_by(actor.institution_id or -1)


def _paid_by(institution_id: int) -> ColumnElement[bool]:
    """The seats an institution pays: each once, by its present holder."""
    return and_(
        Enrolment.payer_institution_id == institution_id,
        Enrolment.status != EnrolmentStatus.REPLACED,
        not_(and_(Enrolment.status == EnrolmentStatus.CANCELLED, Enrolment.cancellation_reason == seats.UNDONE)),
    )


def _matching(db: Db, wanted: Wanted) -> ColumnElement[bool]:
    is_coming = and_(Enrolment.status.in_(ACTIVE), func.coalesce(Course.last_day, clock.today()) >= clock.today())
    conditions = [
        {
            Period.COMING: is_coming,
            Period.PAST: not_(is_coming),
            Period.CERTIFIED: _has_certificate(db),
        }[wanted.period]
    ]
    conditions += [_is_named(word) for word in folded(wanted.person).split()]
    conditions += [
        or_(Course.search_text.contains(word, autoescape=True), Course.code.icontains(word, autoescape=True))
        for word in folded(wanted.course).split()
    ]
    if wanted.school_year is not None:
        conditions.append(in_school_year(wanted.school_year))
    return and_(true(), *conditions)


def _is_named(word: str) -> ColumnElement[bool]:
    """The condition for a holder with a word in the name; a place without a name has the words shown for it."""
    named = Person.search_name.contains(word, autoescape=True)
    return or_(named, Enrolment.person_id.is_(None)) if word in folded(holder(None)) else named


def _has_certificate(db: Db) -> ColumnElement[bool]:
    """A named seat of a course whose certificates have appeared (R22)."""
    return and_(
        Enrolment.status == EnrolmentStatus.CONFIRMED,
        Enrolment.person_id.is_not(None),
        Course.status.not_in(CALLED_OFF),
        Course.last_day <= clock.today() - timedelta(days=decisions(db).certificate_after_days),
    )


def in_school_year(year: int) -> ColumnElement[bool]:
    """The condition for a course that began in a school year."""
    return and_(Course.first_day >= years.first_day(year), Course.first_day < years.first_day(year + 1))
