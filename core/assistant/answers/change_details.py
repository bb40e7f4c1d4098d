"""«Mijn adres is veranderd»: who owns the account changes it in the portal; no mail ever does (R17, R36, D10)."""

from core.assistant.answers.asker import asker
from core.assistant.answers.common import Question, Reply, help_page, page, sign_in_page
from core.db import Db
from core.i18n import _


def reply(db: Db, question: Question) -> Reply:
    """The way to the page with the own details."""
    who = asker(db, question)
    own = page(_("Our details"), "onze-gegevens") if who.is_institution else page(_("My details"), "mijn-gegevens")
    links = (own,) if who.side is not None else (sign_in_page(), help_page())
    facts = {"is_own": who.side is not None, "is_institution": who.is_institution}
    return Reply("answer-change-details", facts, links, who.side)
