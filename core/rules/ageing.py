"""How long something is overdue: the bands that what is open is sorted by."""

from datetime import date, timedelta
from itertools import pairwise

from core.i18n import _

#: What is open is sorted by how many days it is overdue: not yet, up to each of these, longer.
OVERDUE_UP_TO = (30, 60, 90)
BANDS = len(OVERDUE_UP_TO) + 2
_DAY = timedelta(days=1)


def bounds(today: date) -> list[tuple[date | None, date | None]]:
    """For each band the first and last due day; None: no bound. What has no due day is not yet due."""
    ends = [today - timedelta(days=days) for days in (0, *OVERDUE_UP_TO)]
    later = [(older, newer - _DAY) for newer, older in pairwise(ends)]
    return [(today, None), *later, (None, ends[-1] - _DAY)]


def band_of(due_on: date | None, today: date) -> int:
    """The number of the band of a due day."""
    if due_on is None or due_on >= today:
        return 0
    late = (today - due_on).days
    return next((number for number, most in enumerate(OVERDUE_UP_TO, start=1) if late <= most), BANDS - 1)


def names() -> tuple[str, ...]:
    """The bands as a reader calls them."""
    lows = (1, *(days + 1 for days in OVERDUE_UP_TO[:-1]))
    between = [
        _("{low} to {high} days").format(low=low, high=high) for low, high in zip(lows, OVERDUE_UP_TO, strict=True)
    ]
    return _("Not yet due"), *between, _("More than {days} days").format(days=OVERDUE_UP_TO[-1])
