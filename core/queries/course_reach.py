"""Whom something that happens to a whole course reaches."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from core import access
from core.db import Db
from core.models import Course, CourseDay, Enrolment, Institution, Person
from core.rules.course_days import DayValues
from core.vocabulary import ACTIVE, Actor, EnrolmentStatus


@dataclass(frozen=True, slots=True)
class Reach:
    """Who has something to do with a course now. `unnamed` are reserved places without a name."""

    confirmed: int
    offered: int
    waiting: int
    unnamed: int
    names: tuple[str, ...]
    schools: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nobody has."""
        return not (self.confirmed or self.offered or self.waiting)


def reach(db: Db, actor: Actor, course_id: int) -> Reach:
    """Who holds a seat in a course or waits for one, and the institutions that pay. Raises NotFound."""
    _check(actor)
    found = db.execute(
        select(Enrolment.status, Person.first_name, Person.last_name, Institution.name)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(Institution, Institution.id == Enrolment.payer_institution_id)
        .where(Enrolment.course_id == course_id, Enrolment.status.in_(ACTIVE))
        .order_by(Person.search_name, Enrolment.id)
    ).all()
    states = Counter(status for status, *_rest in found)
    return Reach(
        confirmed=states[EnrolmentStatus.CONFIRMED],
        offered=states[EnrolmentStatus.OFFERED],
        waiting=states[EnrolmentStatus.WAITLISTED],
        unnamed=sum(last is None for _status, _first, last, _school in found),
        names=tuple(f"{first} {last}" for _status, first, last, _school in found if last is not None),
        schools=tuple(sorted({school for *_rest, school in found if school is not None})),
    )


def clashing(db: Db, actor: Actor, course_id: int, day: DayValues) -> tuple[str, ...]:
    """Who of a course has a seat in another course at the hours of a day, by name. Raises NotFound."""
    _check(actor)
    here = select(Enrolment.person_id).where(Enrolment.course_id == course_id, Enrolment.status.in_(ACTIVE))
    found = db.execute(
        select(Person.first_name, Person.last_name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseDay, CourseDay.course_id == Course.id)
        .where(
            Enrolment.person_id.in_(here),
            Enrolment.status.in_(ACTIVE),
            Course.id != course_id,
            CourseDay.held_on == day.held_on,
            CourseDay.starts_at < day.ends_at,
            CourseDay.ends_at > day.starts_at,
        )
        .group_by(Person.id)
        .order_by(func.min(Person.search_name))
    )
    return tuple(f"{first} {last}" for first, last in found)


def _check(actor: Actor) -> None:
    if not access.is_staff(actor):
        raise access.NotFound
