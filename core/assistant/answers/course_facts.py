"""What anybody may know of a course, in words, and the way to its page."""

from core import clock
from core.assistant.answers.common import Link, page
from core.assistant.answers.recognition import courses_named
from core.db import Db
from core.errors import DomainError
from core.i18n import _, day, hour, ngettext, say, weekday
from core.labels import label
from core.money import euro
from core.queries.course_details import CourseDetail, course_detail
from core.rules.enrolment import Offering, check_open

MOST_DAYS = 6


def named_courses(db: Db, text: str) -> tuple[CourseDetail, ...]:
    """The courses that a message names, at most three."""
    found = (course_detail(db, identity) for identity in courses_named(db, text))
    return tuple(each for each in found if each is not None)


def facts_of(course: CourseDetail) -> dict[str, object]:
    """When, where, for how much, for whom, and whether one can still enrol."""
    return {
        "course_title": course.title,
        "course_code": course.code,
        "dates": [
            f"{weekday(each.held_on)}, {hour(each.starts_at)}–{hour(each.ends_at)}" for each in course.days[:MOST_DAYS]
        ]
        or [_("Date to be set")],
        "place": _("online")
        if course.is_online
        else ", ".join(filter(None, (course.place, course.street, course.city))),
        "price": euro(course.price_cents) if course.price_cents else _("free of charge"),
        "places": _places(course),
        "target_group": course.target_group.strip().rstrip(".") or ", ".join(label(level) for level in course.levels),
        "deadline": day(course.deadline) if course.deadline and course.deadline >= clock.today() else "",
    }


def _places(course: CourseDetail) -> str:
    """How many places are left, or why nobody can enrol, as a sentence without its full stop."""
    offering = Offering(course.status, course.first_day, course.deadline, course.capacity, course.taken, course.waiting)
    try:
        check_open(offering, clock.today())
    except DomainError as refused:
        return say(refused).rstrip(".")
    if not course.places_left:
        return _("full, with a waiting list")
    return ngettext("{count} place left", "{count} places left", course.places_left)


def course_page(course: CourseDetail) -> Link:
    """The page of a course, where one enrols."""
    return page(course.title, "nascholing", id=course.address)


def catalogue_page() -> Link:
    """Where all courses are."""
    return page(_("Find a course"), "")
