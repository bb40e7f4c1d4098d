"""What every answer knows and gives back, and the two kinds of mail an answer consists of."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, select

from core import audit, clock, mail
from core.db import Db
from core.models import Account, MailThread, OutgoingMail
from core.text import address_key
from core.vocabulary import MAILBOT, AuditTag, Language, Verdict

#: The mail that tells an account's address «you are known by this address», and how rarely it may leave (days).
NOTICE = "address-known"
NOTICE_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Question:
    """One message to answer. Nothing of it is ever quoted; `text` and `signature` only help to find the account.

    `mail_id` and `sha256` name the stored mail, `message_id` and `references` its headers.
    """

    sender: str
    verdict: Verdict
    language: Language
    sha256: str
    sender_name: str = ""
    text: str = ""
    signature: str = ""
    mail_id: int | None = None
    thread_id: int | None = None
    message_id: str = ""
    references: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The sender's address as accounts store theirs."""
        return address_key(self.sender)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was queued: rows of outgoing mail; `needs_coordinator` when a human should look on as well."""

    mail_ids: tuple[int, ...] = ()
    needs_coordinator: bool = False


def acknowledge(db: Db, question: Question, name: str) -> tuple[int, ...]:
    """Queue the reply to the sender: the same text for everybody, whoever has an account or not."""
    thread = db.get(MailThread, question.thread_id) if question.thread_id is not None else None
    return tuple(
        mail.queue(
            db,
            name,
            dedupe=f"answer:{question.sha256}:1",
            address=question.address,
            language=question.language,
            thread=thread,
            answers=mail.Answered(question.message_id, question.references) if question.message_id else None,
        )
    )


def tell_address(db: Db, question: Question, account: Account) -> tuple[int, ...]:
    """Tell the address on file that somebody asked for it: a fresh mail, at most one in seven days."""
    told_lately = db.scalar(
        select(
            exists().where(
                OutgoingMail.name == NOTICE,
                OutgoingMail.account_id == account.id,
                OutgoingMail.created_at > clock.now() - NOTICE_EVERY,
            )
        )
    )
    if told_lately:
        return ()
    queued = mail.queue(db, NOTICE, dedupe=f"answer:{question.sha256}:2", account=account)
    audit.record(db, MAILBOT, AuditTag.ACCOUNT_ADDRESS_ASKED, account, incoming_mail=question.mail_id)
    return tuple(queued)
