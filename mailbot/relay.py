"""The relay: one connection for many mails, and the conversation that hands over one mail step by step."""

import re
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yagmail

from core.settings import settings
from mailbot import tokens
from mailbot.claims import Claim
from mailbot.steps import reached

DOT_SECONDS = 300
MOST_MAILS_A_CONNECTION = 50
LONGEST_CONNECTION_SECONDS = 60.0
TROUBLE = (OSError, smtplib.SMTPException, yagmail.error.YagConnectionClosed)


class ArchiveRefused(Exception):
    """The relay does not accept our archive's address: our own fault, no mail may fail for it."""


class LeaseLost(Exception):
    """Somebody else has the row by now."""


def deliver(smtp: smtplib.SMTP, claim: Claim, commit: Callable[[], bool]) -> None:
    """Hand one mail to the relay. Raises SMTPResponseException, ArchiveRefused, LeaseLost or OSError."""
    _expect(smtp.mail(claim.envelope_from), 250)
    reached("mail")
    _expect(smtp.rcpt(claim.recipient), 250, 251)
    if settings().archive_address:
        code, text = smtp.rcpt(settings().archive_address)
        if code not in (250, 251):
            raise ArchiveRefused(f"{code} {text_of(text)}")
    reached("rcpt")
    _expect(smtp.docmd("DATA"), 354)
    reached("data")
    if not commit():
        raise LeaseLost
    reached("committing")
    _sock(smtp).settimeout(DOT_SECONDS)
    content = re.sub(rb"(?m)^\.", b"..", claim.raw)
    half = len(content) // 2
    smtp.send(content[:half])
    reached("half the body")
    smtp.send(content[half:] + (b"" if content.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    reached("dot")
    _expect(smtp.getreply(), 250)
    reached("accepted")


def _sock(smtp: smtplib.SMTP) -> Any:
    return smtp.sock


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        raise smtplib.SMTPResponseException(answer[0], answer[1])


def text_of(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return " ".join(text.split())[:400]


def connect() -> yagmail.SMTP:
    """A connection to the relay, certificates checked. yagmail is only its carrier: `send` is never used."""
    own = settings()
    verified = ssl.create_default_context()
    extra: Mapping[str, object] = {"context": verified} if own.smtp_tls == "implicit" else {}
    connection = yagmail.SMTP(
        own.smtp_user or own.mail_address,
        own.smtp_password or None,
        host=own.smtp_host,
        port=own.smtp_port,
        smtp_ssl=own.smtp_tls == "implicit",
        smtp_starttls={"context": verified} if own.smtp_tls == "starttls" else False,
        smtp_skip_login=tokens.is_wanted() or not own.smtp_password,
        soft_email_validation=False,
        timeout=60,
        **extra,
    )
    connection.set_logging(None)
    try:
        connection.login()
        connection.smtp.ehlo_or_helo_if_needed()
        if tokens.is_wanted():
            _sign_in_by_token(connection.smtp, own.smtp_user or own.imap_user)
    except BaseException:
        hang_up(connection)
        raise
    return connection


def _sign_in_by_token(smtp: smtplib.SMTP, user: str) -> None:
    said = tokens.xoauth2(user)

    def answer(challenge: bytes | None = None) -> str:
        return said if challenge is None else ""  # a challenge is the refusal, told in JSON

    smtp.auth("XOAUTH2", answer)


def hang_up(connection: yagmail.SMTP) -> None:
    """Drop a connection without QUIT; safe on a dead one."""
    smtp = getattr(connection, "smtp", None)
    if smtp is not None:
        smtp.close()
    connection.is_closed = True


@dataclass
class _Open:
    """The connection in use, since when, and for how many mails."""

    connection: yagmail.SMTP
    since: float
    mails: int = 0


class Relay:
    """The connection of one worker, opened when needed, renewed after 50 mails or a minute."""

    def __init__(self) -> None:
        self._open: _Open | None = None

    def smtp(self) -> smtplib.SMTP:
        """A connection that answers. Raises one of TROUBLE."""
        now = time.monotonic()
        if self._open is not None and (self._is_worn(self._open) or not _is_alive(self._open)):
            self.close()
        if self._open is None:
            self._open = _Open(connect(), now)
        self._open.mails += 1
        found: smtplib.SMTP = self._open.connection.smtp
        return found

    def close(self) -> None:
        """Let the connection go."""
        if self._open is not None:
            hang_up(self._open.connection)
            self._open = None

    def close_idle(self) -> None:
        """Let the connection go when it has been open for long."""
        if self._open is not None and self._is_worn(self._open):
            self.close()

    @staticmethod
    def _is_worn(opened: _Open) -> bool:
        age = time.monotonic() - opened.since
        return opened.mails >= MOST_MAILS_A_CONNECTION or age > LONGEST_CONNECTION_SECONDS


def _is_alive(opened: _Open) -> bool:
    try:
        return bool(opened.connection.smtp.noop()[0] == 250)
    except (OSError, smtplib.SMTPException):
        return False
