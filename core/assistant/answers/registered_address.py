"""«Onder welk adres ben ik gekend?»: one text for all; the account's own address hears that it is the one (R9)."""

from core.assistant.answers.common import Question, Reply, page, tell_address
from core.assistant.answers.matching import Match, person_account
from core.db import Db
from core.i18n import _


def reply(db: Db, question: Question) -> Reply:
    """Acknowledge, and write to the address of the one account that fits; in doubt a coordinator looks on too.

    Who is asked about is looked up for everybody, also where nothing is told; but never for a chat.
    """
    match = person_account(db, question) if question.actor is None else Match()
    links = (page(_("New password"), "nieuw-wachtwoord"), page(_("Create account"), "account-aanmaken"))
    return Reply("answer-registered-address", {}, links, effect=_tell, needs_coordinator=match.is_doubtful)


def _tell(db: Db, question: Question) -> str:
    match = person_account(db, question)
    if match.account is not None:
        tell_address(db, question, match.account)
    return ""
