"""The teachers, with how often each teaches."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from core import access, clock
from core.db import Db
from core.models import Course, CourseTeacher, Teacher, TeacherLink
from core.rules.teachers import TeacherValues
from core.vocabulary import CALLED_OFF, Actor


@dataclass(frozen=True, slots=True)
class TeacherRow:
    """A teacher; `coming` of the `courses` in all have not ended yet. `links` were mailed and not revoked."""

    teacher_id: int
    values: TeacherValues
    courses: int
    coming: int
    links: int


@dataclass(frozen=True, slots=True)
class TeacherPage:
    """One page of the teachers, by name, and how many there are in all."""

    rows: tuple[TeacherRow, ...]
    total: int


def page_of(db: Db, actor: Actor, text: str = "", *, page: int = 1, size: int = 20) -> TeacherPage:
    """The teachers whose name or address holds a text. Raises NotFound for who is not of the team."""
    if not access.is_staff(actor):
        raise access.NotFound
    wanted = text.strip().lower()
    fits = or_(
        func.lower(Teacher.name).contains(wanted, autoescape=True), Teacher.email.contains(wanted, autoescape=True)
    )
    to_come = Course.last_day.is_(None) | (Course.last_day >= clock.today())
    count = (
        select(CourseTeacher.teacher_id, func.count().label("courses"))
        .add_columns(func.count().filter(to_come, Course.status.not_in(CALLED_OFF)).label("coming"))
        .join(Course, Course.id == CourseTeacher.course_id)
        .group_by(CourseTeacher.teacher_id)
        .subquery()
    )
    shown = select(Teacher.id, Teacher.name, Teacher.email).where(fits).order_by(func.lower(Teacher.name), Teacher.id)
    links = select(func.count()).where(TeacherLink.teacher_id == Teacher.id, TeacherLink.revoked_at.is_(None))
    shown = shown.add_columns(links.correlate(Teacher).scalar_subquery().label("links"))
    teachers = shown.limit(size).offset((max(page, 1) - 1) * size).subquery()
    found = db.execute(
        select(teachers.c.id, teachers.c.name, teachers.c.email, teachers.c.links, count.c.courses, count.c.coming)
        .outerjoin(count, count.c.teacher_id == teachers.c.id)
        .order_by(func.lower(teachers.c.name), teachers.c.id)
    )
    rows = tuple(
        TeacherRow(identity, TeacherValues(name, email or ""), courses or 0, coming or 0, links)
        for identity, name, email, links, courses, coming in found
    )
    return TeacherPage(rows, db.scalar(select(func.count()).select_from(Teacher).where(fits)) or 0)
