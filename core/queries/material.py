"""Course material: for who holds a confirmed seat, the institution that pays, who teaches, and CNO (R18, R39)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from core import access, clock
from core.db import Db
from core.models import Course, CourseDay, Enrolment, Material
from core.vocabulary import Actor, ActorKind, EnrolmentStatus

#: How long a removed file can be put back, as a coordinator sees it.
PUT_BACK_DAYS = 30


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A file of a course; `size` is in bytes, `held_on` its course day when it belongs to one."""

    material_id: int
    course_id: int
    course_title: str
    first_day: date | None
    title: str
    filename: str
    media_type: str
    size: int
    storage_key: str
    sha256: str
    held_on: date | None


@dataclass(frozen=True, slots=True)
class Managed:
    """A file as who manages it sees it; `removed_at` when it can still be put back."""

    material_id: int
    title: str
    filename: str
    size: int
    day_id: int | None
    held_on: date | None
    visible_from: date | None
    visible_until: date | None
    added_by: str
    created_at: datetime
    removed_at: datetime | None
    is_visible: bool


def _visible() -> ColumnElement[bool]:
    today = clock.today()
    return and_(
        func.coalesce(Material.visible_from, today) <= today, func.coalesce(Material.visible_until, today) >= today
    )


def material_of(db: Db, actor: Actor, *, page: int = 1, size: int = 1000) -> tuple[MaterialRow, ...]:
    """The files an actor may fetch now, the newest course first."""
    return _rows(db, actor, _visible(), page=page, size=size)


def count(db: Db, actor: Actor) -> int:
    """How many files :func:`material_of` gives in all."""
    counted = select(func.count()).select_from(Material).join(Course, Course.id == Material.course_id)
    return db.scalar(counted.where(_reachable(db, actor), _visible())) or 0


def material_file(db: Db, actor: Actor, material_id: int) -> MaterialRow:
    """One file to fetch. Raises NotFound, also when it is not visible now or the seat was given up."""
    condition = Material.id == material_id
    rows = _rows(db, actor, condition if _sees_hidden(actor) else and_(condition, _visible()))
    if not rows:
        raise access.NotFound
    return rows[0]


def of_course(db: Db, actor: Actor, course_id: int) -> tuple[Managed, ...]:
    """All files of a course for who manages them, in order, then what can still be put back. Raises NotFound."""
    access.taught_course(db, actor, course_id)
    after = clock.now() - timedelta(days=PUT_BACK_DAYS)
    found = db.execute(
        select(Material, CourseDay.held_on, _visible())
        .outerjoin(CourseDay, CourseDay.id == Material.course_day_id)
        .where(Material.course_id == course_id, or_(Material.removed_at.is_(None), Material.removed_at > after))
        .order_by(Material.removed_at.is_not(None), Material.position, Material.id)
        .limit(500)
    )
    return tuple(
        Managed(
            material_id=row.id,
            title=row.title,
            filename=row.filename,
            size=row.size,
            day_id=row.course_day_id,
            held_on=held_on,
            visible_from=row.visible_from,
            visible_until=row.visible_until,
            added_by=row.added_by,
            created_at=row.created_at,
            removed_at=row.removed_at,
            is_visible=bool(is_visible),
        )
        for row, held_on, is_visible in found
    )


def days_of(db: Db, actor: Actor, course_id: int) -> tuple[tuple[int, date], ...]:
    """The days of a course that a file can belong to. Raises NotFound."""
    access.taught_course(db, actor, course_id)
    found = db.execute(
        select(CourseDay.id, CourseDay.held_on).where(CourseDay.course_id == course_id).order_by(CourseDay.held_on)
    )
    return tuple((day_id, held_on) for day_id, held_on in found)


def _sees_hidden(actor: Actor) -> bool:
    return access.is_staff(actor) or actor.kind is ActorKind.TEACHER


def _reachable(db: Db, actor: Actor) -> ColumnElement[bool]:
    """The condition for the files of the courses an actor follows, pays or teaches; a seat given up gives none."""
    standing = Material.removed_at.is_(None)
    if _sees_hidden(actor):
        return and_(standing, access.taught(db, actor))
    seats = select(Enrolment.course_id).where(
        access.enrolments_of(actor), Enrolment.status == EnrolmentStatus.CONFIRMED
    )
    return and_(standing, Course.id.in_(seats))


def _rows(
    db: Db, actor: Actor, condition: ColumnElement[bool], *, page: int = 1, size: int = 1000
) -> tuple[MaterialRow, ...]:
    statement = (
        select(
            Material.id,
            Course.id,
            Course.title,
            Course.first_day,
            Material.title,
            Material.filename,
            Material.media_type,
            Material.size,
            Material.storage_key,
            Material.sha256,
            CourseDay.held_on,
        )
        .join(Course, Course.id == Material.course_id)
        .outerjoin(CourseDay, CourseDay.id == Material.course_day_id)
        .where(_reachable(db, actor), condition)
        .order_by(Course.first_day.desc(), Course.id, Material.position, Material.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    return tuple(MaterialRow(*row) for row in db.execute(statement))
