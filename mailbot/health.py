"""What the bot says of itself, for «Vandaag» and the figures: that it is alive, how long the relay is left alone."""

import os
from datetime import datetime

from sqlalchemy import delete

from core import clock
from core.db import write
from core.models import BotHealth
from core.queries.operations import ALIVE, PAUSED


def beat() -> None:
    """Say «alive»."""
    _say(ALIVE, str(os.getpid()))


def paused(until: datetime) -> None:
    """The relay cannot be used; nothing is sent until a moment."""
    _say(PAUSED, until.isoformat())


def resumed() -> None:
    """The relay accepts mail again."""
    with write() as db:
        db.execute(delete(BotHealth).where(BotHealth.key == PAUSED))


def _say(key: str, value: str) -> None:
    with write() as db:
        row = db.get(BotHealth, key)
        if row is None:
            row = BotHealth(key=key, value="")
            db.add(row)
        row.value, row.at = value, clock.now()
