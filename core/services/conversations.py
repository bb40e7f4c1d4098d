"""«Liever een mens»: a chat becomes a conversation of the coordinators' inbox, with all that was said in it."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from core import audit, clock
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, IncomingMail, MailThread
from core.rules.accounts import checked_address, required
from core.settings import settings
from core.text import folded
from core.vocabulary import Actor, AuditTag, IncomingState, Intent, Language, ThreadState, Verdict

#: Why it waits for a coordinator (an English msgid), by which the chats are counted too.
ASKED_FOR_A_PERSON = N_("Somebody asked for a person in the chat.")
LONGEST = 20_000


class TooManyChats(DomainError):
    """More chats were handed over than anybody needs, to one address or by all visitors together."""

    message = N_("Many questions came in from here lately. Write to us by mail instead.")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said in a chat; `is_ours` when CNO said it."""

    text: str
    is_ours: bool


def hand_over(
    db: Db, actor: Actor, lines: Sequence[Line], *, address: str, language: Language, intent: Intent | None = None
) -> int:
    """Put a chat before the coordinators, who answer by mail; returns the conversation's id.

    Who is signed in is answered at the account's own address, a visitor at the one typed, which nobody has confirmed.
    Raises AddressNotValid, FieldMissing when nothing was asked, or TooManyChats.
    """
    asked = [line.text.strip() for line in lines if not line.is_ours and line.text.strip()]
    if not asked:
        required("", field="question")
    account = db.get(Account, actor.account_id) if actor.account_id is not None else None
    sender = account.email if account is not None else checked_address(address, field="address")
    _check_number(db, sender, is_visitor=account is None)
    now = clock.now()
    thread = MailThread(
        subject=asked[-1][:120], address=sender, state=ThreadState.OPEN, created_at=now, last_mail_at=now
    )
    db.add(thread)
    db.flush()
    body = "\n\n".join(f"{'CNO:' if line.is_ours else '»'} {line.text.strip()}" for line in lines)[-LONGEST:]
    mail = IncomingMail(
        sha256=hashlib.sha256(secrets.token_bytes(32)).hexdigest(),
        raw=body.encode(),
        size=len(body.encode()),
        message_id=f"<chat.{secrets.token_hex(12)}@{settings().mail_domain}>",
        from_address=sender,
        from_name=account.name if account is not None else "",
        subject=thread.subject,
        body=body,
        arrived_at=now,
        handled_at=now,
        state=IncomingState.HELD,
        reason=ASKED_FOR_A_PERSON,
        verdict=Verdict.PASS if account is not None else Verdict.NONE,
        language=language,
        intent=intent,
        thread_id=thread.id,
    )
    db.add(mail)
    thread.words = folded(f"{sender} {mail.from_name} {body}")
    db.flush()
    audit.record(db, actor, AuditTag.MAIL_HANDED_OVER, mail, intent=intent, reason=ASKED_FOR_A_PERSON)
    return thread.id


def _check_number(db: Db, sender: str, *, is_visitor: bool) -> None:
    own, now = decisions(db), clock.now()
    chats = select(func.count()).where(IncomingMail.reason == ASKED_FOR_A_PERSON)
    of_sender = chats.where(IncomingMail.from_address == sender)
    lately, today = (
        IncomingMail.arrived_at > now - timedelta(hours=1),
        IncomingMail.arrived_at > now - timedelta(days=1),
    )
    by_visitors = chats.where(IncomingMail.verdict == Verdict.NONE, lately)
    if (
        (db.scalar(of_sender.where(lately)) or 0) >= own.answers_an_hour_to_sender
        or (db.scalar(of_sender.where(today)) or 0) >= own.answers_a_day_to_sender
        or (is_visitor and (db.scalar(by_visitors) or 0) >= own.answers_an_hour_in_all)
    ):
        raise TooManyChats
