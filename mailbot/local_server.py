"""The embedded mail server for the demo, development and tests: SMTP in, IMAP out, on loopback only.

Our addresses reach their mailbox (`+…` dropped), others of our domain are refused with 550, and every address outside
gets a mailbox of its own, readable with the demo password. What arrives is written to `LocalMail` before the 250.
pymap's private parts are used in this file only.
"""

import asyncio
import hashlib
import logging
import signal
import sys
import threading
from argparse import ArgumentParser
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiosmtpd.smtp import SMTP
from pymap.backend.dict import DictBackend, Identity
from pymap.imap import IMAPService
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import BuiltinHash
from sqlalchemy import select

from core import clock, start
from core.db import read, write
from core.models import IncomingMail, LocalMail
from core.settings import settings

log = logging.getLogger(__name__)
LARGEST_MAIL = 40 << 20
ARCHIVE_KEPT = timedelta(days=1)
MOST_KEPT = 3_000

Kept = tuple[str, bytes, datetime]


def mailbox_of(address: str) -> str | None:
    """The mailbox that mail to an address reaches; None when it is ours to refuse."""
    own = settings()
    local, _, domain = address.lower().rpartition("@")
    if domain != own.mail_domain:
        return f"{local}@{domain}"
    box = f"{local.partition('+')[0]}@{domain}"
    return box if box in our_mailboxes() else None


def our_mailboxes() -> tuple[str, ...]:
    """The mailboxes that exist from the start."""
    own = settings()
    return tuple(box.lower() for box in (own.mail_address, own.archive_address) if box)


def keep(boxes: Iterable[str], raw: bytes, at: datetime) -> None:
    """Write a mail down for each mailbox, before it is accepted."""
    with write() as db:
        db.add_all(LocalMail(box=box, raw=raw, arrived_at=at) for box in boxes)


def kept() -> list[Kept]:
    """What the mailboxes held, the oldest first: without what the bot has collected, and archive copies of days ago."""
    own = settings()
    with read() as db:
        rows = db.execute(
            select(LocalMail.box, LocalMail.raw, LocalMail.arrived_at).order_by(LocalMail.id.desc()).limit(MOST_KEPT)
        ).all()
        collected = set(db.scalars(select(IncomingMail.sha256)))
    old = clock.now() - ARCHIVE_KEPT
    return [
        (box, raw, at)
        for box, raw, at in reversed(rows)
        if not (box == own.mail_address and hashlib.sha256(raw).hexdigest() in collected)
        and not (box == own.archive_address and at < old)
    ]


@dataclass
class Door:
    """What aiosmtpd asks when mail comes in."""

    append: Callable[[str, bytes, datetime], Awaitable[None]]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        if mailbox_of(address) is None:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        at = clock.now()
        boxes = sorted({box for address in envelope.rcpt_tos if (box := mailbox_of(address))})
        trace = (
            f"Return-Path: <{(envelope.mail_from or '').strip('<>')}>\r\n"
            f"Received: from {session.host_name or 'unknown'} by {settings().mail_domain} with ESMTP; "
            f"{format_datetime(at)}\r\n"
        ).encode("ascii", "replace")
        raw = trace + bytes(envelope.original_content)
        await asyncio.to_thread(keep, boxes, raw, at)
        for box in boxes:
            await self.append(box, raw, at)
        return "250 2.0.0 OK"


@dataclass
class LocalServer:
    """The server of one process; `ready` is set once both ports listen."""

    password: str
    imap_port: int
    smtp_port: int
    ready: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Serve until `stop` is set."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        alive: set[asyncio.Task[Any]] = set()

        def held(of: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, Any], **options: Any) -> asyncio.Task[Any]:
            """A task that somebody holds; Python 3.13 collects idle connections as garbage otherwise."""
            made: asyncio.Task[Any] = asyncio.Task(coro, loop=of, **options)
            alive.add(made)
            made.add_done_callback(alive.discard)
            return made

        loop.set_task_factory(held)  # type: ignore[arg-type] # its protocol is private
        backend, config = await self._backend()
        users = backend.login.users_dict
        users.clear()
        quick = BuiltinHash(rounds=1000)

        async def append(box: str, raw: bytes, at: datetime) -> None:
            if box not in users:
                users[box] = UserMetadata(config, box, password=quick.hash(self.password))
            identity = Identity(box, backend.login, None, frozenset())
            async with identity.new_session() as boxes:
                if raw:
                    await boxes.append_messages("INBOX", [AppendMessage(raw, at, frozenset())])

        async with AsyncExitStack() as stack:
            await backend.start(stack)
            for box in our_mailboxes():
                await append(box, b"", clock.now())
            for box, raw, at in await asyncio.to_thread(kept):
                await append(box, raw, at)
            await IMAPService(backend, config).start(stack)
            smtp = await loop.create_server(
                lambda: SMTP(Door(append), data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True, hostname="localhost"),
                "127.0.0.1",
                self.smtp_port,
            )
            self.ready.set()
            await asyncio.to_thread(self.stop.wait)
            smtp.close()
            for task in alive - {asyncio.current_task()}:
                task.cancel()

    async def _backend(self) -> tuple[Any, Any]:
        parser = ArgumentParser()
        DictBackend.add_subparser("dict", parser.add_subparsers(dest="backend"))
        IMAPService.add_arguments(parser)
        args = parser.parse_args(["--host", "127.0.0.1", "--port", str(self.imap_port), "--no-tls", "dict"])
        args.passlib_cfg, args.debug, args.skip_services = None, False, []
        backend, config = await DictBackend.init(args)
        config.apply_context()
        return backend, config


def main() -> int:
    """Serve on the ports of the settings until SIGTERM or Ctrl-C."""
    own = settings()
    if own.environment == "production":
        sys.stderr.write("the embedded mail server is for trying out: it does not start in production\n")
        return 2
    start.check()
    server = LocalServer(own.imap_password, own.imap_port, own.smtp_port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop.set())
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    while serving.is_alive() and not server.stop.is_set():
        server.stop.wait(0.5)
    serving.join(timeout=5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
