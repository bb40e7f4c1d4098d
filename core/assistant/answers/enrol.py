"""«Hoe schrijf ik (mij of een collega) in?»: the course's page if it is named, and the path (R14–R16, R28, R29)."""

from core.assistant.answers.asker import asker
from core.assistant.answers.common import Question, Reply, help_page
from core.assistant.answers.course_facts import catalogue_page, course_page, facts_of, named_courses
from core.db import Db


def reply(db: Db, question: Question) -> Reply:
    """The way in; it never enrols anybody."""
    who = asker(db, question)
    courses = named_courses(db, question.text)
    facts = {
        "courses": [facts_of(course) for course in courses],
        "is_own": who.side is not None,
        "is_institution": who.is_institution,
    }
    links = (*(tuple(course_page(course) for course in courses) or (catalogue_page(),)), help_page())
    return Reply("answer-enrol", facts, links, who.side)
