"""Coordinators decide what a course asks at enrolment: add, change, reorder, stop asking, delete."""

from sqlalchemy import func, select

from core import access, audit
from core.db import Db
from core.models import Course, CourseQuestion, EnrolmentAnswer
from core.queries.questions import values_of
from core.rules import questions as rules
from core.rules.questions import QuestionValues
from core.services import courses
from core.vocabulary import Actor, AuditTag


def add(db: Db, actor: Actor, course_id: int, values: QuestionValues) -> int:
    """Ask one question more, as the last; returns its id. Who enrolled before answers in the own portal.

    Raises NotFound, NotAllowed, CourseCalledOff, TooManyQuestions and the refusals of `rules.checked`.
    """
    course = courses.editable(db, actor, course_id)
    rows = _in_order(db, course.id)
    if sum(row.is_asked for row in rows) >= rules.MOST_QUESTIONS:
        raise rules.TooManyQuestions(most=rules.MOST_QUESTIONS)
    row = CourseQuestion(course_id=course.id, position=len(rows) + 1)
    _fill(row, rules.checked(values))
    db.add(row)
    db.flush()
    audit.record(db, actor, AuditTag.COURSE_QUESTION_ADDED, course, question=row.id, text=row.text)
    return row.id


def change(db: Db, actor: Actor, question_id: int, values: QuestionValues, *, seen: QuestionValues) -> None:
    """Write a question anew. Given answers stay: with answers its kind, and the options that were chosen, stay too.

    Raises NotFound, NotAllowed, CourseCalledOff, QuestionChangedMeanwhile, KindStays, OptionChosen and the refusals of
    `rules.checked`.
    """
    course, row = _editable(db, actor, question_id)
    before, after = values_of(row), rules.checked(values)
    if before != seen:
        raise rules.QuestionChangedMeanwhile
    given = db.scalars(select(EnrolmentAnswer.answer).where(EnrolmentAnswer.question_id == row.id).distinct()).all()
    rules.check_change(before, after, given)
    if before == after:
        return
    _fill(row, after)
    db.flush()
    audit.record(db, actor, AuditTag.COURSE_QUESTION_CHANGED, course, question=row.id, was=before.text, text=after.text)


def move(db: Db, actor: Actor, question_id: int, *, by: int) -> None:
    """Ask a question so many places later, or earlier below nought. Raises NotFound, NotAllowed or CourseCalledOff."""
    course, row = _editable(db, actor, question_id)
    rows = sorted(_in_order(db, course.id), key=lambda each: not each.is_asked)
    place = rows.index(row)
    rows.insert(min(max(place + by, 0), len(rows) - 1), rows.pop(place))
    for position, each in enumerate(rows, start=1):
        each.position = position
    db.flush()
    audit.record(db, actor, AuditTag.COURSE_QUESTION_MOVED, course, question=row.id, position=row.position)


def stop(db: Db, actor: Actor, question_id: int) -> None:
    """Ask a question no longer; its answers stay. Raises NotFound, NotAllowed or CourseCalledOff."""
    course, row = _editable(db, actor, question_id)
    row.is_asked = False
    db.flush()
    audit.record(db, actor, AuditTag.COURSE_QUESTION_STOPPED, course, question=row.id, text=row.text)


def ask_again(db: Db, actor: Actor, question_id: int) -> None:
    """Ask a question once more. Raises NotFound, NotAllowed, CourseCalledOff or TooManyQuestions."""
    course, row = _editable(db, actor, question_id)
    asked = sum(each.is_asked for each in _in_order(db, course.id) if each is not row)
    if asked >= rules.MOST_QUESTIONS:
        raise rules.TooManyQuestions(most=rules.MOST_QUESTIONS)
    row.is_asked = True
    db.flush()
    audit.record(db, actor, AuditTag.COURSE_QUESTION_ASKED_AGAIN, course, question=row.id, text=row.text)


def delete(db: Db, actor: Actor, question_id: int) -> None:
    """Delete a question that nobody answered. Raises NotFound, NotAllowed, CourseCalledOff or HasAnswers."""
    course, row = _editable(db, actor, question_id)
    if db.scalar(select(func.count()).where(EnrolmentAnswer.question_id == row.id)):
        raise rules.HasAnswers
    audit.record(db, actor, AuditTag.COURSE_QUESTION_DELETED, course, question=row.id, text=row.text)
    db.delete(row)
    db.flush()


def _editable(db: Db, actor: Actor, question_id: int) -> tuple[Course, CourseQuestion]:
    """A question to change and its course, which is locked: an answer to it waits until this is done."""
    access.require_coordinator(actor)
    row = db.get(CourseQuestion, question_id)
    if row is None:
        raise access.NotFound
    course = courses.editable(db, actor, row.course_id)
    db.refresh(row)
    return course, row


def _in_order(db: Db, course_id: int) -> list[CourseQuestion]:
    own = select(CourseQuestion).where(CourseQuestion.course_id == course_id)
    return list(db.scalars(own.order_by(CourseQuestion.position, CourseQuestion.id)))


def _fill(row: CourseQuestion, values: QuestionValues) -> None:
    row.text, row.kind, row.is_required = values.text, values.kind, values.is_required
    row.options = "\n".join(values.options)
