"""«Personeel mag onze school niet als betaler opgeven»: a link to the page where the institution chooses (R34)."""

from core.assistant.answers.asker import asker
from core.assistant.answers.common import Question, Reply, help_page, page, sign_in_page
from core.db import Db
from core.i18n import _
from core.labels import label
from core.models import Account
from core.services import mailed_choices
from core.vocabulary import MAILBOT


def reply(db: Db, question: Question) -> Reply:
    """The present choice and the link to change it, to the institution's own address; else a coordinator."""
    account = asker(db, question).institution
    if account is None or account.institution is None:
        facts = {"is_own": False, "policy": "", "institution_name": "", "valid_days": 0}
        return Reply("answer-payer-policy", facts, (sign_in_page(), help_page()), needs_coordinator=True)
    facts = {
        "is_own": True,
        "policy": label(account.institution.payer_policy),
        "institution_name": account.institution.name,
        "valid_days": mailed_choices.VALID.days,
    }
    links = (page(_("Our details"), "onze-gegevens"),)
    return Reply("answer-payer-policy", facts, links, account, effect=_make_link)


def _make_link(db: Db, question: Question) -> str:
    account: Account | None = asker(db, question).institution
    return mailed_choices.policy_link(db, MAILBOT, account.id) if account is not None else ""
