"""The life of a course and what may become of it."""

from enum import StrEnum


class CourseType(StrEnum):
    """The kind of course; cancellation terms hang on it by default (D1)."""

    ONE_DAY = "one_day"
    MULTI_DAY = "multi_day"
    POSTGRADUATE = "postgraduate"
    TEAM = "team"


class DayCount(StrEnum):
    """Which days cancellation terms count."""

    CALENDAR = "calendar"
    WORKING = "working"


class Excuse(StrEnum):
    """Why cancelling costs nothing though it is late, as far as the terms foresee it."""

    ILLNESS = "illness"


class CourseStatus(StrEnum):
    """Where a course stands in its life."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


COURSE_TRANSITIONS: dict[CourseStatus, frozenset[CourseStatus]] = {
    CourseStatus.DRAFT: frozenset({CourseStatus.PUBLISHED}),
    CourseStatus.PUBLISHED: frozenset({CourseStatus.DRAFT, CourseStatus.CLOSED, CourseStatus.CANCELLING}),
    CourseStatus.CLOSED: frozenset({CourseStatus.PUBLISHED, CourseStatus.CANCELLING}),
    CourseStatus.CANCELLING: frozenset({CourseStatus.CANCELLED}),
    CourseStatus.CANCELLED: frozenset(),
}
#: The states of a course that does not take place: its seats are being taken back, or were.
CALLED_OFF = (CourseStatus.CANCELLING, CourseStatus.CANCELLED)


class QuestionKind(StrEnum):
    """How a question at enrolment is answered."""

    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"


class DayPart(StrEnum):
    """Which part of a course day somebody followed who was there."""

    WHOLE = "whole"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    MINUTES = "minutes"


class EvaluationKind(StrEnum):
    """How a question of the evaluation after a course is answered."""

    STARS = "stars"
    CHOICE = "choice"
    TEXT = "text"


class Occupancy(StrEnum):
    """How full a course is, as a coordinator looks at it."""

    BELOW_MINIMUM = "below_minimum"
    GOING = "going"
    NEARLY_FULL = "nearly_full"
    FULL = "full"
    WAITING = "waiting"
