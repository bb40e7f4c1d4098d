"""The courses and the teachers of which evaluations came in, the latest first or by name, with their averages."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from core import access
from core.db import Db
from core.i18n import short_day
from core.models import Course, CourseTeacher, EvaluationAnswer, EvaluationForm, EvaluationInvitation, Teacher
from core.text import folded
from core.vocabulary import Actor


@dataclass(frozen=True, slots=True)
class EvaluatedRow:
    """A course or a teacher of which evaluations were asked, with the average of all stars."""

    identity: int
    name: str
    facts: str
    asked: int
    forms: int
    average: float | None


@dataclass(frozen=True, slots=True)
class EvaluatedPage:
    """One page of them; `total` counts all pages."""

    rows: tuple[EvaluatedRow, ...]
    total: int


def courses(db: Db, actor: Actor, text: str = "", *, page: int = 1, size: int = 20) -> EvaluatedPage:
    """The courses of which evaluations were asked, the latest first. Raises NotFound for who is not of the team."""
    access.check_sees_all(actor)
    asked = select(EvaluationInvitation.course_id).where(EvaluationInvitation.course_id == Course.id)
    words = [Course.search_text.contains(word, autoescape=True) for word in folded(text).split()]
    shown = select(Course.id, Course.title, Course.code, Course.last_day).where(asked.exists(), *words)
    ordered = shown.order_by(Course.last_day.desc(), Course.id).limit(size).offset((max(page, 1) - 1) * size).subquery()
    found = db.execute(
        select(ordered, *_figures(lambda column: column == ordered.c.id)).order_by(
            ordered.c.last_day.desc(), ordered.c.id
        )
    )
    rows = tuple(
        EvaluatedRow(identity, title, " · ".join(filter(None, (code, short_day(last) if last else ""))), *figures)
        for identity, title, code, last, *figures in found
    )
    return EvaluatedPage(rows, _count(db, shown))


def teachers(db: Db, actor: Actor, text: str = "", *, page: int = 1, size: int = 20) -> EvaluatedPage:
    """The teachers of whose courses evaluations were asked, by name. Raises NotFound for who is not of the team."""
    access.check_sees_all(actor)
    wanted = text.strip().lower()
    asked = (
        select(CourseTeacher.course_id)
        .join(EvaluationInvitation, EvaluationInvitation.course_id == CourseTeacher.course_id)
        .where(CourseTeacher.teacher_id == Teacher.id)
    )
    shown = select(Teacher.id, Teacher.name).where(
        asked.exists(), func.lower(Teacher.name).contains(wanted, autoescape=True)
    )
    ordered = (
        shown.order_by(func.lower(Teacher.name), Teacher.id).limit(size).offset((max(page, 1) - 1) * size).subquery()
    )
    own = select(CourseTeacher.course_id).where(CourseTeacher.teacher_id == ordered.c.id)
    found = db.execute(
        select(ordered, *_figures(lambda column: column.in_(own))).order_by(func.lower(ordered.c.name), ordered.c.id)
    )
    rows = tuple(EvaluatedRow(identity, name, "", *figures) for identity, name, *figures in found)
    return EvaluatedPage(rows, _count(db, shown))


def _figures(is_of: Any) -> tuple[ColumnElement[Any], ...]:
    """How many were asked, how many answered, and the average of all stars; `is_of` says of which courses."""
    asked = select(func.count()).where(is_of(EvaluationInvitation.course_id))
    given = select(func.count()).where(is_of(EvaluationForm.course_id))
    average = (
        select(func.avg(EvaluationAnswer.stars))
        .join(EvaluationForm, EvaluationForm.id == EvaluationAnswer.form_id)
        .where(is_of(EvaluationForm.course_id))
    )
    return tuple(each.scalar_subquery() for each in (asked, given, average))


def _count(db: Db, shown: Select[*tuple[Any, ...]]) -> int:
    return db.scalar(select(func.count()).select_from(shown.subquery())) or 0
