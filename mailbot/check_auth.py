"""`python -m mailbot check-auth [host[:port]]`: may TRUST_AUTHRES be on? A forged probe tells.

The probe claims, with our own id and a hop of our own host, that a foreign sender was proven. A border server must
strip or overrule that (RFC 8601, section 5). Only when the probe is judged `none` or `fail` may results be believed.
"""

import secrets
import smtplib
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from imap_tools import BaseMailBox
from imap_tools.errors import MailboxFolderSelectError

from core.settings import settings
from core.vocabulary import Verdict
from mailbot.mailbox import connected, dropped, fetched, move
from mailbot.reading import ReadingRefused, read, values
from mailbot.verdict import verdict

SENDER = "probe@example.org"
WAIT_SECONDS = 120.0
POLL_SECONDS = 1.0
SAFE, UNSAFE, UNKNOWN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Finding:
    """What the probe showed: the exit code, and a sentence for the administrator."""

    code: int
    text: str


def probe(token: str, host: str, authserv_id: str) -> bytes:
    """A mail that lies about itself; its X-CNO-Bot keeps the bot from answering it."""
    domain = SENDER.rpartition("@")[2]
    mail = EmailMessage()
    mail["Authentication-Results"] = (
        f"{authserv_id}; dmarc=pass header.from={domain}; dkim=pass header.d={domain}; spf=pass smtp.mailfrom={SENDER}"
    )
    mail["Received"] = f"from {domain} by {host}; Mon, 1 Jan 2024 00:00:00 +0000"
    mail["From"], mail["To"], mail["Subject"] = SENDER, settings().mail_address, f"check-auth {token}"
    mail["Message-ID"], mail["X-CNO-Bot"] = f"<{token}@{domain}>", "check-auth"
    mail.set_content("A probe of the CNO mail bot. It may be deleted.")
    return mail.as_bytes().replace(b"\n", b"\r\n")


def check(via: str, seconds: float = WAIT_SECONDS) -> Finding:
    """Send the probe to a server (host or host:port, as the outside world would) and judge it where it arrives."""
    own = settings()
    hosts, ids = _names(own.our_mail_hosts), _names(own.our_authserv_ids)
    if not hosts or not ids:
        return Finding(UNKNOWN, "Set OUR_MAIL_HOSTS and OUR_AUTHSERV_IDS first: nothing can be believed without them.")
    token = secrets.token_hex(12)
    host, _, port = via.partition(":")
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=60) as smtp:
            smtp.sendmail(SENDER, [own.mail_address], probe(token, hosts[0], ids[0]))
    except (smtplib.SMTPException, OSError, ValueError) as refused:
        return Finding(UNKNOWN, f"The server did not take the probe, so nothing is shown: {refused}")
    raw = arrived(token, seconds)
    if raw is None:
        return Finding(UNKNOWN, f"The probe did not arrive within {seconds:.0f} seconds, so nothing is shown.")
    return judged(raw, hosts, ids)


def judged(raw: bytes, hosts: Sequence[str], ids: Sequence[str]) -> Finding:
    """What the arrived probe says of the servers it came through."""
    try:
        message = read(raw)
    except ReadingRefused as refused:
        return Finding(UNKNOWN, f"The probe arrived broken: {refused}")
    found = verdict(message.parsed, frozenset(hosts), frozenset(ids))
    results = len(values(message.parsed, "Authentication-Results"))
    if found in (Verdict.NONE, Verdict.FAIL):
        return Finding(SAFE, f"Verdict «{found}», {results} results in the mail: TRUST_AUTHRES may be switched on.")
    return Finding(UNSAFE, f"Verdict «{found}»: the forged results were believed. Leave TRUST_AUTHRES off.")


def arrived(token: str, seconds: float) -> bytes | None:
    """The probe as it arrived, in INBOX or where the bot put it; it is moved away. None when it does not come."""
    own, end = settings(), time.monotonic() + seconds
    box = connected(own.imap_user, own.imap_password)
    try:
        while True:
            for folder in ("INBOX", own.folder_handled):
                if (raw := _found(box, folder, token)) is not None:
                    return raw
            if time.monotonic() >= end:
                return None
            time.sleep(min(POLL_SECONDS, seconds))
    finally:
        dropped(box)


def _found(box: BaseMailBox, folder: str, token: str) -> bytes | None:
    try:
        box.folder.set(folder)
    except MailboxFolderSelectError:
        return None  # the bot has not made its folder yet
    for uid in reversed(box.uids(f'SUBJECT "{token}"')):
        if (raw := fetched(box, uid, "BODY.PEEK[]")) is not None:
            if folder == "INBOX" and box.folder.exists(settings().folder_handled):
                move(box, uid, settings().folder_handled)
            return raw
    return None


def _names(text: str) -> list[str]:
    return [name.strip().lower() for name in text.split(",") if name.strip()]


def main(arguments: Sequence[str]) -> int:
    """0: may be switched on; 1: must stay off; 2: nothing was shown."""
    own = settings()
    finding = check(arguments[0] if arguments else f"{own.smtp_host}:{own.smtp_port}")
    sys.stdout.write(finding.text + "\n")
    return finding.code
