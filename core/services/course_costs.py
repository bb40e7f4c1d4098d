"""What giving a course costs, as coordinators estimate it."""

from core import access, audit
from core.db import Db
from core.models import CourseCosts
from core.rules.go_ahead import check_costs
from core.vocabulary import Actor, AuditTag


def change_costs(db: Db, actor: Actor, course_id: int, *, fixed_cents: int, person_cents: int) -> None:
    """Set fixed costs and costs for each participant, in cents. Raises NotFound, NotAllowed or CostsNotValid."""
    access.require_coordinator(actor)
    check_costs(fixed_cents, person_cents)
    course = access.locked_course(db, course_id)
    costs = db.get(CourseCosts, course.id) or CourseCosts(course_id=course.id, fixed_cents=0, person_cents=0)
    before = (costs.fixed_cents, costs.person_cents)
    costs.fixed_cents, costs.person_cents = fixed_cents, person_cents
    db.add(costs)
    db.flush()
    audit.record(db, actor, AuditTag.COURSE_COSTS_CHANGED, course, before=before, after=(fixed_cents, person_cents))
