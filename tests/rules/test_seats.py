"""What may still change of a seat a school pays for, and when a reminder to name one is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules import school_year, seats

FIRST = date(2026, 12, 23)
STEPS = (14, 5)


@pytest.mark.parametrize(
    ("reminded_on", "today", "is_due"),
    [
        (None, date(2026, 12, 8), False),
        (None, date(2026, 12, 9), True),
        (date(2026, 12, 9), date(2026, 12, 9), False),
        (date(2026, 12, 9), date(2026, 12, 17), False),
        (date(2026, 12, 9), date(2026, 12, 18), True),
        (date(2026, 12, 8), date(2026, 12, 12), True),  # reserved the day before the step
        (date(2026, 12, 12), date(2026, 12, 12), False),  # reserved after it
        (date(2026, 12, 1), date(2026, 12, 20), True),  # two steps were missed
        (date(2026, 12, 20), date(2026, 12, 22), False),
    ],
)
def test_a_step_without_a_reminder_since_is_due(reminded_on: date | None, today: date, is_due: bool) -> None:
    assert seats.is_name_reminder_due(FIRST, reminded_on, today, STEPS) is is_due


@given(st.lists(st.integers(0, 60), max_size=60, unique=True))
def test_whatever_days_the_server_runs_no_more_reminders_leave_than_there_are_steps(days: list[int]) -> None:
    reminded_on, count = FIRST - timedelta(days=60), 0
    for day in sorted(days):
        today = FIRST - timedelta(days=60 - day)
        if seats.is_name_reminder_due(FIRST, reminded_on, today, STEPS):
            reminded_on, count = today, count + 1
    assert count <= len(STEPS)


@pytest.mark.parametrize(
    ("wanted", "left", "refusal"),
    [
        (1, 1, None),
        (5, 5, None),
        (0, 5, seats.NobodyChosen),
        (-1, 5, seats.NobodyChosen),
        (6, 5, seats.NotEnoughPlaces),
    ],
)
def test_a_group_fits_as_a_whole_or_not(wanted: int, left: int, refusal: type[Exception] | None) -> None:
    if refusal is None:
        seats.check_group(wanted, left)
        return
    with pytest.raises(refusal):
        seats.check_group(wanted, left)


def test_the_last_days() -> None:
    assert seats.last_day_to_name(FIRST, 1) == date(2026, 12, 22)
    assert seats.last_day_to_answer(date(2026, 11, 23), 7) == date(2026, 11, 29)
    assert (seats.last_day_to_name(None, 1), seats.last_day_to_answer(None, 7)) == (None, None)
    seats.check_nameable(FIRST, 1, date(2026, 12, 22))
    with pytest.raises(seats.NamedTooLate):
        seats.check_nameable(FIRST, 1, FIRST)
    seats.check_replaceable(date(2026, 12, 22), FIRST, date(2026, 12, 22))
    with pytest.raises(seats.ReplacedTooLate):
        seats.check_replaceable(date(2026, 12, 22), FIRST, FIRST)


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2027, 1, 1), 2026)]
)
def test_a_school_year_begins_in_september(day: date, year: int) -> None:
    assert school_year.school_year(day) == year
    assert school_year.first_day(year) <= day < school_year.first_day(year + 1)
    assert school_year.text(year) == f"{year}-{year + 1}"
