"""The cancellation terms as the settings page shows them (D1)."""

from dataclasses import dataclass

from sqlalchemy import func, select

from core import access, clock
from core.db import Db
from core.models import CancellationTerms, Course
from core.rules.cancellation import Terms
from core.vocabulary import Actor, CourseStatus, CourseType


@dataclass(frozen=True, slots=True)
class TermsRow:
    """Named terms; `courses` were given them by name, `coming` are all coming courses that they hold for."""

    terms_id: int
    name: str
    course_type: CourseType | None
    terms: Terms
    version: int
    courses: int
    coming: int


def all_terms(db: Db, actor: Actor) -> tuple[TermsRow, ...]:
    """All terms: those of a kind of course first, in the order of the kinds; none for who does not work for CNO."""
    if not access.is_staff(actor):
        return ()
    own = dict(
        db.execute(
            select(Course.terms_id, func.count()).where(Course.terms_id.is_not(None)).group_by(Course.terms_id)
        ).all()
    )
    is_coming = (Course.first_day > clock.today(), Course.status != CourseStatus.CANCELLED)
    coming = {
        (terms_id, kind): count
        for terms_id, kind, count in db.execute(
            select(Course.terms_id, Course.course_type, func.count())
            .where(*is_coming)
            .group_by(Course.terms_id, Course.course_type)
        )
    }
    kinds = list(CourseType)
    rows = [
        TermsRow(
            terms_id=row.id,
            name=row.name,
            course_type=row.course_type,
            terms=row.rules,
            version=row.version,
            courses=own.get(row.id, 0),
            coming=sum(
                count
                for (terms_id, kind), count in coming.items()
                if terms_id == row.id or (terms_id is None and kind is row.course_type)
            ),
        )
        for row in db.scalars(select(CancellationTerms).order_by(CancellationTerms.name))
    ]
    return tuple(sorted(rows, key=lambda row: kinds.index(row.course_type) if row.course_type else len(kinds)))
