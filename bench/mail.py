"""Mail through real IMAP and SMTP while bots are killed: lost, answered twice, a second; and from arrival to reply.

`python -m bench mail [mails=10000] [kills=200] [bots=2] [replies=200] [on=sqlite|postgresql]`.
"""

import imaplib
import os
import signal
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from random import Random
from smtplib import SMTP

from sqlalchemy import func, select

from bench import relay as relays
from bench.ground import Figure, postgresql, settings_of, sqlite
from bench.relay import Hostile
from core.db import read, write
from core.models import IncomingMail, IntentSetting, LocalMail, OutgoingMail
from core.queries.operations import mail_figures
from core.settings import settings
from core.vocabulary import IncomingState, Intent, IntentMode, OutgoingState
from deploy import postgres
from deploy.postgres import free_port
from mailbot.local_server import LocalServer
from tests.mailbot import dovecot
from tests.mailbot.conftest import Nursery, a_mail

US = "cno@cno.example"
TEXTS = (
    "Dag, ik ben mijn wachtwoord vergeten. Groeten, leraar {number}",
    "Hallo, hoe maak ik een account aan? Met vriendelijke groet, leraar {number}",
)
QUICK = {
    "LEASE_MAILBOX_SECONDS": "2",
    "LEASE_CLAIMED_SECONDS": "5",
    "LEASE_COMMITTING_SECONDS": "10",
    "LEASE_CHECKING_SECONDS": "10",
    "ARCHIVE_SETTLES_SECONDS": "60",  # 600 in use; a laden machine must not take longer to lay down a copy
    "ANSWERS_AN_HOUR_IN_ALL": "10000",
    "DAY_STARTS_AT_HOUR": "23",
}
LONGEST_SECONDS = 3 * 3600
MOST_AHEAD = 300  # mails
_DONE = (OutgoingState.SENT, OutgoingState.FAILED, OutgoingState.UNCERTAIN, OutgoingState.HELD)


def _sender(number: int) -> str:
    return f"leraar{number}@school.example"


def _raw(number: int) -> bytes:
    text = TEXTS[number % len(TEXTS)].format(number=number)
    return a_mail(text, _sender(number), Subject="Vraag", Message_ID=f"<{number}@school.example>")


def _switch_on() -> None:
    with write() as db:
        db.add_all(IntentSetting(intent=intent, mode=IntentMode.ON) for intent in Intent)


def _arrive(port: int, count: int, relay: Hostile) -> None:
    """Lay all mails in the mailbox, one by one, while the bots work; never more than a few hundred ahead of them."""
    box = imaplib.IMAP4("127.0.0.1", port, timeout=60)
    box.login(US, settings().imap_password)
    for number in range(count):
        while number - sum(relay.accepted.values()) > MOST_AHEAD:
            time.sleep(0.05)
        box.append("INBOX", "", "", _raw(number))
    box.logout()


@dataclass
class Bots:
    """The bots that run, and what became of those that were killed or stopped."""

    nursery: Nursery
    count: int
    chance: Random
    killed: int = 0
    running: list[int] = field(default_factory=list)

    def fill(self) -> None:
        """Start bots until enough of them run."""
        self.running = [pid for pid in self.running if self.nursery.code(pid) is None]
        while len(self.running) < self.count:
            self.running.append(self.nursery.start())

    def kill(self) -> None:
        """SIGKILL to one of them, at whatever it is doing."""
        os.kill(self.chance.choice(self.running), signal.SIGKILL)
        self.killed += 1

    def stop(self) -> float:
        """Ask all to stop; how long the slowest took, seconds."""
        started = time.monotonic()
        for pid in self.running:
            if code := self.nursery.stop(pid):
                raise RuntimeError(f"a bot ended with {code}")
        return time.monotonic() - started


def _is_over(count: int) -> bool:
    with read() as db:
        came = db.scalar(select(func.count()).where(IncomingMail.state != IncomingState.RECEIVED)) or 0
        waits = db.scalar(select(func.count()).where(OutgoingMail.state.not_in(_DONE))) or 0
    return came >= count and not waits


def _worked(relay: Hostile, bots: Bots, count: int, kills: int) -> float:
    """Let the bots work and kill them at moments spread over the work; seconds until nine of ten mails had left."""
    moments = sorted(bots.chance.uniform(0, count * 0.95) for _ in range(kills))
    started, most = time.monotonic(), 0.0
    while time.monotonic() - started < LONGEST_SECONDS:
        bots.fill()
        left = sum(relay.accepted.values())
        if not most and left >= 0.9 * count:
            most = time.monotonic() - started
        if moments and left >= moments[0]:
            moments.pop(0)
            bots.kill()
        elif left >= 0.9 * count and _is_over(count):
            return most
        time.sleep(bots.chance.uniform(0.01, 0.15))
    raise RuntimeError("the work does not end")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often an asker was answered, and what was left to a person where nobody was."""

    lost: int
    twice: int
    once: int
    with_a_person: int


def _outcome(relay: Hostile, count: int) -> Outcome:
    with read() as db:
        held = select(IncomingMail.from_address).where(IncomingMail.state == IncomingState.HELD)
        unread = select(IncomingMail.raw).where(IncomingMail.state == IncomingState.QUARANTINED)
        failed = select(OutgoingMail.recipient).where(OutgoingMail.state == OutgoingState.FAILED)
        to_look_at = {*db.scalars(held), *db.scalars(failed)}
        to_look_at |= {str(message_from_bytes(raw)["From"]) for raw in db.scalars(unread)}
    got = Counter(min(relay.accepted[_sender(number)], 2) for number in range(count))
    unanswered = {_sender(number) for number in range(count)} - set(relay.accepted)
    for address in sorted({each for each, times in relay.accepted.items() if times > 1} | (unanswered - to_look_at)):
        _tell(address, relay.accepted[address])
    return Outcome(len(unanswered - to_look_at), got[2], got[1], len(unanswered & to_look_at))


def _tell(address: str, times: int) -> None:
    """What became of one mail that was lost or answered twice, to find out why."""
    with read() as db:
        came = db.execute(
            select(IncomingMail.state, IncomingMail.outcome, IncomingMail.reason, IncomingMail.attempts).where(
                IncomingMail.from_address == address
            )
        ).all()
        left = db.execute(
            select(
                OutgoingMail.state, OutgoingMail.attempts, OutgoingMail.code, OutgoingMail.dot_at, OutgoingMail.sent_at
            )
            .where(OutgoingMail.recipient == address)
            .order_by(OutgoingMail.id)
        ).all()
    print(
        f"{address}: accepted {times} times; came {[tuple(row) for row in came]}; left {[tuple(row) for row in left]}"
    )


def _hard_times(name: str, given: dict[str, str]) -> Iterator[Figure]:
    count, kills = int(given.get("mails", 10_000)), int(given.get("kills", 200))
    chance = Random(20261125)  # the same bad luck at each run
    with ExitStack() as stack:
        imap_port = stack.enter_context(dovecot.running())
        relay = Hostile(imap_port, chance)
        controller = relays.started(relay)
        stack.callback(controller.stop)
        ports = {"IMAP_PORT": str(imap_port), "SMTP_PORT": str(controller.port)}
        stack.enter_context(settings_of(**QUICK, **ports))
        _switch_on()
        log = Path(os.environ["MATERIAL_URL"].removeprefix("file://")).parent / "bots.log"
        nursery = Nursery(log)
        stack.callback(nursery.close)
        bots = Bots(nursery, int(given.get("bots", 2)), chance)
        arriving = threading.Thread(target=_arrive, args=(imap_port, count, relay))
        arriving.start()
        most = _worked(relay, bots, count, kills)
        arriving.join()
        stopped = bots.stop()
        found = _outcome(relay, count)
        with read() as db:
            stored = mail_figures(db).received
        yield Figure(f"{name}: mails stored of {count:,} sent, bots killed {bots.killed} times", stored, "mails")
        yield Figure(f"{name}: lost", found.lost, "mails", "0")
        yield Figure(f"{name}: answered twice", found.twice, "mails", "0")
        yield Figure(f"{name}: answered once", found.once, "mails")
        yield Figure(f"{name}: refused or read in vain, and shown to a coordinator", found.with_a_person, "mails")
        yield Figure(f"{name}: answered a second, until nine of ten were", 0.9 * count / most, "mails/s")
        for trouble, times in sorted(relay.met.items()):
            yield Figure(f"{name}: the relay: {trouble}", times, "times")
        yield Figure(f"{name}: bots stopped within", stopped, "s", "< 5")
        yield Figure(
            f"{name}: addresses in {len(log.read_bytes()) >> 10:,} kB of log", log.read_text().count("@"), "", "0"
        )


def _reply_seconds(server: LocalServer, number: int) -> float:
    address = _sender(number)
    with SMTP("127.0.0.1", server.smtp_port, timeout=20) as smtp:
        smtp.sendmail(address, [US], _raw(number))
    started = time.perf_counter()
    while time.perf_counter() - started < 30:
        with read() as db:
            if db.scalar(select(LocalMail.id).where(LocalMail.box == address)):
                return time.perf_counter() - started
        time.sleep(0.005)
    raise RuntimeError("no reply within 30 seconds")


def _replies(name: str, count: int) -> Iterator[Figure]:
    """From a mail's arrival on the embedded host to the reply in the asker's mailbox there."""
    server = LocalServer(settings().imap_password, free_port(), free_port())
    ports = {"IMAP_PORT": str(server.imap_port), "SMTP_PORT": str(server.smtp_port)}
    with settings_of(ANSWERS_AN_HOUR_IN_ALL="10000", **ports), ExitStack() as stack:
        _switch_on()
        serving = threading.Thread(target=server.run, daemon=True)
        serving.start()
        stack.callback(server.stop.set)
        if not server.ready.wait(20):
            raise RuntimeError("the embedded mail server does not start")
        nursery = Nursery(Path(os.devnull))
        stack.callback(nursery.close)
        bot = nursery.start()
        _reply_seconds(server, count)
        times = sorted(_reply_seconds(server, number) for number in range(count))
        nursery.stop(bot)
        yield Figure(f"{name}: from arrival to reply, median of {count}", statistics.median(times), "s", "< 1")
        yield Figure(f"{name}: from arrival to reply, 95th percentile", times[int(count * 0.95) - 1], "s")


def figures(given: dict[str, str]) -> Iterator[Figure]:
    """All figures of this file."""
    on = given.get("on", "")
    parts = (_hard_times, lambda name, given: _replies(name, int(given.get("replies", 200))))
    for part in parts:
        if on in ("", "sqlite"):
            with sqlite():
                yield from part("SQLite", given)
        if on in ("", "postgresql"):
            with postgres.running(("listen_addresses=127.0.0.1",)) as server, postgresql(server):
                yield from part("PostgreSQL", given)
