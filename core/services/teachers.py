"""Coordinators keep the list of teachers: add one, correct a name or address, take one out that no course names."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from core import access, audit
from core.db import Db
from core.models import Course, CourseTeacher, Teacher
from core.queries.courses import search_text_of
from core.rules import teachers as rules
from core.rules.teachers import TeacherValues
from core.vocabulary import Actor, AuditTag


def add(db: Db, actor: Actor, values: TeacherValues) -> int:
    """Make a teacher known; returns the id. Raises NotAllowed, FieldMissing, AddressNotValid or TeacherKnown."""
    access.require_coordinator(actor)
    values = rules.tidied(values)
    _check_name(db, values.name, None)
    teacher = Teacher(name=values.name, email=values.email or None)
    db.add(teacher)
    db.flush()
    audit.record(db, actor, AuditTag.TEACHER_ADDED, teacher, name=values.name)
    return teacher.id


def change(db: Db, actor: Actor, teacher_id: int, values: TeacherValues, *, seen: TeacherValues) -> None:
    """Correct a name or an address; the courses of this teacher are found by the new name.

    Raises NotFound, NotAllowed, TeacherChangedMeanwhile, FieldMissing, AddressNotValid or TeacherKnown.
    """
    teacher = _locked(db, actor, teacher_id)
    values, now = rules.tidied(values), TeacherValues(teacher.name, teacher.email or "")
    if now != seen:
        raise rules.TeacherChangedMeanwhile(now=" · ".join(filter(None, (now.name, now.email))))
    if values == now:
        return
    _check_name(db, values.name, teacher.id)
    teacher.name, teacher.email = values.name, values.email or None
    db.flush()
    named = select(CourseTeacher.course_id).where(CourseTeacher.teacher_id == teacher.id)
    for course in db.scalars(select(Course).where(Course.id.in_(named)).options(selectinload(Course.teachers))):
        course.search_text = search_text_of(course, [each.name for each in course.teachers])
    audit.record(
        db, actor, AuditTag.TEACHER_CHANGED, teacher, was=[now.name, now.email], now=[values.name, values.email]
    )


def remove(db: Db, actor: Actor, teacher_id: int) -> None:
    """Take a teacher out of the list whom no course names. Raises NotFound, NotAllowed or TeacherTeaches."""
    teacher = _locked(db, actor, teacher_id)
    if db.scalar(select(exists().where(CourseTeacher.teacher_id == teacher.id))):
        raise rules.TeacherTeaches
    audit.record(db, actor, AuditTag.TEACHER_REMOVED, teacher, name=teacher.name)
    db.delete(teacher)


def _locked(db: Db, actor: Actor, teacher_id: int) -> Teacher:
    access.require_coordinator(actor)
    teacher = db.scalar(select(Teacher).where(Teacher.id == teacher_id).with_for_update())
    if teacher is None:
        raise access.NotFound
    return teacher


def _check_name(db: Db, name: str, teacher_id: int | None) -> None:
    known = select(Teacher.name).where(func.lower(Teacher.name) == name.lower(), Teacher.id != (teacher_id or -1))
    owner = db.scalar(known.limit(1))
    if owner is not None:
        raise rules.TeacherKnown(field="teacher_name", name=owner)
