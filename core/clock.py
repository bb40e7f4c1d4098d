"""The only place that knows what time it is. Instants are UTC; days are calendar days in Europe/Brussels (D11)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.settings import settings

BRUSSELS = ZoneInfo("Europe/Brussels")

_frozen: datetime | None = None


def now() -> datetime:
    """The present instant, in UTC, moved by the setting `clock_offset_days` when one is given."""
    if _frozen is not None:
        return _frozen
    return datetime.now(UTC) + timedelta(days=settings().clock_offset_days)


def today() -> date:
    """The present calendar day in Brussels."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The Brussels calendar day on which an instant falls."""
    return instant.astimezone(BRUSSELS).date()


def at(day: date, moment: time) -> datetime:
    """The UTC instant of a wall-clock time in Brussels on a day."""
    return datetime.combine(day, moment, BRUSSELS).astimezone(UTC)


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Hold the clock at an instant, for tests and for replaying a day's work."""
    global _frozen  # noqa: PLW0603 - one clock a process
    if instant.tzinfo is None:
        raise ValueError("a frozen instant needs a time zone")
    before, _frozen = _frozen, instant.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before
