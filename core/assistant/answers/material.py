"""«Waar vind ik de presentatie?»: the page with the digital material of the courses followed (R18, R39)."""

from core import access
from core.assistant.answers.asker import asker
from core.assistant.answers.common import Question, Reply, help_page, page, sign_in_page
from core.assistant.answers.recognition import Titled, named
from core.db import Db
from core.i18n import _
from core.queries.material import material_of

MOST = 5


def reply(db: Db, question: Question) -> Reply:
    """Which courses of the asker have material now; for a stranger how one finds it."""
    who = asker(db, question)
    counts: dict[tuple[int, str], int] = {}
    for row in material_of(db, access.acting(who.side)) if who.side is not None else ():
        counts[row.course_id, row.course_title] = counts.get((row.course_id, row.course_title), 0) + 1
    meant = named(question.text, [Titled(*key, "") for key in counts], is_own=True)
    materials = [
        {"course_title": title, "count": count}
        for (identity, title), count in counts.items()
        if identity in meant or not meant
    ][:MOST]
    address = "ons-cursusmateriaal" if who.is_institution else "cursusmateriaal"
    links = (page(_("Course material"), address),) if who.side is not None else (sign_in_page(), help_page())
    return Reply("answer-material", {"is_own": who.side is not None, "materials": materials}, links, who.side)
