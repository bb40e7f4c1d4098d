"""Presence on a course day: what can be written down, and how many minutes of the day it counts for."""

from dataclasses import dataclass
from datetime import date, time

from core.errors import DomainError
from core.i18n import N_, _
from core.vocabulary import CALLED_OFF, CourseStatus, DayPart, EnrolmentStatus

#: A day that begins before the first and ends after the second of these has a morning and an afternoon.
_NOON, _LUNCH_IS_OVER = time(12), time(13, 30)


class DayNotYet(DomainError):
    """Presence is taken on the day itself or later."""

    message = N_("This course day is on {day}: presence can be noted from then on.")


class CourseOff(DomainError):
    """The course does not take place."""

    message = N_("This course was cancelled: there is no presence to note.")


class NoSeatHere(DomainError):
    """The enrolment was cancelled, or never had a seat."""

    message = N_("{name} has no place in this course (any more).")


class SeatPassedOn(DomainError):
    """A colleague took the place (D4)."""

    message = N_("The place of {name} was taken over by {holder}.")


class SeatUnnamed(DomainError):
    """The school reserved the place and named nobody."""

    message = N_("Nobody has been named for this place yet.")


class NoHalves(DomainError):
    """The day has no morning and afternoon."""

    message = N_("This course day is no whole day: note the hours that were followed.")


class MinutesWrong(DomainError):
    """Nothing, or more than the whole day."""

    message = N_("Note more than 0 and less than {most} minutes, or the whole day.")


class PresenceChangedMeanwhile(DomainError):
    """Somebody else noted something different since the list was seen."""

    message = N_("{by} noted for {name} meanwhile: {now}. Look at it, and note it again if it is wrong.")


@dataclass(frozen=True, slots=True)
class Mark:
    """What is noted of a participant on a day; `minutes` only when it is a part that is no half."""

    is_present: bool
    part: DayPart = DayPart.WHOLE
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A course day, as far as presence depends on it."""

    held_on: date
    starts_at: time
    ends_at: time
    minutes: int

    @property
    def has_halves(self) -> bool:
        """Whether the day has a morning and an afternoon."""
        return self.starts_at < _NOON and self.ends_at > _LUNCH_IS_OVER


PRESENT, ABSENT = Mark(is_present=True), Mark(is_present=False)


def followed_minutes(day_minutes: int, mark: Mark) -> int:
    """The minutes that a mark counts for; each half of a day counts for half of its minutes."""
    if not mark.is_present:
        return 0
    match mark.part:
        case DayPart.WHOLE:
            return day_minutes
        case DayPart.MORNING:
            return (day_minutes + 1) // 2
        case DayPart.AFTERNOON:
            return day_minutes // 2
        case DayPart.MINUTES:
            return min(mark.minutes or 0, day_minutes)


def check_day(held_on: date, status: CourseStatus, today: date) -> None:
    """Refuse a day that is to come or will not be. Raises DayNotYet or CourseOff."""
    if status in CALLED_OFF:
        raise CourseOff
    if held_on > today:
        raise DayNotYet(day=held_on)


def check_seat(status: EnrolmentStatus, name: str | None, holder: str | None) -> None:
    """Refuse a seat that nobody holds; `holder` has it after a replacement. Raises the refusals of seats above."""
    if status is EnrolmentStatus.REPLACED and holder:
        raise SeatPassedOn(name=name or "", holder=holder)
    if status is not EnrolmentStatus.CONFIRMED:
        raise NoSeatHere(name=name or "")
    if name is None:
        raise SeatUnnamed


def check_mark(meeting: Meeting, mark: Mark) -> None:
    """Refuse a part that the day does not have. Raises NoHalves or MinutesWrong."""
    if mark.part in (DayPart.MORNING, DayPart.AFTERNOON) and not meeting.has_halves:
        raise NoHalves
    if mark.part is DayPart.MINUTES and not 0 < (mark.minutes or 0) < meeting.minutes:
        raise MinutesWrong(most=meeting.minutes)


def words(mark: Mark) -> str:
    """A mark as a sentence says it, in the language of the moment."""
    if not mark.is_present:
        return _("absent")
    if mark.part is DayPart.MINUTES:
        return _("present for {minutes} minutes").format(minutes=mark.minutes)
    return {
        DayPart.WHOLE: _("present"),
        DayPart.MORNING: _("present in the morning"),
        DayPart.AFTERNOON: _("present in the afternoon"),
    }[mark.part]
