"""«Een collega staat niet in onze lijst»: who links alone does it, the school can end it (R13, R29, R45)."""

from core.assistant.answers.asker import asker
from core.assistant.answers.common import Question, Reply, help_page, page, sign_in_page
from core.db import Db
from core.i18n import _


def reply(db: Db, question: Question) -> Reply:
    """How it goes for who asks: the school, or the person."""
    who = asker(db, question)
    theirs, mine = page(_("Our participants"), "onze-cursisten"), page(_("My details"), "mijn-gegevens")
    own = theirs if who.is_institution else mine
    links = (own,) if who.side is not None else (sign_in_page(), help_page())
    facts = {"is_own": who.side is not None, "is_institution": who.is_institution}
    return Reply("answer-link-institution", facts, links, who.side)
