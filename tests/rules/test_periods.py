"""Periods of reports: presets, the year before, today's cut, the steps of a chart."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.periods import Preset, Span, Step, span_of

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2001, 1, 1), date(2099, 1, 1))


@pytest.mark.parametrize(
    ("preset", "today", "first", "last"),
    [
        (Preset.SCHOOL_YEAR, TODAY, date(2026, 9, 1), date(2027, 8, 31)),
        (Preset.SCHOOL_YEAR, date(2026, 8, 31), date(2025, 9, 1), date(2026, 8, 31)),
        (Preset.LAST_SCHOOL_YEAR, TODAY, date(2025, 9, 1), date(2026, 8, 31)),
        (Preset.CALENDAR_YEAR, TODAY, date(2026, 1, 1), date(2026, 12, 31)),
        (Preset.TWELVE_MONTHS, TODAY, date(2025, 11, 24), TODAY),
        (Preset.OWN, TODAY, TODAY, TODAY),
    ],
)
def test_a_preset_is_the_days_people_mean(preset: Preset, today: date, first: date, last: date) -> None:
    span = span_of(preset, today)
    assert (span.first, span.last) == (first, last)


def test_own_dates_may_come_in_either_order() -> None:
    span = span_of(Preset.OWN, TODAY, date(2026, 3, 5), date(2026, 2, 1))
    assert (span.first, span.last) == (date(2026, 2, 1), date(2026, 3, 5))


def test_what_has_passed_ends_today_and_is_nothing_of_what_is_to_come() -> None:
    year = span_of(Preset.SCHOOL_YEAR, TODAY)
    assert year.so_far(TODAY).last == TODAY
    assert year.so_far(date(2028, 1, 1)) == year
    assert Span(date(2027, 1, 1), date(2027, 7, 1)).so_far(TODAY).days == 0


@pytest.mark.parametrize(
    ("days", "step", "count"), [(10, Step.DAY, 10), (60, Step.WEEK, 9), (365, Step.MONTH, 12), (1461, Step.YEAR, 5)]
)
def test_a_longer_period_is_shown_in_longer_steps(days: int, step: Step, count: int) -> None:
    span = Span(date(2025, 9, 1), date(2025, 9, 1) + timedelta(days=days))
    assert (span.step, len(span.steps())) == (step, count)


@given(DAYS, st.integers(0, 4000))
def test_the_steps_are_the_span_without_gap_or_overlap_and_so_they_were_a_year_before(first: date, days: int) -> None:
    span = Span(first, first + timedelta(days=days))
    for steps, whole in ((span.steps(), span), ([each.year_before() for each in span.steps()], span.year_before())):
        assert sum(each.days for each in steps) == whole.days
        for one, following in pairwise(steps):
            assert one.after == following.first
    assert len(span.steps()) <= 31


def test_the_leap_day_falls_on_the_28th_the_year_before() -> None:
    assert Span(date(2028, 2, 29), date(2028, 3, 1)).year_before() == Span(date(2027, 2, 28), date(2027, 3, 1))
