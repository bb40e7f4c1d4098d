"""The list of courses as coordinators work in it: every state, how full, filtered, sorted, a page at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select

from core import access, clock
from core.db import Db
from core.models import Course, CourseDay, CourseLevel, CourseTeacher, CourseTheme, Enrolment, Teacher
from core.queries.courses import SEATS
from core.rules import courses as rules
from core.rules import school_year as years
from core.text import folded
from core.vocabulary import CALLED_OFF, SEATED, Actor, CourseStatus, EnrolmentStatus, Level, Occupancy, Theme


class When(StrEnum):
    """Which part of the years; the value stands in the page's address."""

    COMING = "komend"
    PAST = "voorbij"
    ALL = "alles"


class Order(StrEnum):
    """How the list is sorted."""

    SOONEST = "eerst"
    LATEST = "laatst"
    TITLE = "titel"
    CODE = "code"
    FULLEST = "volst"
    EMPTIEST = "leegst"
    CHANGED = "nieuwst"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a coordinator looks for; empty means everything."""

    when: When = When.COMING
    text: str = ""
    statuses: tuple[CourseStatus, ...] = ()
    levels: tuple[Level, ...] = ()
    themes: tuple[Theme, ...] = ()
    occupancies: tuple[Occupancy, ...] = ()
    teacher_id: int | None = None
    school_year: int | None = None
    from_day: date | None = None
    until_day: date | None = None


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course in the list. `taken` counts confirmed and offered seats; `occupancy` is None where it says nothing."""

    course_id: int
    code: str
    title: str
    status: CourseStatus
    first_day: date | None
    last_day: date | None
    days: int
    is_online: bool
    place: str
    price_cents: int
    capacity: int
    minimum: int
    taken: int
    waiting: int
    deadline: date | None
    teachers: tuple[str, ...]

    @property
    def occupancy(self) -> Occupancy | None:
        """How full it is, while that still matters."""
        if self.status in CALLED_OFF or self.status is CourseStatus.DRAFT:
            return None
        return rules.occupancy(self.taken, self.capacity, self.minimum, self.waiting)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list, and how many there are in all."""

    rows: tuple[CourseLine, ...]
    total: int


def courses(
    db: Db, actor: Actor, wanted: Wanted, order: Order = Order.SOONEST, *, page: int = 1, size: int = 20
) -> Found:
    """One page of the courses that fit; the number of queries does not depend on what is found."""
    if not access.is_staff(actor):
        raise access.NotFound
    conditions = _conditions(wanted)
    total = db.scalar(select(func.count()).select_from(Course).where(*conditions)) or 0
    found = db.scalars(
        select(Course)
        .where(*conditions)
        .order_by(*_ORDERS[order], Course.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    return Found(_lines(db, found), total)


def teachers(db: Db, actor: Actor) -> dict[int, str]:
    """All teachers, by name."""
    if not access.is_staff(actor):
        raise access.NotFound
    return dict(db.execute(select(Teacher.id, Teacher.name).order_by(func.lower(Teacher.name), Teacher.id)).all())


def _lines(db: Db, found: Sequence[Course]) -> tuple[CourseLine, ...]:
    ids = [course.id for course in found]
    seats = {row.course_id: (row.taken, row.waiting) for row in db.execute(SEATS.where(Enrolment.course_id.in_(ids)))}
    days: dict[int, int] = dict(
        db.execute(
            select(CourseDay.course_id, func.count()).where(CourseDay.course_id.in_(ids)).group_by(CourseDay.course_id)
        ).all()
    )
    names: dict[int, list[str]] = defaultdict(list)
    for identity, name in db.execute(
        select(CourseTeacher.course_id, Teacher.name)
        .join(Teacher, Teacher.id == CourseTeacher.teacher_id)
        .where(CourseTeacher.course_id.in_(ids))
        .order_by(Teacher.name)
    ):
        names[identity].append(name)
    return tuple(
        CourseLine(
            course_id=course.id,
            code=course.code,
            title=course.title,
            status=course.status,
            first_day=course.first_day,
            last_day=course.last_day,
            days=days.get(course.id, 0),
            is_online=course.is_online,
            place=course.place,
            price_cents=course.price_cents,
            capacity=course.capacity,
            minimum=course.minimum,
            taken=seats.get(course.id, (0, 0))[0],
            waiting=seats.get(course.id, (0, 0))[1],
            deadline=course.enrolment_deadline,
            teachers=tuple(names[course.id]),
        )
        for course in found
    )


def _seats(*statuses: EnrolmentStatus) -> ScalarSelect[int]:
    return (
        select(func.count())
        .where(Enrolment.course_id == Course.id, Enrolment.status.in_(statuses))
        .correlate(Course)
        .scalar_subquery()
    )


_FULLNESS = _seats(*SEATED) * 1.0 / func.coalesce(func.nullif(Course.capacity, 0), 1)
_ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    Order.SOONEST: (Course.first_day.asc().nulls_first(), Course.title.asc()),
    Order.LATEST: (Course.first_day.desc().nulls_last(), Course.title.asc()),
    Order.TITLE: (Course.title.asc(),),
    Order.CODE: (Course.code.asc(),),
    Order.FULLEST: (_FULLNESS.desc(), Course.first_day.asc()),
    Order.EMPTIEST: (_FULLNESS.asc(), Course.first_day.asc()),
    Order.CHANGED: (Course.created_at.desc(),),
}


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.when is When.COMING:
        conditions.append(or_(Course.last_day >= clock.today(), Course.last_day.is_(None)))
    elif wanted.when is When.PAST:
        conditions.append(Course.last_day < clock.today())
    conditions += [Course.search_text.contains(word, autoescape=True) for word in folded(wanted.text).split()]
    if wanted.statuses:
        conditions.append(Course.status.in_(wanted.statuses))
    if wanted.levels:
        conditions.append(exists().where(CourseLevel.course_id == Course.id, CourseLevel.level.in_(wanted.levels)))
    if wanted.themes:
        conditions.append(exists().where(CourseTheme.course_id == Course.id, CourseTheme.theme.in_(wanted.themes)))
    if wanted.teacher_id is not None:
        conditions.append(
            exists().where(CourseTeacher.course_id == Course.id, CourseTeacher.teacher_id == wanted.teacher_id)
        )
    if wanted.school_year is not None:
        conditions.append(Course.first_day >= years.first_day(wanted.school_year))
        conditions.append(Course.first_day < years.first_day(wanted.school_year + 1))
    if wanted.from_day is not None:
        conditions.append(Course.last_day >= wanted.from_day)
    if wanted.until_day is not None:
        conditions.append(Course.first_day <= wanted.until_day)
    if wanted.occupancies:
        conditions.append(_is_so_full(wanted.occupancies))
    return conditions


def _is_so_full(occupancies: Sequence[Occupancy]) -> ColumnElement[bool]:
    """The same table as `rules.occupancy`, for the database."""
    taken, left = _seats(*SEATED), Course.capacity - _seats(*SEATED)
    waits = exists().where(Enrolment.course_id == Course.id, Enrolment.status == EnrolmentStatus.WAITLISTED)
    is_near = or_(left <= 2, left <= Course.capacity / 10)
    which = {
        Occupancy.WAITING: waits,
        Occupancy.FULL: and_(~waits, left <= 0),
        Occupancy.BELOW_MINIMUM: and_(~waits, left > 0, taken < Course.minimum),
        Occupancy.NEARLY_FULL: and_(~waits, left > 0, taken >= Course.minimum, is_near),
        Occupancy.GOING: and_(~waits, left > 0, taken >= Course.minimum, ~is_near),
    }
    says_something = Course.status.in_((CourseStatus.PUBLISHED, CourseStatus.CLOSED))
    return and_(says_something, or_(*(which[each] for each in occupancies)))
