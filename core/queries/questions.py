"""Questions at enrolment: what is asked, what was answered, and who may see it.

Answers are personal data of the participant. An institution that pays sees only what it filled in itself.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from core import access, clock
from core.db import Db
from core.i18n import _
from core.models import Course, CourseQuestion, Enrolment, EnrolmentAnswer
from core.rules.questions import NO, YES, Asked, QuestionValues
from core.vocabulary import ACTIVE, SEATED, Actor, ActorKind, QuestionKind


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question as its coordinator sees it; `answers` counts how many answered, on whatever enrolment."""

    question_id: int
    values: QuestionValues
    is_asked: bool
    answers: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, with its question."""

    question_id: int
    question: str
    kind: QuestionKind
    answer: str

    @property
    def text(self) -> str:
        """The answer in words, in the language of the moment."""
        return worded(self.kind, self.answer)


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one enrolment, with the answers given so far, by question."""

    asked: tuple[Asked, ...]
    given: dict[int, str]

    @property
    def missing(self) -> int:
        """How many questions that must be answered are still open."""
        return sum(each.is_required and each.question_id not in self.given for each in self.asked)


@dataclass(frozen=True, slots=True)
class Tally:
    """What those with a seat answered to a question; `counts` of a choice or of yes and no, in its own order."""

    question: Asked
    is_asked: bool
    answered: int
    unanswered: int
    counts: dict[str, int]
    texts: tuple[str, ...]


def worded(kind: QuestionKind, answer: str) -> str:
    """An answer in words."""
    return {YES: _("Yes"), NO: _("No")}.get(answer, answer) if kind is QuestionKind.YES_NO else answer


def values_of(row: CourseQuestion) -> QuestionValues:
    """What stands in the form of a question."""
    return QuestionValues(row.text, row.kind, row.is_required, tuple(filter(None, row.options.splitlines())))


def of_course(db: Db, course_id: int) -> tuple[Asked, ...]:
    """What is asked of whoever enrols in a course, in order."""
    asked = and_(CourseQuestion.course_id == course_id, CourseQuestion.is_asked)
    return tuple(_asked(row) for row in db.scalars(select(CourseQuestion).where(asked).order_by(*_ORDER)))


def all_of_course(db: Db, actor: Actor, course_id: int) -> tuple[QuestionLine, ...]:
    """Every question of a course, also those no longer asked; for coordinators. Raises NotFound for others."""
    access.check_sees_all(actor)
    answers = (
        select(func.count())
        .where(EnrolmentAnswer.question_id == CourseQuestion.id)
        .correlate(CourseQuestion)
        .scalar_subquery()
    )
    found = db.execute(select(CourseQuestion, answers).where(CourseQuestion.course_id == course_id).order_by(*_ORDER))
    return tuple(QuestionLine(row.id, values_of(row), row.is_asked, count) for row, count in found)


def answers(db: Db, actor: Actor, enrolment_ids: Sequence[int]) -> dict[int, tuple[Answer, ...]]:
    """The answers on some enrolments, by enrolment: the own ones, those an institution filled in, or all for staff."""
    found = db.execute(
        select(EnrolmentAnswer.enrolment_id, EnrolmentAnswer.answer, CourseQuestion)
        .join(CourseQuestion, CourseQuestion.id == EnrolmentAnswer.question_id)
        .join(Enrolment, Enrolment.id == EnrolmentAnswer.enrolment_id)
        .where(EnrolmentAnswer.enrolment_id.in_(enrolment_ids), _readable(actor))
        .order_by(EnrolmentAnswer.enrolment_id, *_ORDER)
    )
    by_enrolment: dict[int, tuple[Answer, ...]] = {}
    for enrolment_id, answer, question in found:
        one = Answer(question.id, question.text, question.kind, answer)
        by_enrolment[enrolment_id] = (*by_enrolment.get(enrolment_id, ()), one)
    return by_enrolment


def own_forms(db: Db, actor: Actor) -> dict[int, Form]:
    """The questions of the own coming courses, by enrolment, until a course starts. Raises NotFound for no person."""
    person_id = access.own_person_id(actor)
    not_started = or_(Course.first_day.is_(None), Course.first_day > clock.today())
    return _forms(db, and_(Enrolment.person_id == person_id, Enrolment.status.in_(ACTIVE), not_started))


def form_of(db: Db, actor: Actor, enrolment_id: int) -> Form:
    """The questions of one enrolment, for a coordinator; empty when its course asks nothing. Raises NotFound."""
    access.check_sees_all(actor)
    return _forms(db, Enrolment.id == enrolment_id).get(enrolment_id, Form((), {}))


def tallies(db: Db, actor: Actor, course_id: int) -> tuple[Tally, ...]:
    """What those with a seat answered, question by question, in two queries; for coordinators. Raises NotFound."""
    access.check_sees_all(actor)
    seated = and_(Enrolment.course_id == course_id, Enrolment.status.in_(SEATED))
    seats = db.scalar(select(func.count()).select_from(Enrolment).where(seated)) or 0
    given: dict[int, list[str]] = {}
    for question_id, answer in db.execute(
        select(EnrolmentAnswer.question_id, EnrolmentAnswer.answer)
        .join(Enrolment, Enrolment.id == EnrolmentAnswer.enrolment_id)
        .where(seated)
        .order_by(EnrolmentAnswer.answered_at, EnrolmentAnswer.id)
    ):
        given.setdefault(question_id, []).append(answer)
    rows = db.scalars(select(CourseQuestion).where(CourseQuestion.course_id == course_id).order_by(*_ORDER))
    return tuple(_tally(row, given.get(row.id, []), seats) for row in rows if row.is_asked or row.id in given)


def open_count(db: Db, enrolment_id: int) -> int:
    """How many questions that must be answered have no answer on an enrolment, for the mail that tells of it."""
    return next((form.missing for form in _forms(db, Enrolment.id == enrolment_id).values()), 0)


def sheet(db: Db, actor: Actor, course_id: int) -> tuple[tuple[str, ...], dict[int, tuple[str, ...]]]:
    """The questions of a course, and the answers in words of each seat to them, for lists; Raises NotFound."""
    access.check_sees_all(actor)
    listed = [(each.question.question_id, each.question.text) for each in tallies(db, actor, course_id)]
    seats = select(Enrolment.id).where(Enrolment.course_id == course_id, Enrolment.status.in_(SEATED))
    found = answers(db, actor, db.scalars(seats).all()) if listed else {}
    by_question = {seat: {each.question_id: each.text for each in given} for seat, given in found.items()}
    lines = {seat: tuple(given.get(question, "") for question, _text in listed) for seat, given in by_question.items()}
    return tuple(text for _question, text in listed), lines


def _tally(row: CourseQuestion, given: list[str], seats: int) -> Tally:
    asked = _asked(row)
    counted = Counter(given)
    possible = (YES, NO) if row.kind is QuestionKind.YES_NO else asked.options
    return Tally(
        question=asked,
        is_asked=row.is_asked,
        answered=len(given),
        unanswered=seats - len(given),
        counts={worded(row.kind, option): counted[option] for option in possible},
        texts=tuple(given) if row.kind is QuestionKind.TEXT else (),
    )


def _forms(db: Db, condition: ColumnElement[bool]) -> dict[int, Form]:
    """The questions and answers of some enrolments, in one query."""
    given = and_(EnrolmentAnswer.question_id == CourseQuestion.id, EnrolmentAnswer.enrolment_id == Enrolment.id)
    found = db.execute(
        select(Enrolment.id, CourseQuestion, EnrolmentAnswer.answer)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseQuestion, and_(CourseQuestion.course_id == Course.id, CourseQuestion.is_asked))
        .outerjoin(EnrolmentAnswer, given)
        .where(condition)
        .order_by(Enrolment.id, *_ORDER)
    )
    forms: dict[int, Form] = {}
    for enrolment_id, question, answer in found:
        old = forms.get(enrolment_id, Form((), {}))
        new = {question.id: answer} if answer is not None else {}
        forms[enrolment_id] = Form((*old.asked, _asked(question)), old.given | new)
    return forms


_ORDER = (CourseQuestion.position.asc(), CourseQuestion.id.asc())


def _asked(row: CourseQuestion) -> Asked:
    values = values_of(row)
    return Asked(row.id, values.text, values.kind, values.is_required, values.options)


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Whose answers somebody may read: an institution needs to pay the seat, and to have filled them in."""
    if actor.kind is ActorKind.INSTITUTION:
        return and_(access.enrolments_of(actor), EnrolmentAnswer.institution_id == actor.institution_id)
    return access.enrolments_of(actor)
