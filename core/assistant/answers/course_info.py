"""«Wanneer is die cursus, en is er nog plaats?»: public facts of up to three courses, as of now."""

import re

from core.assistant.answers.common import Question, Reply
from core.assistant.answers.course_facts import catalogue_page, course_page, facts_of, named_courses
from core.db import Db
from core.text import folded

#: What is asked of a course and does not stand in our data.
_NOT_KNOWN = re.compile(
    r"\b(parking|parkeren|parkeer\w*|fietsenstalling|lunch|broodjes?|maaltijd\w*|eten|dieet|vegetari\w*|vegan\w*|"
    r"allergi\w*|gluten\w*|rolstoel\w*|toegankelijk\w*|trein|bus|tram|openbaar vervoer|hotel|overnacht\w*|laptop|"
    r"kinderopvang|opname|opgenomen|livestream|nieuwe datum|volgend jaar|volgend schooljaar)\b"
)


def reply(db: Db, question: Question) -> Reply:
    """What the courses that are named are about; a course not recognised or a thing not known: a coordinator."""
    courses = named_courses(db, question.text)
    facts = {"courses": [facts_of(course) for course in courses]}
    links = tuple(course_page(course) for course in courses) or (catalogue_page(),)
    is_known = bool(courses) and not _NOT_KNOWN.search(folded(question.text))
    return Reply("answer-course-info", facts, links, is_enough=is_known, needs_coordinator=not is_known)
