"""Delivery over a real SMTP server that misbehaves: refusals, broken connections, an answer lost after acceptance."""

import asyncio
import smtplib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from core import clock, mail
from core.db import read, write
from core.models import Account, OutgoingMail
from core.settings import settings
from core.vocabulary import OutgoingState
from mailbot import archive
from mailbot.delivery import Deliverer
from tests.builders import a_person, an_account
from tests.conftest import free_port
from tests.mailbot.conftest import MailServer

ADDRESS = "an@school.example"


@dataclass
class Hostile:
    """A relay that does what a test tells it, and otherwise hands everything on to the embedded server."""

    behind: int
    rcpt: Callable[[str], str | None] = lambda _address: None
    data: str | None = None
    hangs_up: bool = False
    accepted: list[bytes] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        refusal = self.rcpt(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.data:
            return self.data
        self.accepted.append(envelope.content)
        await asyncio.to_thread(self._hand_on, envelope.mail_from, list(envelope.rcpt_tos), envelope.content)
        if self.hangs_up:
            self.hangs_up = False
            server.transport.abort()
        return "250 OK"

    def _hand_on(self, sender: str, to: list[str], content: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.behind, timeout=20) as smtp:
            smtp.sendmail(sender or "", to, content)


@pytest.fixture
def relay(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    handler = Hostile(mail_server.server.smtp_port)
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("SMTP_PORT", str(port))
    settings.cache_clear()
    yield handler
    controller.stop()


def queue(dedupe: str = "1", address: str = ADDRESS) -> int:
    with write() as db:
        (identity,) = mail.queue(
            db, "reply", dedupe=dedupe, address=address, facts={"reply_subject": "Re: x", "reply_text": ".\n.punt\nDag"}
        )
    return identity


def row(identity: int) -> OutgoingMail:
    with read() as db:
        return db.get_one(OutgoingMail, identity)


@pytest.fixture
def deliverer() -> Iterator[Deliverer]:
    """A worker that never waits between its steps."""
    stop = threading.Event()
    made = Deliverer("w1", stop, threading.Event())
    made.pause = lambda _seconds: None  # type: ignore[method-assign]
    yield made
    made.close()


def test_a_mail_arrives_with_its_dots_and_a_copy_in_the_archive(
    relay: Hostile, deliverer: Deliverer, mail_server: MailServer
) -> None:
    identity = queue()
    assert deliverer.step() is True
    assert deliverer.step() is False
    assert row(identity).state is OutgoingState.SENT
    (arrived,) = mail_server.mails(ADDRESS)
    assert arrived.text.startswith(".\r\n.punt\r\nDag") or arrived.text.startswith(".\n.punt\nDag")
    assert archive.has_copy(row(identity).mid)


@pytest.mark.parametrize(
    ("code", "state", "attempts"),
    [
        ("451 later", OutgoingState.PENDING, 1),
        ("550 5.1.1 nobody", OutgoingState.FAILED, 1),
        ("550 5.7.1 not from you", OutgoingState.FAILED, 1),
    ],
)
def test_a_refused_recipient_is_tried_later_or_shown_as_failed(
    relay: Hostile, deliverer: Deliverer, code: str, state: OutgoingState, attempts: int
) -> None:
    with write() as db:
        account_id = an_account(db, a_person(db), ADDRESS).id
    relay.rcpt = lambda address: code if address == ADDRESS else None
    identity, other = queue(), queue("2", "bo@school.example")
    while deliverer.step():
        pass
    refused = row(identity)
    assert (refused.state, refused.attempts, refused.error) == (state, attempts, code)
    with read() as db:
        assert bool(db.get_one(Account, account_id).undeliverable_since) is ("5.1.1" in code)
    assert row(other).state is OutgoingState.SENT
    if state is OutgoingState.PENDING:
        assert refused.not_before - clock.now() > timedelta(seconds=50)


def test_a_mail_refused_after_the_dot_was_not_accepted(relay: Hostile, deliverer: Deliverer) -> None:
    relay.data = "452 full"
    identity = queue()
    deliverer.step()
    assert (row(identity).state, row(identity).code) == (OutgoingState.PENDING, 452)


def test_an_accepted_mail_whose_answer_is_lost_is_not_sent_again(
    relay: Hostile, deliverer: Deliverer, mail_server: MailServer
) -> None:
    relay.hangs_up = True
    identity = queue()
    deliverer.step()
    assert row(identity).state is OutgoingState.COMMITTING
    with clock.frozen(clock.now() + timedelta(seconds=2)):
        deliverer.step()
    assert row(identity).state is OutgoingState.SENT
    assert len(mail_server.mails(ADDRESS)) == 1
    assert len(relay.accepted) == 1


def test_without_a_copy_in_the_archive_the_mail_leaves_again(
    relay: Hostile, deliverer: Deliverer, mail_server: MailServer
) -> None:
    relay.behind = mail_server.server.smtp_port
    identity = queue()
    with write() as db:  # as a kill in the middle of the body leaves it
        lost = db.get_one(OutgoingMail, identity)
        lost.state, lost.worker = OutgoingState.COMMITTING, "w0"
        lost.dot_at = lost.lease_until = clock.now() - timedelta(seconds=5)
    assert deliverer.step() is True
    assert deliverer.step() is True
    assert row(identity).state is OutgoingState.SENT
    assert len(mail_server.mails(ADDRESS)) == 1


def test_without_any_archive_a_doubtful_note_waits_for_a_coordinator(
    relay: Hostile, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_ADDRESS", "")
    settings.cache_clear()
    relay.hangs_up = True
    identity = queue()
    deliverer.step()
    with clock.frozen(clock.now() + timedelta(seconds=2)):
        deliverer.step()
    assert row(identity).state is OutgoingState.UNCERTAIN


def test_a_refused_archive_is_our_fault_and_fails_no_mail(relay: Hostile, deliverer: Deliverer) -> None:
    relay.rcpt = lambda address: "550 no archive" if address.startswith("archief") else None
    identity = queue()
    assert deliverer.step() is False
    assert (row(identity).state, row(identity).attempts) == (OutgoingState.PENDING, 0)


def test_an_unreachable_relay_costs_the_mail_nothing(
    relay: Hostile, deliverer: Deliverer, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = queue()
    monkeypatch.setenv("SMTP_PORT", str(free_port()))
    settings.cache_clear()
    assert [deliverer.step() for _ in range(7)] == [False] * 7
    assert (row(identity).state, row(identity).attempts) == (OutgoingState.PENDING, 0)


def test_a_lost_lease_sends_nothing(relay: Hostile, deliverer: Deliverer) -> None:
    identity = queue()

    def another_worker_takes_it(_address: str) -> None:
        with write() as db:
            db.get_one(OutgoingMail, identity).worker = "w2"

    relay.rcpt = another_worker_takes_it
    deliverer.step()
    assert relay.accepted == []
    assert row(identity).state is OutgoingState.CLAIMED


def test_a_sent_secret_is_blanked_here_and_in_the_archive(relay: Hostile, deliverer: Deliverer) -> None:
    with write() as db:
        from tests.builders import a_person, an_account

        account = an_account(db, a_person(db), ADDRESS)
        mail.queue(db, "new-password", dedupe="1", account=account, secret="geheim-1", facts={"valid_minutes": 60})
    assert deliverer.step() is True
    with read() as db:
        (sent,) = db.scalars(select(OutgoingMail)).all()
    assert archive.has_copy(sent.mid)
    assert b"geheim-1" not in sent.body.encode()
    assert archive.tidy() == 1
    assert (row(sent.id).raw, archive.has_copy(sent.mid)) == (b"", False)
    assert archive.tidy() == 0


def test_four_workers_deliver_each_of_forty_mails_once(
    relay: Hostile, mail_server: MailServer, long_leases: None
) -> None:
    for number in range(40):
        queue(str(number), f"leraar{number}@school.example")
    stop = threading.Event()
    workers = [Deliverer(f"w{number}", stop, threading.Event()) for number in range(4)]
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    from tests.mailbot.conftest import until

    def all_sent() -> bool:
        with read() as db:
            return set(db.scalars(select(OutgoingMail.state))) == {OutgoingState.SENT}

    until(all_sent, 60)
    stop.set()
    for thread in threads:
        thread.join(timeout=20)
    assert len(relay.accepted) == 40
