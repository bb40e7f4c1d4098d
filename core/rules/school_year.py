"""School years: from 1 September to 31 August, named by the year they begin in."""

from datetime import date

FIRST_MONTH = 9


def school_year(day: date) -> int:
    """The school year a day falls in, as the calendar year it began in."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def first_day(year: int) -> date:
    """1 September of a school year."""
    return date(year, FIRST_MONTH, 1)


def text(year: int) -> str:
    """A school year as schools write it: «2026-2027»."""
    return f"{year}-{year + 1}"
