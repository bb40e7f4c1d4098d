"""Who may have a mail now: one in flight an address, so many an hour, and a pause when the relay cannot be used."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock, mail
from core.db import read, write
from core.models import OutgoingMail
from core.queries import operations
from core.settings import settings
from core.vocabulary import OutgoingState
from mailbot.claims import take
from mailbot.delivery import Deliverer
from tests.builders import a_person, an_account
from tests.conftest import free_port

ADDRESS = "secretariaat@school.example"


def queued(count: int, address: str = ADDRESS) -> None:
    with write() as db:
        facts = {"reply_subject": "Re: x", "reply_text": "Dag"}
        for number in range(count):
            mail.queue(db, "reply", dedupe=f"{address}{number}", address=address, facts=facts)


def sent(count: int) -> None:
    """Mark the first mails as sent just now."""
    with write() as db:
        for row in db.scalars(select(OutgoingMail).order_by(OutgoingMail.id).limit(count)):
            row.state, row.sent_at = OutgoingState.SENT, clock.now()


def test_two_workers_at_once_never_hold_two_mails_to_one_address(database: str) -> None:
    queued(12)
    start, found = threading.Barrier(6), []

    def claim(name: str) -> None:
        start.wait()
        found.append(take(name))

    threads = [threading.Thread(target=claim, args=(f"w{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([each for each in found if each is not None]) == 1


def test_what_is_above_an_address_s_share_of_the_hour_waits(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILS_AN_HOUR_TO_RECIPIENT", "3")
    settings.cache_clear()
    queued(5)
    queued(1, "bo@school.example")
    sent(3)
    claim = take("w1")
    assert claim is not None
    assert claim.recipient == "bo@school.example"
    assert take("w2") is None
    with write() as db:
        account = an_account(db, a_person(db), ADDRESS)
        facts = {"valid_minutes": 60, "role": "person"}
        mail.queue(db, "new-password", dedupe="1", account=account, secret="x", facts=facts)
    link = take("w2")
    assert link is not None
    assert b"wachtwoord" in link.raw
    with clock.frozen(clock.now() + timedelta(minutes=61)), write() as db:
        db.get_one(OutgoingMail, link.id).state = OutgoingState.SENT
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert take("w2") is not None


def test_after_five_faults_the_relay_is_left_alone_for_longer_and_longer(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_PORT", str(free_port()))
    settings.cache_clear()
    queued(1)
    deliverer, pauses = Deliverer("w1", threading.Event(), threading.Event()), list[float]()
    deliverer.pause = pauses.append  # type: ignore[assignment]
    for _ in range(11):
        assert deliverer.step() is False
    assert pauses == [1.0] * 4 + [60.0, 120.0, 240.0, 480.0, 900.0, 900.0, 900.0]
    with read() as db:
        until = operations.paused_until(db)
    assert until is not None
    assert timedelta(minutes=14) < until - clock.now() <= timedelta(minutes=15)
    with clock.frozen(clock.now() + timedelta(minutes=16)), read() as db:
        assert operations.paused_until(db) is None
