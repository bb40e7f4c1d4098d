"""A whole platform as a visitor meets it: its own database, mail server, bot and web server."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from smtplib import SMTP
from urllib.error import URLError

from imap_tools import MailBoxUnencrypted
from imap_tools.errors import MailboxLoginError

from tests.conftest import ROOT, free_port

PASSWORD = "demo"


@dataclass
class Platform:
    """The processes `make run` starts, on ports of their own; `clock_offset_days` moves the clock at the next start."""

    folder: Path
    web_port: int = field(default_factory=free_port)
    imap_port: int = field(default_factory=free_port)
    smtp_port: int = field(default_factory=free_port)
    clock_offset_days: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "ENVIRONMENT": "demo",
            "DATABASE_URL": f"sqlite:///{self.folder}/cno.sqlite3",
            "MATERIAL_URL": f"file://{self.folder}/material",
            "PUBLIC_URL": self.url,
            "WEB_PORT": str(self.web_port),
            "IMAP_PORT": str(self.imap_port),
            "SMTP_PORT": str(self.smtp_port),
            "DAY_STARTS_AT_HOUR": "0",
            "OUTBOX_POLL_SECONDS": "0.1",
            "CLOCK_OFFSET_DAYS": str(self.clock_offset_days),
        }

    def prepare(self) -> None:
        """What `make run` does before it starts anything: the newest schema, and the demo data."""
        code = "from core.settings import settings; from deploy import local; local.prepare(settings())"
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=self.environment, check=True, timeout=600)

    def start(self) -> None:
        """Start everything, and wait until the website answers and the bot is ready for mail."""
        log = self._log_file.open("ab")
        earlier = log.tell()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local"],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        self.wait_until(self._answers, seconds=180)
        self.wait_until(lambda: b"the mail bot is ready" in self._log_file.read_bytes()[earlier:], seconds=120)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def stop(self) -> int:
        """End the platform as Ctrl-C does; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(timeout=20)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)

    def move_clock(self, days: int) -> None:
        """Stop, and start again with the clock that many days further on."""
        assert self.stop() == 0, self.log()
        self.clock_offset_days += days
        self.start()

    def bill_nobody_but(self, email: str) -> None:
        """Leave the seats of all others unbilled for good: rendering hundreds of notes takes a minute."""
        with closing(sqlite3.connect(self.folder / "cno.sqlite3", timeout=30)) as database, database:
            database.execute(
                "UPDATE enrolment SET billed_on = '2000-01-01' WHERE billed_on IS NULL AND person_id IS NOT"
                " (SELECT person_id FROM account WHERE email = ? AND role = 'person')",
                (email,),
            )

    @property
    def _log_file(self) -> Path:
        return self.folder / "platform.log"

    def log(self) -> str:
        return self._log_file.read_text(errors="replace")[-6000:]

    def send(self, sender: str, subject: str, text: str, *, to: str = "cno@cno.example", in_reply_to: str = "") -> None:
        """A mail by a plain SMTP client."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Message-ID"] = f"<{time.monotonic_ns()}@journey.example>"
        if in_reply_to:
            mail["In-Reply-To"] = in_reply_to
        mail.set_content(text)
        with SMTP("127.0.0.1", self.smtp_port, timeout=20) as smtp:
            smtp.send_message(mail)

    def mails_of(self, address: str) -> list[EmailMessage]:
        """Everything in somebody's mailbox, over IMAP, oldest first; empty while the mailbox does not exist."""
        box = MailBoxUnencrypted("127.0.0.1", self.imap_port, timeout=20)
        try:
            box.login(address, PASSWORD)
            return [message.obj for message in box.fetch(mark_seen=False)]
        except MailboxLoginError:  # the embedded server makes a mailbox at its first mail
            return []
        finally:
            box.client.shutdown()

    def wait_for_mail(self, address: str, subject: str, *, seconds: float = 30) -> EmailMessage:
        """The newest mail to an address whose subject contains a text, once it has arrived."""
        found: list[EmailMessage] = []

        def arrived() -> bool:
            found[:] = [mail for mail in self.mails_of(address) if subject in str(_modern(mail)["Subject"])]
            return bool(found)

        self.wait_until(arrived, seconds=seconds)
        return _modern(found[-1])

    def wait_for_mail_with(self, address: str, text: str, *, subject: str = "", seconds: float = 30) -> EmailMessage:
        """The newest mail to an address whose text (and subject) contains a text, once it has arrived."""
        found: list[EmailMessage] = []

        def arrived() -> bool:
            found[:] = [
                mail
                for mail in map(_modern, self.mails_of(address))
                if text in text_of(mail) and subject in str(mail["Subject"])
            ]
            return bool(found)

        self.wait_until(arrived, seconds=seconds)
        return found[-1]

    @staticmethod
    def wait_until(holds: Callable[[], bool], *, seconds: float, pause: float = 0.2) -> None:
        until = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < until, f"not within {seconds} s"
            time.sleep(pause)


def _modern(mail: EmailMessage) -> EmailMessage:
    import email

    return email.message_from_bytes(mail.as_bytes(), policy=default)  # type: ignore[return-value]


def text_of(mail: EmailMessage) -> str:
    """The readable text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage, part: str) -> str:
    """The first link in a mail that contains a text."""
    words = text_of(mail).split()
    return next(word for word in words if word.startswith("http") and part in word)
