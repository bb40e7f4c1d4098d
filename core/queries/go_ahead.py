"""Go or no-go: how a course fills against its earlier editions, its break-even, the money at stake."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from core import access, clock
from core.db import Db
from core.models import Course, CourseCosts, Enrolment, Note, NoteLine
from core.rules import go_ahead as rules
from core.vocabulary import Actor, EnrolmentStatus, NoteKind

LOOK_AHEAD_DAYS = 120
EDITIONS = 4


@dataclass(frozen=True, slots=True)
class Curve:
    """How an edition filled: confirmed seats by days before the first day, the farthest first."""

    title: str
    code: str
    first_day: date
    is_this: bool
    points: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class GoAhead:
    """What speaks for and against a course. `issued_cents` are notes that left, to be credited when it is cancelled."""

    seats: int
    minimum: int
    capacity: int
    decides_on: date | None
    days_left: int | None
    fixed_cents: int
    person_cents: int
    balance: rules.Balance
    issued_cents: int
    curves: tuple[Curve, ...]


def go_ahead(db: Db, actor: Actor, course_id: int) -> GoAhead:
    """A course weighed, with up to four earlier editions beside it. Raises NotFound."""
    if not access.is_staff(actor):
        raise access.NotFound
    course = db.get(Course, course_id)
    if course is None:
        raise access.NotFound
    costs = db.get(CourseCosts, course.id)
    seats, income = db.execute(
        select(func.count(), func.coalesce(func.sum(Enrolment.price_cents), 0)).where(
            Enrolment.course_id == course.id, Enrolment.status == EnrolmentStatus.CONFIRMED
        )
    ).one()
    fixed, person = (costs.fixed_cents, costs.person_cents) if costs else (0, 0)
    decides_on = course.enrolment_deadline or course.first_day
    return GoAhead(
        seats=seats,
        minimum=course.minimum,
        capacity=course.capacity,
        decides_on=decides_on,
        days_left=(decides_on - clock.today()).days if decides_on else None,
        fixed_cents=fixed,
        person_cents=person,
        balance=rules.balance(
            seats=seats,
            income_cents=int(income),
            price_cents=course.price_cents,
            fixed_cents=fixed,
            person_cents=person,
        ),
        issued_cents=_issued(db, course.id),
        curves=_curves(db, course),
    )


def _issued(db: Db, course_id: int) -> int:
    """Debit notes of the course that left, less what was credited of them, in cents."""
    found = dict(
        db.execute(
            select(Note.kind, func.sum(NoteLine.amount_cents))
            .join(Note, Note.id == NoteLine.note_id)
            .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
            .where(Enrolment.course_id == course_id)
            .group_by(Note.kind)
        ).all()
    )
    return int(found.get(NoteKind.DEBIT, 0)) - int(found.get(NoteKind.CREDIT, 0))


def _curves(db: Db, course: Course) -> tuple[Curve, ...]:
    """This edition and the latest earlier ones of the same course."""
    root = course.repeat_of_id or course.id
    editions = db.scalars(
        select(Course)
        .where(
            or_(Course.id == root, Course.repeat_of_id == root),
            Course.id != course.id,
            Course.first_day < (course.first_day or date.max),
        )
        .order_by(Course.first_day.desc())
        .limit(EDITIONS)
    ).all()
    all_of_them = [each for each in (course, *editions) if each.first_day is not None]
    seats = db.execute(
        select(Enrolment.course_id, Enrolment.confirmed_on).where(
            Enrolment.course_id.in_([each.id for each in all_of_them]),
            Enrolment.status == EnrolmentStatus.CONFIRMED,
            Enrolment.confirmed_on.is_not(None),
        )
    ).all()
    return tuple(
        _curve(each, [on for identity, on in seats if identity == each.id and on], is_this=each.id == course.id)
        for each in all_of_them
    )


def _curve(course: Course, confirmed: list[date], *, is_this: bool) -> Curve:
    first_day = course.first_day or clock.today()
    before = Counter(min(LOOK_AHEAD_DAYS, max(0, (first_day - on).days)) for on in confirmed)
    last = max(0, (first_day - clock.today()).days) if is_this else 0
    points, total = [], 0
    for days in range(LOOK_AHEAD_DAYS, last - 1, -1):
        total += before.get(days, 0)
        points.append((days, total))
    return Curve(course.title, course.code, first_day, is_this, tuple(points))
