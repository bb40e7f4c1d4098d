"""Real mail servers on loopback: the embedded one and Dovecot; mails by name; a bot in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTP
from typing import Any

import pytest
from imap_tools import BaseMailBox, MailBoxUnencrypted
from imap_tools.errors import MailboxLoginError

from core.settings import settings
from mailbot.local_server import LocalServer
from mailbot.mailbox import dropped
from tests.conftest import ROOT, free_port
from tests.mailbot import dovecot as real_server
from tests.mailbot.dovecot import PASSWORD


def a_mail(
    text: str = "Dag, ik ben mijn wachtwoord vergeten.", sender: str = "an@school.example", **headers: str
) -> bytes:
    """A mail to us as a client sends it; a header given as an empty text is left out, `_` stands for `-`."""
    mail = EmailMessage()
    fields = {
        "From": sender,
        "To": "cno@cno.example",
        "Subject": "Wachtwoord",
        "Message-ID": f"<{time.monotonic_ns()}@school.example>",
    }
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in fields.items():
        if value:
            mail[name] = value
    mail.set_content(text)
    return mail.as_bytes().replace(b"\n", b"\r\n")


def until(holds: Callable[[], Any], seconds: float = 20) -> Any:
    """What a condition gives once it holds; fails when it does not within a time, seconds."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)
    return found


@dataclass
class MailServer:
    """An embedded server that runs in this process, with the ways in and out."""

    server: LocalServer
    thread: threading.Thread

    def send(self, raw: bytes, sender: str = "an@school.example", to: str = "cno@cno.example") -> None:
        with SMTP("127.0.0.1", self.server.smtp_port, timeout=20) as smtp:
            smtp.sendmail(sender, [to], raw)

    def box(self, user: str) -> BaseMailBox:
        return MailBoxUnencrypted("127.0.0.1", self.server.imap_port, timeout=20).login(user, PASSWORD)

    def mails(self, user: str, folder: str = "INBOX") -> list[Any]:
        """The mails of a mailbox; none while the mailbox or the folder does not exist."""
        if user not in ("cno@cno.example", "archief@cno.example") and not self._exists(user):
            return []
        with self.box(user) as box:
            if not box.folder.exists(folder):
                return []
            box.folder.set(folder)
            return list(box.fetch("UNDELETED", mark_seen=False))

    def _exists(self, user: str) -> bool:
        box = MailBoxUnencrypted("127.0.0.1", self.server.imap_port, timeout=20)
        try:
            box.login(user, PASSWORD)
        except MailboxLoginError:
            return False
        finally:
            dropped(box)
        return True

    def stop(self) -> None:
        self.server.stop.set()
        self.thread.join(timeout=10)
        assert not self.thread.is_alive()


def started_server(monkeypatch: pytest.MonkeyPatch, imap_port: int = 0, smtp_port: int = 0) -> MailServer:
    """An embedded server on ports of its own, which the settings then name."""
    server = LocalServer(PASSWORD, imap_port or free_port(), smtp_port or free_port())
    monkeypatch.setenv("IMAP_PORT", str(server.imap_port))
    monkeypatch.setenv("SMTP_PORT", str(server.smtp_port))
    settings.cache_clear()
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.ready.wait(20)
    return MailServer(server, thread)


@pytest.fixture
def quick_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases of a second, so that a restart after a kill goes on at once."""
    for name in ("MAILBOX", "CLAIMED", "COMMITTING", "CHECKING"):
        monkeypatch.setenv(f"LEASE_{name}_SECONDS", "1")
    monkeypatch.setenv("ARCHIVE_SETTLES_SECONDS", "1")
    monkeypatch.setenv("OUTBOX_POLL_SECONDS", "0.05")
    settings.cache_clear()


@pytest.fixture
def long_leases(quick_leases: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody dies here: on a laden machine a mail may be under way for seconds, and stays its worker's."""
    for name in ("LEASE_CLAIMED", "LEASE_COMMITTING", "LEASE_CHECKING", "ARCHIVE_SETTLES"):
        monkeypatch.setenv(f"{name}_SECONDS", "60")
    settings.cache_clear()


@pytest.fixture
def mail_server(database: str, quick_leases: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """An embedded mail server over a fresh database, once on SQLite and once on PostgreSQL."""
    running = started_server(monkeypatch)
    yield running
    running.stop()


class Nursery:
    """A process with the model warm that forks bots, so that starting one again and again costs nothing."""

    def __init__(self, log: Path) -> None:
        self._pids: list[int] = []
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.mailbot.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "ENVIRONMENT": "test"},
        )

    def _ask(self, **question: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def start(self, kill_at: str = "") -> int:
        """A bot with this process's environment, killed (SIGKILL) when it first reaches a step; its pid."""
        keys = ("_URL", "_PORT", "_SECONDS", "ENVIRONMENT", "_ADDRESS", "_HOUR")
        environment = {key: value for key, value in os.environ.items() if key.endswith(keys)}
        self._pids.append(int(self._ask(start=environment, kill_at=kill_at)))
        return self._pids[-1]

    def end_all(self) -> None:
        """Kill what still runs."""
        for pid in self._pids:
            if self.code(pid) is None:
                os.kill(pid, signal.SIGKILL)
                until(lambda pid=pid: self.code(pid) is not None)
        self._pids.clear()

    def code(self, pid: int) -> int | None:
        """How a bot ended (negative: the signal); None while it runs."""
        found = self._ask(poll=pid)
        return None if found is None else int(found)

    def stop(self, pid: int) -> int:
        """Ask a bot to stop, and wait; its exit code."""
        self._ask(stop=pid)
        return int(until(lambda: (self.code(pid),) if self.code(pid) is not None else None)[0] or 0)

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=20)
        self._log.close()


@pytest.fixture(scope="session")
def bot_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all bots of the nursery write their log."""
    return tmp_path_factory.mktemp("nursery") / "bots.log"


@pytest.fixture(scope="session")
def warm_nursery(bot_log: Path) -> Iterator[Nursery]:
    made = Nursery(bot_log)
    yield made
    made.close()


@pytest.fixture
def nursery(warm_nursery: Nursery) -> Iterator[Nursery]:
    """The nursery, without a bot that an earlier test left behind."""
    yield warm_nursery
    warm_nursery.end_all()


@pytest.fixture
def dovecot(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Dovecot, a real IMAP server, which the settings then name; its port."""
    with real_server.running() as port:
        monkeypatch.setenv("IMAP_PORT", str(port))
        settings.cache_clear()
        yield port
