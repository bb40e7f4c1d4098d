"""Coordinators write what the evaluation asks: of every course, or of one that gets questions of its own."""

from sqlalchemy import exists, select

from core import access, audit
from core.db import Db
from core.models import Course, EvaluationAnswer, EvaluationQuestion
from core.queries.evaluation import values_of
from core.rules import evaluation as rules
from core.rules.evaluation import EvaluationValues
from core.vocabulary import Actor, AuditTag


def add(db: Db, actor: Actor, course_id: int | None, values: EvaluationValues) -> int:
    """Ask one question more, as the last; of every course when none is given. Returns its id.

    Raises NotFound, NotAllowed, TooManyAsked, QuestionEmpty or OptionsMissing.
    """
    rows = _locked(db, actor, course_id)
    _check_count(rows)
    row = EvaluationQuestion(course_id=course_id, position=len(rows) + 1)
    _fill(row, rules.checked(values))
    db.add(row)
    db.flush()
    audit.record(db, actor, AuditTag.EVALUATION_QUESTION_ADDED, row, text=row.text)
    return row.id


def change(db: Db, actor: Actor, question_id: int, values: EvaluationValues, *, seen: EvaluationValues) -> None:
    """Write a question anew; with answers its kind and its choices stay.

    Raises NotFound, NotAllowed, AskedMeanwhile, KindFixed, QuestionEmpty or OptionsMissing.
    """
    row = _editable(db, actor, question_id)
    before, after = values_of(row), rules.checked(values)
    if before != seen:
        raise rules.AskedMeanwhile
    has_answers = db.scalar(select(exists().where(EvaluationAnswer.question_id == row.id)))
    if has_answers and (before.kind, before.options) != (after.kind, after.options):
        raise rules.KindFixed
    if before == after:
        return
    _fill(row, after)
    db.flush()
    audit.record(db, actor, AuditTag.EVALUATION_QUESTION_CHANGED, row, was=before.text, text=after.text)


def move(db: Db, actor: Actor, question_id: int, *, by: int) -> None:
    """Ask a question so many places later, or earlier below nought. Raises NotFound or NotAllowed."""
    row = _editable(db, actor, question_id)
    rows = sorted(_in_order(db, row.course_id), key=lambda each: not each.is_asked)
    place = rows.index(row)
    rows.insert(min(max(place + by, 0), len(rows) - 1), rows.pop(place))
    for position, each in enumerate(rows, start=1):
        each.position = position
    db.flush()
    audit.record(db, actor, AuditTag.EVALUATION_QUESTION_MOVED, row, position=row.position)


def stop(db: Db, actor: Actor, question_id: int) -> None:
    """Ask a question no longer; its answers stay. Raises NotFound or NotAllowed."""
    row = _editable(db, actor, question_id)
    row.is_asked = False
    db.flush()
    audit.record(db, actor, AuditTag.EVALUATION_QUESTION_STOPPED, row, text=row.text)


def ask_again(db: Db, actor: Actor, question_id: int) -> None:
    """Ask a question once more. Raises NotFound, NotAllowed or TooManyAsked."""
    row = _editable(db, actor, question_id)
    _check_count([each for each in _in_order(db, row.course_id) if each is not row])
    row.is_asked = True
    db.flush()
    audit.record(db, actor, AuditTag.EVALUATION_QUESTION_ASKED_AGAIN, row, text=row.text)


def make_own(db: Db, actor: Actor, course_id: int) -> int:
    """Give a course questions of its own: a copy of the general ones to change; returns how many it has.

    Their results count together with those of the general ones. Raises NotFound or NotAllowed.
    """
    rows = _locked(db, actor, course_id)
    if not rows:
        for row in _in_order(db, None):
            if row.is_asked:
                own = EvaluationQuestion(course_id=course_id, origin_id=row.id, position=row.position)
                _fill(own, values_of(row))
                db.add(own)
        db.flush()
    for row in rows:
        row.is_asked = True
    db.flush()
    course = db.get_one(Course, course_id)
    asked = len(_in_order(db, course_id))
    audit.record(db, actor, AuditTag.EVALUATION_MADE_OWN, course, count=asked)
    return asked


def follow_general(db: Db, actor: Actor, course_id: int) -> None:
    """Ask a course the general questions again; its own keep their answers. Raises NotFound or NotAllowed."""
    for row in _locked(db, actor, course_id):
        row.is_asked = False
    db.flush()
    audit.record(db, actor, AuditTag.EVALUATION_QUESTION_STOPPED, db.get_one(Course, course_id), text="")


def _locked(db: Db, actor: Actor, course_id: int | None) -> list[EvaluationQuestion]:
    """The questions of a course or the general ones, for one coordinator at a time."""
    access.require_coordinator(actor)
    if course_id is not None:
        access.locked_course(db, course_id)
    return _in_order(db, course_id)


def _editable(db: Db, actor: Actor, question_id: int) -> EvaluationQuestion:
    access.require_coordinator(actor)
    row = db.scalar(select(EvaluationQuestion).where(EvaluationQuestion.id == question_id).with_for_update())
    if row is None:
        raise access.NotFound
    return row


def _in_order(db: Db, course_id: int | None) -> list[EvaluationQuestion]:
    own = EvaluationQuestion.course_id
    wanted = own.is_(None) if course_id is None else own == course_id
    found = select(EvaluationQuestion).where(wanted).order_by(EvaluationQuestion.position, EvaluationQuestion.id)
    return list(db.scalars(found))


def _check_count(rows: list[EvaluationQuestion]) -> None:
    if sum(row.is_asked for row in rows) >= rules.MOST_QUESTIONS:
        raise rules.TooManyAsked(most=rules.MOST_QUESTIONS)


def _fill(row: EvaluationQuestion, values: EvaluationValues) -> None:
    row.text, row.text_en, row.kind = values.text, values.text_en, values.kind
    row.options = "\n".join(values.options)
