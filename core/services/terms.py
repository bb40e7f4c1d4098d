"""The cancellation terms of a course, and what mails say of them (D1)."""

from datetime import timedelta

from sqlalchemy import select

from core import clock
from core.db import Db
from core.i18n import _, day, speaking
from core.models import Account, CancellationTerms, Course, Enrolment
from core.rules import cancellation
from core.vocabulary import Language


def steps_of(db: Db, course: Course) -> tuple[cancellation.Step, ...]:
    """The cancellation terms of a course: its own, those of its kind, or the default."""
    terms = course.terms or db.scalar(
        select(CancellationTerms).where(CancellationTerms.course_type == course.course_type)
    )
    if terms is None:
        return cancellation.DEFAULT_STEPS
    return tuple(cancellation.Step(step.days_before, step.fixed_cents, step.percentage) for step in terms.steps)


def language_of(db: Db, enrolment: Enrolment) -> Language:
    """The language of who holds the seat."""
    return db.scalar(select(Account.language).where(Account.person_id == enrolment.person_id)) or Language.DUTCH


def free_until_sentence(db: Db, enrolment: Enrolment) -> str:
    """Until when the holder of a seat can cancel free of charge, in words; nothing when that is over or never was."""
    first_day = enrolment.course.first_day
    if first_day is None or not enrolment.price_cents:
        return ""
    steps, on = steps_of(db, enrolment.course), min(clock.today(), first_day - timedelta(1))
    free_until = cancellation.cost_of_cancelling(steps, enrolment.price_cents, first_day, on).free_until
    if free_until is None or free_until < clock.today():
        return ""
    with speaking(language_of(db, enrolment)):
        return _("You can cancel free of charge until {day}.").format(day=day(free_until))
