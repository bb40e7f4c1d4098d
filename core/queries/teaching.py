"""What a teacher sees of the own courses: when and where, who is coming and what they need; no addresses, no money."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from core import access
from core.db import Db
from core.models import Course, CourseQuestion, Enrolment, EnrolmentAnswer, Person
from core.queries.attendance import SCHOOL, place_of
from core.queries.questions import worded
from core.vocabulary import CALLED_OFF, Actor, EnrolmentStatus

MOST_COURSES = 100


@dataclass(frozen=True, slots=True)
class TaughtCourse:
    """A course of a teacher, with how many have a place."""

    course_id: int
    title: str
    code: str
    first_day: date | None
    last_day: date | None
    days: int
    place: str
    is_online: bool
    seats: int


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who is coming, with the school and what was answered to the questions of the course."""

    name: str
    school: str
    answers: tuple[tuple[str, str], ...]


def courses(db: Db, actor: Actor) -> tuple[TaughtCourse, ...]:
    """The own courses of a teacher that are to come, and those of the last weeks. Raises NotFound for others."""
    if actor.teacher_id is None:
        raise access.NotFound
    return _courses(db, access.taught(db, actor) & Course.status.not_in(CALLED_OFF))


def one(db: Db, actor: Actor, course_id: int) -> TaughtCourse:
    """One course, for its teachers and for staff. Raises NotFound."""
    access.taught_course(db, actor, course_id)
    return _courses(db, Course.id == course_id)[0]


def attendees(db: Db, actor: Actor, course_id: int, *, page: int = 1, size: int = 50) -> tuple[Attendee, ...]:
    """One page of who is coming, by name, with what they answered; for the teachers and staff. Raises NotFound."""
    access.taught_course(db, actor, course_id)
    seats = db.execute(
        select(Enrolment.id, Person, SCHOOL)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id == course_id, Enrolment.status == EnrolmentStatus.CONFIRMED)
        .order_by(Person.search_name, Enrolment.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    given: dict[int, list[tuple[str, str]]] = {}
    for enrolment_id, answer, question in db.execute(
        select(EnrolmentAnswer.enrolment_id, EnrolmentAnswer.answer, CourseQuestion)
        .join(CourseQuestion, CourseQuestion.id == EnrolmentAnswer.question_id)
        .where(EnrolmentAnswer.enrolment_id.in_([seat for seat, _person, _school in seats]))
        .order_by(CourseQuestion.position, CourseQuestion.id)
    ):
        given.setdefault(enrolment_id, []).append((question.text, worded(question.kind, answer)))
    return tuple(
        Attendee(person.name, school or "", tuple(given.get(enrolment_id, ())))
        for enrolment_id, person, school in seats
    )


def _courses(db: Db, condition: ColumnElement[bool]) -> tuple[TaughtCourse, ...]:
    seats = (
        select(func.count())
        .where(and_(Enrolment.course_id == Course.id, Enrolment.status == EnrolmentStatus.CONFIRMED))
        .correlate(Course)
        .scalar_subquery()
    )
    found = db.execute(select(Course, seats).where(condition).order_by(Course.first_day, Course.id).limit(MOST_COURSES))
    return tuple(
        TaughtCourse(
            course_id=course.id,
            title=course.title,
            code=course.code,
            first_day=course.first_day,
            last_day=course.last_day,
            days=len(course.days),
            place=place_of(course, ""),
            is_online=course.is_online,
            seats=count,
        )
        for course, count in found
    )
