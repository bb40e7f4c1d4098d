"""Answers to what a course asks: given at enrolment, or later in the own portal."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from core import access, audit, clock
from core.db import Db
from core.models import Enrolment, EnrolmentAnswer
from core.queries import questions
from core.rules import questions as rules
from core.vocabulary import ACTIVE, Actor, ActorKind, AuditTag

#: What the form field of an answer is called in a refusal, followed by the id of the question.
PLACE = "answer"


def place_of(person_id: int) -> str:
    """What the fields of one colleague are called, where several are asked at once."""
    return f"{PLACE}_{person_id}"


def checked(
    db: Db, course_id: int, given: Mapping[int, str] | None, *, place: str = PLACE, is_by_hand: bool = False
) -> dict[int, str]:
    """The answers of one participant as they are kept. Raises AnswerMissing or AnswerNotValid."""
    asked = questions.of_course(db, course_id)
    return rules.checked_answers(asked, given or {}, place=place, is_by_hand=is_by_hand)


def checked_of_colleagues(
    db: Db, course_id: int, person_ids: Iterable[int], given: Mapping[int, Mapping[int, str]] | None
) -> dict[int, dict[int, str]]:
    """The answers for each of several colleagues. Raises AnswerMissing or AnswerNotValid at the colleague's field."""
    asked = questions.of_course(db, course_id)
    return {
        person_id: rules.checked_answers(asked, (given or {}).get(person_id, {}), place=place_of(person_id))
        for person_id in person_ids
    }


def answer(db: Db, actor: Actor, enrolment_id: int, given: Mapping[int, str]) -> int:
    """Answer, or answer otherwise, what a course asks; returns how many answers changed.

    The participant may until the course starts, a coordinator on request at any time, and with less than all answers.
    What an institution filled in for a colleague is no longer its own once it is changed. Raises NotFound, NotAllowed,
    AnswerMissing, AnswerNotValid or AnsweringOver.
    """
    is_by_hand = actor.kind is ActorKind.COORDINATOR
    if not is_by_hand and actor.kind is not ActorKind.PERSON:
        raise access.NotFound
    enrolment = access.editable_enrolment(db, actor, enrolment_id)
    if enrolment.status not in ACTIVE or enrolment.person_id is None:
        raise access.NotFound
    first_day = enrolment.course.first_day
    if not is_by_hand and first_day is not None and first_day <= clock.today():
        raise rules.AnsweringOver
    asked = questions.of_course(db, enrolment.course_id)
    wanted = rules.checked_answers(asked, given, place=PLACE, is_by_hand=is_by_hand)
    rows = {
        row.question_id: row
        for row in db.scalars(select(EnrolmentAnswer).where(EnrolmentAnswer.enrolment_id == enrolment.id))
    }
    was = {each.question_id: rows[each.question_id].answer for each in asked if each.question_id in rows}
    changed = [each.question_id for each in asked if was.get(each.question_id) != wanted.get(each.question_id)]
    for question_id in changed:
        if question_id in rows:
            db.delete(rows[question_id])
    db.flush()
    keep(db, enrolment, {question_id: wanted[question_id] for question_id in changed if question_id in wanted})
    if changed:
        audit.record(db, actor, AuditTag.ENROLMENT_ANSWERED, enrolment, questions=changed)
    return len(changed)


def keep(db: Db, enrolment: Enrolment, checked: Mapping[int, str], *, institution_id: int | None = None) -> None:
    """Write down checked answers on an enrolment that has none to these questions yet."""
    db.add_all(
        EnrolmentAnswer(
            enrolment_id=enrolment.id,
            question_id=question_id,
            institution_id=institution_id,
            answer=text,
            answered_at=clock.now(),
        )
        for question_id, text in checked.items()
    )
    db.flush()
