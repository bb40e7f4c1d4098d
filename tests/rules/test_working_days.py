"""Working days in Belgium."""

from datetime import date

import pytest

from core.rules.working_days import easter, holidays, is_working_day, working_days_left


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2038, date(2038, 4, 25))],
)
def test_easter_falls_where_the_calendar_says(year: int, sunday: date) -> None:
    assert easter(year) == sunday


def test_the_ten_legal_holidays_are_no_working_days() -> None:
    assert sorted(holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 21),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]
    assert not is_working_day(date(2026, 11, 11))
    assert not is_working_day(date(2026, 11, 14))
    assert is_working_day(date(2026, 11, 12))


@pytest.mark.parametrize(
    ("on", "left"),
    [
        (date(2026, 11, 16), 0),
        (date(2026, 11, 15), 0),  # a Sunday
        (date(2026, 11, 13), 1),
        (date(2026, 11, 10), 3),  # the 11th is a holiday
        (date(2026, 11, 17), 0),
    ],
)
def test_the_day_itself_counts_and_the_last_does_not(on: date, left: int) -> None:
    assert working_days_left(on, date(2026, 11, 16)) == left
