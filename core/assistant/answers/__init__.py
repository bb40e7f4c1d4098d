"""One file an intent: what the bot says to it. The same answer serves a mail, the chat and a coordinator's draft."""

from collections.abc import Callable
from dataclasses import dataclass

from core import mail
from core.assistant.answers import (
    billing_address,
    cancel,
    certificate,
    change_details,
    course_info,
    create_account,
    enrol,
    institution_address,
    link_institution,
    material,
    new_password,
    note_copy,
    payer_policy,
    payment,
    personal_data,
    registered_address,
    replace,
)
from core.assistant.answers.common import Link, Question, Reply
from core.db import Db
from core.i18n import speaking
from core.mail.rendering import words
from core.models import MailThread
from core.rules.accounts import AddressNotValid, checked_address
from core.vocabulary import Intent, Verdict

__all__ = ["ANSWERS", "Draft", "Link", "Question", "Reply", "draft", "respond"]

ANSWERS: dict[Intent, Callable[[Db, Question], Reply]] = {
    Intent.NEW_PASSWORD: new_password.reply,
    Intent.REGISTERED_ADDRESS: registered_address.reply,
    Intent.INSTITUTION_ADDRESS: institution_address.reply,
    Intent.CERTIFICATE: certificate.reply,
    Intent.NOTE_COPY: note_copy.reply,
    Intent.PAYER_POLICY: payer_policy.reply,
    Intent.BILLING_ADDRESS: billing_address.reply,
    Intent.CANCEL: cancel.reply,
    Intent.REPLACE: replace.reply,
    Intent.ENROL: enrol.reply,
    Intent.COURSE_INFO: course_info.reply,
    Intent.MATERIAL: material.reply,
    Intent.CHANGE_DETAILS: change_details.reply,
    Intent.LINK_INSTITUTION: link_institution.reply,
    Intent.CREATE_ACCOUNT: create_account.reply,
    Intent.PERSONAL_DATA: personal_data.reply,
    Intent.PAYMENT: payment.reply,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that nobody sent yet: subject and text (without greeting, signature and links), and its links.

    `is_enough`: it answers the question; else it is only a beginning. `needs_coordinator`: a human looks on as well.
    """

    subject: str
    text: str
    links: tuple[Link, ...]
    needs_coordinator: bool
    is_enough: bool

    @property
    def whole_text(self) -> str:
        """The text with its links below it, as a mail holds them."""
        return "\n\n".join([self.text.strip(), *(f"{link.label}:\n{link.url}" for link in self.links)])


def draft(db: Db, question: Question, intent: Intent) -> Draft | None:
    """What the answer to a question would say, for a coordinator or in the chat; changes nothing and holds no secret.

    None where only a human can begin.
    """
    answer = ANSWERS.get(intent)
    if answer is None:
        return None
    with speaking(question.language):
        reply = answer(db, question)
        facts = {**reply.context(is_automatic=False), "links": [], "secret": "", "to": "", "to_name": ""}
        subject, text = words(db, reply.name, question.language, facts)
    return Draft(subject, text, reply.links, reply.needs_coordinator, reply.is_enough)


def respond(db: Db, question: Question, intent: Intent) -> bool:
    """Queue the answer to a question; False hands it to a coordinator.

    False can also come with an answer that was queued: the asker reads it, and a coordinator looks on. A sender who
    fails the checks, or cannot be written to, gets nothing.
    """
    answer = ANSWERS.get(intent)
    if answer is None or question.verdict in (Verdict.FAIL, Verdict.BAD):
        return False
    try:
        checked_address(question.sender)
    except AddressNotValid:
        return False
    with speaking(question.language):
        reply = answer(db, question)
        if reply.is_enough:
            _send(db, question, reply)
    return reply.is_enough and not reply.needs_coordinator


def _send(db: Db, question: Question, reply: Reply) -> None:
    """Queue the reply to the sender's own address, after what it announces was done."""
    secret = reply.effect(db, question) if reply.effect is not None else ""
    mail.queue(
        db,
        reply.name,
        dedupe=f"answer:{question.sha256}:1",
        address=question.address,
        account=reply.account,
        language=question.language,
        facts=reply.context(is_automatic=True, has_link=bool(secret)),
        secret=secret or None,
        thread=db.get(MailThread, question.thread_id) if question.thread_id is not None else None,
        answers=mail.Answered(question.message_id, question.references) if question.message_id else None,
    )
