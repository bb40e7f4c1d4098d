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

MOST, MOST_BUTTONS = 5, 3


def reply(db: Db, question: Question) -> Reply:
    """Cost and link for the one coming enrolment that fits, and a coordinator looks on; of several what each costs."""
    who = asker(db, question)
    found = fitting(coming(db, who.side), question.text, by_name=who.is_institution) if who.side is not None else ()
    row = found[0] if len(found) == 1 else None
    facts = {
        "is_own": who.side is not None,
        **(_facts_of(row, who) if row else dict.fromkeys(_FACTS, "")),
        "enrolments": [] if row else [_facts_of(each, who) for each in found[:MOST]],
        "valid_days": mailed_choices.VALID.days,
    }
    effect = partial(_make_link, account=who.side, enrolment_id=row.enrolment_id) if who.side and row else None
    links = _links(who, found)
    return Reply("answer-cancel", facts, links, who.side, effect=effect, needs_coordinator=row is not None)


_FACTS = ("course_title", "first_day", "person_name", "cancellation_cost", "free_until")


def _facts_of(row: EnrolmentRow, who: Asker) -> dict[str, str]:
    return {
        "course_title": row.course_title,
        "first_day": weekday(row.first_day) if row.first_day else "",
        "person_name": row.person_name if who.is_institution else "",
        "cancellation_cost": euro(row.cancel_cents) if row.cancel_cents else "",
        "free_until": day(row.free_until) if row.free_until else "",
    }


def coming(db: Db, account: Account) -> tuple[EnrolmentRow, ...]:
    """The enrolments of an account that can still be cancelled, the next course first."""
    rows = own_enrolments(db, access.acting(account))
    found = [row for row in rows if row.is_coming and row.cancel_cents is not None]
    return tuple(sorted(found, key=lambda row: (row.first_day is None, row.first_day)))


def fitting(rows: tuple[EnrolmentRow, ...], text: str, *, by_name: bool) -> tuple[EnrolmentRow, ...]:
    """Those of the rows that a message names by course, and (`by_name`) by person; all when it names none."""
    titled = [Titled(place, row.course_title, row.course_code) for place, row in enumerate(rows)]
    return narrowed(text, rows, titled, [row.person_name if by_name else "" for row in rows])


def own_page(who: Asker, **query: str) -> tuple[Link, ...]:
    """The page of the own enrolments; a stranger signs in first."""
    if who.side is None:
        return (sign_in_page(), help_page())
    if who.is_institution:
        return (page(_("Our courses"), "onze-nascholingen", **query),)
    return (page(_("My courses"), "mijn-nascholingen", **query),)


def _links(who: Asker, found: tuple[EnrolmentRow, ...]) -> tuple[Link, ...]:
    """A button for each enrolment, when they are few, that opens the question whether to cancel it; and the page."""
    if who.side is None or not found or len(found) > MOST_BUTTONS:
        return own_page(who)
    address = "onze-nascholingen" if who.is_institution else "mijn-nascholingen"
    return tuple(
        page(_("Cancel: {course}").format(course=_name(row, who)), address, annuleren=str(row.enrolment_id))
        for row in found
    )


def _name(row: EnrolmentRow, who: Asker) -> str:
    return f"{row.course_title}, {row.person_name}" if who.is_institution else row.course_title


def _make_link(db: Db, _question: Question, *, account: Account, enrolment_id: int) -> str:
    return mailed_choices.cancel_link(db, MAILBOT, account.id, enrolment_id)
