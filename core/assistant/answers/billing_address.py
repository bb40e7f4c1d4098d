"""«Stuur de debetnota's naar een ander adres»: a link to the page where the institution fills it in (R35)."""

from core.assistant.answers.asker import asker
from core.assistant.answers.common import Question, Reply, help_page, page, sign_in_page
from core.db import Db
from core.i18n import _
from core.services import mailed_choices
from core.vocabulary import MAILBOT


def reply(db: Db, question: Question) -> Reply:
    """The link, to the institution's own address; no address stands in the mail. Else a coordinator."""
    account = asker(db, question).institution
    if account is None or account.institution is None:
        facts = {"is_own": False, "institution_name": "", "valid_days": 0}
        return Reply("answer-billing-address", facts, (sign_in_page(), help_page()), needs_coordinator=True)
    facts = {
        "is_own": True,
        "institution_name": account.institution.name,
        "valid_days": mailed_choices.VALID.days,
    }
    links = (page(_("Our details"), "onze-gegevens"),)
    return Reply("answer-billing-address", facts, links, account, effect=_make_link)


def _make_link(db: Db, question: Question) -> str:
    account = asker(db, question).institution
    return mailed_choices.billing_link(db, MAILBOT, account.id) if account is not None else ""
