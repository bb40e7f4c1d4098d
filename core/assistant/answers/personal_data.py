"""«Welke gegevens hebt u van mij?»: a receipt with the term; a coordinator always answers (GDPR art. 12)."""

from datetime import date

from core import clock
from core.assistant.answers.common import Question, Reply, help_page
from core.db import Db
from core.i18n import day


def reply(_db: Db, _question: Question) -> Reply:
    """The receipt, the same to everybody; what is asked for is never done by itself."""
    facts = {"answer_by": day(in_a_month(clock.today()))}
    return Reply("answer-personal-data", facts, (help_page(),), needs_coordinator=True)


def in_a_month(on: date) -> date:
    """The same day of the next month, or its last one."""
    year, month = (on.year + 1, 1) if on.month == 12 else (on.year, on.month + 1)
    for last in (on.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError(on)
