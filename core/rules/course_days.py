"""What a course day can be, and when it cannot be changed or taken away."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from core.errors import DomainError
from core.i18n import N_


class EndsTooEarly(DomainError):
    """A day that ends before it begins."""

    message = N_("The end must be later than the start.")


class DurationNotPossible(DomainError):
    """More minutes of training than the day has, or none."""

    message = N_("Fill in from 1 to {most} minutes: breaks do not count.")


class DaysOverlap(DomainError):
    """Two days of one course at the same hours."""

    message = N_("This course already has a day then: {day}, {start}–{end}.")


class LinkNotValid(DomainError):
    """No address of a website."""

    message = N_("A link begins with https:// or http://.")


class LastDayStays(DomainError):
    """A course on the website without a day."""

    message = N_("A course on the website needs at least one day. Move this one instead.")


class PresenceTaken(DomainError):
    """Somebody's presence was written down."""

    message = N_("Presence was taken on this day: it stays, as certificates depend on it.")


class DayChangedMeanwhile(DomainError):
    """A colleague changed the day since it was opened."""

    message = N_("A colleague changed this day meanwhile: it is now {now}. What you typed is still here.")


@dataclass(frozen=True, slots=True)
class DayValues:
    """One course day as a coordinator writes it; times are Brussels wall-clock times."""

    held_on: date
    starts_at: time
    ends_at: time
    minutes: int
    room: str = ""
    online_url: str = ""


def check_day(day: DayValues, others: Iterable[DayValues]) -> None:
    """Refuse a day that cannot be, or that falls together with another of the same course.

    Raises EndsTooEarly, DurationNotPossible, LinkNotValid or DaysOverlap.
    """
    if day.ends_at <= day.starts_at:
        raise EndsTooEarly(field="ends_at")
    most = lasting(day.starts_at, day.ends_at)
    if not 1 <= day.minutes <= most:
        raise DurationNotPossible(field="minutes", most=most)
    if day.online_url and not re.fullmatch(r"https?://[^\s<>\"]+", day.online_url):
        raise LinkNotValid(field="online_url")
    for other in others:
        if other.held_on == day.held_on and other.starts_at < day.ends_at and day.starts_at < other.ends_at:
            raise DaysOverlap(
                field="held_on",
                day=other.held_on,
                start=other.starts_at.strftime("%H:%M"),
                end=other.ends_at.strftime("%H:%M"),
            )


def lasting(starts_at: time, ends_at: time) -> int:
    """From one time of a day to another, in minutes."""
    return (ends_at.hour - starts_at.hour) * 60 + ends_at.minute - starts_at.minute
