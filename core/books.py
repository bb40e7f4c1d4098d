"""The daily look whether what is new in the books adds up: some steps at each tick of the clock, until it is done."""

from datetime import date

from core import clock
from core.db import read, write
from core.queries import control as queries
from core.services import control as services
from core.vocabulary import CLOCK

_STEPS_AT_ONCE = 40
_controlled_on: date | None = None


def control_new(_tick: int = 0) -> bool:
    """Look once a day (and after a restart) at what is new; whether something does not add up."""
    global _controlled_on  # noqa: PLW0603 - one clock a process
    if _controlled_on == clock.today():
        return False
    with write() as db:
        run_id = services.begin(db, CLOCK, is_full=False)
    for _step in range(_STEPS_AT_ONCE):
        with read() as db:
            batch = queries.look(db, run_id)
        with write() as db:
            is_finished = services.keep(db, CLOCK, run_id, batch)
        if is_finished:
            _controlled_on = clock.today()
            break
    with read() as db:
        return queries.count(db, CLOCK) > 0
