"""What cancelling costs (D1): an ordered table of steps, each from so many days before the first day on."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import DomainError
from core.i18n import N_
from core.money import percentage_of
from core.rules.working_days import working_days_left
from core.vocabulary import DayCount

#: The days of a step that counts from the moment of enrolling on.
FROM_ENROLMENT = 9999


class CourseHasStarted(DomainError):
    """Cancelling and replacing are possible until the first day starts."""

    message = N_("This course started on {first_day}: it can no longer be cancelled.")


class ExcuseNotForeseen(DomainError):
    """The terms make no exception for illness."""

    message = N_("The cancellation terms of this course make no exception for illness.")


@dataclass(frozen=True, slots=True)
class Step:
    """From `days_before` days before the first day on it costs `fixed_cents` plus `percentage` of the price."""

    days_before: int
    fixed_cents: int = 0
    percentage: int = 0

    def of(self, price_cents: int) -> int:
        """The fee and the percentage of a price together, in cents."""
        return self.fixed_cents + percentage_of(price_cents, self.percentage)


@dataclass(frozen=True, slots=True)
class Terms:
    """What cancelling costs and when; days are calendar or working days.

    `absence` is what not showing up costs; None: the full price. Replacing is free until `replace_until_days` days
    before the first day. `is_free_when_ill`: nothing is due with a proof of illness or accident.
    """

    steps: tuple[Step, ...]
    counting: DayCount = DayCount.CALENDAR
    replace_until_days: int = 1
    is_free_when_ill: bool = False
    absence: Step | None = None


def default_terms(free_until_days: int, percentage: int) -> Terms:
    """What holds for a course without terms (D1): free until so many days before, then a part of the price."""
    steps = (Step(days_before=free_until_days - 1, percentage=percentage),) if free_until_days and percentage else ()
    return Terms(steps)


@dataclass(frozen=True, slots=True)
class Cost:
    """What cancelling on a day costs: `cents`, by which step (None: still free), and until when it is free."""

    cents: int
    step: Step | None
    free_until: date | None


def cost_of_cancelling(terms: Terms, price_cents: int, first_day: date | None, on: date) -> Cost:
    """The cost of cancelling on a day. The step with the fewest days that is reached decides; none reached: free.

    `price_cents` is the price agreed at enrolling; a fee never makes the cost higher than that price.
    Raises CourseHasStarted on and after the first day.
    """
    if first_day is None:
        return Cost(0, None, None)
    if on >= first_day:
        raise CourseHasStarted(first_day=first_day)
    left = days_left(terms.counting, on, first_day)
    farthest = max((step.days_before for step in terms.steps), default=None)
    has_free_days = farthest is not None and farthest < FROM_ENROLMENT
    free_until = last_day(terms.counting, first_day, farthest + 1) if farthest is not None and has_free_days else None
    reached = [step for step in terms.steps if left <= step.days_before]
    if not reached:
        return Cost(0, None, free_until)
    step = min(reached, key=lambda candidate: candidate.days_before)
    return Cost(min(price_cents, step.of(price_cents)), step, free_until)


def cost_of_absence(terms: Terms, price_cents: int) -> int:
    """What not showing up costs, in cents; a fee may be due for a course that is free of charge."""
    return price_cents if terms.absence is None else terms.absence.of(price_cents)


def last_day_to_replace(terms: Terms, first_day: date | None) -> date | None:
    """Until when a colleague may take the place (D4); None while no date is set."""
    return None if first_day is None else last_day(terms.counting, first_day, terms.replace_until_days)


def check_excuse(terms: Terms) -> None:
    """Refuse a proof of illness that the terms do not foresee. Raises ExcuseNotForeseen."""
    if not terms.is_free_when_ill:
        raise ExcuseNotForeseen


def days_left(counting: DayCount, on: date, first_day: date) -> int:
    """How many days there are from a day until the first day; working days count the day itself when it is one."""
    return (first_day - on).days if counting is DayCount.CALENDAR else working_days_left(on, first_day)


def last_day(counting: DayCount, first_day: date, days: int) -> date:
    """The last day on which at least so many days are left; at the latest the day before the first."""
    day = first_day - timedelta(days=max(1, days))
    while days_left(counting, day, first_day) < days:
        day -= timedelta(days=1)
    return day


class AgreedTooMuch(DomainError):
    """A coordinator agrees on a cost below zero or above the price."""

    message = N_("The agreed cost lies between 0 and the price.")


def check_agreed(cents: int, price_cents: int) -> None:
    """Refuse a cost that a coordinator cannot agree on. Raises AgreedTooMuch."""
    if not 0 <= cents <= price_cents:
        raise AgreedTooMuch(field="agreed")
