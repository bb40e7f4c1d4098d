"""«Waar blijft mijn attest?»: since or from when, and the page to fetch it from; never the PDF (R21–R26)."""

from core import access
from core.assistant.answers.asker import Asker, asker
from core.assistant.answers.common import Link, Question, Reply, help_page, page, sign_in_page
from core.assistant.answers.recognition import Titled, narrowed
from core.db import Db
from core.decisions import decisions
from core.i18n import _, day
from core.queries.enrolments import EnrolmentRow, own_enrolments

MOST = 5


def reply(db: Db, question: Question) -> Reply:
    """From when the asker's certificates are there; for a stranger how one finds them."""
    who = asker(db, question)
    rows = _rows(db, who, question.text)
    certificates = [
        {
            "course_title": row.course_title,
            "person_name": row.person_name if who.is_institution else "",
            "last_day": day(row.last_day) if row.last_day else "",
            "is_there": row.has_certificate,
            "from_day": day(row.certificate_from) if row.certificate_from else "",
        }
        for row in rows
    ]
    facts = {
        "is_own": who.side is not None,
        "certificates": certificates,
        "certificate_days": decisions(db).certificate_after_days,
    }
    return Reply("answer-certificate", facts, _links(who), who.side)


def _rows(db: Db, who: Asker, text: str) -> tuple[EnrolmentRow, ...]:
    """The enrolments that a certificate follows from, the newest course first; those the message names, if any."""
    if who.side is None:
        return ()
    rows = [row for row in own_enrolments(db, access.acting(who.side)) if row.certificate_from is not None]
    titled = [Titled(place, row.course_title, row.course_code) for place, row in enumerate(rows)]
    return narrowed(text, rows, titled, [row.person_name if who.is_institution else "" for row in rows])[:MOST]


def _links(who: Asker) -> tuple[Link, ...]:
    if who.side is None:
        return (sign_in_page(), help_page())
    if who.is_institution:
        return (page(_("Our documents"), "onze-documenten", soort="attesten"),)
    return (page(_("My courses"), "mijn-nascholingen"),)
