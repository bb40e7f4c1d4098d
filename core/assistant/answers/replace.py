"""«Een collega komt in mijn plaats»: the institution replaces in its portal, free of charge (R38, R41–R43)."""

from core.assistant.answers import cancel
from core.assistant.answers.asker import asker
from core.assistant.answers.common import Question, Reply, page
from core.db import Db
from core.i18n import _, weekday
from core.vocabulary import PayerKind


def reply(db: Db, question: Question) -> Reply:
    """The way to «Vervangen»; a person hears that the school does it; for who pays alone a coordinator does."""
    who = asker(db, question)
    rows = cancel.coming(db, who.side) if who.side is not None else ()
    found = cancel.fitting(rows, question.text, by_name=who.is_institution)
    row = found[0] if len(found) == 1 else None
    pays_alone = not who.is_institution and any(each.payer_kind is PayerKind.PERSON for each in found)
    facts = {
        "is_own": who.side is not None,
        "is_institution": who.is_institution,
        "pays_alone": pays_alone,
        "course_title": row.course_title if row else "",
        "first_day": weekday(row.first_day) if row and row.first_day else "",
        "person_name": row.person_name if row and who.is_institution else "",
    }
    links = cancel.own_page(who)
    if row is not None and who.is_institution:
        label = _("Replace: {course}").format(course=f"{row.course_title}, {row.person_name}")
        links = (page(label, "onze-nascholingen", vervangen=str(row.enrolment_id)),)
    return Reply("answer-replace", facts, links, who.side, needs_coordinator=pays_alone)
