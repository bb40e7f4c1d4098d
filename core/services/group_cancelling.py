"""Several enrolments cancelled by one click: what each costs, and all or nothing (D1, D2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core import access
from core.db import Db
from core.labels import holder
from core.models import Enrolment
from core.services import enrolments
from core.services.enrolments import CancellationEffect
from core.vocabulary import Actor


@dataclass(frozen=True, slots=True)
class CancelPlan:
    """What cancelling one seat would do."""

    enrolment_id: int
    person_name: str
    course_title: str
    effect: CancellationEffect


def preview(db: Db, actor: Actor, enrolment_ids: Sequence[int]) -> tuple[CancelPlan, ...]:
    """What :func:`cancel_all` would do, by what holds now. Raises the same."""
    return tuple(_plan(db, actor, identity) for identity in dict.fromkeys(enrolment_ids))


def cancel_all(db: Db, actor: Actor, enrolment_ids: Sequence[int], *, reason: str = "") -> int:
    """Cancel these enrolments, all or none; returns the cost of all in cents. Raises as `enrolments.cancel`."""
    wanted = list(dict.fromkeys(enrolment_ids))
    in_order = db.execute(
        select(Enrolment.id, Enrolment.course_id)
        .where(Enrolment.id.in_(wanted), access.enrolments_of(actor))
        .order_by(Enrolment.course_id, Enrolment.id)
    ).all()
    if len(in_order) != len(wanted):
        raise access.NotFound
    # Every course is locked before the first credit note is numbered, in one order for all: whoever holds the counter
    # of the series never waits for a course, and two that cancel at once never wait for each other.
    for course_id in dict.fromkeys(course_id for _identity, course_id in in_order):
        access.locked_course(db, course_id)
    return sum(enrolments.cancel(db, actor, identity, reason=reason).cost_cents for identity, _course in in_order)


def _plan(db: Db, actor: Actor, enrolment_id: int) -> CancelPlan:
    effect = enrolments.cancellation_preview(db, actor, enrolment_id)
    enrolment = access.enrolment(db, actor, enrolment_id)
    name = holder(enrolment.person.name if enrolment.person else None)
    return CancelPlan(enrolment_id, name, enrolment.course.title, effect)
