"""Two courses that ask something at enrolment: most have answered, a few have not yet."""

import random

from sqlalchemy import select

from core import clock
from core.db import Db
from core.models import Course, CourseQuestion, Enrolment, EnrolmentAnswer, Person
from core.rules.questions import NO, YES
from core.vocabulary import ACTIVE, ActorKind, QuestionKind

_LAPTOP = (
    ("Brengt u een eigen laptop mee?", QuestionKind.YES_NO, True, ()),
    (
        "Hoe vaak werkt u in de klas met AI?",
        QuestionKind.CHOICE,
        True,
        ("Nog nooit", "Af en toe", "Elke week", "Bijna elke dag"),
    ),
    ("Welke vraag wilt u zeker beantwoord zien?", QuestionKind.TEXT, False, ()),
)
_LUNCH = (
    (
        "Wat eet u 's middags?",
        QuestionKind.CHOICE,
        True,
        ("Broodje met vlees of vis", "Vegetarisch broodje", "Veganistisch broodje", "Ik eet niet mee"),
    ),
    ("Hebt u een allergie waarmee we rekening houden?", QuestionKind.TEXT, False, ()),
)
_WORDS = {
    _LAPTOP[2][0]: ("Hoe herken ik een tekst die een chatbot schreef?", "Wat mag volgens de GDPR?"),
    _LUNCH[1][0]: ("Noten", "Lactose"),
}


def ask(db: Db, seed: int, laptop: Course, lunch: Course, own: Person) -> None:
    """Questions and answers; the demo's own person, and who took over a seat, have not answered yet."""
    chance = random.Random(seed)
    for course, texts in ((laptop, _LAPTOP), (lunch, _LUNCH)):
        asked = [
            CourseQuestion(
                course_id=course.id,
                position=position,
                text=text,
                kind=kind,
                is_required=is_required,
                options="\n".join(options),
            )
            for position, (text, kind, is_required, options) in enumerate(texts, start=1)
        ]
        db.add_all(asked)
        db.flush()
        seats = select(Enrolment).where(
            Enrolment.course_id == course.id,
            Enrolment.status.in_(ACTIVE),
            Enrolment.person_id.is_not(None),
            Enrolment.person_id != own.id,
            Enrolment.replaces_id.is_(None),
        )
        for enrolment in db.scalars(seats.order_by(Enrolment.id)):
            db.add_all(_answers(chance, enrolment, asked))
    db.flush()


def _answers(chance: random.Random, enrolment: Enrolment, asked: list[CourseQuestion]) -> list[EnrolmentAnswer]:
    """What one participant answered; what may stay empty mostly did."""
    by_school = enrolment.enrolled_by is ActorKind.INSTITUTION
    made = []
    for question in asked:
        possible = {
            QuestionKind.YES_NO: (YES, YES, YES, NO),
            QuestionKind.CHOICE: question.options.splitlines(),
            QuestionKind.TEXT: _WORDS.get(question.text, ()),
        }[question.kind]
        if question.is_required or chance.random() < 0.3:
            answer = EnrolmentAnswer(
                enrolment_id=enrolment.id,
                question_id=question.id,
                institution_id=enrolment.payer_institution_id if by_school else None,
                answer=chance.choice(possible),
                answered_at=clock.now(),
            )
            made.append(answer)
    return made
