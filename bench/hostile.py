"""Broken and hostile mails through real IMAP to a real bot: none stops it, none takes over 5 seconds, none is lost.

`python -m bench hostile [hostile=2000] [on=sqlite|postgresql]`.
"""

import imaplib
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from bench import relay as relays
from bench.ground import Figure, postgresql, settings_of, sqlite
from bench.hostile_mails import SEED, Kind, mails
from bench.odd_mails import sender
from core import clock
from core.db import read, write
from core.models import Account, IncomingMail, IntentSetting, OutgoingMail, Person
from core.settings import settings
from core.vocabulary import IncomingState, Intent, IntentMode, OutgoingState, Role
from deploy import postgres
from tests.mailbot import dovecot
from tests.mailbot.conftest import Nursery

MAILS = 2_000
LONGEST_SECONDS = 1_800


@dataclass
class Sink:
    """A relay that takes everything, and counts what an address got."""

    accepted: Counter[str] = field(default_factory=Counter)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Accept a mail."""
        self.accepted.update(envelope.rcpt_tos)
        return "250 OK"


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of the mails: how many of a kind came to a state, and why; times in seconds.

    `twice` counts answers that an address got more often than it was asked.
    """

    outcomes: Counter[tuple[Kind, IncomingState, str]]
    lost: int
    twice: int
    answers: int
    slowest: float
    took: float
    exit_code: int
    stopped_in: float

    def of(self, state: IncomingState, kind: Kind | None = None) -> int:
        """How many mails, of a kind or of all, came to a state."""
        return sum(count for (each, at, _why), count in self.outcomes.items() if at is state and kind in (None, each))


def run(count: int, nursery: Nursery, imap_port: int, *, seed: int = SEED) -> Ended:
    """Lay the mails in a mailbox on an IMAP server, let one bot work, stop it, and look.

    Every intent is on and every sender has an account, so that nothing but the mail itself decides.
    """
    kinds = dict(enumerate(_arrived(count, imap_port, seed)))
    _known_senders(count)
    sink = Sink()
    controller = relays.started(sink)
    os.environ["SMTP_PORT"] = str(controller.port)
    settings.cache_clear()
    started = time.monotonic()
    bot = nursery.start()
    try:
        _wait(count, nursery, bot)
        took, asked = time.monotonic() - started, time.monotonic()
        code = nursery.stop(bot)
        stopped_in = time.monotonic() - asked
    finally:
        controller.stop()
    return _looked_at(kinds, sink, took, code, stopped_in)


def _arrived(count: int, port: int, seed: int) -> list[Kind]:
    """Append every mail byte for byte; imaplib's own append would mend its line ends."""
    box, kinds = imaplib.IMAP4("127.0.0.1", port, timeout=60), []
    box.login(settings().imap_user, settings().imap_password)
    for kind, raw in mails(count, seed):
        box.literal = raw  # type: ignore[attr-defined]
        answer, told = box._simple_command("APPEND", "INBOX")  # type: ignore[attr-defined]
        if answer != "OK":
            raise RuntimeError(f"the server took no mail: {told!r}")
        kinds.append(kind)
    box.logout()
    return kinds


def _known_senders(count: int) -> None:
    now = clock.now()
    people = [
        {
            "id": number + 1,
            "first_name": "An",
            "last_name": f"Nr{number}",
            "search_name": f"an nr{number}",
            "created_at": now,
        }
        for number in range(count)
    ]
    accounts = [
        {
            "role": Role.PERSON,
            "email": sender(number),
            "name": f"An Nr{number}",
            "person_id": number + 1,
            "created_at": now,
            "confirmed_at": now,
        }
        for number in range(count)
    ]
    with write() as db:
        db.execute(insert(Person), people)
        db.execute(insert(Account), accounts)
        db.add_all(IntentSetting(intent=intent, mode=IntentMode.ON) for intent in Intent)


def _wait(count: int, nursery: Nursery, bot: int) -> None:
    """Until every mail has come to its end and every answer has left. Raises RuntimeError when the bot dies."""
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        if (code := nursery.code(bot)) is not None:
            raise RuntimeError(f"the bot ended with {code}")
        with read() as db:
            came = db.scalar(select(func.count()).where(IncomingMail.state != IncomingState.RECEIVED)) or 0
            waits = db.scalar(select(func.count()).where(OutgoingMail.state != OutgoingState.SENT)) or 0
        if came >= count and not waits:
            return
        time.sleep(0.1)
    raise RuntimeError("the work does not end")


def _looked_at(kinds: dict[int, Kind], sink: Sink, took: float, code: int, stopped_in: float) -> Ended:
    with read() as db:
        rows = db.execute(
            select(
                func.substr(IncomingMail.raw, 1, 30),
                IncomingMail.state,
                IncomingMail.reason,
                IncomingMail.arrived_at,
                IncomingMail.handled_at,
            ).order_by(IncomingMail.id)
        ).all()
        answers = Counter(db.scalars(select(OutgoingMail.recipient)).all())
    numbers = [
        int(bytes(raw).removeprefix(b"X-Number: ").split(b"\r", 1)[0].split(b"\n", 1)[0]) for raw, *_rest in rows
    ]
    return Ended(
        outcomes=Counter((kinds[number], row.state, row.reason) for number, row in zip(numbers, rows, strict=True)),
        lost=len(kinds.keys() - set(numbers)),
        twice=sum((sink.accepted - answers).values()),
        answers=sum(answers.values()),
        slowest=_slowest([(row.arrived_at, row.handled_at) for row in rows]),
        took=took,
        exit_code=code,
        stopped_in=stopped_in,
    )


def _slowest(times: list[tuple[datetime, datetime | None]]) -> float:
    """The longest a mail took: from the end of the one before it (fetching included), or from when it was stored."""
    ends = [handled or clock.now() for _arrived, handled in times]
    begins = [times[0][0], *ends[:-1]]
    return max((end - begin).total_seconds() for begin, end in zip(begins, ends, strict=True))


def _measured(name: str, count: int) -> Iterator[Figure]:
    with ExitStack() as stack:
        port = stack.enter_context(dovecot.running())
        quick = {"IMAP_PORT": str(port), "ARCHIVE_ADDRESS": "", "ANSWERS_AN_HOUR_IN_ALL": "10000"}
        stack.enter_context(settings_of(**quick, SMTP_PORT="0", DAY_STARTS_AT_HOUR="23"))
        nursery = Nursery(Path(os.devnull))
        stack.callback(nursery.close)
        ended = run(count, nursery, port)
    answered, held = ended.of(IncomingState.HANDLED), ended.of(IncomingState.HELD)
    yield Figure(f"{name}: hostile mails stored and brought to an end", ended.outcomes.total(), "mails", f"{count}")
    yield Figure(f"{name}: lost", ended.lost, "mails", "0")
    yield Figure(f"{name}: the slowest, from the end of the one before it", ended.slowest, "s", "< 5")
    yield Figure(f"{name}: exit code of the bot, which was never started again", ended.exit_code, "", "0")
    yield Figure(f"{name}: the bot stopped within", ended.stopped_in, "s", "< 5")
    yield Figure(f"{name}: mails a second", count / ended.took, "mails/s")
    yield Figure(f"{name}: answered", answered, "mails", f"> {count // 2}")
    yield Figure(f"{name}: handed over", held, "mails")
    yield Figure(f"{name}: mails that left", ended.answers, "mails")
    yield Figure(f"{name}: delivered more often than made", ended.twice, "mails", "0")
    for (kind, state, why), number in sorted(ended.outcomes.items(), key=lambda each: (each[0][0], -each[1])):
        yield Figure(f"{name}: {kind}: {state} {why}".rstrip(), number, "mails")


def figures(given: dict[str, str]) -> Iterator[Figure]:
    """The outcomes on both databases, or on the one named."""
    on, count = given.get("on", ""), int(given.get("hostile", MAILS))
    if on in ("", "sqlite"):
        with sqlite():
            yield from _measured("SQLite", count)
    if on in ("", "postgresql"):
        with postgres.running(("listen_addresses=127.0.0.1",)) as server, postgresql(server):
            yield from _measured("PostgreSQL", count)
