"""A repeat: a course of its own, made from an earlier one («… - herhaling 1»), its days moved along."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core import access, audit, clock
from core.db import Db
from core.i18n import _, speaking
from core.models import Course, CourseCosts, CourseDay, CourseQuestion
from core.rules import courses as rules
from core.rules.accounts import required
from core.services import courses
from core.vocabulary import Actor, AuditTag, CourseStatus


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a repeat would be called, unless the coordinator writes otherwise."""

    title: str
    code: str
    first_day: date | None


def suggestion(db: Db, actor: Actor, course_id: int, first_day: date | None = None) -> Suggestion:
    """A title and a free code for a repeat that begins on a day. Raises NotAllowed or NotFound."""
    access.require_coordinator(actor)
    course = db.get(Course, course_id)
    if course is None:
        raise access.NotFound
    root = course.repeat_of_id or course.id
    earlier = db.scalar(select(func.count()).where(Course.repeat_of_id == root)) or 0
    with speaking(course.language):
        ending = _("repeat {number}").format(number=earlier + 1)
    title = f"{rules.original_title(course.title)[: 197 - len(ending)]} - {ending}"
    taken = frozenset(db.scalars(select(Course.code).where(Course.repeat_of_id == root))) | {course.code}
    year = (first_day or course.first_day or clock.today()).year
    code = rules.next_code(course.code, year, taken)
    while courses.code_owner(db, code) is not None:
        taken |= {code}
        code = rules.next_code(course.code, year, taken)
    return Suggestion(title, code, course.first_day)


def repeat(db: Db, actor: Actor, course_id: int, *, first_day: date, title: str, code: str) -> int:
    """Make a draft that repeats a course from another first day on; days, deadline, questions and costs come along.

    Returns its id. Raises NotAllowed, NotFound, FieldMissing or CodeTaken.
    """
    access.require_coordinator(actor)
    old = db.get(Course, course_id)
    if old is None:
        raise access.NotFound
    shift = first_day - (old.first_day or first_day)
    deadline = old.enrolment_deadline + shift if old.enrolment_deadline else None
    values = courses.values_of(old)
    title = required(title, field="repeat_title", longest=200)
    code = required(code, field="repeat_code", longest=30)
    owner = courses.code_owner(db, code)
    if owner is not None:
        raise rules.CodeTaken(field="repeat_code", code=code, title=owner)
    new = Course(created_at=clock.now(), status=CourseStatus.DRAFT, repeat_of_id=old.repeat_of_id or old.id)
    with db.no_autoflush:
        db.add(new)
        courses.fill(db, new, rules.with_values(values, title=title, code=code, enrolment_deadline=deadline))
        new.days = [
            CourseDay(
                held_on=day.held_on + shift,
                starts_at=day.starts_at,
                ends_at=day.ends_at,
                minutes=day.minutes,
                room=day.room,
                online_url=day.online_url,
            )
            for day in old.days
        ]
        courses.follow_days(new)
    db.flush()
    db.add_all(
        CourseQuestion(
            course_id=new.id,
            position=asked.position,
            text=asked.text,
            kind=asked.kind,
            is_required=asked.is_required,
            options=asked.options,
        )
        for asked in db.scalars(
            select(CourseQuestion).where(CourseQuestion.course_id == old.id, CourseQuestion.is_asked)
        )
    )
    costs = db.get(CourseCosts, old.id)
    if costs is not None:
        db.add(CourseCosts(course_id=new.id, fixed_cents=costs.fixed_cents, person_cents=costs.person_cents))
    audit.record(db, actor, AuditTag.COURSE_CREATED, new, code=code, title=title, repeats=old.code)
    return new.id
