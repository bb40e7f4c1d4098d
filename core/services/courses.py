"""Coordinators make, change, publish, close and delete courses; two at once never overwrite each other unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, select

from core import access, audit, clock
from core.db import Db
from core.i18n import _
from core.labels import label
from core.models import (
    AuditEvent,
    CancellationTerms,
    Course,
    CourseLevel,
    CourseSubject,
    CourseTheme,
    Enrolment,
    ImportedRow,
    Material,
    Teacher,
)
from core.queries.courses import search_text_of
from core.rules import courses as rules
from core.rules.courses import FIELDS, CourseValues
from core.services import waiting_list
from core.services.enrolments import offering
from core.text import slug
from core.vocabulary import CALLED_OFF, Actor, AuditTag, CourseStatus


@dataclass(frozen=True, slots=True)
class Seen:
    """What a coordinator had before the eyes when the form was opened."""

    version: int
    values: CourseValues


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did. `keep_price` counts the enrolments that keep the old price, `offered` the seats now on offer."""

    version: int
    changed: int
    keep_price: int
    offered: int


def create(db: Db, actor: Actor, values: CourseValues) -> int:
    """Make a draft; returns its id. Raises NotAllowed, FieldMissing, CodeTaken and the refusals of `rules.check`."""
    access.require_coordinator(actor)
    values = rules.tidied(values)
    rules.check(values, taken=0, first_day=None)
    course = Course(price_cents=0, capacity=0, created_at=clock.now(), status=CourseStatus.DRAFT)
    _check_code(db, values.code, None)
    with db.no_autoflush:
        db.add(course)
        fill(db, course, values)
    db.flush()
    audit.record(db, actor, AuditTag.COURSE_CREATED, course, code=course.code, title=course.title)
    return course.id


def change(db: Db, actor: Actor, course_id: int, values: CourseValues, *, seen: Seen) -> Saved:
    """Save a form. What existing enrolments agreed to stays; a higher capacity goes to the waiting list.

    Raises NotFound, NotAllowed, CourseCalledOff, EditedMeanwhile when a colleague changed a field since it was `seen`,
    CodeTaken and the refusals of `rules.check`.
    """
    course = editable(db, actor, course_id)
    values, now = rules.tidied(values), values_of(course)
    if course.version != seen.version and seen.values != now:
        raise rules.EditedMeanwhile(name=_last_editor(db, course.id))
    seats = offering(db, course)
    rules.check(values, taken=seats.taken, first_day=course.first_day, was_capacity=now.capacity)
    _check_code(db, values.code, course.id)
    changed = {name: (getattr(now, name), getattr(values, name)) for name in FIELDS}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if not changed:
        return Saved(course.version, 0, 0, 0)
    fill(db, course, values)
    course.version += 1
    db.flush()
    audit.record(db, actor, AuditTag.COURSE_CHANGED, course, version=course.version, changes=_plain(changed))
    keep_price = seats.taken + seats.waiting if "price_cents" in changed else 0
    offered = waiting_list.offer_free_seats(db, actor, course.id) if values.capacity > now.capacity else 0
    return Saved(course.version, len(changed), keep_price, offered)


def move(db: Db, actor: Actor, course_id: int, to: CourseStatus) -> None:
    """Publish a course, close it for enrolling, open it again, or take it back to a draft while nobody is enrolled.

    Raises NotFound, NotAllowed, CourseCalledOff, StepNotPossible, NotReady or HasEnrolments. (A course is cancelled as
    a whole by `course_cancelling`.)
    """
    course = editable(db, actor, course_id)
    if to in CALLED_OFF or not rules.can_go(course.status, to):
        raise rules.StepNotPossible(state=label(course.status))
    if to is CourseStatus.PUBLISHED and course.status is CourseStatus.DRAFT:
        missing = rules.missing_for_publication(values_of(course), course.first_day, clock.today())
        if missing:
            raise rules.NotReady(missing=", ".join(_(name) for name in missing))
    if to is CourseStatus.DRAFT and _has_enrolments(db, course.id):
        raise rules.HasEnrolments
    audit.record(db, actor, AuditTag.COURSE_MOVED, course, was=course.status, now=to)
    course.status = to
    course.version += 1
    if to is CourseStatus.PUBLISHED and course.published_at is None:
        course.published_at = clock.now()


def delete(db: Db, actor: Actor, course_id: int) -> None:
    """Delete a draft that nobody was ever enrolled in, with its days, questions and costs.

    Raises NotFound, NotAllowed, StepNotPossible, HasEnrolments or IsUsed.
    """
    course = editable(db, actor, course_id)
    if course.status is not CourseStatus.DRAFT:
        raise rules.StepNotPossible(state=label(course.status))
    if _has_enrolments(db, course.id):
        raise rules.HasEnrolments
    repeats = db.scalar(select(Course.id).where(Course.repeat_of_id == course.id).limit(1))
    if repeats is not None or db.scalar(select(Material.id).where(Material.course_id == course.id).limit(1)):
        raise rules.IsUsed
    audit.record(db, actor, AuditTag.COURSE_DELETED, course, code=course.code, title=course.title)
    db.execute(
        delete_rows(ImportedRow).where(ImportedRow.table_name == Course.__tablename__, ImportedRow.row_id == course.id)
    )
    db.delete(course)


def editable(db: Db, actor: Actor, course_id: int) -> Course:
    """A course to change, locked. Raises NotAllowed, NotFound or CourseCalledOff."""
    access.require_coordinator(actor)
    course = access.locked_course(db, course_id)
    rules.check_editable(course.status)
    return course


def values_of(course: Course) -> CourseValues:
    """What stands in the form of a course."""
    lists: dict[str, Any] = {
        "levels": frozenset(row.level for row in course.levels),
        "subjects": frozenset(row.subject for row in course.subjects),
        "themes": frozenset(row.theme for row in course.themes),
        "teacher_ids": frozenset(teacher.id for teacher in course.teachers),
    }
    return CourseValues(**lists, **{name: getattr(course, name) for name in FIELDS if name not in lists})


def fill(db: Db, course: Course, values: CourseValues) -> None:
    """Write the values into a row, and what follows from them: its address and what searching looks through."""
    lists = {"levels", "subjects", "themes", "teacher_ids"}
    if values.terms_id is not None and db.get(CancellationTerms, values.terms_id) is None:
        raise access.NotFound
    for name in FIELDS:
        if name not in lists:
            setattr(course, name, getattr(values, name))
    kept_levels = {row.level: row for row in course.levels}
    course.levels = [kept_levels.get(level) or CourseLevel(level=level) for level in sorted(values.levels)]
    kept_subjects = {row.subject: row for row in course.subjects}
    course.subjects = [kept_subjects.get(each) or CourseSubject(subject=each) for each in sorted(values.subjects)]
    kept_themes = {row.theme: row for row in course.themes}
    course.themes = [kept_themes.get(theme) or CourseTheme(theme=theme) for theme in sorted(values.themes)]
    course.teachers = list(db.scalars(select(Teacher).where(Teacher.id.in_(values.teacher_ids)).order_by(Teacher.name)))
    course.slug = slug(course.title)
    course.search_text = search_text_of(course, [teacher.name for teacher in course.teachers])


def follow_days(course: Course) -> None:
    """What is derived from the days: first and last day, minutes in all; certificate and reminders follow from them."""
    held = [day.held_on for day in course.days]
    course.first_day, course.last_day = min(held, default=None), max(held, default=None)
    course.total_minutes = sum(day.minutes for day in course.days)


def code_owner(db: Db, code: str, but: int | None = None) -> str | None:
    """The title of the course that has a code, if any."""
    return db.scalar(select(Course.title).where(func.lower(Course.code) == code.lower(), Course.id != (but or -1)))


def _check_code(db: Db, code: str, course_id: int | None) -> None:
    owner = code_owner(db, code, course_id)
    if owner is not None:
        raise rules.CodeTaken(field="code", code=code, title=owner)


def _has_enrolments(db: Db, course_id: int) -> bool:
    return db.scalar(select(Enrolment.id).where(Enrolment.course_id == course_id).limit(1)) is not None


def _last_editor(db: Db, course_id: int) -> str:
    last = db.scalar(
        select(AuditEvent.actor_name)
        .where(
            AuditEvent.subject_type == Course.__tablename__,
            AuditEvent.subject_id == course_id,
            AuditEvent.tag == AuditTag.COURSE_CHANGED,
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    return last or _("A colleague")


def _plain(changed: Mapping[str, tuple[object, object]]) -> dict[str, list[object]]:
    """Old and new value of each field, as the audit trail keeps them."""

    def plain(value: object) -> object:
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, date):
            return value.isoformat()
        return value.value if isinstance(value, StrEnum) else value

    return {name: [plain(old), plain(new)] for name, (old, new) in changed.items()}
