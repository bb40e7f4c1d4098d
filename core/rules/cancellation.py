"""What cancelling costs (D1): an ordered table of steps, each from so many days before the first day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import DomainError
from core.i18n import N_
from core.money import percentage_of


class CourseHasStarted(DomainError):
    """Cancelling and replacing are possible until the first day starts."""

    message = N_("This course started on {first_day}: it can no longer be cancelled.")


@dataclass(frozen=True, slots=True)
class Step:
    """From `days_before` days before the first day on it costs `fixed_cents` plus `percentage` of the price."""

    days_before: int
    fixed_cents: int = 0
    percentage: int = 0


#: Free up to 7 days before the first day, then the full price (D1's default, used when a course has no terms).
DEFAULT_STEPS = (Step(days_before=6, percentage=100),)


@dataclass(frozen=True, slots=True)
class Cost:
    """What cancelling on a day costs: `cents`, by which step (None: still free), and until when it is free."""

    cents: int
    step: Step | None
    free_until: date | None


def cost_of_cancelling(steps: Sequence[Step], price_cents: int, first_day: date | None, on: date) -> Cost:
    """The cost of cancelling on a day. The step with the fewest days that is reached decides; none reached: free.

    `price_cents` is the price agreed at enrolling; a fee never makes the cost higher than that price.
    Raises CourseHasStarted on and after the first day.
    """
    if first_day is None:
        return Cost(0, None, None)
    if on >= first_day:
        raise CourseHasStarted(first_day=first_day)
    days_left = (first_day - on).days
    reached = [step for step in steps if days_left <= step.days_before]
    farthest = max((step.days_before for step in steps), default=None)
    free_until = None if farthest is None else first_day - timedelta(days=farthest + 1)
    if not reached:
        return Cost(0, None, free_until)
    step = min(reached, key=lambda candidate: candidate.days_before)
    cents = min(price_cents, step.fixed_cents + percentage_of(price_cents, step.percentage))
    return Cost(cents, step, free_until)
