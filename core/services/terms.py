"""The cancellation terms of a course, and what mails say of them (D1)."""

from datetime import date, timedelta

from sqlalchemy import select

from core import clock
from core.db import Db
from core.decisions import usual_terms
from core.i18n import _, day
from core.mail.facts import Text
from core.models import CancellationTerms, Course, Enrolment
from core.rules import cancellation


def terms_of(db: Db, course: Course) -> cancellation.Terms:
    """The cancellation terms of a course: its own, those of its kind, or the default."""
    terms = course.terms or db.scalar(
        select(CancellationTerms).where(CancellationTerms.course_type == course.course_type)
    )
    return usual_terms(db) if terms is None else terms.rules


def free_until_sentence(db: Db, enrolment: Enrolment) -> Text:
    """Until when the holder of a seat can cancel free of charge, in words; nothing when that is over or never was."""
    first_day, price, today = enrolment.course.first_day, enrolment.price_cents, clock.today()
    if first_day is None or not price:
        return str
    on = min(today, first_day - timedelta(days=1))
    last = cancellation.cost_of_cancelling(terms_of(db, enrolment.course), price, first_day, on).free_until
    if last is None or last < today:
        return str
    return lambda: _("You can cancel free of charge until {day}.").format(day=day(last))


def replace_until(db: Db, enrolment: Enrolment) -> date | None:
    """The last day on which a colleague may take the seat; None when that is over, or no day is known."""
    last = cancellation.last_day_to_replace(terms_of(db, enrolment.course), enrolment.course.first_day)
    return last if last is not None and last >= clock.today() else None
