"""The waiting list (D14): first come, an offer with a deadline, then the next."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, select

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.i18n import moment
from core.models import Course, Enrolment, is_held
from core.services import coming_changes
from core.vocabulary import SEATED, Actor, AuditTag, ComingKind, CourseStatus, EnrolmentStatus


def offer_free_seats(db: Db, actor: Actor, course_id: int) -> int:
    """Offer the free seats of a course to those who wait longest; returns how many were offered."""
    course = access.locked_course(db, course_id)
    is_open = course.status in (CourseStatus.PUBLISHED, CourseStatus.CLOSED)
    if not is_open or course.first_day is None or course.first_day <= clock.today():
        return 0
    taken = db.scalar(select(func.count()).where(Enrolment.course_id == course.id, Enrolment.status.in_(SEATED)))
    free = course.capacity - (taken or 0)
    if free <= 0:
        return 0
    next_in_line = db.scalars(
        select(Enrolment)
        .where(Enrolment.course_id == course.id, Enrolment.status == EnrolmentStatus.WAITLISTED)
        .order_by(Enrolment.created_at, Enrolment.id)
        .limit(free)
    ).all()
    for enrolment in next_in_line:
        _offer(db, actor, enrolment)
    return len(next_in_line)


def _offer(db: Db, actor: Actor, enrolment: Enrolment) -> None:
    enrolment.move_to(EnrolmentStatus.OFFERED)
    enrolment.offer_expires_at = clock.now() + timedelta(hours=decisions(db).waiting_list_offer_hours)
    db.flush()
    audit.record(db, actor, AuditTag.ENROLMENT_OFFERED, enrolment, until=enrolment.offer_expires_at)
    _mail(db, "seat-offered", enrolment)


def lapse_expired_offers(db: Db, actor: Actor, course_id: int) -> int:
    """End the offers of a course that nobody took in time; the next get them. Returns how many ended.

    Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    access.locked_course(db, course_id)
    expired = db.scalars(
        select(Enrolment).where(
            Enrolment.course_id == course_id,
            _has_expired(),
        )
    ).all()
    for enrolment in expired:
        _mail(db, "offer-lapsed", enrolment, coming_changes.addition(db, ComingKind.OFFER_END, enrolment.id))
        enrolment.move_to(EnrolmentStatus.CANCELLED)
        enrolment.cancelled_at = clock.now()
        enrolment.cancellation_reason = "offer lapsed"
        enrolment.cancellation_cents = 0
        db.flush()
        audit.record(db, actor, AuditTag.ENROLMENT_OFFER_LAPSED, enrolment)
    if expired:
        offer_free_seats(db, actor, course_id)
    return len(expired)


def _has_expired() -> ColumnElement[bool]:
    """The condition for an offer that nobody took in time, and that no coordinator keeps open."""
    return and_(
        Enrolment.status == EnrolmentStatus.OFFERED,
        Enrolment.offer_expires_at <= clock.now(),
        ~is_held(ComingKind.OFFER_END, Enrolment.id),
    )


def courses_with_expired_offers(db: Db) -> tuple[int, ...]:
    """The courses whose waiting list must move on, for the clock."""
    return tuple(db.scalars(select(Enrolment.course_id).join(Course).where(_has_expired()).distinct()))


def _mail(db: Db, name: str, enrolment: Enrolment, addition: str = "") -> None:
    expires_at = enrolment.offer_expires_at
    if expires_at is None:
        raise ValueError("an offer without a deadline")
    facts = {
        "offer_expires": lambda: moment(expires_at),
        "addition": addition,
        "course_id": f"{enrolment.course.slug}-{enrolment.course_id:05}",
    }
    mail.queue(db, name, dedupe=f"enrolment:{enrolment.id}:{expires_at.isoformat()}", enrolment=enrolment, facts=facts)
