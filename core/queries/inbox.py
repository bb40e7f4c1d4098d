"""The coordinators' inbox: conversations, their mails, and a mail as it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, not_, or_, select
from sqlalchemy.orm import defer

from core import access, clock
from core.db import Db
from core.mail import parts
from core.models import Account, IncomingMail, MailAttachment, MailThread, OutgoingMail
from core.text import folded
from core.vocabulary import (
    Actor,
    ActorKind,
    IncomingState,
    Intent,
    Language,
    OutgoingState,
    Shelf,
    ThreadState,
    Verdict,
    Whose,
)

#: How many conversations a search finds at most; whoever looks for more gives another word.
MOST_FOUND = 240


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A conversation in the list; `holder` is the coordinator who has it, `mails` counts those that came."""

    thread_id: int
    subject: str
    address: str
    state: ThreadState
    last_mail_at: datetime
    waiting_since: datetime
    snoozed_until: date | None
    holder: str | None
    mails: int


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of conversations and how many there are in all; `is_more`: a search stopped counting there."""

    rows: tuple[ThreadRow, ...]
    total: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file that hangs on a received mail; its size in bytes."""

    attachment_id: int
    filename: str
    media_type: str
    size: int


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
    language: Language | None = None
    guesses: tuple[tuple[Intent, float], ...] = ()
    attachments: tuple[AttachmentRow, ...] = ()
    outgoing_state: OutgoingState | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its mails, the oldest first; `merged_into_id` is where its mails went, if anywhere."""

    thread_id: int
    subject: str
    address: str
    state: ThreadState
    waiting_since: datetime
    snoozed_until: date | None
    holder_id: int | None
    holder: str | None
    merged_into_id: int | None
    mails: tuple[MailRow, ...]


def threads(
    db: Db,
    actor: Actor,
    *,
    shelf: Shelf = Shelf.WAITING,
    whose: Whose = Whose.ALL,
    text: str = "",
    page: int = 1,
    size: int = 20,
) -> ThreadPage:
    """Conversations by where they lie, who has them, and words; those that wait longest first, closed ones last.

    Words stand in a subject, an address, a name or the text of a mail that came.
    """
    _check(actor)
    conditions = [MailThread.merged_into_id.is_(None), *_on(shelf)]
    if whose is not Whose.ALL:
        mine = MailThread.assigned_to_id == actor.account_id
        conditions.append(mine if whose is Whose.MINE else MailThread.assigned_to_id.is_(None))
    conditions += [MailThread.words.contains(word, autoescape=True) for word in folded(text).split()]
    ids = select(MailThread.id).where(*conditions).order_by(*_ORDER[shelf])
    offset = (max(page, 1) - 1) * size
    if text.strip():  # looked for once, and no further than anybody pages
        found = db.scalars(ids.limit(MOST_FOUND + 1)).all()
        total, wanted = len(found), found[offset : offset + size]
    else:
        total = db.scalar(select(func.count()).select_from(MailThread).where(*conditions)) or 0
        wanted = db.scalars(ids.limit(size).offset(offset)).all()
    is_more = bool(text.strip()) and total > MOST_FOUND
    return ThreadPage(_rows(db, wanted, shelf), MOST_FOUND if is_more else total, is_more)


_ORDER: dict[Shelf, tuple[ColumnElement[Any], ...]] = {
    Shelf.WAITING: (MailThread.waiting_since.asc(), MailThread.id.asc()),
    Shelf.SNOOZED: (MailThread.snoozed_until.asc(), MailThread.id.asc()),
    Shelf.CLOSED: (MailThread.last_mail_at.desc(), MailThread.id.desc()),
}


def _rows(db: Db, ids: Sequence[int], shelf: Shelf) -> tuple[ThreadRow, ...]:
    mails = select(func.count()).where(IncomingMail.thread_id == MailThread.id).correlate(MailThread).scalar_subquery()
    rows = db.execute(
        select(
            MailThread.id,
            MailThread.subject,
            MailThread.address,
            MailThread.state,
            MailThread.last_mail_at,
            MailThread.waiting_since,
            MailThread.snoozed_until,
            Account.name,
            mails,
        )
        .outerjoin(Account, Account.id == MailThread.assigned_to_id)
        .where(MailThread.id.in_(ids))
        .order_by(*_ORDER[shelf])
    )
    return tuple(ThreadRow(*row) for row in rows)


def _on(shelf: Shelf) -> list[ColumnElement[bool]]:
    """Where a conversation lies; one that was put off waits again from its day on."""
    is_open, rests = MailThread.state == ThreadState.OPEN, MailThread.snoozed_until > clock.today()
    if shelf is Shelf.CLOSED:
        return [MailThread.state == ThreadState.CLOSED]
    return [is_open, rests if shelf is Shelf.SNOOZED else or_(MailThread.snoozed_until.is_(None), not_(rests))]


def conversation(db: Db, actor: Actor, thread_id: int) -> Conversation:
    """A conversation whole; secrets in mails of ours were taken out when they were stored. Raises NotFound."""
    _check(actor)
    thread = db.get(MailThread, thread_id)
    if thread is None:
        raise access.NotFound
    holder = db.get(Account, thread.assigned_to_id) if thread.assigned_to_id is not None else None
    attached = _attached(db, thread.id)
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
            language=mail.language,
            guesses=guesses_of(mail),
            attachments=tuple(attached.get(mail.id, ())),
        )
        for mail in db.scalars(
            select(IncomingMail).options(defer(IncomingMail.raw)).where(IncomingMail.thread_id == thread.id)
        )
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
        for mail in db.scalars(
            select(OutgoingMail).options(defer(OutgoingMail.raw)).where(OutgoingMail.thread_id == thread.id)
        )
    ]
    mails = tuple(sorted(received + sent, key=lambda mail: mail.at))
    return Conversation(
        thread_id=thread.id,
        subject=thread.subject,
        address=thread.address,
        state=thread.state,
        waiting_since=thread.waiting_since,
        snoozed_until=thread.snoozed_until,
        holder_id=thread.assigned_to_id,
        holder=holder.name if holder else None,
        merged_into_id=thread.merged_into_id,
        mails=mails,
    )


def _attached(db: Db, thread_id: int) -> dict[int, list[AttachmentRow]]:
    found: dict[int, list[AttachmentRow]] = {}
    for row in db.scalars(
        select(MailAttachment)
        .join(IncomingMail, IncomingMail.id == MailAttachment.mail_id)
        .where(IncomingMail.thread_id == thread_id)
        .order_by(MailAttachment.position)
    ):
        found.setdefault(row.mail_id, []).append(AttachmentRow(row.id, row.filename, row.media_type, row.size))
    return found


def guesses_of(mail: IncomingMail) -> tuple[tuple[Intent, float], ...]:
    """What the bot held likeliest, each with its probability; what it settled on where nothing more was kept."""
    kept = [guess.partition(":") for guess in mail.guesses.split()]
    if kept:
        return tuple((Intent(name), float(score)) for name, _colon, score in kept)
    return ((mail.intent, mail.score or 0.0),) if mail.intent is not None else ()


def attachment(db: Db, actor: Actor, attachment_id: int) -> tuple[AttachmentRow, bytes]:
    """A file that hangs on a received mail, with its bytes. Raises NotFound."""
    _check(actor)
    row = db.get(MailAttachment, attachment_id)
    content = parts.content(raw_mail(db, actor, row.mail_id), row.position) if row is not None else None
    if row is None or content is None:
        raise access.NotFound
    return AttachmentRow(row.id, row.filename, row.media_type, row.size), content


def laid_out(db: Db, actor: Actor, mail_id: int) -> str | None:
    """A received mail's own HTML made harmless: no scripts, styles, forms or pictures; None where there is none.

    One in quarantine, or too large to be read, is not opened. Raises NotFound.
    """
    _check(actor)
    mail = db.get(IncomingMail, mail_id)
    if mail is None:
        raise access.NotFound
    if mail.state is IncomingState.QUARANTINED or not mail.body or mail.size > parts.LARGEST:
        return None
    return parts.harmless_html(mail.raw)


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
    oldest = select(func.count(), func.min(MailThread.waiting_since))
    row = db.execute(oldest.where(MailThread.merged_into_id.is_(None), *_on(Shelf.WAITING))).one()
    return row[0], row[1]


def _check(actor: Actor) -> None:
    if actor.kind is not ActorKind.COORDINATOR:
        raise access.NotFound
