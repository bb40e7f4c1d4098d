"""Presence on course days, as whoever notes it sees it: the days, how far each is, who is on the list of a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from core import access, clock
from core.db import Db
from core.labels import holder
from core.models import Affiliation, Attendance, Course, CourseDay, Enrolment, Institution, Person
from core.rules.attendance import Mark, Meeting, followed_minutes
from core.text import folded
from core.vocabulary import Actor, CourseStatus, EnrolmentStatus

LOOK_BACK_DAYS = 60


class When(StrEnum):
    """Which course days are looked at; the value stands in the page's address."""

    TODAY = "vandaag"
    OPEN = "nog-niet-genoteerd"
    COMING = "komend"
    PAST = "voorbij"


@dataclass(frozen=True, slots=True)
class DayRow:
    """A course day, with how many have a place, and of how many of them it is noted that they were there or not."""

    day_id: int
    course_id: int
    course_title: str
    course_code: str
    meeting: Meeting
    place: str
    seats: int
    present: int
    absent: int

    @property
    def left(self) -> int:
        """Of how many nothing is noted yet."""
        return self.seats - self.present - self.absent


@dataclass(frozen=True, slots=True)
class DayPage:
    """One page of course days; `total` counts all pages."""

    rows: tuple[DayRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Somebody on the list of a day. `mark` is None as long as nothing is noted.

    Whose place was cancelled stays on the list only when something was noted (`has_seat` is False).
    """

    enrolment_id: int
    name: str
    school: str
    is_named: bool
    has_seat: bool
    mark: Mark | None
    at: datetime | None
    by: str
    minutes: int


@dataclass(frozen=True, slots=True)
class RosterPage:
    """One page of the list of a day, by name; `total` counts all pages."""

    rows: tuple[RosterRow, ...]
    total: int


def days(db: Db, actor: Actor, when: When, *, page: int = 1, size: int = 20) -> DayPage:
    """One page of the course days an actor may note presence of. Raises NotFound for who may of none."""
    if not access.is_staff(actor) and actor.teacher_id is None:
        raise access.NotFound
    condition = and_(access.taught(db, actor), Course.status.in_(_HELD), _WHEN[when]())
    latest_first = when in (When.PAST, When.OPEN)
    order = (CourseDay.held_on.desc() if latest_first else CourseDay.held_on.asc(), CourseDay.starts_at, CourseDay.id)
    found = _of_days(condition).order_by(*order).limit(size).offset((max(page, 1) - 1) * size)
    total = db.scalar(
        select(func.count()).select_from(CourseDay).join(Course, Course.id == CourseDay.course_id).where(condition)
    )
    return DayPage(tuple(_day_row(*row) for row in db.execute(found)), total or 0)


def days_of_course(db: Db, actor: Actor, course_id: int) -> tuple[DayRow, ...]:
    """All days of a course, for staff and its teachers. Raises NotFound."""
    access.taught_course(db, actor, course_id)
    found = _of_days(CourseDay.course_id == course_id).order_by(CourseDay.held_on, CourseDay.starts_at, CourseDay.id)
    return tuple(_day_row(*row) for row in db.execute(found))


def of_day(db: Db, actor: Actor, day_id: int) -> DayRow:
    """One course day with its counts. Raises NotFound."""
    access.taught_day(db, actor, day_id)
    return _day_row(*db.execute(_of_days(CourseDay.id == day_id)).one())


def roster(db: Db, actor: Actor, day_id: int, text: str = "", *, page: int = 1, size: int = 50) -> RosterPage:
    """One page of the list of a day, by name. Raises NotFound."""
    day = access.taught_day(db, actor, day_id)
    noted = and_(Attendance.enrolment_id == Enrolment.id, Attendance.course_day_id == day.id)
    listed = and_(
        Enrolment.course_id == day.course_id,
        or_(Enrolment.status == EnrolmentStatus.CONFIRMED, Attendance.enrolment_id.is_not(None)),
        *[Person.search_name.contains(word, autoescape=True) for word in folded(text).split()],
    )
    joined = (
        select(Enrolment.id)
        .outerjoin(Attendance, noted)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(listed)
    )
    found = (
        joined.add_columns(Enrolment.status, Person, SCHOOL, Attendance)
        .order_by(Person.search_name.is_(None), Person.search_name, Enrolment.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    rows = tuple(_roster_row(day, *row) for row in db.execute(found))
    return RosterPage(rows, db.scalar(select(func.count()).select_from(joined.subquery())) or 0)


def place_of(course: Course, room: str) -> str:
    """Where a day is held; empty for an online one without a room."""
    parts = (room,) if course.is_online else (course.place, room, course.city)
    return ", ".join(filter(None, parts))


_HELD = (CourseStatus.PUBLISHED, CourseStatus.CLOSED)
#: The school somebody comes from: the one that pays, else one he or she is linked to now.
SCHOOL = func.coalesce(
    select(Institution.name).where(Institution.id == Enrolment.payer_institution_id).scalar_subquery(),
    select(func.min(Institution.name))
    .join(Affiliation, Affiliation.institution_id == Institution.id)
    .where(Affiliation.person_id == Enrolment.person_id, Affiliation.ended_on.is_(None))
    .scalar_subquery(),
)


def _seats() -> ColumnElement[int]:
    return (
        select(func.count())
        .where(Enrolment.course_id == CourseDay.course_id, Enrolment.status == EnrolmentStatus.CONFIRMED)
        .correlate(CourseDay)
        .scalar_subquery()
    )


def _noted(*, is_present: bool) -> ColumnElement[int]:
    """How many with a place were noted as there, or as not there."""
    return (
        select(func.count())
        .select_from(Attendance)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(
            Attendance.course_day_id == CourseDay.id,
            Attendance.is_present.is_(is_present),
            Enrolment.status == EnrolmentStatus.CONFIRMED,
        )
        .correlate(CourseDay)
        .scalar_subquery()
    )


def _of_days(condition: ColumnElement[bool]) -> Select[CourseDay, Course, int, int, int]:
    return (
        select(CourseDay, Course, _seats(), _noted(is_present=True), _noted(is_present=False))
        .join(Course, Course.id == CourseDay.course_id)
        .where(condition)
    )


def _day_row(day: CourseDay, course: Course, seats: int, present: int, absent: int) -> DayRow:
    return DayRow(
        day_id=day.id,
        course_id=course.id,
        course_title=course.title,
        course_code=course.code,
        meeting=Meeting(day.held_on, day.starts_at, day.ends_at, day.minutes),
        place=place_of(course, day.room),
        seats=seats,
        present=present,
        absent=absent,
    )


def _roster_row(  # noqa: PLR0917 - the columns of a row
    day: CourseDay,
    enrolment_id: int,
    status: EnrolmentStatus,
    person: Person | None,
    school: str | None,
    row: Attendance | None,
) -> RosterRow:
    mark = Mark(row.is_present, row.part, row.minutes) if row else None
    return RosterRow(
        enrolment_id=enrolment_id,
        name=holder(person.name if person else None),
        school=school or "",
        is_named=person is not None,
        has_seat=status is EnrolmentStatus.CONFIRMED,
        mark=mark,
        at=row.recorded_at if row else None,
        by=row.recorded_by if row else "",
        minutes=followed_minutes(day.minutes, mark) if mark else 0,
    )


def _today() -> ColumnElement[bool]:
    return CourseDay.held_on == clock.today()


def _open() -> ColumnElement[bool]:
    """Days of the last weeks on which somebody has a place of whom nothing is noted."""
    today = clock.today()
    missing = (
        select(Enrolment.id)
        .outerjoin(Attendance, and_(Attendance.enrolment_id == Enrolment.id, Attendance.course_day_id == CourseDay.id))
        .where(
            Enrolment.course_id == CourseDay.course_id,
            Enrolment.status == EnrolmentStatus.CONFIRMED,
            Enrolment.person_id.is_not(None),
            Attendance.enrolment_id.is_(None),
        )
        .correlate(CourseDay)
        .exists()
    )
    recent = CourseDay.held_on.between(today - timedelta(days=LOOK_BACK_DAYS), today - timedelta(days=1))
    return and_(recent, missing)


def _coming() -> ColumnElement[bool]:
    return CourseDay.held_on > clock.today()


def _past() -> ColumnElement[bool]:
    return CourseDay.held_on < clock.today()


_WHEN = {When.TODAY: _today, When.OPEN: _open, When.COMING: _coming, When.PAST: _past}
