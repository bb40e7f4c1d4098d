"""Mail in, over IMAP: store first, then tidy the folder, then wait in IDLE and look again.

Our database says what is done, never a flag on the server. One collector a mailbox, by a lease; a second one started
by mistake waits, and the unique hash makes even two harmless.
"""

import imaplib
import logging
import re
import select
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.idle import IdleManager
from imap_tools.utils import encode_folder
from sqlalchemy import select as sql_select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from core import clock
from core.db import write
from core.logs import cause
from core.models import MailboxLease
from core.settings import settings
from mailbot import handling, tokens
from mailbot.reading import MAX_BYTES
from mailbot.steps import reached

log = logging.getLogger(__name__)
TROUBLE = (imaplib.IMAP4.error, ImapToolsError, OSError)
CONNECTION_SECONDS = 30
IDLE_SLICE_SECONDS = 1.0
LONGEST_IDLE_SECONDS = 240.0
SCAN_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 60.0
BEGINNING_BYTES = 256 << 10


class SafeIdle(IdleManager):
    """IDLE that sees a line in Python's or TLS's own buffer at once, and never reads half a line."""

    def poll(self, timeout: float | None) -> list[bytes]:
        """The lines the server sent within a time, seconds. Raises imaplib's abort at the end of the connection."""
        client = self.mailbox.client
        lines: list[bytes] = []
        end = time.monotonic() + (timeout or 0.0)
        while self._is_readable(client, 0.05 if lines else max(0.0, end - time.monotonic())):
            lines.append(client._get_line())
            if lines[-1].startswith(b"* BYE"):
                raise imaplib.IMAP4.abort("BYE")
        return lines

    def _is_readable(self, client: Any, wait: float) -> bool:
        sock, buffer = client.sock, getattr(client, "_file", None) or client.file
        usual = sock.gettimeout()
        sock.settimeout(0)
        try:
            if buffer.peek(1):
                return True
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            sock.settimeout(usual)
        return bool(select.select([sock], [], [], wait)[0])


class CheckedMailBox(MailBox):
    """IMAP over TLS with certificates checked."""

    idle_manager_class = SafeIdle


class LoopbackMailBox(MailBoxUnencrypted):
    """IMAP without encryption, for a server on this machine."""

    idle_manager_class = SafeIdle


def connected(user: str, password: str) -> BaseMailBox:
    """A signed-in connection with INBOX selected. Raises one of TROUBLE."""
    own = settings()
    box: BaseMailBox
    if own.imap_tls == "implicit":
        box = CheckedMailBox(
            own.imap_host, own.imap_port, timeout=CONNECTION_SECONDS, ssl_context=ssl.create_default_context()
        )
    else:
        box = LoopbackMailBox(own.imap_host, own.imap_port, timeout=CONNECTION_SECONDS)
    try:
        sign_in(box, user, password)
        box.client._get_capabilities()  # those of before the login lack MOVE
    except BaseException:
        dropped(box)
        raise
    return box


def sign_in(box: BaseMailBox, user: str, password: str) -> None:
    """By password, or by the token of XOAUTH2; INBOX is selected then. Raises one of TROUBLE."""
    if not tokens.is_wanted():
        box.login(user, password)
        return
    said = tokens.xoauth2(user)  # fetched before the server waits for it
    asked: list[bytes] = []

    def answer(challenge: bytes) -> bytes:
        asked.append(challenge)
        return said.encode("ascii") if len(asked) == 1 else b""  # a second challenge is the refusal, told in JSON

    box.client.authenticate("XOAUTH2", answer)
    box.folder.set("INBOX")


def dropped(box: BaseMailBox) -> None:
    """Let a connection go without a word; a logout on a dead socket would hide the first error."""
    try:
        box.client.shutdown()
    except OSError:
        log.debug("the connection was gone already")


class Collector:
    """Collects the CNO mailbox until told to stop."""

    def __init__(self, worker: str, stop: threading.Event, on_handled: Callable[[], None]) -> None:
        self._worker = worker
        self._stop = stop
        self._on_handled = on_handled
        self._renew_at = 0.0

    def run(self) -> None:
        """Collect, handle, wait; after trouble wait 1 → 60 s, connect and look again."""
        pause = 1.0
        while not self._stop.is_set():
            if not self._keeps_lease():
                self._stop.wait(IDLE_SLICE_SECONDS)
                continue
            try:
                self._handle()
                box = connected(settings().imap_user, settings().imap_password)
            except (*TROUBLE, SQLAlchemyError) as trouble:
                log.warning("no connection to the mailbox", extra={"cause": cause(trouble)})
                self._stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                continue
            try:
                self._collect(box)
                pause = 1.0
            except (*TROUBLE, SQLAlchemyError) as trouble:
                log.warning("collecting stumbled, it begins again", extra={"cause": cause(trouble)})
                self._stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            finally:
                dropped(box)
        release_lease(self._worker)

    def _collect(self, box: BaseMailBox) -> None:
        """Scan, handle and wait, as long as the connection and the lease hold."""
        own = settings()
        ensure_folders(box, (own.folder_handled, own.folder_too_large))
        before: list[str] = []
        while not self._stop.is_set() and self._keeps_lease():
            found, has_news = self.scan(box)
            if not has_news and found in ([], before):  # what cannot be moved away is no reason to run in circles
                self._wait(box)
            before = found

    def scan(self, box: BaseMailBox) -> tuple[list[str], bool]:
        """Store and handle all that lies in INBOX, one by one, while the lease holds; never believes what IDLE said.

        Returns what lay there, and whether the server told of more meanwhile: IDLE would not tell it again.
        """
        box.folder.set("INBOX")
        box.client.response("EXISTS")
        validity = uidvalidity(box)
        found = box.uids("UNDELETED")
        for uid in found:
            if self._stop.is_set() or not self._keeps_lease():
                return found, False
            collect_one(box, uid, validity)
            self._handle()
        self._handle()
        return found, box.client.response("EXISTS")[1] != [None]

    def _keeps_lease(self) -> bool:
        """Renew the lease when a third of it has gone by; False when another collector has it."""
        if time.monotonic() < self._renew_at:
            return True
        holds = holds_lease(self._worker)
        self._renew_at = time.monotonic() + (settings().lease_mailbox_seconds / 3 if holds else 0.0)
        return holds

    def _handle(self) -> None:
        if handling.handle_received():
            self._on_handled()

    def _wait(self, box: BaseMailBox) -> None:
        """Wait for news: in IDLE where the server has it, else until the next scan is due."""
        if "IDLE" not in box.client.capabilities:
            self._stop.wait(SCAN_SECONDS)
            return
        until = time.monotonic() + LONGEST_IDLE_SECONDS
        box.idle.start()
        news: Sequence[bytes] = ()
        while not news and not self._stop.is_set() and time.monotonic() < until:
            news = [line for line in box.idle.poll(IDLE_SLICE_SECONDS) if not line.startswith(b"* OK")]
            if not self._keeps_lease():
                break
        box.idle.stop()


def collect_one(box: BaseMailBox, uid: str, validity: int) -> None:
    """Store one mail and move it away. A crash between the two only repeats the first, which changes nothing."""
    own = settings()
    size = fetched_size(box, uid)
    if size is None:
        return
    is_too_large = size > MAX_BYTES
    raw = fetched(box, uid, f"BODY.PEEK[]<0.{BEGINNING_BYTES}>" if is_too_large else "BODY.PEEK[]")
    if raw is None:
        return
    reached("fetched")
    handling.store(raw, size=size, uidvalidity=validity, uid=int(uid))
    reached("stored")
    move(box, uid, own.folder_too_large if is_too_large else own.folder_handled)
    reached("moved")


def fetched_size(box: BaseMailBox, uid: str) -> int | None:
    """The size of a mail, bytes; None when it has vanished."""
    _kind, answer = box.client.uid("FETCH", uid, "(RFC822.SIZE)")
    text = b" ".join(part if isinstance(part, bytes) else part[0] for part in answer if part)
    found = re.search(rb"RFC822\.SIZE (\d+)", text)
    return int(found[1]) if found else None


def fetched(box: BaseMailBox, uid: str, part: str) -> bytes | None:
    """A mail's bytes, without marking it as seen; None when it has vanished."""
    _kind, answer = box.client.uid("FETCH", uid, f"({part})")
    return next((bytes(found[1]) for found in answer if isinstance(found, tuple)), None)


def move(box: BaseMailBox, uid: str, folder: str) -> None:
    """Move one mail; without MOVE it is copied and only itself removed (UID EXPUNGE), or left in place."""
    client = box.client
    target = encode_folder(folder).decode("ascii")
    if "MOVE" in client.capabilities:
        client.uid("MOVE", uid, target)
        return
    kind, _answer = client.uid("COPY", uid, target)
    if kind == "OK" and "UIDPLUS" in client.capabilities:
        client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        client.uid("EXPUNGE", uid)
    elif kind == "OK":
        client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")  # never a plain EXPUNGE: it takes others' mails along


def ensure_folders(box: BaseMailBox, folders: Sequence[str]) -> None:
    """Make the folders that are not there yet."""
    for folder in folders:
        if not box.folder.exists(folder):
            box.folder.create(folder)


def uidvalidity(box: BaseMailBox) -> int:
    """The folder's UIDVALIDITY, for the record only."""
    status = box.folder.status("INBOX", ["UIDVALIDITY"])
    return int(status.get("UIDVALIDITY", 0))


def holds_lease(worker: str) -> bool:
    """Take or keep the right to collect the mailbox, for `lease_mailbox_seconds`."""
    now, mailbox = clock.now(), settings().imap_user
    try:
        with write() as db:
            lease = db.scalar(sql_select(MailboxLease).where(MailboxLease.mailbox == mailbox).with_for_update())
            if lease is None:
                lease = MailboxLease(mailbox=mailbox)
                db.add(lease)
            elif lease.worker != worker and lease.until > now:
                return False
            lease.worker, lease.until = worker, now + timedelta(seconds=settings().lease_mailbox_seconds)
    except IntegrityError:  # another collector made the row in this very moment
        return False
    return True


def release_lease(worker: str) -> None:
    """Let another collector begin at once."""
    with write() as db:
        lease = db.scalar(sql_select(MailboxLease).where(MailboxLease.worker == worker).with_for_update())
        if lease is not None:
            lease.until = clock.now()
