"""Conversations and sent mails of the last years, of the large data."""

from sqlalchemy import func, select

from core.db import Db
from core.demo.large.bulk import Loader, Row, Tell, instant, without_indexes
from core.demo.large.enrolments import AUDIT
from core.demo.large.ground import Ground
from core.demo.large.texts import ANSWERED, QUESTIONS
from core.models import Account, AuditEvent, IncomingMail, MailThread, OutgoingMail
from core.text import folded
from core.vocabulary import (
    ActorKind,
    AuditTag,
    IncomingState,
    Language,
    MailKind,
    OutgoingState,
    Role,
    Screening,
    ThreadState,
    Verdict,
)

#: The conversations are of so many days back; so many of them are open.
_DAYS, _OPEN = 3 * 365, 60
_THREAD = (
    "id",
    "subject",
    "address",
    "state",
    "created_at",
    "last_mail_at",
    "closed_at",
    "closed_by_id",
    *("waiting_since", "words"),
)
_INCOMING = (
    *("sha256", "raw", "size", "message_id", "from_address", "from_name", "subject", "body", "arrived_at", "state"),
    *("attempts", "outcome", "reason", "verdict", "language", "intent", "score", "handled_at", "thread_id"),
)
_OUTGOING = (
    *("dedupe_key", "name", "kind", "language", "recipient", "subject", "body", "ref", "mid", "envelope_from", "raw"),
    *("state", "not_before", "attempts", "created_at", "sent_at", "thread_id", "subject_type", "subject_id"),
)


def mail(db: Db, ground: Ground, tell: Tell) -> None:
    """Conversations, answered by the bot or by a coordinator, and the notices that left."""
    with without_indexes(db, MailThread, IncomingMail, OutgoingMail, AuditEvent):
        load = Loader(db, tell)
        work = _Mail(db, ground, load)
        for number in range(ground.size.threads):
            work.conversation(number)
            load.spill()
        work.notices()
        load.flush()


class _Mail:
    """Makes one conversation after the other."""

    def __init__(self, db: Db, ground: Ground, load: Loader) -> None:
        self.ground, self.chance, self.load = ground, ground.chance, load
        self.threads, self.incoming = load.sink(MailThread, *_THREAD), load.sink(IncomingMail, *_INCOMING)
        self.outgoing, self.trail = load.sink(OutgoingMail, *_OUTGOING), load.sink(AuditEvent, *AUDIT)
        self.first = (db.scalar(select(func.max(MailThread.id))) or 0) + 1
        self.coordinator = db.scalars(
            select(Account.id).where(Account.role == Role.COORDINATOR).order_by(Account.id).limit(1)
        ).one()
        self.writers = [human for identity, human in ground.people.items() if identity % 9 == 0]
        self.sent = self.received = 0

    def conversation(self, number: int) -> None:
        """A question, what became of it, sometimes a second question; the last ones are still open."""
        chance, size = self.chance, self.ground.size
        back = _DAYS * (1 - (number + 1) / size.threads) ** 1.1
        on, seconds = self.ground.today - 1 - int(back), chance.randrange(18_000, 80_000)
        intent, subject, body, _weight = chance.choices(QUESTIONS, [each[3] for each in QUESTIONS])[0]
        writer = self.writers[number % len(self.writers)]
        is_open = number >= size.threads - _OPEN
        identity = self.first + number
        is_automatic = not is_open and chance.random() < 0.07
        by_bot = not is_open and not is_automatic and intent in ANSWERED and chance.random() < 0.85
        state = IncomingState.IGNORED if is_automatic else IncomingState.HANDLED if by_bot else IncomingState.HELD
        question = (identity, writer.name, writer.email, subject, body, None if is_automatic else intent)
        self._received(question, on, seconds, state)
        last = (on, seconds)
        if by_bot:
            last = (on, seconds + chance.randint(2, 25))
            self._answered(identity, writer.email, subject, *last, kind=MailKind.ANSWER)
        elif not is_automatic and not is_open and chance.random() < 0.93:
            last = _later(on, seconds, 3600 * chance.lognormvariate(1.6, 1.1))
            self._answered(identity, writer.email, subject, *last, kind=MailKind.PERSONAL)
            if chance.random() < 0.12 and last[0] < self.ground.today - 3:
                self._received(question, last[0] + 1, 40_000, IncomingState.HELD)
                last = (last[0] + 1, 60_000 + chance.randrange(20_000))
                self._answered(identity, writer.email, subject, *last, kind=MailKind.PERSONAL)
        closed = None if is_open else instant(*last)
        closer = None if is_open or by_bot or is_automatic else self.coordinator
        standing = (ThreadState.OPEN if is_open else ThreadState.CLOSED).value
        self.threads.add(
            (
                identity,
                subject,
                writer.email,
                standing,
                instant(on, seconds),
                instant(*last),
                closed,
                closer,
                instant(*last),
                folded(f"{subject} {writer.email} {writer.name} {body}"),
            )
        )

    def _received(self, question: Row, on: int, seconds: int, state: IncomingState) -> None:
        thread, name, address, subject, body, intent = question
        self.received += 1
        at, is_read = instant(on, seconds), intent is not None
        tag = {IncomingState.HANDLED: AuditTag.MAIL_ANSWERED, IncomingState.HELD: AuditTag.MAIL_HANDED_OVER}.get(
            state, AuditTag.MAIL_IGNORED
        )
        self.incoming.add(
            (
                *(f"{self.received:064x}", b"", 4_000, f"<groot.{self.received}@elders.example>", address, name),
                *(subject, body, at, state.value, 1),
                (Screening.ANSWER if is_read else Screening.IGNORE_AUTOMATIC).value,
                *("", Verdict.PASS.value, Language.DUTCH.value if is_read else None, intent.value if is_read else None),
                *(0.5 + self.received % 50 / 100 if is_read else None, instant(on, seconds + 2), thread),
            )
        )
        self.trail.add((at, tag.value, ActorKind.MAILBOT.value, "mailbot", "incoming_mail", self.received, "{}"))

    def _answered(self, thread: int, address: str, subject: str, on: int, seconds: int, *, kind: MailKind) -> None:
        name = "answer-new-password" if kind is MailKind.ANSWER else "reply"
        self._sent((name, kind.value, address, f"Re: {subject}", thread, "", None), on, seconds)

    def _sent(self, what: Row, on: int, seconds: int) -> None:
        name, kind, address, subject, thread, subject_type, subject_id = what
        self.sent += 1
        at = instant(on, seconds)
        self.outgoing.add(
            (
                *(f"large:{self.sent}", name, kind, Language.DUTCH.value, address, subject, _BODY),
                *(f"g{self.sent:015x}", f"<g{self.sent:015x}@cno.example>", "cno@cno.example", b""),
                *(OutgoingState.SENT.value, at, 1, at, at, thread, subject_type, subject_id),
            )
        )

    def notices(self) -> None:
        """The mails of the latest notes and enrolments, as many as are asked for."""
        wanted = self.ground.size.mails - self.sent
        latest = sorted(self.ground.notes[-wanted:])[-wanted // 2 :] if wanted > 0 else []
        for due, enrolment, person, institution, _cents, index, _gone, _credit in latest:
            if person is None:
                continue
            human, title = self.ground.people[person], self.ground.courses[index].title
            payer = self.ground.schools[institution].email if institution else human.email
            confirmed = ("enrolment-confirmed", MailKind.NOTICE.value, human.email, f"U bent ingeschreven: {title}")
            self._sent((*confirmed, None, "enrolment", enrolment), due - 7, 30_000 + enrolment % 40_000)
            note = ("debit-note", MailKind.NOTE.value, payer, f"Debetnota: {title}")
            self._sent((*note, None, "enrolment", enrolment), due, 21_700 + enrolment % 3_000)
            self.load.spill()


_BODY = "Beste\n\nDit is de tekst van een mail uit de grote demo.\n\nVriendelijke groet,\nHet CNO-team\n"


def _later(on: int, seconds: int, wait: float) -> tuple[int, int]:
    """So many seconds later, but by day: what falls in the night is answered the next morning."""
    days, rest = divmod(seconds + int(wait), 86_400)
    return (on + days, rest) if 25_200 <= rest <= 64_800 else (on + days + (rest > 64_800), 25_200 + rest % 7_200)
