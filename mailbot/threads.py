"""Which conversation a received mail belongs to: by its references, and only when the sender belongs there."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from core import clock
from core.db import Db
from core.mail.addresses import ref_of_message_id
from core.models import IncomingMail, MailThread, OutgoingMail
from core.text import folded
from core.vocabulary import MailKind, ThreadState

_LONGEST_BODY = 2_000
_LONGEST_WORDS = 20_000


def of(db: Db, mail: IncomingMail, references: Sequence[str]) -> MailThread | None:
    """The conversation that a mail goes on with, or None. Anybody can name a Message-ID; only its addressee counts."""
    refs = [ref for text in references if (ref := ref_of_message_id(text))]
    found = db.scalar(
        select(OutgoingMail.thread_id)
        .where(
            OutgoingMail.ref.in_(refs),
            OutgoingMail.recipient == mail.from_address,
            OutgoingMail.thread_id.is_not(None),
        )
        .order_by(OutgoingMail.id.desc())
        .limit(1)
    )
    if found is None and references:
        found = db.scalar(
            select(IncomingMail.thread_id)
            .where(
                IncomingMail.message_id.in_(references),
                IncomingMail.from_address == mail.from_address,
                IncomingMail.thread_id.is_not(None),
            )
            .order_by(IncomingMail.id.desc())
            .limit(1)
        )
    return db.get(MailThread, found, with_for_update=True) if found is not None else None


def opened(db: Db, mail: IncomingMail, state: ThreadState) -> MailThread:
    """A new conversation that begins with a mail."""
    now = clock.now()
    thread = MailThread(
        subject=mail.subject[:300],
        address=mail.from_address[:254],
        state=state,
        created_at=now,
        last_mail_at=now,
        closed_at=now if state is ThreadState.CLOSED else None,
    )
    db.add(thread)
    db.flush()
    return thread


def remember(thread: MailThread, mail: IncomingMail) -> None:
    """Let a conversation be found by what a mail in it says."""
    said = folded(f"{mail.subject} {mail.from_address} {mail.from_name} {mail.body[:_LONGEST_BODY]}")
    thread.words = f"{thread.words} {said}".strip()[:_LONGEST_WORDS]


def wait(thread: MailThread) -> None:
    """Put a conversation before the coordinators: since now, unless it waits already; a rest is over."""
    if thread.state is ThreadState.CLOSED:
        thread.waiting_since = clock.now()
    thread.state, thread.closed_at, thread.closed_by_id, thread.snoozed_until = ThreadState.OPEN, None, None, None


def has_coordinator(db: Db, thread: MailThread) -> bool:
    """Whether a coordinator has the word in a conversation: it waits for one, or one has written in it."""
    if thread.state is ThreadState.OPEN:
        return True
    return bool(
        db.scalar(select(exists().where(OutgoingMail.thread_id == thread.id, OutgoingMail.kind == MailKind.PERSONAL)))
    )
