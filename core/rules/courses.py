"""What coordinators write of a course, what of it cannot be, and how two of them at once are told apart."""

import re
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from core.errors import DomainError
from core.i18n import N_
from core.rules.accounts import required
from core.vocabulary import (
    CALLED_OFF,
    COURSE_TRANSITIONS,
    CourseStatus,
    CourseType,
    Language,
    Level,
    Occupancy,
    Subject,
    Theme,
)


class CodeTaken(DomainError):
    """Two courses cannot share a code."""

    message = N_("The code {code} belongs to «{title}» already.")


class PriceNotPossible(DomainError):
    """Less than nothing."""

    message = N_("Fill in an amount of 0 or more.")


class CapacityNotPossible(DomainError):
    """A course needs at least one place."""

    message = N_("Fill in at least one place.")


class CapacityTaken(DomainError):
    """More seats are taken than the new capacity has."""

    message = N_("{taken} places are taken: the capacity cannot be lower. Cancel or move participants first.")


class MinimumTooHigh(DomainError):
    """A minimum that can never be reached."""

    message = N_("The minimum cannot be higher than the capacity of {capacity}.")


class DeadlineTooLate(DomainError):
    """Enrolling ends before the course begins."""

    message = N_("The enrolment deadline lies after the first day, {first_day}.")


class NotReady(DomainError):
    """What a visitor needs to know is missing."""

    message = N_("Not ready to be published. Still missing: {missing}.")


class CourseCalledOff(DomainError):
    """A cancelled course stays as it is."""

    message = N_("This course has been cancelled: it can no longer be changed.")


class StepNotPossible(DomainError):
    """The state of the course does not lead there."""

    message = N_("This is not possible with a course in this state: {state}.")


class HasEnrolments(DomainError):
    """Somebody is or was enrolled."""

    message = N_("Somebody is or was enrolled in this course: it stays in the history.")


class IsUsed(DomainError):
    """Something hangs on the draft."""

    message = N_("This course has material or repeats: remove those first.")


class EditedMeanwhile(DomainError):
    """A colleague saved other values since the form was opened."""

    message = N_("{name} changed this course meanwhile. Nothing is lost: choose below what stays, then save again.")


@dataclass(frozen=True, slots=True)
class CourseValues:
    """What a coordinator writes of a course. Money in cents; the days are apart."""

    code: str = ""
    title: str = ""
    subtitle: str = ""
    intro: str = ""
    description: str = ""
    target_group: str = ""
    prerequisites: str = ""
    to_bring: str = ""
    course_type: CourseType = CourseType.ONE_DAY
    language: Language = Language.DUTCH
    levels: frozenset[Level] = field(default_factory=frozenset)
    subjects: frozenset[Subject] = field(default_factory=frozenset)
    themes: frozenset[Theme] = field(default_factory=frozenset)
    teacher_ids: frozenset[int] = field(default_factory=frozenset)
    price_cents: int = 0
    capacity: int = 20
    minimum: int = 0
    enrolment_deadline: date | None = None
    terms_id: int | None = None
    is_online: bool = False
    place: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""


#: The fields as screens and the trail name them, in the order of the form.
FIELDS: dict[str, str] = {
    "code": N_("Code"),
    "title": N_("Title"),
    "subtitle": N_("Subtitle"),
    "intro": N_("Introduction"),
    "description": N_("Description"),
    "target_group": N_("For whom"),
    "prerequisites": N_("What you need"),
    "to_bring": N_("What to bring along"),
    "course_type": N_("Kind"),
    "language": N_("Language"),
    "levels": N_("Levels"),
    "subjects": N_("Subjects"),
    "themes": N_("Themes"),
    "teacher_ids": N_("Teachers"),
    "price_cents": N_("Price"),
    "capacity": N_("Capacity"),
    "minimum": N_("Minimum"),
    "enrolment_deadline": N_("Enrolment deadline"),
    "terms_id": N_("Cancellation terms"),
    "is_online": N_("Online"),
    "place": N_("Place"),
    "street": N_("Street and number"),
    "postcode": N_("Postcode"),
    "city": N_("Town"),
}
LONGEST = {"code": 30, "title": 200, "subtitle": 200, "place": 200, "street": 200, "postcode": 12, "city": 100}


@dataclass(frozen=True, slots=True)
class Change:
    """A field that a colleague changed while it stood open here: what it was, what it is now, what stands here."""

    name: str
    was: object
    now: object
    mine: object

    @property
    def is_conflict(self) -> bool:
        """Whether both changed it, and not to the same."""
        return self.mine not in (self.was, self.now)


def tidied(values: CourseValues) -> CourseValues:
    """The values without stray spaces. Raises FieldMissing for a title or a code that is missing or too long."""
    tidy: dict[str, Any] = {
        name: value.strip()[: LONGEST.get(name)]
        for name in FIELDS
        if type(value := getattr(values, name)) is str  # no member of a StrEnum
    }
    for name in ("code", "title"):
        tidy[name] = required(getattr(values, name), field=name, longest=LONGEST[name])
    return replace(values, **tidy)


def check(values: CourseValues, *, taken: int, first_day: date | None, was_capacity: int | None = None) -> None:
    """Refuse what cannot be, whatever the state of the course.

    More seats than the capacity may be taken by hand; then the capacity may stay as it was, not go lower.

    Raises PriceNotPossible, CapacityNotPossible, CapacityTaken, MinimumTooHigh or DeadlineTooLate.
    """
    if values.price_cents < 0:
        raise PriceNotPossible(field="price_cents")
    if values.capacity < 1:
        raise CapacityNotPossible(field="capacity")
    if values.capacity < taken and (was_capacity is None or values.capacity < was_capacity):
        raise CapacityTaken(field="capacity", taken=taken)
    if not 0 <= values.minimum <= values.capacity:
        raise MinimumTooHigh(field="minimum", capacity=values.capacity)
    check_deadline(values.enrolment_deadline, first_day)


def check_deadline(deadline: date | None, first_day: date | None) -> None:
    """Refuse a last day for enrolling after the first course day. Raises DeadlineTooLate."""
    if deadline is not None and first_day is not None and deadline > first_day:
        raise DeadlineTooLate(field="enrolment_deadline", first_day=first_day)


def missing_for_publication(values: CourseValues, first_day: date | None, today: date) -> tuple[str, ...]:
    """What a course still needs before visitors may see it, as msgids."""
    lacks = {
        N_("a course day"): first_day is None,
        N_("a first day in the future"): first_day is not None and first_day <= today,
        N_("an introduction"): not values.intro,
        N_("a level"): not values.levels,
        N_("a theme"): not values.themes,
        N_("a teacher"): not values.teacher_ids,
        N_("a place"): not values.is_online and not values.place,
    }
    return tuple(name for name, lacking in lacks.items() if lacking)


def check_editable(status: CourseStatus) -> None:
    """Refuse to change a course that was cancelled. Raises CourseCalledOff."""
    if status in CALLED_OFF:
        raise CourseCalledOff


def can_go(status: CourseStatus, to: CourseStatus) -> bool:
    """Whether the table of states leads there."""
    return to in COURSE_TRANSITIONS[status]


def changes(base: CourseValues, theirs: CourseValues, mine: CourseValues) -> tuple[Change, ...]:
    """What a colleague changed since the form was opened, in the order of the form."""
    return tuple(
        Change(each.name, was, now, getattr(mine, each.name))
        for each in fields(CourseValues)
        if (was := getattr(base, each.name)) != (now := getattr(theirs, each.name))
    )


def merged(found: tuple[Change, ...], mine: CourseValues, keep_mine: frozenset[str]) -> CourseValues:
    """The own form with the colleague's changes taken over, but for the fields where the own value is to stay."""
    theirs: dict[str, Any] = {change.name: change.now for change in found if change.name not in keep_mine}
    return with_values(mine, **theirs)


def with_values(values: CourseValues, **changed: Any) -> CourseValues:
    """The same values but for some."""
    return replace(values, **changed)


def occupancy(taken: int, capacity: int, minimum: int, waiting: int) -> Occupancy:
    """How full a course is: the colour of a list. Nearly full: two places left, or a tenth of them."""
    if waiting:
        return Occupancy.WAITING
    if taken >= capacity:
        return Occupancy.FULL
    if taken < minimum:
        return Occupancy.BELOW_MINIMUM
    return Occupancy.NEARLY_FULL if capacity - taken <= max(2, capacity // 10) else Occupancy.GOING


def original_title(title: str) -> str:
    """The title of the course that a repeat repeats."""
    return re.sub(r" - (herhaling|repeat) \d+$", "", title)


def next_code(code: str, year: int, taken: frozenset[str]) -> str:
    """A free code for a repeat: the year of its first day, the next letter («26/TAA/101A» → «27/TAA/101B»)."""
    renewed = re.sub(r"^\d\d/", f"{year % 100:02}/", code)
    stem, letter = (renewed[:-1], renewed[-1]) if renewed[-1:].isalpha() and len(renewed) > 1 else (renewed, "@")
    letters = (chr(number) for number in range(ord(letter.upper()) + 1, ord("Z") + 1))
    endings = [*letters, *(f"-{number}" for number in range(2, 1000))]
    return next(candidate for ending in endings if (candidate := (stem + ending)[-30:]) not in taken)
