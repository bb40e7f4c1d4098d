"""A relay with bad days: it drops connections, refuses for now or for good, and loses its answer after accepting."""

import asyncio
import imaplib
import threading
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiosmtpd.controller import Controller

from core.settings import settings
from deploy.postgres import free_port

#: Of each thousand mails: how many meet what.
DROPPED_EARLY, REFUSED_FOR_NOW, DROPPED_IN_BODY, FULL, ANSWER_LOST = 10, 10, 10, 5, 40
NEVER = 500  # each so manieth recipient does not exist


@dataclass
class Hostile:
    """Keeps what it accepted: a count an address, and the copy in the archive mailbox before it answers."""

    imap_port: int
    chance: Random
    accepted: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    _delayed: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _imap: imaplib.IMAP4 | None = None

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        """Accept an address, or not."""
        if address != settings().archive_address:
            roll = self.chance.randrange(1000)
            if does_not_exist(address):
                self.met["refused for good"] += 1
                return "550 5.1.1 No such mailbox"
            if roll < DROPPED_EARLY:
                self.met["dropped before the text"] += 1
                server.transport.abort()
            elif roll < DROPPED_EARLY + REFUSED_FOR_NOW and address not in self._delayed:
                self._delayed.add(address)
                self.met["refused for now"] += 1
                return "451 4.7.1 Later, please"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        """Accept a mail, or not, or do and never say so."""
        (address,) = [each for each in envelope.rcpt_tos if each != settings().archive_address]
        roll = self.chance.randrange(1000)
        if roll < DROPPED_IN_BODY:
            self.met["dropped at the dot"] += 1
            server.transport.abort()
            return "250 OK"
        if roll < DROPPED_IN_BODY + FULL and address not in self._delayed:
            self._delayed.add(address)
            self.met["refused at the dot"] += 1
            return "452 4.3.1 Full"
        # A sender that is gone by now cancels this conversation; what was accepted is delivered all the same.
        await asyncio.shield(asyncio.to_thread(self._accept, address, bytes(envelope.original_content)))
        if roll < DROPPED_IN_BODY + FULL + ANSWER_LOST:
            self.met["accepted, answer lost"] += 1
            server.transport.abort()
        return "250 OK"

    def _accept(self, address: str, raw: bytes) -> None:
        with self._lock:
            if self._imap is None:
                self._imap = imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=60)
                self._imap.login(settings().archive_imap_user, settings().archive_imap_password)
            kind, answer = self._imap.append("INBOX", "", "", raw)
            if kind != "OK":
                raise RuntimeError(f"the archive took no copy: {answer!r}")
            self.accepted[address] += 1


def does_not_exist(address: str) -> bool:
    """Whether the relay refuses an address for good."""
    return int("0" + "".join(filter(str.isdigit, address.partition("@")[0]))) % NEVER == NEVER - 1


def started(relay: object) -> Controller:
    """The relay on a port of its own."""
    controller = Controller(relay, hostname="127.0.0.1", port=free_port(), ready_timeout=20)
    controller.start()
    return controller
