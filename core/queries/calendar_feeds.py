"""What a subscribed calendar reads: a person's own course days, or who of an institution follows a course when.

An institution sees one entry a course day with the names of whom it pays for, not the link of an online meeting.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from icalendar import Event, vText
from sqlalchemy import func, select

from core import access, calendar, clock, tokens
from core.calendar import Meeting
from core.db import Db
from core.i18n import _, ngettext, speaking
from core.labels import holder
from core.mail.rendering import url
from core.models import Account, AuditEvent, CalendarFeed, Course, CourseDay, Enrolment, Person
from core.vocabulary import Actor, EnrolmentStatus, PayerKind

#: How far back a feed reaches, days: a calendar keeps the school year.
BACK_DAYS = 365
#: Course days in one feed; the largest institution has some thousands a year.
MOST = 20_000
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar as bytes; the same courses give the same bytes and the same `etag`."""

    content: bytes
    etag: str


def since(db: Db, actor: Actor) -> datetime | None:
    """Since when the actor's calendar has a secret address; None without one. Raises NotFound without an account."""
    if actor.account_id is None:
        raise access.NotFound
    return db.scalar(select(CalendarFeed.created_at).where(CalendarFeed.account_id == actor.account_id))


def feed(db: Db, secret: str) -> Feed | None:
    """The calendar at a secret address; None when it is unknown, ended, or its account closed."""
    account = db.scalar(
        select(Account)
        .join(CalendarFeed, CalendarFeed.account_id == Account.id)
        .where(CalendarFeed.token_hash == tokens.fingerprint(secret), Account.is_active)
    )
    if account is None:
        return None
    with speaking(account.language):
        entries = _of_person(db, account) if account.person_id is not None else _of_institution(db, account)
        name = _("My courses") if account.person_id is not None else _("Our courses")
    head = (("X-WR-CALNAME", vText(name)), ("NAME", vText(name)), ("X-PUBLISHED-TTL", vText("PT6H")))
    content = calendar.written(None, entries, extra=head)
    return Feed(content, hashlib.sha256(content).hexdigest()[:32])


def _of_person(db: Db, account: Account) -> list[Event]:
    found = db.execute(
        select(Enrolment, Course, CourseDay)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseDay, CourseDay.course_id == Course.id)
        .where(
            Enrolment.person_id == account.person_id,
            Enrolment.status == EnrolmentStatus.CONFIRMED,
            CourseDay.held_on >= clock.today() - timedelta(days=BACK_DAYS),
        )
        .order_by(CourseDay.held_on, CourseDay.starts_at, CourseDay.id)
        .limit(MOST)
    ).all()
    changed = _changed(db, {course.id for _enrolment, course, _day in found})
    return [
        calendar.event(enrolment, Meeting.of(day), _revised(changed, course, enrolment.confirmed_at))
        for enrolment, course, day in found
    ]


def _of_institution(db: Db, account: Account) -> list[Event]:
    found = db.execute(
        select(CourseDay, Course, Enrolment.confirmed_at, Person.first_name, Person.last_name)
        .join(Course, Course.id == CourseDay.course_id)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.payer_kind == PayerKind.INSTITUTION,
            Enrolment.payer_institution_id == account.institution_id,
            Enrolment.status == EnrolmentStatus.CONFIRMED,
            CourseDay.held_on >= clock.today() - timedelta(days=BACK_DAYS),
        )
        .order_by(CourseDay.held_on, CourseDay.starts_at, CourseDay.id, Person.search_name.nulls_last(), Enrolment.id)
        .limit(MOST)
    ).all()
    changed = _changed(db, {course.id for _day, course, *_rest in found})
    entries = []
    for _day_id, rows in groupby(found, key=lambda row: row[0].id):
        seats = list(rows)
        day, course = seats[0][0], seats[0][1]
        names = [holder(f"{first} {last}".strip() if first is not None else None) for *_head, first, last in seats]
        confirmed = max((at for _d, _c, at, *_names in seats if at is not None), default=None)
        entries.append(_absence(course, Meeting.of(day), names, _revised(changed, course, confirmed)))
    return entries


def _absence(course: Course, meeting: Meeting, names: Sequence[str], revised: datetime) -> Event:
    """One course day for a school: who is away."""
    entry = calendar.timed(f"day-{meeting.day_id}-school", meeting, revised)
    more = len(names) - _NAMED
    who = ", ".join(names) if more <= 0 else ngettext("{count} colleague", "{count} colleagues", len(names))
    entry.add("summary", f"{who}: {course.title}")
    entry["location"] = vText(calendar.place_of(course, meeting.room) or "online")
    link = url("nascholing", id=f"{course.slug}-{course.id:05}")
    entry.add("description", "\n".join((course.code, *names, link)))
    entry.add("url", link)
    entry.add("transp", "TRANSPARENT")  # the calendar of the school itself stays free
    return entry


def _changed(db: Db, course_ids: Iterable[int]) -> dict[int, datetime]:
    """When each course was last changed, as the audit trail knows."""
    found = db.execute(
        select(AuditEvent.subject_id, func.max(AuditEvent.at))
        .where(AuditEvent.subject_type == Course.__tablename__, AuditEvent.subject_id.in_(course_ids))
        .group_by(AuditEvent.subject_id)
    )
    return {course_id: at for course_id, at in found if course_id is not None}


def _revised(changed: dict[int, datetime], course: Course, confirmed_at: datetime | None) -> datetime:
    return max(filter(None, (course.created_at, changed.get(course.id), confirmed_at)))
