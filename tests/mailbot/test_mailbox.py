"""Collecting over IMAP from Dovecot: stored before moved, others' mails left alone; IDLE against a scripted server."""

import hashlib
import imaplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from imap_tools import BaseMailBox
from sqlalchemy import func, select

from core import clock
from core.db import read, write
from core.models import IncomingMail, IntentSetting, MailboxLease
from core.vocabulary import IncomingState, Intent, IntentMode
from mailbot import mailbox, reading
from mailbot.mailbox import Collector, LoopbackMailBox, connected, dropped, holds_lease, release_lease
from tests.mailbot.conftest import MailServer, a_mail, until

USER = "cno@cno.example"


@pytest.fixture
def box(database: str, quick_leases: None, dovecot: int) -> Iterator[BaseMailBox]:
    """The CNO mailbox on Dovecot, as somebody's own mail program sees it."""
    opened = connected(USER, "demo")
    yield opened
    dropped(opened)


def in_folder(box: BaseMailBox, folder: str) -> list[str]:
    """The texts of a folder's mails."""
    if not box.folder.exists(folder):
        return []
    box.folder.set(folder)
    return sorted(mail.text.strip() for mail in box.fetch(mark_seen=False))


def stored() -> int:
    with read() as db:
        return db.scalar(select(func.count()).select_from(IncomingMail)) or 0


class Running:
    """A collector in a thread of its own."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=Collector("w1", self.stop, lambda: None).run)
        self.thread.start()

    def end(self) -> float:
        """Stop it; how long that took, seconds."""
        started = time.monotonic()
        self.stop.set()
        self.thread.join(timeout=10)
        assert not self.thread.is_alive()
        return time.monotonic() - started


@pytest.fixture
def running(box: BaseMailBox) -> Iterator[Running]:
    made = Running()
    yield made
    made.end()


def test_mails_are_stored_byte_for_byte_and_moved(box: BaseMailBox) -> None:
    raws = [a_mail(f"vraag {number}") for number in range(20)]
    for raw in raws:
        box.append(raw)
    running = Running()
    until(lambda: len(in_folder(box, "Verwerkt")) == 20, 60)  # the first of a process trains the model
    assert running.end() < 5
    assert in_folder(box, "INBOX") == []
    with read() as db:
        rows = db.scalars(select(IncomingMail)).all()
    assert {row.sha256 for row in rows} == {hashlib.sha256(raw).hexdigest() for raw in raws}
    assert {row.raw for row in rows} == set(raws)
    assert IncomingState.RECEIVED not in {row.state for row in rows}


def test_a_mail_that_comes_while_idling_is_taken_at_once(box: BaseMailBox, running: Running) -> None:
    until(lambda: box.folder.exists("Verwerkt"))
    for number in range(3):
        box.append(a_mail(f"later {number}"))
        until(lambda number=number: stored() == number + 1, 10)
    until(lambda: len(in_folder(box, "Verwerkt")) == 3)


def while_one_is_handled(monkeypatch: pytest.MonkeyPatch, arrive: Callable[[bytes], object]) -> None:
    """Let a second mail come while the first is being handled, and the third while the second is."""
    handle, coming = mailbox.handling.handle_received, [a_mail("derde"), a_mail("tweede")]

    def handle_received() -> int:
        if handled := handle():
            if coming:
                arrive(coming.pop())
            time.sleep(0.2)  # the server tells of it with its next answer, and never again
        return handled

    monkeypatch.setattr(mailbox.handling, "handle_received", handle_received)


def test_a_mail_that_comes_while_another_is_handled_does_not_wait(
    box: BaseMailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    while_one_is_handled(monkeypatch, box.append)
    box.append(a_mail("eerste"))
    running = Running()
    until(lambda: stored() == 3, 10)
    running.end()


def test_the_same_on_the_embedded_server(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    while_one_is_handled(monkeypatch, mail_server.send)
    mail_server.send(a_mail("eerste"))
    running = Running()
    until(lambda: stored() == 3, 10)
    running.end()


def test_a_mail_that_somebody_marked_as_deleted_is_left_alone(box: BaseMailBox) -> None:
    box.append(a_mail("weg ermee"), flag_set=[r"\Deleted"])
    box.append(a_mail("een vraag"))
    running = Running()
    until(lambda: in_folder(box, "Verwerkt") == ["een vraag"])
    running.end()
    assert in_folder(box, "INBOX") == ["weg ermee"]
    assert stored() == 1


def test_a_mail_over_the_limit_is_kept_apart_with_its_beginning(
    box: BaseMailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "MAX_BYTES", 3_000)
    monkeypatch.setattr("mailbot.looking.MAX_BYTES", 3_000)
    monkeypatch.setattr(mailbox, "BEGINNING_BYTES", 1_000)
    box.append(a_mail("x\n" * 5_000))
    running = Running()
    until(lambda: len(in_folder(box, "Te groot")) == 1)
    running.end()
    with read() as db:
        (row,) = db.scalars(select(IncomingMail)).all()
    assert (len(row.raw), row.size > 10_000, row.reason) == (1_000, True, reading.TOO_LARGE)


def test_without_move_the_mail_is_copied_and_only_itself_removed(
    box: BaseMailBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = mailbox.connected

    def without_move(user: str, password: str) -> BaseMailBox:
        made = plain(user, password)
        made.client.capabilities = tuple(name for name in made.client.capabilities if name not in ("MOVE", "IDLE"))
        return made

    monkeypatch.setattr(mailbox, "connected", without_move)
    box.append(a_mail("weg ermee"), flag_set=[r"\Deleted"])
    box.append(a_mail("een vraag"))
    running = Running()
    until(lambda: in_folder(box, "Verwerkt") == ["een vraag"])
    assert running.end() < 5
    assert in_folder(box, "INBOX") == ["weg ermee"]


def test_only_one_collector_holds_the_lease(database: str, noon: object) -> None:
    assert holds_lease("w1")
    assert not holds_lease("w2")
    assert holds_lease("w1")
    release_lease("w1")
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        assert holds_lease("w2")
        assert not holds_lease("w1")
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert holds_lease("w1")
    with read() as db:
        assert db.scalar(select(func.count()).select_from(MailboxLease)) == 1


def test_a_collector_outlives_a_server_that_goes_away(
    box: BaseMailBox, monkeypatch: pytest.MonkeyPatch, running: Running
) -> None:
    until(lambda: box.folder.exists("Verwerkt"))
    plain, failures = mailbox.fetched_size, []

    def breaks_once(opened: BaseMailBox, uid: str) -> int | None:
        if not failures:
            failures.append(uid)
            raise imaplib.IMAP4.abort("socket error: EOF")
        return plain(opened, uid)

    monkeypatch.setattr(mailbox, "fetched_size", breaks_once)
    with write() as db:
        db.add(IntentSetting(intent=Intent.NEW_PASSWORD, mode=IntentMode.ON))
    box.append(a_mail())
    until(lambda: in_folder(box, "Verwerkt") != [])
    assert failures


# IDLE against a server that says exactly what a test wants


def scripted(*steps: Callable[[socket.socket], None]) -> tuple[LoopbackMailBox, threading.Thread]:
    """A mailbox connected to a server that greets, accepts IDLE and then follows the steps."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        peer, _address = listener.accept()
        with peer, listener:
            reader = peer.makefile("rb")
            peer.sendall(b"* OK [CAPABILITY IMAP4rev1 IDLE] hello\r\n")
            while line := reader.readline():
                tag, command = line.split()[:2]
                if command.upper() == b"IDLE":
                    for step in steps:
                        step(peer)
                    break
                peer.sendall(
                    b"* CAPABILITY IMAP4rev1 IDLE\r\n" * (command.upper() == b"CAPABILITY") + tag + b" OK done\r\n"
                )
            reader.close()

    thread = threading.Thread(target=serve)
    thread.start()
    made = LoopbackMailBox("127.0.0.1", listener.getsockname()[1], timeout=5)
    made.login_result = ("OK", [])
    made.client.state = "SELECTED"
    return made, thread


def says(data: bytes) -> Callable[[socket.socket], None]:
    return lambda peer: peer.sendall(data)


def waits(seconds: float) -> Callable[[socket.socket], None]:
    return lambda _peer: time.sleep(seconds)


def idle_lines(*steps: Callable[[socket.socket], None], timeout: float = 3.0) -> tuple[list[bytes], float]:
    made, thread = scripted(*steps)
    try:
        made.idle.start()
        started = time.monotonic()
        return made.idle.poll(timeout), time.monotonic() - started
    finally:
        dropped(made)
        thread.join(timeout=10)


def test_idle_sees_a_line_in_the_same_segment_as_the_greeting() -> None:
    lines, seconds = idle_lines(says(b"+ idling\r\n* 1 EXISTS\r\n"), waits(1))
    assert lines == [b"* 1 EXISTS"]
    assert seconds < 2


def test_idle_reads_a_line_that_comes_in_two_halves() -> None:
    lines, _seconds = idle_lines(
        says(b"+ idling\r\n"), waits(0.2), says(b"* 2 EX"), waits(0.3), says(b"ISTS\r\n"), waits(1)
    )
    assert lines == [b"* 2 EXISTS"]


def test_silence_gives_nothing() -> None:
    lines, _seconds = idle_lines(says(b"+ idling\r\n"), waits(0.6), timeout=0.3)
    assert lines == []


@pytest.mark.parametrize("end", [b"", b"* BYE shutting down\r\n"], ids=["end of file", "bye"])
def test_the_end_of_the_connection_is_an_error_not_silence(end: bytes) -> None:
    with pytest.raises(imaplib.IMAP4.abort):
        idle_lines(says(b"+ idling\r\n"), waits(0.1), says(end))
