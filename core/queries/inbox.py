"""The coordinators' inbox: conversations, their mails, and a mail as it came."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from core import access
from core.db import Db
from core.models import IncomingMail, MailThread, OutgoingMail
from core.text import address_key
from core.vocabulary import Actor, ActorKind, IncomingState, Intent, OutgoingState, ThreadState, Verdict


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A conversation in the list."""

    thread_id: int
    subject: str
    address: str
    state: ThreadState
    last_mail_at: datetime
    mails: int


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of conversations and how many there are in all."""

    rows: tuple[ThreadRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail of a conversation, in or out. `incoming_id` is set for a received one, whose raw form can be fetched."""

    at: datetime
    is_incoming: bool
    address: str
    name: str
    subject: str
    body: str
    incoming_id: int | None = None
    incoming_state: IncomingState | None = None
    verdict: Verdict | None = None
    intent: Intent | None = None
    score: float | None = None
    reason: str = ""
    outgoing_state: OutgoingState | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its mails, the oldest first."""

    thread_id: int
    subject: str
    address: str
    state: ThreadState
    mails: tuple[MailRow, ...]


def threads(
    db: Db, actor: Actor, *, state: ThreadState | None = ThreadState.OPEN, text: str = "", page: int = 1, size: int = 20
) -> ThreadPage:
    """Conversations by state and text; open ones that wait longest first, closed ones the newest first."""
    _check(actor)
    conditions = [MailThread.state == state] if state else []
    for word in text.split():
        conditions.append(
            or_(
                MailThread.subject.icontains(word, autoescape=True),
                MailThread.address.contains(address_key(word), autoescape=True),
            )
        )
    total = db.scalar(select(func.count()).select_from(MailThread).where(*conditions)) or 0
    order = MailThread.last_mail_at.asc() if state is ThreadState.OPEN else MailThread.last_mail_at.desc()
    mails = select(func.count()).where(IncomingMail.thread_id == MailThread.id).correlate(MailThread).scalar_subquery()
    rows = db.execute(
        select(
            MailThread.id,
            MailThread.subject,
            MailThread.address,
            MailThread.state,
            MailThread.last_mail_at,
            mails,
        )
        .where(*conditions)
        .order_by(order, MailThread.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    return ThreadPage(tuple(ThreadRow(*row) for row in rows), total)


def conversation(db: Db, actor: Actor, thread_id: int) -> Conversation:
    """A conversation whole; secrets in mails of ours were taken out when they were stored. Raises NotFound."""
    _check(actor)
    thread = db.get(MailThread, thread_id)
    if thread is None:
        raise access.NotFound
    received = [
        MailRow(
            at=mail.arrived_at,
            is_incoming=True,
            address=mail.from_address,
            name=mail.from_name,
            subject=mail.subject,
            body=mail.body,
            incoming_id=mail.id,
            incoming_state=mail.state,
            verdict=mail.verdict,
            intent=mail.intent,
            score=mail.score,
            reason=mail.reason,
        )
        for mail in db.scalars(select(IncomingMail).where(IncomingMail.thread_id == thread.id))
    ]
    sent = [
        MailRow(
            at=mail.created_at,
            is_incoming=False,
            address=mail.recipient,
            name="",
            subject=mail.subject,
            body=mail.body,
            outgoing_state=mail.state,
        )
        for mail in db.scalars(select(OutgoingMail).where(OutgoingMail.thread_id == thread.id))
    ]
    mails = tuple(sorted(received + sent, key=lambda mail: mail.at))
    return Conversation(thread.id, thread.subject, thread.address, thread.state, mails)


def raw_mail(db: Db, actor: Actor, mail_id: int) -> bytes:
    """A received mail as it came, byte for byte. Raises NotFound."""
    _check(actor)
    raw = db.scalar(select(IncomingMail.raw).where(IncomingMail.id == mail_id))
    if raw is None:
        raise access.NotFound
    return raw


def waiting(db: Db, actor: Actor) -> tuple[int, datetime | None]:
    """How many conversations wait for a coordinator, and since when the oldest does."""
    _check(actor)
    row = db.execute(
        select(func.count(), func.min(MailThread.last_mail_at)).where(MailThread.state == ThreadState.OPEN)
    ).one()
    return row[0], row[1]


def _check(actor: Actor) -> None:
    if actor.kind is not ActorKind.COORDINATOR:
        raise access.NotFound
