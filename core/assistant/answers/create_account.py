"""«Ik wil een account»: the way to one (R12); an account that exists already hears of it on its own address (R10)."""

from core import mail
from core.assistant.answers.asker import asker
from core.assistant.answers.common import Question, Reply, help_page, page, told_lately
from core.db import Db
from core.i18n import _

EXISTS = "account-exists"


def reply(_db: Db, _question: Question) -> Reply:
    """The same words to everybody, whether or not the address is known."""
    links = (
        page(_("Create account"), "account-aanmaken"),
        page(_("New password"), "nieuw-wachtwoord"),
        help_page(),
    )
    return Reply("answer-create-account", {}, links, effect=_tell_owner)


def _tell_owner(db: Db, question: Question) -> str:
    account = asker(db, question).person
    if account is not None and not told_lately(db, EXISTS, account):
        mail.queue(db, EXISTS, dedupe=f"answer:{question.sha256}:2", account=account)
    return ""
