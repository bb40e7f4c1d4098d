"""Several enrolments cancelled by one click: what each costs, and all or nothing (D1, D2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core import access
from core.db import Db
from core.labels import holder
from core.models import Enrolment
from core.services import billing, enrolments
from core.services.enrolments import CancellationEffect
from core.vocabulary import Actor


@dataclass(frozen=True, slots=True)
class CancelPlan:
    """What cancelling one seat would do; `credit_cents` is the credit note that follows at once."""

    enrolment_id: int
    person_name: str
    course_title: str
    effect: CancellationEffect
    credit_cents: int


def preview(db: Db, actor: Actor, enrolment_ids: Sequence[int]) -> tuple[CancelPlan, ...]:
    """What :func:`cancel_all` would do, by what holds now. Raises NotFound or CourseHasStarted."""
    return tuple(_plan(db, actor, identity) for identity in enrolment_ids)


def cancel_all(db: Db, actor: Actor, enrolment_ids: Sequence[int], *, reason: str = "") -> int:
    """Cancel these enrolments, all or none; returns the cost of all in cents. Raises as `enrolments.cancel`."""
    wanted = list(dict.fromkeys(enrolment_ids))
    in_order = db.execute(
        select(Enrolment.id)
        .where(Enrolment.id.in_(wanted), access.enrolments_of(actor))
        .order_by(Enrolment.course_id, Enrolment.id)  # the courses are locked in this order, whoever else does the same
    ).all()
    if len(in_order) != len(wanted):
        raise access.NotFound
    return sum(enrolments.cancel(db, actor, identity, reason=reason).cost_cents for (identity,) in in_order)


def _plan(db: Db, actor: Actor, enrolment_id: int) -> CancelPlan:
    effect = enrolments.cancellation_preview(db, actor, enrolment_id)
    enrolment = access.enrolment(db, actor, enrolment_id)
    debit = billing.open_debit_note(db, enrolment.seat)
    credit = max(0, debit.total_cents - billing.credited(db, debit.id) - effect.cost_cents) if debit else 0
    return CancelPlan(
        enrolment_id,
        holder(enrolment.person.name if enrolment.person else None),
        enrolment.course.title,
        effect,
        credit,
    )
