"""One course with all that its page shows."""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select

from core.db import Db
from core.decisions import usual_terms
from core.models import (
    CancellationTerms,
    Course,
    CourseDay,
    CourseLevel,
    CourseSubject,
    CourseTeacher,
    CourseTheme,
    Enrolment,
    Teacher,
)
from core.queries.courses import SEATS, ordered
from core.rules.cancellation import Terms
from core.vocabulary import CourseStatus, CourseType, Language, Level, Subject, Theme


@dataclass(frozen=True, slots=True)
class DayRow:
    """One course day; times are Brussels wall-clock times."""

    held_on: date
    starts_at: time
    ends_at: time
    room: str


@dataclass(frozen=True, slots=True)
class CourseDetail:
    """Everything a course page shows. `taken` counts confirmed and offered seats."""

    course_id: int
    code: str
    slug: str
    title: str
    subtitle: str
    intro: str
    description: str
    target_group: str
    to_bring: str
    prerequisites: str
    course_type: CourseType
    status: CourseStatus
    language: Language
    price_cents: int
    capacity: int
    taken: int
    waiting: int
    deadline: date | None
    first_day: date | None
    last_day: date | None
    total_minutes: int
    is_online: bool
    place: str
    street: str
    postcode: str
    city: str
    days: tuple[DayRow, ...]
    teachers: tuple[str, ...]
    levels: tuple[Level, ...]
    subjects: tuple[Subject, ...]
    themes: tuple[Theme, ...]
    terms: Terms

    @property
    def places_left(self) -> int:
        """Seats that can be given now; none while others wait for one."""
        return 0 if self.waiting else max(0, self.capacity - self.taken)

    @property
    def address(self) -> str:
        """What names the course in an address: slug and number."""
        return f"{self.slug}-{self.course_id:05}"


def course_detail(db: Db, course_id: int | None) -> CourseDetail | None:
    """A course that was ever published; None for an unknown one and for a draft."""
    course = db.scalar(select(Course).where(Course.id == course_id, Course.status != CourseStatus.DRAFT))
    if course is None:
        return None
    seat = db.execute(SEATS.where(Enrolment.course_id == course.id)).first()
    return CourseDetail(
        course_id=course.id,
        code=course.code,
        slug=course.slug,
        title=course.title,
        subtitle=course.subtitle,
        intro=course.intro,
        description=course.description,
        target_group=course.target_group,
        to_bring=course.to_bring,
        prerequisites=course.prerequisites,
        course_type=course.course_type,
        status=course.status,
        language=course.language,
        price_cents=course.price_cents,
        capacity=course.capacity,
        taken=seat.taken if seat else 0,
        waiting=seat.waiting if seat else 0,
        deadline=course.enrolment_deadline,
        first_day=course.first_day,
        last_day=course.last_day,
        total_minutes=course.total_minutes,
        is_online=course.is_online,
        place=course.place,
        street=course.street,
        postcode=course.postcode,
        city=course.city,
        days=tuple(
            DayRow(*row)
            for row in db.execute(
                select(CourseDay.held_on, CourseDay.starts_at, CourseDay.ends_at, CourseDay.room)
                .where(CourseDay.course_id == course.id)
                .order_by(CourseDay.held_on, CourseDay.starts_at)
            )
        ),
        teachers=tuple(
            db.scalars(
                select(Teacher.name)
                .join(CourseTeacher, CourseTeacher.teacher_id == Teacher.id)
                .where(CourseTeacher.course_id == course.id)
                .order_by(Teacher.name)
            )
        ),
        levels=tuple(ordered(db.scalars(select(CourseLevel.level).where(CourseLevel.course_id == course.id)).all())),
        subjects=tuple(db.scalars(select(CourseSubject.subject).where(CourseSubject.course_id == course.id))),
        themes=tuple(db.scalars(select(CourseTheme.theme).where(CourseTheme.course_id == course.id))),
        terms=_terms(db, course),
    )


def _terms(db: Db, course: Course) -> Terms:
    found = db.scalar(
        select(CancellationTerms).where(
            CancellationTerms.id == course.terms_id
            if course.terms_id is not None
            else CancellationTerms.course_type == course.course_type
        )
    )
    return usual_terms(db) if found is None else found.rules
