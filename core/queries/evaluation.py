"""Evaluations: what is asked, what the link shows, and the results of a course or of all courses of a teacher."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean

from sqlalchemy import ColumnElement, func, select

from core import access, clock, tokens
from core.db import Db
from core.decisions import decisions
from core.i18n import language
from core.models import (
    Course,
    CourseTeacher,
    EvaluationAnswer,
    EvaluationForm,
    EvaluationInvitation,
    EvaluationQuestion,
    Teacher,
)
from core.rules.evaluation import EvaluationValues, is_shown, option_words
from core.vocabulary import Actor, ActorKind, EvaluationKind


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the evaluation; `has_answers` is told where it is edited."""

    question_id: int
    values: EvaluationValues
    is_asked: bool = True
    has_answers: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """What the mailed link shows: the course and the questions, and no name."""

    course_title: str
    held_on: tuple[date, ...]
    teachers: tuple[str, ...]
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The answers to one question: how many gave each number of stars or each choice, or the texts."""

    question: str
    kind: EvaluationKind
    answered: int
    average: float | None
    counts: dict[str, int]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What came in for a course or a teacher; `results` is empty as long as too few answered for who looks."""

    title: str
    asked: int
    forms: int
    least: int
    is_shown: bool
    results: tuple[Result, ...]


def open_until(db: Db, invited_on: date) -> date:
    """The last day on which an evaluation can be filled in."""
    return invited_on + timedelta(days=decisions(db).evaluation_link_days)


def asked(db: Db, course_id: int) -> tuple[Asked, ...]:
    """What is asked after a course: its own questions when it has any, else the general ones."""
    for own in (course_id, None):
        rows = db.scalars(
            select(EvaluationQuestion).where(_of(own), EvaluationQuestion.is_asked).order_by(*_ORDER)
        ).all()
        if rows:
            return tuple(Asked(row.id, values_of(row)) for row in rows)
    return ()


def look(db: Db, secret: str) -> Paper:
    """What a mailed link asks, without using it up. Raises LinkNotValid."""
    row = db.execute(
        select(EvaluationInvitation, Course)
        .join(Course, Course.id == EvaluationInvitation.course_id)
        .where(EvaluationInvitation.token_hash == tokens.fingerprint(secret))
    ).first()
    if row is None or row[0].is_used or open_until(db, row[0].invited_on) < clock.today():
        raise tokens.LinkNotValid
    course = row[1]
    return Paper(
        course.title,
        tuple(each.held_on for each in course.days),
        tuple(teacher.name for teacher in course.teachers),
        asked(db, course.id),
    )


def all_questions(db: Db, actor: Actor, course_id: int | None = None) -> tuple[Asked, ...]:
    """The general questions, or those of a course's own, also what is no longer asked. Raises NotFound."""
    access.check_sees_all(actor)
    answers = (
        select(func.count())
        .where(EvaluationAnswer.question_id == EvaluationQuestion.id)
        .correlate(EvaluationQuestion)
        .scalar_subquery()
    )
    found = db.execute(select(EvaluationQuestion, answers).where(_of(course_id)).order_by(*_ORDER))
    return tuple(Asked(row.id, values_of(row), row.is_asked, bool(count)) for row, count in found)


def values_of(row: EvaluationQuestion) -> EvaluationValues:
    """What stands in the form of a question."""
    return EvaluationValues(row.text, row.text_en, row.kind, tuple(filter(None, row.options.splitlines())))


def of_course(db: Db, actor: Actor, course_id: int) -> Results:
    """The results of a course, for coordinators and, from enough answers on, its teachers. Raises NotFound."""
    course = access.taught_course(db, actor, course_id)
    return _results(db, actor, course.title, Course.id == course_id)


def of_teacher(db: Db, actor: Actor, teacher_id: int) -> Results:
    """The results of all courses of a teacher together, for coordinators. Raises NotFound."""
    access.check_sees_all(actor)
    teacher = db.get(Teacher, teacher_id)
    if teacher is None:
        raise access.NotFound
    own = select(CourseTeacher.course_id).where(CourseTeacher.teacher_id == teacher_id)
    return _results(db, actor, teacher.name, Course.id.in_(own))


def forms(db: Db, actor: Actor, course_id: int) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Every filled-in evaluation of a course as a line, under its questions; for coordinators. Raises NotFound."""
    access.check_sees_all(actor)
    access.taught_course(db, actor, course_id)
    found = db.execute(
        select(EvaluationAnswer.form_id, EvaluationAnswer, EvaluationQuestion)
        .join(EvaluationForm, EvaluationForm.id == EvaluationAnswer.form_id)
        .join(EvaluationQuestion, EvaluationQuestion.id == EvaluationAnswer.question_id)
        .where(EvaluationForm.course_id == course_id)
        .order_by(EvaluationForm.id, *_ORDER)
    ).all()
    heads = {question.id: values_of(question).words(language()) for _form, _answer, question in found}
    lines: dict[str, dict[int, str]] = {}
    for form, answer, question in found:
        words = str(answer.stars) if answer.stars is not None else option_words(answer.text, language())
        lines.setdefault(form, {})[question.id] = words
    return tuple(heads.values()), tuple(tuple(given.get(head, "") for head in heads) for given in lines.values())


def lines(found: Results) -> list[tuple[object, ...]]:
    """Results as lines of a sheet: question, answer, number, average; the counts of a question below it."""
    told: list[tuple[object, ...]] = [(found.title, "", found.forms, None)]
    for each in found.results:
        told.append((each.question, "", each.answered, round(each.average, 2) if each.average is not None else None))
        told += [(each.question, name, count, None) for name, count in each.counts.items()]
    return told


def _results(db: Db, actor: Actor, title: str, condition: ColumnElement[bool]) -> Results:
    count = db.scalar(select(func.count()).select_from(EvaluationForm).join(Course).where(condition)) or 0
    invited = db.scalar(select(func.count()).select_from(EvaluationInvitation).join(Course).where(condition)) or 0
    least = decisions(db).evaluation_from_answers
    shown = is_shown(count, least, is_teacher=actor.kind is ActorKind.TEACHER)
    found = (
        db.execute(
            select(EvaluationQuestion, EvaluationAnswer.stars, EvaluationAnswer.text)
            .join(EvaluationAnswer, EvaluationAnswer.question_id == EvaluationQuestion.id)
            .join(EvaluationForm, EvaluationForm.id == EvaluationAnswer.form_id)
            .join(Course, Course.id == EvaluationForm.course_id)
            .where(condition)
            .order_by(*_ORDER, EvaluationForm.id)
        ).all()
        if shown
        else []
    )
    return Results(title, invited, count, least, shown, _by_question((row[0], row[1], row[2]) for row in found))


def _by_question(found: Iterable[tuple[EvaluationQuestion, int | None, str]]) -> tuple[Result, ...]:
    """Answers put together by question; a course's own copy counts with the general question it was made from."""
    questions: dict[int, EvaluationQuestion] = {}
    given: dict[int, list[tuple[int | None, str]]] = {}
    for question, stars, text in found:
        identity = question.origin_id or question.id
        questions.setdefault(identity, question)
        given.setdefault(identity, []).append((stars, text))
    return tuple(_result(questions[identity], answers) for identity, answers in given.items())


def _result(question: EvaluationQuestion, answers: list[tuple[int | None, str]]) -> Result:
    values = values_of(question)
    stars = [number for number, _text in answers if number is not None]
    texts = [text for _number, text in answers if text]
    counts: dict[str, int] = {}
    if values.kind is EvaluationKind.STARS:
        counted = Counter(stars)
        counts = {str(number): counted[number] for number in range(5, 0, -1)}
    elif values.kind is EvaluationKind.CHOICE:
        chosen = Counter(texts)
        counts = {
            option_words(option, language()): chosen[option] for option in dict.fromkeys((*values.options, *texts))
        }
    return Result(
        question=values.words(language()),
        kind=values.kind,
        answered=len(answers),
        average=mean(stars) if stars else None,
        counts=counts,
        texts=tuple(texts) if values.kind is EvaluationKind.TEXT else (),
    )


def _of(course_id: int | None) -> ColumnElement[bool]:
    own = EvaluationQuestion.course_id
    return own.is_(None) if course_id is None else own == course_id


_ORDER = (EvaluationQuestion.position.asc(), EvaluationQuestion.id.asc())
