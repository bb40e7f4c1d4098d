"""What cancelling costs (D1)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.rules.cancellation import DEFAULT_STEPS, CourseHasStarted, Step, cost_of_cancelling

FIRST = date(2026, 12, 15)
MULTI_DAY = (
    Step(days_before=29, fixed_cents=2_500),
    Step(days_before=13, percentage=50),
    Step(days_before=6, percentage=100),
)


@pytest.mark.parametrize(
    ("steps", "days_left", "cents"),
    [
        (DEFAULT_STEPS, 8, 0),
        (DEFAULT_STEPS, 7, 0),
        (DEFAULT_STEPS, 6, 19_000),
        (DEFAULT_STEPS, 1, 19_000),
        (MULTI_DAY, 30, 0),
        (MULTI_DAY, 29, 2_500),
        (MULTI_DAY, 14, 2_500),
        (MULTI_DAY, 13, 9_500),
        (MULTI_DAY, 6, 19_000),
        ((), 1, 0),
    ],
)
def test_the_nearest_step_that_is_reached_decides(steps: tuple[Step, ...], days_left: int, cents: int) -> None:
    cost = cost_of_cancelling(steps, 19_000, FIRST, FIRST - timedelta(days=days_left))
    assert cost.cents == cents
    assert (cost.step is None) is (cents == 0)


def test_it_says_until_when_it_was_free() -> None:
    assert cost_of_cancelling(DEFAULT_STEPS, 19_000, FIRST, FIRST - timedelta(days=1)).free_until == date(2026, 12, 8)


@pytest.mark.parametrize("days_late", [0, 1, 100])
def test_from_the_first_day_on_it_is_too_late(days_late: int) -> None:
    with pytest.raises(CourseHasStarted):
        cost_of_cancelling(DEFAULT_STEPS, 19_000, FIRST, FIRST + timedelta(days=days_late))


def test_a_course_without_a_date_is_left_free_of_charge() -> None:
    assert cost_of_cancelling(DEFAULT_STEPS, 19_000, None, FIRST).cents == 0


a_step = some.builds(
    Step, days_before=some.integers(0, 90), fixed_cents=some.integers(0, 50_000), percentage=some.integers(0, 100)
)


@given(some.lists(a_step, max_size=5), some.integers(0, 100_000), some.integers(1, 120))
def test_it_never_costs_more_than_the_price_nor_less_than_nothing(steps: list[Step], price: int, left: int) -> None:
    assert 0 <= cost_of_cancelling(steps, price, FIRST, FIRST - timedelta(days=left)).cents <= price
