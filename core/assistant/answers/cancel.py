"""«Ik kan niet komen»: the cost of today and the page where one click cancels; a mail alone cancels nothing (D1)."""

from functools import partial

from core import access
from core.assistant.answers.asker import Asker, asker
from core.assistant.answers.common import Link, Question, Reply, help_page, page, sign_in_page
from core.assistant.answers.recognition import Titled, narrowed
from core.db import Db
from core.i18n import _, day, weekday
from core.models import Account
from core.money import euro
from core.queries.enrolments import EnrolmentRow, own_enrolments
from core.services import mailed_choices
from core.vocabulary import MAILBOT


def reply(db: Db, question: Question) -> Reply:
    """Cost and link for the one coming enrolment that fits, and a coordinator looks on; else how one cancels."""
    who = asker(db, question)
    account, row = _fitting(db, who, question.text)
    facts = {
        "is_own": who.side is not None,
        "course_title": row.course_title if row else "",
        "first_day": weekday(row.first_day) if row and row.first_day else "",
        "person_name": row.person_name if row and who.is_institution else "",
        "cancellation_cost": euro(row.cancel_cents) if row and row.cancel_cents else "",
        "free_until": day(row.free_until) if row and row.free_until else "",
        "valid_days": mailed_choices.VALID.days,
    }
    effect = partial(_make_link, account=account, enrolment_id=row.enrolment_id) if account and row else None
    return Reply("answer-cancel", facts, links_of(who, row), who.side, effect=effect, needs_coordinator=row is not None)


def coming(db: Db, account: Account) -> tuple[EnrolmentRow, ...]:
    """The enrolments of an account that can still be cancelled."""
    return tuple(
        row for row in own_enrolments(db, access.acting(account)) if row.is_coming and row.cancel_cents is not None
    )


def fitting(rows: tuple[EnrolmentRow, ...], text: str, *, by_name: bool) -> tuple[EnrolmentRow, ...]:
    """Those of the rows that a message names by course, and (`by_name`) by person; all when it names none."""
    titled = [Titled(place, row.course_title, row.course_code) for place, row in enumerate(rows)]
    return narrowed(text, rows, titled, [row.person_name if by_name else "" for row in rows])


def _fitting(db: Db, who: Asker, text: str) -> tuple[Account | None, EnrolmentRow | None]:
    if who.side is None:
        return None, None
    found = fitting(coming(db, who.side), text, by_name=who.is_institution)
    return (who.side, found[0]) if len(found) == 1 else (who.side, None)


def links_of(who: Asker, row: EnrolmentRow | None) -> tuple[Link, ...]:
    """The page of the own enrolments, opened at the one that is meant."""
    if who.side is None:
        return (sign_in_page(), help_page())
    if not who.is_institution:
        return (page(_("My courses"), "mijn-nascholingen"),)
    query = {"nascholing": row.course_code} if row else {}
    if row and row.person_id is not None:
        query["cursist"] = row.person_name
    return (page(_("Our courses"), "onze-nascholingen", **query),)


def _make_link(db: Db, _question: Question, *, account: Account, enrolment_id: int) -> str:
    return mailed_choices.cancel_link(db, MAILBOT, account.id, enrolment_id)
