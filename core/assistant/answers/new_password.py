"""«Ik ben mijn wachtwoord vergeten»: the way to a new one; an account's own address also gets the link."""

from core.assistant.answers.common import Question, Reply, page
from core.assistant.answers.matching import says_institution
from core.db import Db
from core.i18n import _
from core.services import accounts
from core.vocabulary import MAILBOT, Role


def reply(_db: Db, _question: Question) -> Reply:
    """The same words to everybody; the link leaves only when the sender's own address has an account."""
    return Reply("answer-new-password", {}, (page(_("New password"), "nieuw-wachtwoord"),), effect=_send_link)


def _send_link(db: Db, question: Question) -> str:
    """Mail the single-use link to the address on file; at most `password_links_a_day` a day leave.

    It goes to the institution's account only when the message speaks of it, or no personal account has the address
    (D9).
    """
    roles = (Role.PERSON, Role.INSTITUTION)
    for role in reversed(roles) if says_institution(question.text) else roles:
        if accounts.account_by_address(db, role, question.address) is not None:
            accounts.request_new_password(db, MAILBOT, role, question.address)
            break
    return ""
