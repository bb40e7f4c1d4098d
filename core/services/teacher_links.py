"""The link by which a teacher reaches the own courses: mailed before the first day or on a click, and revoked.

Only a hash of it is kept. It opens nothing once revoked, some weeks after the course, or when the teacher's address is
another than it was mailed to.
"""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute

from core import access, audit, clock, mail, tokens
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_, day, speaking
from core.mail import facts as facts_of
from core.models import Course, CourseTeacher, Enrolment, Teacher, TeacherLink
from core.queries import teacher_links as links
from core.vocabulary import Actor, AuditTag, CourseStatus, EnrolmentStatus

_HELD = (CourseStatus.PUBLISHED, CourseStatus.CLOSED)


class NoAddress(DomainError):
    """The teacher has no e-mail address."""

    message = N_("{name} has no e-mail address yet: fill it in on the page «Teachers».")


class NothingToTeach(DomainError):
    """The course is a draft, was cancelled, or is long over."""

    message = N_("The link would not work: this course is not published, was cancelled, or is over for too long.")


def send(db: Db, actor: Actor, course_id: int, teacher_id: int) -> None:
    """Mail a teacher the link to the own courses, because a coordinator wants so. Older links keep working.

    Raises NotFound, NotAllowed, NoAddress or NothingToTeach.
    """
    access.require_coordinator(actor)
    course, teacher = _teaches(db, course_id, teacher_id)
    if not teacher.email:
        raise NoAddress(name=teacher.name)
    if course.status not in _HELD or course.last_day is None or links.until(db, course.last_day) < clock.today():
        raise NothingToTeach
    _mail(db, actor, course, teacher)


def courses_due(db: Db) -> tuple[int, ...]:
    """The courses of which a teacher with an address must still get the link."""
    return tuple(db.scalars(select(Course.id).where(_is_due(db)).order_by(Course.first_day, Course.id).limit(500)))


def send_due(db: Db, actor: Actor, course_id: int) -> int:
    """Mail the link to each teacher of a course that has none of it yet; returns to how many. Raises NotAllowed."""
    access.require_staff(actor)
    course = access.locked_course(db, course_id)
    if not db.scalar(select(exists().where(Course.id == course_id, _is_due(db)))):
        return 0
    teachers = db.scalars(select(Teacher).where(_lacks(course.id)).order_by(Teacher.id)).all()
    for teacher in teachers:
        _mail(db, actor, course, teacher)
    return len(teachers)


def revoke(db: Db, actor: Actor, teacher_id: int) -> int:
    """Make all links of a teacher void at once; returns how many worked until now. Raises NotFound or NotAllowed."""
    access.require_coordinator(actor)
    teacher = db.get(Teacher, teacher_id)
    if teacher is None:
        raise access.NotFound
    ended = db.execute(
        update(TeacherLink)
        .where(TeacherLink.teacher_id == teacher_id, TeacherLink.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(TeacherLink.id)
    ).all()
    audit.record(db, actor, AuditTag.TEACHER_LINKS_REVOKED, teacher, count=len(ended))
    return len(ended)


def touch(db: Db, link_id: int) -> None:
    """Note that a link is in use."""
    db.execute(update(TeacherLink).where(TeacherLink.id == link_id).values(last_used_at=clock.now()))


def _teaches(db: Db, course_id: int, teacher_id: int) -> tuple[Course, Teacher]:
    row = db.execute(
        select(Course, Teacher)
        .join(CourseTeacher, CourseTeacher.course_id == Course.id)
        .join(Teacher, Teacher.id == CourseTeacher.teacher_id)
        .where(Course.id == course_id, Teacher.id == teacher_id)
    ).first()
    if row is None:
        raise access.NotFound
    return row[0], row[1]


def _is_due(db: Db) -> ColumnElement[bool]:
    """A published course that begins within the decided days, with a teacher who has an address and no link of it."""
    today = clock.today()
    soon = Course.first_day.between(today, today + timedelta(days=decisions(db).teacher_mail_days))
    return and_(Course.status.in_(_HELD), soon, exists().where(_lacks(Course.id)))


def _lacks(course_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """A teacher of a course with an address, who was not mailed a link about it."""
    teaches = exists().where(CourseTeacher.course_id == course_id, CourseTeacher.teacher_id == Teacher.id)
    mailed = exists().where(TeacherLink.course_id == course_id, TeacherLink.teacher_id == Teacher.id)
    return and_(teaches, Teacher.email.is_not(None), ~mailed)


def _mail(db: Db, actor: Actor, course: Course, teacher: Teacher) -> None:
    secret = secrets.token_urlsafe(32)
    link = TeacherLink(
        teacher_id=teacher.id,
        course_id=course.id,
        token_hash=tokens.fingerprint(secret),
        state=links.bound_to(teacher),
        created_at=clock.now(),
    )
    db.add(link)
    db.flush()
    seats = select(Enrolment.id).where(Enrolment.course_id == course.id, Enrolment.status == EnrolmentStatus.CONFIRMED)
    with speaking(course.language):
        facts = facts_of.of_course(course) | {
            "to_name": teacher.name,
            "count": len(db.scalars(seats).all()),
            "valid_until": day(links.until(db, course.last_day or clock.today())),
        }
    mail.queue(
        db,
        "teacher-course",
        dedupe=f"teacher-link:{link.id}",
        address=teacher.email,
        language=course.language,
        facts=facts,
        secret=secret,
    )
    audit.record(db, actor, AuditTag.TEACHER_LINK_MAILED, teacher, course=course.title)
