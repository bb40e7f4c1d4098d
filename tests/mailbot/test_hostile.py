"""A sample of the hostile mails of `python -m bench hostile`: none stumbles, none takes long, none is lost."""

import time

import pytest
from sqlalchemy import func, select

from bench.hostile import BOMBS_IN, mails
from core.db import read
from core.models import IncomingMail
from core.vocabulary import IncomingState
from mailbot import handling


def test_hostile_mails_are_all_looked_at_in_time() -> None:
    slowest = 0.0
    for raw in mails(5 * BOMBS_IN, seed=7):
        started = time.process_time()
        handling.look_at(raw, len(raw))
        slowest = max(slowest, time.process_time() - started)
    assert slowest < 5


def test_the_same_seed_makes_the_same_mails() -> None:
    assert list(mails(5, seed=3)) == list(mails(5, seed=3))


def test_hostile_mails_are_stored_and_brought_to_an_end(database: str, caplog: pytest.LogCaptureFixture) -> None:
    count = 3 * BOMBS_IN
    for raw in mails(count, seed=11):
        handling.store(raw, size=len(raw))
    handling.handle_received()
    with read() as db:
        states = dict(db.execute(select(IncomingMail.state, func.count()).group_by(IncomingMail.state)).all())
    assert (sum(states.values()), states.get(IncomingState.RECEIVED, 0)) == (count, 0)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
