"""Demo data: made up, the same for the same seed, with dates relative to today (`sample-data.md`)."""

from collections.abc import Callable

from sqlalchemy import text

from core.db import read
from core.demo.sizes import LARGE, MEDIUM, NORMAL, SIZES, Size

__all__ = ["LARGE", "MEDIUM", "NORMAL", "SIZES", "NotEmpty", "Size", "fill", "is_empty"]
PASSWORD = "nascholing-demo"  # noqa: S105 - of the demo accounts, printed at every start
PERSON_ADDRESS = "an.peeters@example.org"
INSTITUTION_ADDRESS = "secretariaat@zonnewimpel.example"
COORDINATOR_ADDRESS = "coordinator@example.org"
FINANCE_ADDRESS = "financien@example.org"
READER_ADDRESS = "lezer@example.org"


class NotEmpty(RuntimeError):
    """The database holds persons already: demo data is never added to real data."""


def is_empty() -> bool:
    """Whether nobody is in the database yet."""
    with read() as db:
        return not db.scalar(text("SELECT EXISTS (SELECT 1 FROM person)"))


def _silent(_table: str, _rows: int) -> None:
    """Tell nobody."""


def fill(size: Size = NORMAL, seed: int = 2026, tell: Callable[[str, int], None] = _silent) -> None:
    """Fill an empty database; a size with enrolments of its own grows from the normal demo. Raises NotEmpty.

    `tell` hears how many rows each table of the large data has got so far.
    """
    from core.demo import filling  # noqa: PLC0415 - a start whose database is filled does without

    if not is_empty():
        raise NotEmpty
    filling.fill(size, seed, tell)
