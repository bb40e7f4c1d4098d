"""How many automatic answers may leave, counted in the outbox: row 6 of the screening table."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from core import clock
from core.assistant.answers import Question, common, matching
from core.db import Db
from core.decisions import decisions
from core.models import IncomingMail, OutgoingMail
from core.vocabulary import IncomingState, Intent, MailKind
from mailbot import reasons


def exceeded(db: Db, sender: str, intent: Intent) -> str | None:
    """Which limit an answer to this sender would pass, as an English msgid; None when it may leave."""
    own, now = decisions(db), clock.now()
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    same = db.scalar(
        select(func.count())
        .select_from(IncomingMail)
        .where(
            IncomingMail.from_address == sender,
            IncomingMail.intent == intent,
            IncomingMail.state == IncomingState.HANDLED,
            IncomingMail.handled_at > day,
        )
    )
    if (same or 0) >= (own.password_links_a_day if intent is Intent.NEW_PASSWORD else 1):
        return reasons.SAME_ANSWER
    to_sender = OutgoingMail.recipient == sender
    if (
        _answers(db, hour, to_sender) >= own.answers_an_hour_to_sender
        or _answers(db, day, to_sender) >= own.answers_a_day_to_sender
    ):
        return reasons.TOO_MANY_OF_SENDER
    return reasons.TOO_MANY_IN_ALL if _answers(db, hour) >= own.answers_an_hour_in_all else None


#: Whose address is told besides answering.
_TOLD = {
    Intent.REGISTERED_ADDRESS: matching.person_account,
    Intent.INSTITUTION_ADDRESS: matching.institution_account,
}


def disturbs(db: Db, question: Question, intents: Sequence[Intent]) -> bool:
    """Whether an answer would cause one mail too many to somebody else's account; that account stays locked."""
    found = (_TOLD[intent](db, question).account for intent in intents if intent in _TOLD)
    return any(account is not None and common.is_disturbed(db, question, account) for account in found)


def _answers(db: Db, since: datetime, *conditions: ColumnElement[bool]) -> int:
    counted = select(func.count()).where(
        OutgoingMail.kind == MailKind.ANSWER, OutgoingMail.created_at > since, *conditions
    )
    return db.scalar(counted) or 0
