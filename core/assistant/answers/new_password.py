"""«Ik ben mijn wachtwoord vergeten»: the way to a new one; an account's own address also gets the link."""

from core.assistant.answers.common import Answer, Question, acknowledge
from core.assistant.answers.matching import says_institution
from core.db import Db
from core.services import accounts
from core.vocabulary import MAILBOT, Role


def answer(db: Db, question: Question) -> Answer:
    """Acknowledge, and mail the single-use link to the address on file when the sender's own address has an account.

    The link goes to the institution's account only when the message speaks of it, or no personal account has the
    address (D9). At most `password_links_a_day` a day leave; the acknowledgement stays the same.
    """
    queued = acknowledge(db, question, "answer-new-password")
    roles = (Role.PERSON, Role.INSTITUTION)
    for role in reversed(roles) if says_institution(question.text) else roles:
        if accounts.account_by_address(db, role, question.address) is not None:
            accounts.request_new_password(db, MAILBOT, role, question.address)
            break
    return Answer(queued)
