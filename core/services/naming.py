"""Reminders to name who takes a reserved place, derived from the first course day."""

from datetime import timedelta

from sqlalchemy import select

from core import access, audit, clock, mail
from core.db import Db
from core.models import Course, Enrolment, Institution
from core.rules import seats
from core.settings import settings
from core.vocabulary import Actor, AuditTag, EnrolmentStatus


def to_remind(db: Db) -> tuple[int, ...]:
    """The courses with reserved places whose reminder is due."""
    return tuple(dict.fromkeys(enrolment.course_id for enrolment in _due(db)))


def remind(db: Db, actor: Actor, course_id: int) -> int:
    """Mail each institution with unnamed places in a course once; returns how many were written to.

    Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    course = access.locked_course(db, course_id)
    by_institution: dict[int | None, list[Enrolment]] = {}
    for enrolment in _due(db, course_id):
        enrolment.name_reminded_on = clock.today()
        by_institution.setdefault(enrolment.payer_institution_id, []).append(enrolment)
    for institution_id, rows in by_institution.items():
        audit.record(db, actor, AuditTag.ENROLMENT_NAME_REMINDED, rows[0], places=len(rows))
        mail.queue(
            db,
            "name-seats",
            dedupe=f"course:{course_id}:institution:{institution_id}:{clock.today().isoformat()}",
            enrolment=rows[0],
            institution=db.get_one(Institution, institution_id),
            facts={
                "count": len(rows),
                "name_until": seats.last_day_to_name(course.first_day, settings().name_seats_until_days),
            },
        )
    return len(by_institution)


def _due(db: Db, course_id: int | None = None) -> list[Enrolment]:
    """The reserved places to remind of, of one course or of all; few, as a place is unnamed for a short time only."""
    own, today = settings(), clock.today()
    steps = (own.name_seats_first_reminder_days, own.name_seats_last_reminder_days)
    unnamed = (
        select(Enrolment, Course.first_day)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            Enrolment.person_id.is_(None),
            Enrolment.status == EnrolmentStatus.CONFIRMED,
            Course.first_day >= today + timedelta(days=own.name_seats_until_days),
            Course.first_day <= today + timedelta(days=max(steps)),
        )
        .order_by(Enrolment.course_id, Enrolment.id)
    )
    if course_id is not None:
        unnamed = unnamed.where(Enrolment.course_id == course_id)
    return [
        enrolment
        for enrolment, first_day in db.execute(unnamed)
        if first_day is not None and seats.is_name_reminder_due(first_day, enrolment.name_reminded_on, today, steps)
    ]
