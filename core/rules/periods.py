"""Periods of reports: which days, cut at today, the same a year before, in steps that a chart can show."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from core.rules import school_year as years

_DAY = timedelta(days=1)
#: Up to so many days a period is shown day by day, week by week, month by month; a longer one year by year.
_STEPS_UP_TO = ((16, "day"), (92, "week"), (800, "month"))


class Preset(StrEnum):
    """A period that is asked for often; the value stands in the page's address."""

    SCHOOL_YEAR = "dit-schooljaar"
    LAST_SCHOOL_YEAR = "vorig-schooljaar"
    CALENDAR_YEAR = "kalenderjaar"
    TWELVE_MONTHS = "12-maanden"
    OWN = "eigen"


class Step(StrEnum):
    """How finely a period is shown."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` on, up to but without `after`."""

    first: date
    after: date

    @property
    def last(self) -> date:
        """The last day; the day before the first one when the span is empty."""
        return self.after - _DAY

    @property
    def days(self) -> int:
        """How many days."""
        return (self.after - self.first).days

    def year_before(self) -> "Span":
        """The same days of the year before; 29 February counts as the 28th."""
        return Span(_year_before(self.first), _year_before(self.after))

    def so_far(self, today: date) -> "Span":
        """What has passed of it, today included; empty for a span that is still to come."""
        return Span(self.first, max(self.first, min(self.after, today + _DAY)))

    @property
    def step(self) -> Step:
        """How finely it is shown."""
        return next((Step(name) for most, name in _STEPS_UP_TO if self.days <= most), Step.YEAR)

    def steps(self) -> tuple["Span", ...]:
        """The span cut into steps; together they are exactly the span, the first and the last may be shorter."""
        cuts = [self.first, *(cut for cut in _cuts(self.first, self.after, self.step) if cut > self.first), self.after]
        return tuple(Span(first, after) for first, after in pairwise(cuts) if first < after)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _cuts(first: date, after: date, step: Step) -> Iterator[date]:
    """The days on which a new step begins, before `after`; weeks count from the first day."""
    cut = first
    while cut < after:
        yield cut
        match step:
            case Step.DAY:
                cut += _DAY
            case Step.WEEK:
                cut += 7 * _DAY
            case Step.MONTH:
                cut = (cut.replace(day=1) + 31 * _DAY).replace(day=1)
            case Step.YEAR:
                cut = date(cut.year + 1, 1, 1)


def span_of(preset: Preset, today: date, first: date | None = None, last: date | None = None) -> Span:
    """The days of a preset. Own dates come as first and last day, in either order; a missing one is today."""
    match preset:
        case Preset.SCHOOL_YEAR | Preset.LAST_SCHOOL_YEAR:
            year = years.school_year(today) - (preset is Preset.LAST_SCHOOL_YEAR)
            return Span(years.first_day(year), years.first_day(year + 1))
        case Preset.CALENDAR_YEAR:
            return Span(date(today.year, 1, 1), date(today.year + 1, 1, 1))
        case Preset.TWELVE_MONTHS:
            tomorrow = today + _DAY
            return Span(_year_before(tomorrow), tomorrow)
        case Preset.OWN:
            begin, end = sorted((first or today, last or today))
            return Span(begin, end + _DAY)
