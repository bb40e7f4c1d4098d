"""What cancelling costs (D1)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.rules.cancellation import (
    FROM_ENROLMENT,
    CourseHasStarted,
    ExcuseNotForeseen,
    Step,
    Terms,
    check_excuse,
    cost_of_absence,
    cost_of_cancelling,
    default_terms,
    last_day_to_replace,
)
from core.vocabulary import DayCount

FIRST = date(2026, 12, 15)
DEFAULT_TERMS = default_terms(7, 100)
MULTI_DAY = Terms(
    (
        Step(days_before=29, fixed_cents=2_500),
        Step(days_before=13, percentage=50),
        Step(days_before=6, percentage=100),
    )
)


@pytest.mark.parametrize(
    ("terms", "days_left", "cents"),
    [
        (DEFAULT_TERMS, 8, 0),
        (DEFAULT_TERMS, 7, 0),
        (DEFAULT_TERMS, 6, 19_000),
        (DEFAULT_TERMS, 1, 19_000),
        (MULTI_DAY, 30, 0),
        (MULTI_DAY, 29, 2_500),
        (MULTI_DAY, 14, 2_500),
        (MULTI_DAY, 13, 9_500),
        (MULTI_DAY, 6, 19_000),
        (Terms(()), 1, 0),
    ],
)
def test_the_nearest_step_that_is_reached_decides(terms: Terms, days_left: int, cents: int) -> None:
    cost = cost_of_cancelling(terms, 19_000, FIRST, FIRST - timedelta(days=days_left))
    assert cost.cents == cents
    assert (cost.step is None) is (cents == 0)


def test_it_says_until_when_it_was_free() -> None:
    assert cost_of_cancelling(DEFAULT_TERMS, 19_000, FIRST, FIRST - timedelta(days=1)).free_until == date(2026, 12, 8)


@pytest.mark.parametrize("days_late", [0, 1, 100])
def test_from_the_first_day_on_it_is_too_late(days_late: int) -> None:
    with pytest.raises(CourseHasStarted):
        cost_of_cancelling(DEFAULT_TERMS, 19_000, FIRST, FIRST + timedelta(days=days_late))


def test_a_course_without_a_date_is_left_free_of_charge() -> None:
    assert cost_of_cancelling(DEFAULT_TERMS, 19_000, None, FIRST).cents == 0


a_step = some.builds(
    Step, days_before=some.integers(0, 90), fixed_cents=some.integers(0, 50_000), percentage=some.integers(0, 100)
)


@given(some.lists(a_step, max_size=5), some.integers(0, 100_000), some.integers(1, 120))
def test_it_never_costs_more_than_the_price_nor_less_than_nothing(steps: list[Step], price: int, left: int) -> None:
    assert 0 <= cost_of_cancelling(Terms(tuple(steps)), price, FIRST, FIRST - timedelta(days=left)).cents <= price


#: The conditions of other organisers (`sample-data.md` §7), each with what cancelling costs some days before.
VUB = Terms((Step(9, percentage=50),), counting=DayCount.WORKING, is_free_when_ill=True)
UGAIN = Terms((Step(FROM_ENROLMENT, percentage=25), Step(6, percentage=100)))
UCT = Terms((Step(FROM_ENROLMENT, fixed_cents=5_000), Step(13, percentage=100)))
RTC = Terms((Step(4, fixed_cents=4_000),), counting=DayCount.WORKING, absence=Step(0, fixed_cents=4_000))
UCLL = DEFAULT_TERMS


@pytest.mark.parametrize(
    ("terms", "on", "cents"),
    [
        (VUB, date(2026, 12, 1), 0),  # a Tuesday, ten working days before Tuesday 15 December
        (VUB, date(2026, 12, 2), 9_500),
        (UGAIN, date(2026, 1, 1), 4_750),
        (UGAIN, date(2026, 12, 8), 4_750),
        (UGAIN, date(2026, 12, 9), 19_000),
        (UCT, date(2026, 12, 1), 5_000),
        (UCT, date(2026, 12, 2), 19_000),
        (RTC, date(2026, 12, 8), 0),  # Tuesday: five working days
        (RTC, date(2026, 12, 9), 4_000),
        (RTC, date(2026, 12, 13), 4_000),  # a Sunday
    ],
)
def test_the_conditions_of_other_organisers_can_be_said(terms: Terms, on: date, cents: int) -> None:
    assert cost_of_cancelling(terms, 19_000, FIRST, on).cents == cents


def test_what_not_showing_up_costs() -> None:
    assert cost_of_absence(UCLL, 19_000) == 19_000
    assert cost_of_absence(RTC, 19_000) == 4_000
    assert cost_of_absence(RTC, 0) == 4_000  # also for a course that is free of charge


def test_a_proof_of_illness_counts_where_the_terms_say_so() -> None:
    check_excuse(VUB)
    with pytest.raises(ExcuseNotForeseen):
        check_excuse(UGAIN)


def test_until_when_it_is_free_and_until_when_a_colleague_may_come() -> None:
    assert cost_of_cancelling(VUB, 19_000, FIRST, FIRST - timedelta(1)).free_until == date(2026, 12, 1)
    assert cost_of_cancelling(UGAIN, 19_000, FIRST, FIRST - timedelta(1)).free_until is None
    assert last_day_to_replace(DEFAULT_TERMS, FIRST) == date(2026, 12, 14)
    monday_after_christmas = date(2026, 12, 28)
    assert last_day_to_replace(RTC, monday_after_christmas) == date(2026, 12, 24)
    assert last_day_to_replace(DEFAULT_TERMS, None) is None


@given(
    some.sampled_from([VUB, UGAIN, UCT, RTC, DEFAULT_TERMS, MULTI_DAY]),
    some.dates(date(2026, 1, 1), date(2030, 12, 31)),
)
def test_the_last_free_day_is_free_and_the_next_is_not(terms: Terms, first_day: date) -> None:
    free_until = cost_of_cancelling(terms, 19_000, first_day, first_day - timedelta(1)).free_until
    if free_until is not None:
        assert cost_of_cancelling(terms, 19_000, first_day, free_until).cents == 0
        assert cost_of_cancelling(terms, 19_000, first_day, free_until + timedelta(1)).cents > 0
