"""Course days as a calendar file (RFC 5545), for the own diary."""

from datetime import datetime

from icalendar import Calendar, Event, vText
from sqlalchemy import select

from core import access, clock
from core.db import Db
from core.mail.rendering import url
from core.models import CourseDay, Enrolment
from core.settings import settings
from core.vocabulary import Actor, EnrolmentStatus


def of_enrolment(db: Db, actor: Actor, enrolment_id: int) -> bytes:
    """The .ics file of a seat that stands: one event a course day, its UID the same for ever. Raises NotFound."""
    enrolment = access.enrolment(db, actor, enrolment_id)
    if enrolment.status is not EnrolmentStatus.CONFIRMED:  # the address of an online meeting is for participants
        raise access.NotFound
    days = db.scalars(select(CourseDay).where(CourseDay.course_id == enrolment.course_id).order_by(CourseDay.held_on))
    calendar = Calendar()
    calendar.add("prodid", "-//Centrum Nascholing Onderwijs//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for meeting in days:
        calendar.add_component(_event(enrolment, meeting))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(enrolment: Enrolment, meeting: CourseDay) -> Event:
    course = enrolment.course
    event = Event()
    event.add("uid", f"day-{meeting.id}-enrolment-{enrolment.id}@{settings().mail_domain}")
    event.add("dtstamp", clock.now())
    event.add("dtstart", datetime.combine(meeting.held_on, meeting.starts_at, clock.BRUSSELS))
    event.add("dtend", datetime.combine(meeting.held_on, meeting.ends_at, clock.BRUSSELS))
    event.add("summary", course.title)
    place = (
        meeting.online_url or "online"
        if course.is_online
        else ", ".join(
            filter(None, (meeting.room, course.place, course.street, f"{course.postcode} {course.city}".strip()))
        )
    )
    event["location"] = vText(place)
    event.add("description", f"{course.code}\n{url('nascholing', id=f'{course.slug}-{course.id:05}')}")
    return event
