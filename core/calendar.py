"""Course days as calendar entries (RFC 5545): for the own diary, and as the messages that keep it right (RFC 5546)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache

from icalendar import Calendar, Component, Event, Timezone, vCalAddress, vText
from sqlalchemy import select

from core import access, clock
from core.db import Db
from core.decisions import decisions
from core.mail.rendering import url
from core.models import Course, CourseDay, Enrolment
from core.settings import settings
from core.vocabulary import Actor, EnrolmentStatus

PRODUCT = "-//Centrum Nascholing Onderwijs//NL"
#: The rule of the European Union since 1996; icalendar's own writes all changes out, with the wrong hour in spring.
_BRUSSELS = """BEGIN:VTIMEZONE
TZID:Europe/Brussels
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


class Method(StrEnum):
    """What a calendar is to do with entries (RFC 5546): keep them, put them right, or take them away."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A course day as a calendar needs it; `day_id` is known for ever, also of a day that was taken away."""

    day_id: int
    held_on: date
    starts_at: time
    ends_at: time
    room: str
    online_url: str

    @classmethod
    def of(cls, row: CourseDay) -> "Meeting":
        """The meeting that a row tells of."""
        return cls(row.id, row.held_on, row.starts_at, row.ends_at, row.room, row.online_url)


@dataclass(frozen=True, slots=True)
class Who:
    """Name and mail address of somebody in an entry."""

    name: str
    address: str


def of_enrolment(db: Db, actor: Actor, enrolment_id: int) -> bytes:
    """The .ics file of a seat that stands: one event a course day, its UID the same for ever. Raises NotFound."""
    enrolment = access.enrolment(db, actor, enrolment_id)
    if enrolment.status is not EnrolmentStatus.CONFIRMED:  # the address of an online meeting is for participants
        raise access.NotFound
    days = db.scalars(select(CourseDay).where(CourseDay.course_id == enrolment.course_id).order_by(CourseDay.held_on))
    organiser, entries = Who(decisions(db).organiser_name, settings().mail_address), []
    for row in days:
        entry = event(enrolment, Meeting.of(row))
        entry.add("organizer", _address(organiser))
        entries.append(entry)
    return written(Method.PUBLISH, entries)


def message(method: Method, enrolment: Enrolment, meeting: Meeting, organiser: Who, attendee: Who) -> bytes:
    """One entry as a mail carries it: of one addressee only, who need not answer (RFC 6047)."""
    entry = event(enrolment, meeting)
    entry.add("organizer", _address(organiser))
    entry.add(
        "attendee",
        _address(attendee),
        parameters={"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"},
    )
    entry.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    return written(method, [entry])


def event(enrolment: Enrolment, meeting: Meeting, stamped: datetime | None = None) -> Event:
    """The entry of a seat's course day; a higher SEQUENCE puts an earlier one right."""
    course = enrolment.course
    entry = timed(f"day-{meeting.day_id}-enrolment-{enrolment.id}", meeting, stamped or clock.now())
    entry.add("sequence", enrolment.calendar_sequence)
    entry.add("summary", course.title)
    entry["location"] = vText(_place(course, meeting))
    link = url("nascholing", id=f"{course.slug}-{course.id:05}")
    entry.add("description", "\n".join(filter(None, (course.code, meeting.online_url, link))))
    entry.add("url", link)
    return entry


def timed(name: str, meeting: Meeting, stamped: datetime) -> Event:
    """An entry at the hours of a course day, its UID made of a name that never changes."""
    entry = Event()
    entry.add("uid", f"{name}@{settings().mail_domain}")
    entry.add("dtstamp", stamped)
    entry.add("dtstart", datetime.combine(meeting.held_on, meeting.starts_at, clock.BRUSSELS))
    entry.add("dtend", datetime.combine(meeting.held_on, meeting.ends_at, clock.BRUSSELS))
    return entry


@cache
def _zone() -> Component:
    """The rules of our time zone, read once: every entry of every mail names them."""
    return Timezone.from_ical(_BRUSSELS)


def written(method: Method | None, entries: Sequence[Event], *, extra: Iterable[tuple[str, vText]] = ()) -> bytes:
    """A calendar of entries, its lines folded and ended as RFC 5545 wants; `extra` are more lines at its head."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method is not None:
        calendar.add("method", method.value)
    for name, value in extra:
        calendar[name] = value
    calendar.add_component(_zone())
    for entry in entries:
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def place_of(course: Course, room: str = "") -> str:
    """Where a course is held, on one line; empty for an online one."""
    if course.is_online:
        return ""
    town = f"{course.postcode} {course.city}".strip()
    return ", ".join(filter(None, (room, course.place, course.street, town)))


def _place(course: Course, meeting: Meeting) -> str:
    return place_of(course, meeting.room) or meeting.online_url or "online"


def _address(who: Who) -> vCalAddress:
    address = vCalAddress(f"mailto:{who.address}")
    address.params["CN"] = who.name.replace('"', "'")
    return address
