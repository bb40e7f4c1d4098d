"""Answers to what a course asks: given at enrolment, or later in the own portal."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, select

from core import access, audit, clock
from core.db import Db
from core.decisions import decisions
from core.models import Course, Enrolment, EnrolmentAnswer
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


def courses_to_clear(db: Db, *, limit: int = 200) -> tuple[int, ...]:
    """The courses that ended so many days ago (`answers_kept_days`) that nobody needs the answers any more."""
    answered = select(Enrolment.course_id).join(EnrolmentAnswer, EnrolmentAnswer.enrolment_id == Enrolment.id)
    wanted = select(Course.id).where(_is_long_over(db), Course.id.in_(answered))
    return tuple(db.scalars(wanted.order_by(Course.id).limit(limit)))


def clear(db: Db, actor: Actor, course_id: int) -> int:
    """Forget what the participants of a course that is long over answered; returns how many answers.

    The questions stay, for a repeat. A course that got a later day meanwhile keeps its answers. Raises NotAllowed.
    """
    access.require_staff(actor)
    course = db.scalar(select(Course).where(Course.id == course_id, _is_long_over(db)).with_for_update())
    if course is None:
        return 0
    seats = select(Enrolment.id).where(Enrolment.course_id == course.id)
    cleared = db.scalars(
        delete(EnrolmentAnswer).where(EnrolmentAnswer.enrolment_id.in_(seats)).returning(EnrolmentAnswer.id)
    ).all()
    if cleared:
        audit.record(db, actor, AuditTag.COURSE_ANSWERS_CLEARED, course, count=len(cleared))
    return len(cleared)


def _is_long_over(db: Db) -> ColumnElement[bool]:
    before = clock.today() - timedelta(days=decisions(db).answers_kept_days)
    return and_(Course.last_day.is_not(None), Course.last_day < before)
