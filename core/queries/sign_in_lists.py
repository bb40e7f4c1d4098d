"""The sign-in list of a course day, to print for rooms without network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import select

from core import access
from core.db import Db
from core.i18n import hour
from core.labels import holder
from core.models import Enrolment, Person
from core.queries.attendance import SCHOOL, place_of
from core.rules.attendance import Meeting
from core.vocabulary import Actor, EnrolmentStatus


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of the printed sign-in list."""

    enrolment_id: int
    name: str
    school: str
    is_named: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the printed sign-in list of a day says."""

    day_id: int
    course_title: str
    course_code: str
    held_on: date
    starts_at: time
    ends_at: time
    has_halves: bool
    place: str
    teachers: tuple[str, ...]
    lines: tuple[SheetLine, ...]


def sheet(db: Db, actor: Actor, day_id: int) -> Sheet:
    """The sign-in list of a day to print: all who have a place, by name; those to be named last. Raises NotFound."""
    day = access.taught_day(db, actor, day_id)
    found = db.execute(
        select(Enrolment.id, Person, SCHOOL)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id == day.course_id, Enrolment.status == EnrolmentStatus.CONFIRMED)
        .order_by(Person.search_name.is_(None), Person.search_name, Enrolment.id)
    )
    course = day.course
    meeting = Meeting(day.held_on, day.starts_at, day.ends_at, day.minutes)
    return Sheet(
        day_id=day.id,
        course_title=course.title,
        course_code=course.code,
        held_on=day.held_on,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        has_halves=meeting.has_halves,
        place=place_of(course, day.room),
        teachers=tuple(teacher.name for teacher in course.teachers),
        lines=tuple(
            SheetLine(identity, holder(person.name if person else None), school or "", person is not None)
            for identity, person, school in found
        ),
    )


def facts(found: Sheet, addresses: Mapping[int, str]) -> dict[str, Any]:
    """The list as plain values for its PDF; `addresses` gives what the QR code of each seat leads to."""
    return {
        "day_id": found.day_id,
        "title": found.course_title,
        "code": found.course_code,
        "held_on": found.held_on.isoformat(),
        "from": hour(found.starts_at),
        "to": hour(found.ends_at),
        "place": found.place,
        "teachers": list(found.teachers),
        "has_halves": found.has_halves,
        "lines": [
            {
                "name": line.name if line.is_named else "",
                "school": line.school,
                "address": addresses[line.enrolment_id] if line.is_named else "",
            }
            for line in found.lines
        ],
    }
