"""The reminder of a course: once an enrolment, some days before the first day, derived from the dates."""

from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.i18n import hours
from core.models import Course, Enrolment
from core.vocabulary import Actor, AuditTag, CourseStatus, EnrolmentStatus

_HELD = (CourseStatus.PUBLISHED, CourseStatus.CLOSED)


def courses_due(db: Db) -> tuple[int, ...]:
    """The courses with participants whom the reminder must still reach."""
    today = clock.today()
    soon = Course.first_day.between(today + timedelta(days=1), today + timedelta(days=_days(db)))
    courses = select(Course.id, Course.first_day).where(Course.status.in_(_HELD), soon).order_by(Course.first_day)
    return tuple(
        course_id
        for course_id, first_day in db.execute(courses).all()
        if first_day is not None
        and db.scalar(select(exists().where(_due(course_id, clock.at(first_day - timedelta(days=_days(db)), time())))))
    )


def remind(db: Db, actor: Actor, course_id: int) -> int:
    """Remind each participant of a course who enrolled before the reminders were due; returns how many.

    Who enrolled later got a confirmation that says the same. Raises NotFound, or NotAllowed for who is not of CNO.
    """
    access.require_staff(actor)
    course = access.locked_course(db, course_id)
    first_day, today = course.first_day, clock.today()
    if course.status not in _HELD or first_day is None or not today < first_day <= today + timedelta(days=_days(db)):
        return 0
    since = clock.at(first_day - timedelta(days=_days(db)), time())
    seats = db.scalars(select(Enrolment).where(_due(course_id, since)).order_by(Enrolment.id).with_for_update()).all()
    for seat in seats:
        seat.reminded_on = today
        mail.queue(
            db,
            "course-reminder",
            dedupe=f"enrolment:{seat.id}",
            enrolment=seat,
            facts={"hours": lambda: hours(course.total_minutes), "to_bring": course.to_bring},
        )
    if seats:
        audit.record(db, actor, AuditTag.COURSE_REMINDED, course, persons=len(seats))
    return len(seats)


def _days(db: Db) -> int:
    return decisions(db).course_reminder_days


def _due(course_id: int, since: datetime) -> ColumnElement[bool]:
    """A named seat that stood before the reminders were due, and was not reminded of."""
    return and_(
        Enrolment.course_id == course_id,
        Enrolment.status == EnrolmentStatus.CONFIRMED,
        Enrolment.person_id.is_not(None),
        Enrolment.reminded_on.is_(None),
        Enrolment.created_at < since,
        or_(Enrolment.confirmed_at.is_(None), Enrolment.confirmed_at < since),
    )
