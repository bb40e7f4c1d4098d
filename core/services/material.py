"""Course material: what a coordinator or the course's teacher adds, changes, orders, removes and puts back (R18)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core import access, audit, clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import Course, CourseDay, Material
from core.rules import material as rules
from core.vocabulary import Actor, ActorKind, AuditTag


class AlreadyReplaced(DomainError):
    """What is put back has a follower that was replaced or removed itself."""

    message = N_("Another file has taken this place since.")


@dataclass(frozen=True, slots=True)
class Values:
    """What can be changed of a file; without a day it belongs to the whole course."""

    title: str
    day_id: int | None = None
    visible_from: date | None = None
    visible_until: date | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies in the storage already and was found good; `size` in bytes."""

    filename: str
    media_type: str
    size: int
    sha256: str
    storage_key: str


def editable_course(db: Db, actor: Actor, course_id: int) -> Course:
    """A course whose material the actor may change, locked: any one for a coordinator, the own ones for a teacher.

    Raises NotFound or NotAllowed.
    """
    _check_gives(actor)
    access.taught_course(db, actor, course_id)
    return access.locked_course(db, course_id)


def add(
    db: Db,
    actor: Actor,
    course_id: int,
    stored: Stored,
    *,
    day_id: int | None = None,
    replaces_id: int | None = None,
) -> int:
    """Give a course a file, last in its order, or in the place of another; returns its id.

    A file that takes another's place keeps its title, day, dates and order. Raises NotFound or NotAllowed.
    """
    course = editable_course(db, actor, course_id)
    last = db.scalar(select(func.max(Material.position)).where(Material.course_id == course.id)) or 0
    row = Material(
        course_id=course.id,
        course_day_id=_day(db, course.id, day_id),
        title=stored.filename.rpartition(".")[0] or stored.filename,
        filename=stored.filename,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.storage_key,
        position=last + 1,
        created_at=clock.now(),
        added_by=actor.name,
    )
    if replaces_id is not None:
        old = _standing(db, actor, replaces_id)
        if old.course_id != course.id:
            raise access.NotFound
        row.title, row.course_day_id, row.position = old.title, old.course_day_id, old.position
        row.visible_from, row.visible_until = old.visible_from, old.visible_until
        row.replaces_id, old.removed_at = old.id, clock.now()
    db.add(row)
    db.flush()
    audit.record(db, actor, AuditTag.MATERIAL_ADDED, row, course=course.code, name=row.filename, size=row.size)
    return row.id


def change(db: Db, actor: Actor, material_id: int, values: Values) -> None:
    """Give a file another title, day or dates. Raises NotFound, NotAllowed, NameEmpty or DatesTurned."""
    row = _standing(db, actor, material_id)
    title = " ".join(values.title.split())[: rules.LONGEST_NAME]
    if not title:
        raise rules.NameEmpty(field="title")
    rules.check_dates(values.visible_from, values.visible_until)
    row.title, row.course_day_id = title, _day(db, row.course_id, values.day_id)
    row.visible_from, row.visible_until = values.visible_from, values.visible_until
    audit.record(db, actor, AuditTag.MATERIAL_CHANGED, row, name=title)


def move(db: Db, actor: Actor, material_id: int, *, earlier: bool) -> None:
    """Change places with the file before it or after it; the first and the last stay. Raises NotFound, NotAllowed."""
    row = _standing(db, actor, material_id)
    rows = db.scalars(
        select(Material)
        .where(Material.course_id == row.course_id, Material.removed_at.is_(None))
        .order_by(Material.position, Material.id)
    ).all()
    order = list(rows)
    at = order.index(row)
    to = at - 1 if earlier else at + 1
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, each in enumerate(order, start=1):
        each.position = position
    audit.record(db, actor, AuditTag.MATERIAL_MOVED, row, name=row.title)


def remove(db: Db, actor: Actor, material_id: int) -> str:
    """Take a file away from everybody; for some weeks it can be put back. Returns its title.

    Raises NotFound or NotAllowed.
    """
    row = _standing(db, actor, material_id)
    row.removed_at = clock.now()
    audit.record(db, actor, AuditTag.MATERIAL_REMOVED, row, name=row.title)
    return row.title


def put_back(db: Db, actor: Actor, material_id: int) -> str:
    """Give a removed file back; one that was replaced takes its place again. Returns its title.

    Raises NotFound, NotAllowed or AlreadyReplaced.
    """
    _check_gives(actor)
    row = db.get(Material, material_id)
    if row is None:
        raise access.NotFound
    editable_course(db, actor, row.course_id)
    db.refresh(row)
    if row.removed_at is None:
        raise access.NotFound
    follower = db.scalar(select(Material).where(Material.replaces_id == row.id).order_by(Material.id.desc()).limit(1))
    if follower is not None and follower.removed_at is not None:
        later = select(Material.id).where(Material.replaces_id == follower.id, Material.removed_at.is_(None))
        if db.scalar(later) is not None:
            raise AlreadyReplaced
    if follower is not None and follower.removed_at is None:
        follower.removed_at = clock.now()
    row.removed_at = None
    audit.record(db, actor, AuditTag.MATERIAL_PUT_BACK, row, name=row.title)
    return row.title


def _check_gives(actor: Actor) -> None:
    """Refuse whoever gives material to no course at all: of which ones a teacher may is asked next."""
    if actor.kind is not ActorKind.TEACHER:
        access.require_coordinator(actor)


def _standing(db: Db, actor: Actor, material_id: int) -> Material:
    """A file that is there, its course locked."""
    _check_gives(actor)
    course_id = db.scalar(select(Material.course_id).where(Material.id == material_id))
    if course_id is None:
        raise access.NotFound
    editable_course(db, actor, course_id)
    row = db.get(Material, material_id, populate_existing=True)
    if row is None or row.removed_at is not None:
        raise access.NotFound
    return row


def _day(db: Db, course_id: int, day_id: int | None) -> int | None:
    if day_id is None:
        return None
    if db.scalar(select(CourseDay.id).where(CourseDay.id == day_id, CourseDay.course_id == course_id)) is None:
        raise access.NotFound
    return day_id
