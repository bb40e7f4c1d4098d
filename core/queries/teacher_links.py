"""Who comes by the mailed link of a teacher, and how it stands with the links of a course."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core import access, clock, tokens
from core.db import Db
from core.decisions import decisions
from core.models import CourseTeacher, Teacher, TeacherLink
from core.vocabulary import Actor, ActorKind

_TOUCH_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Teaching:
    """A teacher who came by a link, until when it works at the latest; `needs_touch`: last seen over an hour ago."""

    link_id: int
    teacher_id: int
    name: str
    until: date
    needs_touch: bool

    @property
    def actor(self) -> Actor:
        """On whose behalf this link acts."""
        return Actor(ActorKind.TEACHER, name=self.name, teacher_id=self.teacher_id)


@dataclass(frozen=True, slots=True)
class LinkState:
    """How it stands with the link of a teacher of a course: whether one works now, when mailed, when last used."""

    teacher_id: int
    name: str
    email: str
    mailed_at: datetime | None
    used_at: datetime | None
    works: bool


def of_course(db: Db, actor: Actor, course_id: int) -> tuple[LinkState, ...]:
    """The teachers of a course and how it stands with their links, for coordinators. Raises NotFound."""
    access.check_sees_all(actor)
    teachers = db.scalars(
        select(Teacher).join(CourseTeacher).where(CourseTeacher.course_id == course_id).order_by(Teacher.name)
    ).all()
    links = db.scalars(
        select(TeacherLink)
        .where(TeacherLink.teacher_id.in_([teacher.id for teacher in teachers]))
        .order_by(TeacherLink.id)
    ).all()
    return tuple(_state(db, teacher, [link for link in links if link.teacher_id == teacher.id]) for teacher in teachers)


def by_link(db: Db, secret: str) -> Teaching | None:
    """Who comes by a link; None when it is unknown, revoked, over, or was mailed to another address."""
    link = db.scalar(select(TeacherLink).where(TeacherLink.token_hash == tokens.fingerprint(secret)))
    return _standing(db, link)


def still_stands(db: Db, link_id: int) -> Teaching | None:
    """Who came by a link, as long as it works."""
    return _standing(db, db.get(TeacherLink, link_id))


def _standing(db: Db, link: TeacherLink | None) -> Teaching | None:
    if link is None or not _works(db, link):
        return None
    needs_touch = link.last_used_at is None or link.last_used_at < clock.now() - _TOUCH_AFTER
    last = until(db, link.course.last_day or clock.today())
    return Teaching(link.id, link.teacher_id, link.teacher.name, last, needs_touch)


def _works(db: Db, link: TeacherLink) -> bool:
    last_day = link.course.last_day
    if link.revoked_at is not None or last_day is None or until(db, last_day) < clock.today():
        return False
    return hmac.compare_digest(link.state, bound_to(link.teacher))


def _state(db: Db, teacher: Teacher, links: list[TeacherLink]) -> LinkState:
    used = [link.last_used_at for link in links if link.last_used_at is not None]
    return LinkState(
        teacher_id=teacher.id,
        name=teacher.name,
        email=teacher.email or "",
        mailed_at=links[-1].created_at if links else None,
        used_at=max(used, default=None),
        works=any(_works(db, link) for link in links),
    )


def bound_to(teacher: Teacher) -> str:
    """What a link is bound to: another address of the teacher makes it void."""
    return tokens.keyed(f"teacher|{teacher.id}|{teacher.email}")


def until(db: Db, last_day: date) -> date:
    """The last day on which a link works, of a course with this last day."""
    return last_day + timedelta(days=decisions(db).teacher_link_days)
