"""One course as its coordinator edits it: every field, the days, who changed what since a version."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core import access
from core.db import Db
from core.models import AuditEvent, CancellationTerms, Course, CourseDay, Enrolment
from core.queries.courses import SEATS
from core.rules import courses as rules
from core.rules.course_days import DayValues
from core.rules.courses import CourseValues
from core.services.course_days import day_values
from core.services.courses import values_of
from core.vocabulary import CALLED_OFF, Actor, AuditTag, CourseStatus, CourseType, Occupancy


@dataclass(frozen=True, slots=True)
class DayLine:
    """A course day and its id."""

    day_id: int
    values: DayValues


@dataclass(frozen=True, slots=True)
class CourseSheet:
    """Everything a coordinator edits of a course, as it stands now. `taken` counts confirmed and offered seats.

    `has_history`: somebody is or was enrolled, so that it can no longer be a mere draft.
    """

    course_id: int
    version: int
    status: CourseStatus
    address: str
    values: CourseValues
    first_day: date | None
    last_day: date | None
    total_minutes: int
    days: tuple[DayLine, ...]
    taken: int
    waiting: int
    has_history: bool
    repeats_id: int | None
    cancelled_at: datetime | None
    cancellation_reason: str

    @property
    def is_called_off(self) -> bool:
        """Whether it does not take place."""
        return self.status in CALLED_OFF

    @property
    def occupancy(self) -> Occupancy:
        """How full it is."""
        return rules.occupancy(self.taken, self.values.capacity, self.values.minimum, self.waiting)


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changed a field last, and when."""

    name: str
    at: datetime


def sheet(db: Db, actor: Actor, course_id: int | None) -> CourseSheet | None:
    """A course in any state; None for an unknown one. Raises NotFound for whoever is not of the team."""
    if not access.is_staff(actor):
        raise access.NotFound
    course = db.get(Course, course_id) if course_id is not None else None
    if course is None:
        return None
    seats = db.execute(SEATS.where(Enrolment.course_id == course.id)).first()
    days = db.scalars(
        select(CourseDay).where(CourseDay.course_id == course.id).order_by(CourseDay.held_on, CourseDay.starts_at)
    )
    return CourseSheet(
        course_id=course.id,
        version=course.version,
        status=course.status,
        address=f"{course.slug}-{course.id:05}",
        values=values_of(course),
        first_day=course.first_day,
        last_day=course.last_day,
        total_minutes=course.total_minutes,
        days=tuple(DayLine(day.id, day_values(day)) for day in days),
        taken=seats.taken if seats else 0,
        waiting=seats.waiting if seats else 0,
        has_history=db.scalar(select(Enrolment.id).where(Enrolment.course_id == course.id).limit(1)) is not None,
        repeats_id=course.repeat_of_id,
        cancelled_at=course.cancelled_at,
        cancellation_reason=course.cancellation_reason,
    )


def terms(db: Db) -> dict[int, tuple[str, CourseType | None]]:
    """The cancellation terms one can choose: their name, and the kind of course that follows them by itself."""
    found = db.execute(
        select(CancellationTerms.id, CancellationTerms.name, CancellationTerms.course_type).order_by(
            CancellationTerms.name
        )
    )
    return {identity: (name, kind) for identity, name, kind in found}


def editors(db: Db, actor: Actor, course_id: int, since: int) -> dict[str, Editor]:
    """Who changed which field after a version, the last of them for each field."""
    if not access.is_staff(actor):
        raise access.NotFound
    events = db.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.subject_type == Course.__tablename__,
            AuditEvent.subject_id == course_id,
            AuditEvent.tag == AuditTag.COURSE_CHANGED,
        )
        .order_by(AuditEvent.id.desc())
        .limit(100)
    )
    found: dict[str, Editor] = {}
    for event in events:
        details = json.loads(event.details)
        if details["version"] <= since:
            break
        for name in details["changes"]:
            found.setdefault(name, Editor(event.actor_name, event.at))
    return found
