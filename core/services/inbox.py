"""Coordinators answer and close conversations; the reply leaves through the outbox, in the same thread."""

import re

from sqlalchemy import select

from core import access, audit, clock, mail
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.mail import Answered
from core.models import IncomingMail, MailThread, OutgoingMail, ShadowAnswer
from core.rules.accounts import required
from core.rules.measuring import likeness
from core.vocabulary import Actor, AuditTag, Intent, Language, ThreadState

SIGNATURES = {
    Language.DUTCH: "Vriendelijke groet,\nHet CNO-team",
    Language.ENGLISH: "Kind regards,\nThe CNO team",
}


class NobodyToAnswer(DomainError):
    """The conversation has no mail whose sender can be written to."""

    message = N_("This mail has no sender that can be answered.")


def reply(db: Db, actor: Actor, thread_id: int, text: str, *, closes: bool = True, used: Intent | None = None) -> int:
    """Answer the sender of the last mail, and close the conversation unless told otherwise; returns the mail's id.

    Goes to From only, never to Reply-To or Cc. `used` is the kind of question whose draft the answer began with.
    Raises NotFound, NotAllowed, FieldMissing or NobodyToAnswer.
    """
    thread = locked(db, actor, thread_id)
    if not text.strip():
        required(text, field="text")
    last = db.scalar(
        select(IncomingMail)
        .where(IncomingMail.thread_id == thread.id)
        .order_by(IncomingMail.arrived_at.desc(), IncomingMail.id.desc())
        .limit(1)
    )
    if last is None or not last.from_address:
        raise NobodyToAnswer
    language = last.language or Language.DUTCH
    signature = SIGNATURES[language]
    body = text.strip()
    if not body.endswith(signature.splitlines()[-1]):
        body = f"{body}\n\n{signature}"
    subject = re.sub(r"^(\s*(re|antw)\s*:\s*)+", "", last.subject, flags=re.IGNORECASE).strip()
    (identity,) = mail.queue(
        db,
        "reply",
        dedupe=f"thread:{thread.id}:{clock.now().isoformat()}",
        address=last.from_address,
        language=language,
        facts={"reply_subject": f"Re: {subject or '(geen onderwerp)'}", "reply_text": body},
        thread=thread,
        answers=Answered(last.message_id, _references(db, thread)),
    )
    _compare(db, last, body, used)
    thread.last_mail_at = thread.waiting_since = clock.now()
    if closes:
        _close(thread, actor)
    audit.record(db, actor, AuditTag.MAIL_REPLIED, thread, mail=identity)
    return identity


def _compare(db: Db, mail: IncomingMail, answer: str, used: Intent | None) -> None:
    """Note beside what the bot would have answered how it compares; a correction made before stands."""
    shadow = db.get(ShadowAnswer, mail.id)
    if shadow is None:
        return
    shadow.answered_at, shadow.likeness = clock.now(), likeness(shadow.text, answer)
    shadow.answered_intent = shadow.answered_intent or used


def close(db: Db, actor: Actor, thread_id: int) -> None:
    """Nothing more needs doing. Raises NotFound or NotAllowed."""
    thread = locked(db, actor, thread_id)
    _close(thread, actor)
    audit.record(db, actor, AuditTag.MAIL_CLOSED, thread)


def reopen(db: Db, actor: Actor, thread_id: int) -> None:
    """It does need doing after all. Raises NotFound or NotAllowed."""
    thread = locked(db, actor, thread_id)
    thread.state, thread.closed_at, thread.closed_by_id = ThreadState.OPEN, None, None
    thread.waiting_since = clock.now()
    audit.record(db, actor, AuditTag.MAIL_REOPENED, thread)


def _close(thread: MailThread, actor: Actor) -> None:
    thread.state, thread.closed_at, thread.closed_by_id = ThreadState.CLOSED, clock.now(), actor.account_id
    thread.snoozed_until = None


def locked(db: Db, actor: Actor, thread_id: int) -> MailThread:
    """A conversation to change, for coordinators. Raises NotAllowed, or NotFound also for one that was merged away."""
    access.require_coordinator(actor)
    thread = db.scalar(select(MailThread).where(MailThread.id == thread_id).with_for_update())
    if thread is None or thread.merged_into_id is not None:
        raise access.NotFound
    return thread


def _references(db: Db, thread: MailThread) -> tuple[str, ...]:
    """The Message-IDs of the conversation so far, the oldest first, without the last received one."""
    received = db.execute(
        select(IncomingMail.arrived_at, IncomingMail.message_id).where(
            IncomingMail.thread_id == thread.id, IncomingMail.message_id != ""
        )
    )
    sent = db.execute(select(OutgoingMail.created_at, OutgoingMail.mid).where(OutgoingMail.thread_id == thread.id))
    ids = [mid for _at, mid in sorted([*received, *sent])]
    return tuple(ids[:-1])
