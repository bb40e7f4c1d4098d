"""Course material: for who holds a confirmed seat, the institution that pays, and CNO (R18, R39)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from core import access, clock
from core.db import Db
from core.models import Course, Enrolment, Material
from core.vocabulary import Actor, EnrolmentStatus


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """A file of a course; `size` is in bytes."""

    material_id: int
    course_id: int
    course_title: str
    first_day: date | None
    title: str
    filename: str
    media_type: str
    size: int
    storage_key: str


def _visible() -> ColumnElement[bool]:
    today = clock.today()
    return and_(
        func.coalesce(Material.visible_from, today) <= today, func.coalesce(Material.visible_until, today) >= today
    )


def material_of(db: Db, actor: Actor) -> tuple[MaterialRow, ...]:
    """The files an actor may fetch now, the newest course first."""
    return _rows(db, actor, _visible())


def material_file(db: Db, actor: Actor, material_id: int) -> MaterialRow:
    """One file to fetch. Raises NotFound, also when it is not visible now or the seat was given up."""
    condition = Material.id == material_id
    rows = _rows(db, actor, condition if access.is_staff(actor) else and_(condition, _visible()))
    if not rows:
        raise access.NotFound
    return rows[0]


def _rows(db: Db, actor: Actor, condition: ColumnElement[bool]) -> tuple[MaterialRow, ...]:
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
        )
        .join(Course, Course.id == Material.course_id)
        .where(condition)
        .order_by(Course.first_day.desc(), Course.id, Material.title)
        .limit(1000)
    )
    if not access.is_staff(actor):
        seats = select(Enrolment.course_id).where(
            access.enrolments_of(actor), Enrolment.status == EnrolmentStatus.CONFIRMED
        )
        statement = statement.where(Course.id.in_(seats))
    return tuple(MaterialRow(*row) for row in db.execute(statement))
