"""The calendar entries that travel with mails about a seat, so that diaries put themselves right (RFC 5546).

A seat counts the messages of its entries: the highest SEQUENCE wins. Only the participant gets them; days that are over
are left as they are.
"""

from collections.abc import Sequence

from sqlalchemy import select

from core import calendar, clock
from core.calendar import Meeting, Method, Who
from core.db import Db
from core.decisions import decisions
from core.mail import Invitation
from core.models import CourseDay, Enrolment
from core.settings import settings


def request(db: Db, enrolment: Enrolment, meetings: Sequence[Meeting] | None = None) -> Invitation | None:
    """Put these days of a seat (all, unless named) into the participant's calendar, or put them right there."""
    return _message(db, Method.REQUEST, enrolment, meetings)


def cancel(db: Db, enrolment: Enrolment, meetings: Sequence[Meeting] | None = None) -> Invitation | None:
    """Take these days of a seat (all, unless named) out of the participant's calendar."""
    return _message(db, Method.CANCEL, enrolment, meetings)


def _message(db: Db, method: Method, enrolment: Enrolment, meetings: Sequence[Meeting] | None) -> Invitation | None:
    if enrolment.person is None:
        return None
    wanted = _days(db, enrolment.course_id) if meetings is None else meetings
    coming = [meeting for meeting in wanted if meeting.held_on >= clock.today()]
    if not coming:
        return None
    enrolment.calendar_sequence += 1
    organiser = Who(decisions(db).organiser_name, settings().mail_address)

    def made(name: str, address: str) -> tuple[bytes, ...]:
        attendee = Who(name, address)
        return tuple(calendar.message(method, enrolment, meeting, organiser, attendee) for meeting in coming)

    return Invitation(method.value, made)


def _days(db: Db, course_id: int) -> list[Meeting]:
    rows = db.scalars(
        select(CourseDay).where(CourseDay.course_id == course_id).order_by(CourseDay.held_on, CourseDay.starts_at)
    )
    return [Meeting.of(row) for row in rows]
