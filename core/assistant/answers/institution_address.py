"""«Onder welk adres is onze school gekend?»: one text for all; the institution's own address is told (R27)."""

from core.assistant.answers.common import Question, Reply, page, tell_address
from core.assistant.answers.matching import Match, institution_account
from core.db import Db
from core.i18n import _


def reply(db: Db, question: Question) -> Reply:
    """Acknowledge, and write to the one institution that fits; several: a coordinator looks on too.

    Nothing is looked up for a chat.
    """
    match = institution_account(db, question) if question.actor is None else Match()
    links = (page(_("New password"), "nieuw-wachtwoord"),)
    return Reply("answer-institution-address", {}, links, effect=_tell, needs_coordinator=match.is_doubtful)


def _tell(db: Db, question: Question) -> str:
    match = institution_account(db, question)
    if match.account is not None:
        tell_address(db, question, match.account)
    return ""
