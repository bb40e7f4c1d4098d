"""Reminders to name who takes a reserved place, derived from the first course day."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.models import Course, Enrolment, Institution, is_held
from core.rules import seats
from core.services import coming_changes
from core.vocabulary import Actor, AuditTag, ComingKind, EnrolmentStatus


def to_remind(db: Db) -> tuple[int, ...]:
    """The courses with reserved places whose reminder is due, and not held."""
    return tuple(dict.fromkeys(enrolment.course_id for enrolment in _due(db)))


def remind(db: Db, actor: Actor, course_id: int) -> int:
    """Mail each institution with unnamed places in a course, when that is due; returns how many were written to.

    Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    course = access.locked_course(db, course_id)
    return _tell(db, actor, course, _due(db, course_id))


def remind_now(db: Db, actor: Actor, course_id: int) -> int:
    """Mail them before the day, because a coordinator wants so; once a day at most. Raises NotAllowed."""
    access.require_coordinator(actor)
    course = access.locked_course(db, course_id)
    unnamed = db.scalars(
        select(Enrolment).where(
            Enrolment.course_id == course_id,
            Enrolment.person_id.is_(None),
            Enrolment.status == EnrolmentStatus.CONFIRMED,
        )
    )
    return _tell(db, actor, course, unnamed.all())


def _tell(db: Db, actor: Actor, course: Course, rows: Sequence[Enrolment]) -> int:
    by_institution: dict[int | None, list[Enrolment]] = {}
    for enrolment in rows:
        enrolment.name_reminded_on = clock.today()
        by_institution.setdefault(enrolment.payer_institution_id, []).append(enrolment)
    for institution_id, seats_of in by_institution.items():
        audit.record(db, actor, AuditTag.ENROLMENT_NAME_REMINDED, seats_of[0], places=len(seats_of))
        mail.queue(
            db,
            "name-seats",
            dedupe=f"course:{course.id}:institution:{institution_id}:{clock.today().isoformat()}",
            enrolment=seats_of[0],
            institution=db.get_one(Institution, institution_id),
            facts={
                "count": len(seats_of),
                "name_until": seats.last_day_to_name(course.first_day, decisions(db).name_seats_until_days),
                "addition": coming_changes.addition(db, ComingKind.NAME_REMINDER, course.id),
            },
        )
    return len(by_institution)


def _due(db: Db, course_id: int | None = None) -> list[Enrolment]:
    """The reserved places to remind of, of one course or of all; few, as a place is unnamed for a short time only.

    The mail that confirms the places names the last day too, so only steps after it call for a reminder.
    """
    own, today = decisions(db), clock.today()
    steps = (own.name_seats_first_reminder_days, own.name_seats_last_reminder_days)
    unnamed = (
        select(Enrolment, Course.first_day)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            Enrolment.person_id.is_(None),
            Enrolment.status == EnrolmentStatus.CONFIRMED,
            Course.first_day >= today + timedelta(days=own.name_seats_until_days),
            Course.first_day <= today + timedelta(days=max(steps)),
            ~is_held(ComingKind.NAME_REMINDER, Enrolment.course_id),
        )
        .order_by(Enrolment.course_id, Enrolment.id)
    )
    if course_id is not None:
        unnamed = unnamed.where(Enrolment.course_id == course_id)
    return [
        enrolment
        for enrolment, first_day in db.execute(unnamed)
        if first_day is not None
        and seats.is_name_reminder_due(first_day, enrolment.name_reminded_on or enrolment.confirmed_on, today, steps)
    ]
