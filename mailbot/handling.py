"""One mail, one transaction: count the attempt, read and understand outside, then answer or hand over, whole."""

import hashlib
import logging
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from core import audit, clock
from core.assistant import Understanding, WhyNot, answers, learning, policy, shadow
from core.db import Db, read, write
from core.models import IncomingMail, OutgoingMail
from core.vocabulary import (
    MAILBOT,
    AuditTag,
    IncomingState,
    Intent,
    IntentMode,
    MailKind,
    Screening,
    ThreadState,
)
from mailbot import attachments, bounces, limits, reasons, threads
from mailbot.looking import Seen, look_at
from mailbot.reading import IncomingMessage
from mailbot.steps import reached

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 2
#: How sure the bot must be to acknowledge a question that only a person answers.
SURE_OF_RECEIPT = 0.5


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a mail; the reason is an English msgid, empty when it was simply answered."""

    state: IncomingState
    tag: AuditTag
    reason: str = ""


def store(raw: bytes, *, size: int, uidvalidity: int | None = None, uid: int | None = None) -> int | None:
    """Write a mail down before anything is done with it; None when it is here already (same bytes).

    `size` is that on the server, bytes; larger than `raw` when only the beginning was fetched.
    """
    sha256 = hashlib.sha256(raw if size <= len(raw) else raw + str(size).encode()).hexdigest()
    try:
        with write() as db:
            if db.scalar(select(exists().where(IncomingMail.sha256 == sha256))):
                return None
            mail = IncomingMail(
                sha256=sha256, raw=raw, size=size, uidvalidity=uidvalidity, uid=uid, arrived_at=clock.now()
            )
            db.add(mail)
            db.flush()
            audit.record(db, MAILBOT, AuditTag.MAIL_RECEIVED, mail, size=size)
            return mail.id
    except IntegrityError:  # another collector stored the same bytes in this very moment
        return None


def handle_received() -> int:
    """Handle every stored mail that waits, the oldest first; returns how many. One that fails stops no other."""
    with read() as db:
        waiting = db.scalars(
            select(IncomingMail.id).where(IncomingMail.state == IncomingState.RECEIVED).order_by(IncomingMail.id)
        ).all()
    return sum(handle_safely(mail_id) for mail_id in waiting)


def handle_safely(mail_id: int) -> bool:
    """Handle one mail; a crash is logged without its text and tried once more later, then the mail is quarantined."""
    try:
        handle(mail_id)
    except Exception:
        log.exception("mail not handled", extra={"mail": mail_id})
        return False
    return True


def handle(mail_id: int) -> None:
    """Bring one received mail to its end. Does nothing for a mail that is no longer `received`."""
    raw, size = _begin(mail_id)
    if raw is None:
        return
    reached("counted")
    with read() as db:
        learning.refresh(db)
    seen = look_at(raw, size)
    reached("understood")
    with write() as db:
        mail = db.scalar(select(IncomingMail).where(IncomingMail.id == mail_id).with_for_update())
        if mail is None or mail.state is not IncomingState.RECEIVED:
            return
        _describe(mail, seen)
        if seen.message is not None:
            attachments.listed(db, mail, seen.message)
        decision = _decide(db, mail, seen)
        _finish(db, mail, decision)
        reached("before commit")
    reached("after commit")
    facts = {"mail": mail_id, "state": decision.state.value, "intent": mail.intent.value if mail.intent else ""}
    log.info("mail handled", extra=facts)


def _begin(mail_id: int) -> tuple[bytes | None, int]:
    """Count the attempt in a transaction of its own, before any parser sees the mail."""
    with write() as db:
        mail = db.scalar(select(IncomingMail).where(IncomingMail.id == mail_id).with_for_update())
        if mail is None or mail.state is not IncomingState.RECEIVED:
            return None, 0
        if mail.attempts >= MOST_ATTEMPTS:
            mail.thread_id = threads.opened(db, mail, ThreadState.OPEN).id
            _finish(db, mail, Decision(IncomingState.QUARANTINED, AuditTag.MAIL_QUARANTINED, reasons.QUARANTINED))
            return None, 0
        mail.attempts += 1
        return mail.raw, mail.size


def _describe(mail: IncomingMail, seen: Seen) -> None:
    mail.outcome, mail.verdict = seen.screened.outcome, seen.verdict
    if seen.message is not None:
        mail.from_address, mail.from_name = seen.message.sender[:320], seen.message.sender_name
        mail.subject, mail.body = seen.message.subject, seen.message.text
        mail.message_id = seen.message.message_id[:1000]
    if seen.understood is not None:
        mail.intent, mail.score = seen.understood.intent, seen.understood.score
        mail.language = seen.understood.language
        mail.guesses = " ".join(f"{guess.intent}:{guess.score:.4f}" for guess in seen.understood.top)


def _decide(db: Db, mail: IncomingMail, seen: Seen) -> Decision:
    """Act on a mail by its outcome; whatever is not answered or ignored opens a conversation for a coordinator."""
    references = seen.message.references if seen.message else ()
    thread = threads.of(db, mail, references)
    is_running = thread is not None and threads.has_coordinator(db, thread)
    if thread is None:
        thread = threads.opened(db, mail, ThreadState.CLOSED)
    mail.thread_id = thread.id
    threads.remember(thread, mail)
    decision = _outcome(db, mail, seen, is_running=is_running)
    if decision.tag in (AuditTag.MAIL_HANDED_OVER, AuditTag.MAIL_ANSWERED):
        thread.last_mail_at = clock.now()
    if decision.tag is AuditTag.MAIL_HANDED_OVER:
        threads.wait(thread)
    return decision


def _outcome(db: Db, mail: IncomingMail, seen: Seen, *, is_running: bool) -> Decision:
    message, outcome = seen.message, seen.screened.outcome
    if outcome in (Screening.OWN_MAIL, Screening.IGNORE_AUTOMATIC):
        return Decision(IncomingState.IGNORED, AuditTag.MAIL_IGNORED, seen.screened.reason)
    if outcome is Screening.BOUNCE and message is not None:
        return _returned(db, message, seen.screened.reason)
    if message is None or seen.understood is None or outcome is not Screening.ANSWER:
        return _handed_over(seen.screened.reason)
    why = reasons.RUNNING_CONVERSATION if is_running else _objection(db, mail, message, seen.understood)
    if not why:
        return _answered(db, mail, seen, message, seen.understood)
    if not is_running and _gets_receipt(db, mail, seen.understood):
        answers.respond(db, _question(mail, seen, message, seen.understood), seen.understood.intent)
    if why == reasons.SWITCHED_OFF and policy.mode(db, seen.understood.intent) is IntentMode.SHADOW:
        shadow.keep(db, mail, seen.understood)
    return _handed_over(why)


def _returned(db: Db, message: IncomingMessage, reason: str) -> Decision:
    bounce = bounces.record(db, message)
    if bounces.is_complaint(message):
        return _handed_over(reasons.COMPLAINT)
    if bounce is None:
        return _handed_over(reasons.BOUNCE_UNPROVEN)
    return Decision(IncomingState.IGNORED, AuditTag.MAIL_IGNORED, reason)


def _objection(db: Db, mail: IncomingMail, message: IncomingMessage, understood: Understanding) -> str | None:
    """Why the bot keeps silent, as an English msgid."""
    if _is_possibly_double(db, mail):
        return reasons.POSSIBLY_DOUBLE
    if understood.why_not is not None:
        return reasons.WHY_NOT[understood.why_not]
    if message.attachments:
        return reasons.ATTACHED
    if not all(policy.is_on(db, intent) for intent in understood.intents):
        return reasons.SWITCHED_OFF
    if not policy.is_sure(db, understood):
        return reasons.WHY_NOT[WhyNot.UNSURE]
    exceeded = (limits.exceeded(db, mail.from_address, intent) for intent in understood.intents)
    return next(filter(None, exceeded), None)


def _gets_receipt(db: Db, mail: IncomingMail, understood: Understanding) -> bool:
    """Whether a question about personal data, which a person answers, is acknowledged at once with its term."""
    return (
        understood.intent is Intent.PERSONAL_DATA
        and understood.why_not is WhyNot.NEVER_ALONE
        and understood.veto is None
        and understood.score >= SURE_OF_RECEIPT
        and policy.is_on(db, understood.intent)
        and policy.is_sure(db, understood)
        and limits.exceeded(db, mail.from_address, understood.intent) is None
    )


def _question(mail: IncomingMail, seen: Seen, message: IncomingMessage, understood: Understanding) -> answers.Question:
    return answers.Question(
        sender=message.sender,
        verdict=seen.verdict,
        language=understood.language,
        sha256=mail.sha256,
        sender_name=message.sender_name,
        text=understood.new_text,
        signature=understood.signature,
        mail_id=mail.id,
        thread_id=mail.thread_id,
        message_id=message.message_id,
        references=message.references,
    )


def _answered(db: Db, mail: IncomingMail, seen: Seen, message: IncomingMessage, understood: Understanding) -> Decision:
    """Answer all that is asked; a coordinator looks on where an answer says so, or one of two could not be given.

    Whoever asks about an account that is written to often reads what everybody reads, so that it tells nothing.
    """
    question = _question(mail, seen, message, understood)
    disturbs = limits.disturbs(db, question, understood.intents)
    answered = [answers.respond(db, question, intent) for intent in understood.intents]
    if disturbs:
        return _handed_over(reasons.DISTURBS)
    if all(answered):
        return Decision(IncomingState.HANDLED, AuditTag.MAIL_ANSWERED)
    is_queued = db.scalar(
        select(
            exists().where(
                OutgoingMail.thread_id == mail.thread_id,
                OutgoingMail.kind == MailKind.ANSWER,
                OutgoingMail.dedupe_key.contains(mail.sha256),
            )
        )
    )
    return _handed_over(reasons.LOOKS_ON if is_queued else reasons.NOT_ANSWERED_YET)


def _handed_over(reason: str) -> Decision:
    return Decision(IncomingState.HELD, AuditTag.MAIL_HANDED_OVER, reason)


def _is_possibly_double(db: Db, mail: IncomingMail) -> bool:
    """Whether another mail of this sender carries the same Message-ID with other bytes (sent again, or two routes)."""
    return bool(mail.message_id) and bool(
        db.scalar(
            select(
                exists().where(
                    IncomingMail.message_id == mail.message_id,
                    IncomingMail.from_address == mail.from_address,
                    IncomingMail.id != mail.id,
                )
            )
        )
    )


def _finish(db: Db, mail: IncomingMail, decision: Decision) -> None:
    mail.state, mail.reason, mail.handled_at = decision.state, decision.reason, clock.now()
    audit.record(db, MAILBOT, decision.tag, mail, intent=mail.intent, reason=decision.reason)
