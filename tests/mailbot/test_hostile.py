"""A sample of the hostile mails of `python -m bench hostile`: none stumbles, none takes long, none is lost."""

import time

import pytest

from bench import hostile
from bench.hostile_mails import BOMBS_IN, Kind, mails
from core import assistant
from core.vocabulary import IncomingState
from mailbot import handling
from tests.mailbot.conftest import Nursery

ENDS = {IncomingState.HANDLED, IncomingState.HELD, IncomingState.IGNORED}


def test_hostile_mails_are_all_looked_at_in_time() -> None:
    assistant.warm_up()
    slowest = 0.0
    for _kind, raw in mails(3 * BOMBS_IN, seed=7):
        started = time.process_time()
        handling.look_at(raw, len(raw))
        slowest = max(slowest, time.process_time() - started)
    assert slowest < 5


def test_the_same_seed_makes_the_same_mails() -> None:
    assert list(mails(5, seed=3)) == list(mails(5, seed=3))


def test_no_hostile_mail_on_a_real_server_stops_the_bot_or_is_lost(
    database: str, quick_leases: None, dovecot: int, nursery: Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_ADDRESS", "")
    monkeypatch.setenv("DAY_STARTS_AT_HOUR", "23")
    monkeypatch.setenv("SMTP_PORT", "0")  # the run names its own
    count = BOMBS_IN
    ended = hostile.run(count, nursery, dovecot, seed=11)
    assert (ended.outcomes.total(), ended.lost, ended.twice, ended.exit_code) == (count, 0, 0, 0)
    assert {state for _kind, state, _why in ended.outcomes} <= ENDS
    assert ended.of(IncomingState.HANDLED) > count / 2
    assert ended.of(IncomingState.HANDLED, Kind.ATTACHED) == 0
    assert ended.of(IncomingState.HANDLED, Kind.BOMB) == 0
    assert ended.slowest < 5
