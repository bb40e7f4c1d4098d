"""The days of a course: add, move, take away. What follows from them follows by itself; who comes is told if wanted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from sqlalchemy import select

from core import access, audit, mail
from core.calendar import Meeting
from core.db import Db
from core.decisions import decisions
from core.i18n import hour, weekday
from core.models import Attendance, Course, CourseDay, Enrolment, OutgoingMail
from core.rules import course_days as day_rules
from core.rules import courses as rules
from core.rules.billing import certificate_from
from core.rules.course_days import DayValues
from core.services import courses, invitations, terms
from core.vocabulary import ACTIVE, Actor, AuditTag, CourseStatus, EnrolmentStatus

#: What happens to a day: nothing was before it is added, nothing is after it is taken away.
Step = tuple[DayValues | None, DayValues | None]


class Tells(Enum):
    """Who is told of a change by mail; one is told to look at the mail beforehand."""

    NOBODY = 0
    ONE = 1
    ALL = 2


@dataclass(frozen=True, slots=True)
class Dates:
    """What is derived from the days of a course."""

    first_day: date | None
    last_day: date | None
    certificate_from: date | None
    name_until: date | None
    deadline: date | None
    minutes: int


@dataclass(frozen=True, slots=True)
class DayEffect:
    """What a change of a day does: the derived dates before and after it, and how many mails tell of it."""

    before: Dates
    after: Dates
    told: int


@dataclass(frozen=True, slots=True)
class MailText:
    """A mail that would leave."""

    recipient: str
    subject: str
    text: str


def add(
    db: Db,
    actor: Actor,
    course_id: int,
    values: DayValues,
    *,
    moves_deadline: bool = False,
    tells: Tells = Tells.NOBODY,
) -> DayEffect:
    """Add a day.

    Raises NotFound, NotAllowed, CourseCalledOff, DeadlineTooLate and the refusals of `rules.course_days`.
    """
    course = courses.editable(db, actor, course_id)
    values = _tidied(values)
    day_rules.check_day(values, map(day_values, course.days))
    row = CourseDay(course_id=course.id)
    _fill(row, values)
    course.days.append(row)
    return _followed(db, actor, course, row, (None, values), moves_deadline=moves_deadline, tells=tells)


def change(
    db: Db,
    actor: Actor,
    day_id: int,
    values: DayValues,
    *,
    seen: DayValues,
    moves_deadline: bool = False,
    tells: Tells = Tells.NOBODY,
) -> DayEffect:
    """Move a day, or change its room or link. Raises as :func:`add`, and DayChangedMeanwhile."""
    course, row = _editable(db, actor, day_id, seen)
    was, values = day_values(row), _tidied(values)
    day_rules.check_day(values, [day_values(other) for other in course.days if other is not row])
    _fill(row, values)
    return _followed(db, actor, course, row, (was, values), moves_deadline=moves_deadline, tells=tells)


def remove(
    db: Db, actor: Actor, day_id: int, *, seen: DayValues, moves_deadline: bool = False, tells: Tells = Tells.NOBODY
) -> DayEffect:
    """Take a day away. Raises as :func:`change`, LastDayStays and PresenceTaken."""
    course, row = _editable(db, actor, day_id, seen)
    was = day_values(row)
    if len(course.days) == 1 and course.status is not CourseStatus.DRAFT:
        raise day_rules.LastDayStays
    if db.scalar(select(Attendance.course_day_id).where(Attendance.course_day_id == row.id).limit(1)) is not None:
        raise day_rules.PresenceTaken
    course.days.remove(row)
    return _followed(db, actor, course, row, (was, None), moves_deadline=moves_deadline, tells=tells)


def tried(db: Db, verb: Callable[[], DayEffect]) -> tuple[DayEffect, tuple[MailText, ...]]:
    """What a change would do and which mails would leave; made, read and taken back. Needs a writing `db`.

    `verb` is a call of one of the services above in this `db`. Raises what it raises.
    """
    attempt = db.begin_nested()
    try:
        last = db.scalar(select(OutgoingMail.id).order_by(OutgoingMail.id.desc()).limit(1)) or 0
        effect = verb()
        mails = db.execute(
            select(OutgoingMail.recipient, OutgoingMail.subject, OutgoingMail.body)
            .where(OutgoingMail.id > last)
            .order_by(OutgoingMail.id)
        )
        return effect, tuple(MailText(*row) for row in mails)
    finally:
        attempt.rollback()


def day_values(row: CourseDay) -> DayValues:
    """What stands in the form of a day."""
    return DayValues(row.held_on, row.starts_at, row.ends_at, row.minutes, row.room, row.online_url)


def day_text(values: DayValues) -> str:
    """A day in words, in the language of the moment."""
    place = ", ".join(filter(None, (values.room, values.online_url)))
    return f"{weekday(values.held_on)}, {hour(values.starts_at)}–{hour(values.ends_at)}{', ' if place else ''}{place}"


def _tidied(values: DayValues) -> DayValues:
    return replace(values, room=values.room.strip()[:200], online_url=values.online_url.strip()[:500])


def _fill(row: CourseDay, values: DayValues) -> None:
    row.held_on, row.starts_at, row.ends_at = values.held_on, values.starts_at, values.ends_at
    row.minutes, row.room, row.online_url = values.minutes, values.room, values.online_url


def _editable(db: Db, actor: Actor, day_id: int, seen: DayValues) -> tuple[Course, CourseDay]:
    access.require_coordinator(actor)
    course_id = db.scalar(select(CourseDay.course_id).where(CourseDay.id == day_id))
    if course_id is None:
        raise access.NotFound
    course = courses.editable(db, actor, course_id)
    row = next((day for day in course.days if day.id == day_id), None)
    if row is None:
        raise access.NotFound
    if day_values(row) != seen:
        raise day_rules.DayChangedMeanwhile(now=day_text(day_values(row)))
    return course, row


def dates(db: Db, course: Course) -> Dates:
    """What follows from the days as they stand."""
    own = decisions(db)
    return Dates(
        course.first_day,
        course.last_day,
        certificate_from(course.last_day, own.certificate_after_days) if course.last_day else None,
        course.first_day - timedelta(days=own.name_seats_until_days) if course.first_day else None,
        course.enrolment_deadline,
        course.total_minutes,
    )


def _followed(
    db: Db, actor: Actor, course: Course, row: CourseDay, step: Step, *, moves_deadline: bool, tells: Tells
) -> DayEffect:
    """All that a changed day brings about, the mails last."""
    before = dates(db, course)
    courses.follow_days(course)
    if moves_deadline and before.first_day and course.first_day and course.enrolment_deadline:
        course.enrolment_deadline += course.first_day - before.first_day
    rules.check_deadline(course.enrolment_deadline, course.first_day)
    course.version += 1
    db.flush()
    was, now = step
    audit.record(
        db,
        actor,
        AuditTag.COURSE_DAYS_CHANGED,
        course,
        version=course.version,
        was=day_text(was) if was else "",
        now=day_text(now) if now else "",
        told=tells is Tells.ALL,
    )
    db.refresh(course, ["days"])
    meeting = Meeting.of(row)
    told = _tell(db, course, meeting, step, tells) if tells is not Tells.NOBODY else 0
    return DayEffect(before, dates(db, course), told)


def _facts(step: Step) -> dict[str, object]:
    """What a mail says of a changed day; its words are made in the language of each reader."""
    was, now = step
    change = "moved" if was and now and was.held_on != now.held_on else "changed"
    return {
        "change": "added" if was is None else "removed" if now is None else change,
        "was_day": (lambda: _programme(was)) if was else "",
        "now_day": (lambda: _programme(now)) if now else "",
        "day_link": now.online_url if now else "",
    }


def _programme(values: DayValues) -> str:
    return day_text(replace(values, online_url=""))


def _tell(db: Db, course: Course, meeting: Meeting, step: Step, tells: Tells) -> int:
    """Each who holds a seat or waits for one, and once each institution that pays; returns the number of mails."""
    rows = db.scalars(
        select(Enrolment)
        .where(Enrolment.course_id == course.id, Enrolment.status.in_(ACTIVE))
        .order_by(Enrolment.id)
        .limit(1 if tells is Tells.ONE else None)
    ).all()
    fact = f"course:{course.id}:version:{course.version}"
    entry = invitations.cancel if step[1] is None else invitations.request
    told, by_institution = 0, dict[int, list[Enrolment]]()
    for row in rows:
        if row.payer_institution_id is not None:
            by_institution.setdefault(row.payer_institution_id, []).append(row)
        if row.person is not None:
            has_seat = row.status is EnrolmentStatus.CONFIRMED
            told += len(
                mail.queue(
                    db,
                    "days-changed",
                    dedupe=f"{fact}:enrolment:{row.id}",
                    enrolment=row,
                    facts=_facts(step) | {"has_seat": has_seat},
                    invitation=entry(db, row, [meeting]) if has_seat else None,
                )
            )
    for paid in by_institution.values():
        names = [row.person.name for row in paid if row.person is not None]
        told += len(
            mail.queue(
                db,
                "days-changed-school",
                dedupe=fact,
                enrolment=paid[0],
                institution=paid[0].payer_institution,
                facts=_facts(step)
                | {
                    "names": names,
                    "unnamed": len(paid) - len(names),
                    "replace_until": terms.replace_until(db, paid[0]),
                },
            )
        )
    return told
