"""What a coordinator can begin with: the likeliest questions of a mail, each with the answer the bot would give."""

from dataclasses import dataclass

from sqlalchemy.orm import defer

from core import access
from core.assistant import answers
from core.assistant.newtext import new_text
from core.db import Db
from core.models import IncomingMail
from core.queries.inbox import guesses_of
from core.vocabulary import Actor, ActorKind, Intent, Language, Verdict

MOST = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """An intent that a mail may have, how likely (0–1), and a ready answer; `text` is empty where none can be made."""

    intent: Intent
    score: float
    text: str
    is_enough: bool


def of_mail(db: Db, actor: Actor, mail_id: int) -> tuple[Proposal, ...]:
    """The top three intents of a mail with a draft each; changes nothing. Raises NotFound."""
    if actor.kind is not ActorKind.COORDINATOR:
        raise access.NotFound
    mail = db.get(IncomingMail, mail_id, options=[defer(IncomingMail.raw)])
    if mail is None:
        raise access.NotFound
    question = question_of(mail)
    return tuple(_proposal(db, question, intent, score) for intent, score in guesses_of(mail)[:MOST])


def question_of(mail: IncomingMail) -> answers.Question:
    """A stored mail as a question."""
    said = new_text(mail.subject, mail.body)
    return answers.Question(
        sender=mail.from_address,
        verdict=mail.verdict or Verdict.NONE,
        language=mail.language or Language.DUTCH,
        sha256=mail.sha256,
        sender_name=mail.from_name,
        text=said.text,
        signature=said.signature,
        mail_id=mail.id,
        thread_id=mail.thread_id,
        message_id=mail.message_id,
    )


def _proposal(db: Db, question: answers.Question, intent: Intent, score: float) -> Proposal:
    draft = answers.draft(db, question, intent)
    if draft is None:
        return Proposal(intent, score, "", is_enough=False)
    return Proposal(intent, score, draft.whole_text, draft.is_enough)
