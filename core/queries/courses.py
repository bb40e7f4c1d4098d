"""The catalogue as visitors see it: search, filters, counts, pages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core import clock
from core.db import Db
from core.models import (
    Course,
    CourseDay,
    CourseLevel,
    CourseSubject,
    CourseTheme,
    Enrolment,
)
from core.text import folded
from core.vocabulary import (
    ACTIVE,
    SEATED,
    CourseStatus,
    EnrolmentStatus,
    Level,
    Subject,
    Theme,
)


class Sort(StrEnum):
    """How the catalogue is ordered."""

    DATE = "datum"
    TITLE = "titel"
    PRICE = "prijs"
    NEWEST = "nieuw"


class Form(StrEnum):
    """On a campus or online."""

    CAMPUS = "campus"
    ONLINE = "online"


@dataclass(frozen=True, slots=True)
class CourseFilter:
    """What a visitor looks for; prices in cents, empty means everything."""

    text: str = ""
    levels: tuple[Level, ...] = ()
    subjects: tuple[Subject, ...] = ()
    themes: tuple[Theme, ...] = ()
    form: Form | None = None
    from_day: date | None = None
    until_day: date | None = None
    has_places: bool = False
    highest_cents: int | None = None


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course as a card of the catalogue."""

    course_id: int
    code: str
    slug: str
    title: str
    subtitle: str
    intro: str
    first_day: date
    last_day: date
    days: int
    is_online: bool
    place: str
    city: str
    price_cents: int
    places_left: int
    waiting: int
    deadline: date | None
    theme: Theme | None
    levels: tuple[Level, ...]

    @property
    def address(self) -> str:
        """What names the course in an address: slug and number."""
        return f"{self.slug}-{self.course_id:05}"


@dataclass(frozen=True, slots=True)
class CoursePage:
    """One page of the catalogue and how many courses there are in all."""

    rows: tuple[CourseRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many coming courses each choice of a filter has."""

    levels: dict[Level, int] = field(default_factory=dict)
    subjects: dict[Subject, int] = field(default_factory=dict)
    themes: dict[Theme, int] = field(default_factory=dict)


def course_id_of(address: str) -> int | None:
    """The number at the end of a course's address; None when there is none."""
    digits = address.rpartition("-")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def search_text_of(course: Course, teachers: Iterable[str]) -> str:
    """The folded text that searching looks through; whoever changes a course stores it anew."""
    texts = (course.code, course.title, course.subtitle, course.intro, course.city, *teachers)
    return folded(" ".join(filter(None, texts)))


SEATS = (
    select(
        Enrolment.course_id,
        func.count().filter(Enrolment.status.in_(SEATED)).label("taken"),
        func.count().filter(Enrolment.status == EnrolmentStatus.WAITLISTED).label("waiting"),
    )
    .where(Enrolment.status.in_(ACTIVE))
    .group_by(Enrolment.course_id)
)


def _coming() -> ColumnElement[bool]:
    return and_(Course.status == CourseStatus.PUBLISHED, Course.first_day > clock.today())


def _conditions(wanted: CourseFilter) -> list[ColumnElement[bool]]:
    conditions = [_coming()]
    conditions += [Course.search_text.contains(word, autoescape=True) for word in folded(wanted.text).split()]
    if wanted.levels:
        conditions.append(exists().where(CourseLevel.course_id == Course.id, CourseLevel.level.in_(wanted.levels)))
    if wanted.subjects:
        conditions.append(
            exists().where(CourseSubject.course_id == Course.id, CourseSubject.subject.in_(wanted.subjects))
        )
    if wanted.themes:
        conditions.append(exists().where(CourseTheme.course_id == Course.id, CourseTheme.theme.in_(wanted.themes)))
    if wanted.form is not None:
        conditions.append(Course.is_online == (wanted.form is Form.ONLINE))
    if wanted.from_day is not None:
        conditions.append(Course.last_day >= wanted.from_day)
    if wanted.until_day is not None:
        conditions.append(Course.first_day <= wanted.until_day)
    if wanted.highest_cents is not None:
        conditions.append(Course.price_cents <= wanted.highest_cents)
    if wanted.has_places:
        conditions.append(_seats_taken() < Course.capacity)
    return conditions


def _seats_taken() -> ColumnElement[int]:
    return (
        select(func.count())
        .where(Enrolment.course_id == Course.id, Enrolment.status.in_(ACTIVE))
        .correlate(Course)
        .scalar_subquery()
    )


_ORDER: dict[Sort, tuple[ColumnElement[Any], ...]] = {
    Sort.DATE: (Course.first_day.asc(), Course.title.asc(), Course.id.asc()),
    Sort.TITLE: (Course.title.asc(), Course.id.asc()),
    Sort.PRICE: (Course.price_cents.asc(), Course.first_day.asc(), Course.id.asc()),
    Sort.NEWEST: (Course.published_at.desc(), Course.id.desc()),
}


def search(db: Db, wanted: CourseFilter, sort: Sort = Sort.DATE, *, page: int = 1, page_size: int = 12) -> CoursePage:
    """One page of the coming courses that fit; the number of queries does not depend on what is found."""
    conditions = _conditions(wanted)
    total = db.scalar(select(func.count()).select_from(Course).where(*conditions)) or 0
    found = (
        db.scalars(
            select(Course)
            .where(*conditions)
            .order_by(*_ORDER[sort])
            .limit(page_size)
            .offset((max(page, 1) - 1) * page_size)
        )
        .unique()
        .all()
    )
    ids = [course.id for course in found]
    seats = {row.course_id: row for row in db.execute(SEATS.where(Enrolment.course_id.in_(ids)))}
    days: dict[int, int] = dict(
        db.execute(
            select(CourseDay.course_id, func.count()).where(CourseDay.course_id.in_(ids)).group_by(CourseDay.course_id)
        ).all()
    )
    themes: dict[int, Theme] = dict(
        db.execute(
            select(CourseTheme.course_id, func.min(CourseTheme.theme))
            .where(CourseTheme.course_id.in_(ids))
            .group_by(CourseTheme.course_id)
        ).all()
    )
    levels: dict[int, list[Level]] = {}
    for identity, level in db.execute(
        select(CourseLevel.course_id, CourseLevel.level).where(CourseLevel.course_id.in_(ids))
    ):
        levels.setdefault(identity, []).append(level)
    rows = []
    for course in found:
        seat = seats.get(course.id)
        taken, waiting = (seat.taken, seat.waiting) if seat else (0, 0)
        assert course.first_day is not None  # noqa: S101 - a condition of the query; this tells the type checker
        rows.append(
            CourseRow(
                course_id=course.id,
                code=course.code,
                slug=course.slug,
                title=course.title,
                subtitle=course.subtitle,
                intro=course.intro,
                first_day=course.first_day,
                last_day=course.last_day or course.first_day,
                days=days.get(course.id, 1),
                is_online=course.is_online,
                place=course.place,
                city=course.city,
                price_cents=course.price_cents,
                places_left=0 if waiting else max(0, course.capacity - taken),
                waiting=waiting,
                deadline=course.enrolment_deadline,
                theme=themes.get(course.id),
                levels=tuple(ordered(levels.get(course.id, ()))),
            )
        )
    return CoursePage(tuple(rows), total)


def ordered(levels: Iterable[Level]) -> list[Level]:
    order = list(Level)
    return sorted(levels, key=order.index)


def counts(db: Db) -> Counts:
    """How many coming courses there are for each level, subject and theme."""

    def of(column: InstrumentedAttribute[Any], course_id: InstrumentedAttribute[int]) -> dict[Any, int]:
        statement = select(column, func.count()).join(Course, Course.id == course_id).where(_coming()).group_by(column)
        return dict(db.execute(statement).all())

    return Counts(
        levels=of(CourseLevel.level, CourseLevel.course_id),
        subjects=of(CourseSubject.subject, CourseSubject.course_id),
        themes=of(CourseTheme.theme, CourseTheme.course_id),
    )
