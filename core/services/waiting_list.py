"""The waiting list (D14): first come, an offer with a deadline, then the next."""

from datetime import time, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_, moment
from core.models import Course, Enrolment, is_held
from core.services import coming_changes
from core.vocabulary import CALLED_OFF, SEATED, Actor, AuditTag, ComingKind, CourseStatus, EnrolmentStatus

LONGEST_OFFER_HOURS = 14 * 24


class NoFreeSeat(DomainError):
    """All seats are taken or on offer."""

    message = N_("There is no free seat to offer.")


class ReasonNeeded(DomainError):
    """Somebody else waits longer."""

    message = N_("Somebody else waits longer: write down why this person goes first.")


class HoursOutOfRange(DomainError):
    """An offer of no time, or of weeks."""

    message = N_("An offer stays open from 1 to {most} hours.")


def offer_free_seats(db: Db, actor: Actor, course_id: int) -> int:
    """Offer the free seats of a course to those who wait longest; returns how many were offered."""
    course = access.locked_course(db, course_id)
    is_open = course.status in (CourseStatus.PUBLISHED, CourseStatus.CLOSED)
    if not is_open or course.first_day is None or course.first_day <= clock.today():
        return 0
    free = _free(db, course)
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


def offer_to(db: Db, actor: Actor, enrolment_id: int, *, hours: int, reason: str = "") -> None:
    """Offer a free seat to somebody on the waiting list, for so many hours; out of turn only with a reason.

    Raises NotFound, NotAllowed, NoFreeSeat, ReasonNeeded or HoursOutOfRange.
    """
    access.require_coordinator(actor)
    enrolment = access.editable_enrolment(db, actor, enrolment_id)
    course = enrolment.course
    if enrolment.status is not EnrolmentStatus.WAITLISTED:
        raise access.NotFound
    if not 1 <= hours <= LONGEST_OFFER_HOURS:
        raise HoursOutOfRange(field="hours", most=LONGEST_OFFER_HOURS)
    if _free(db, course) <= 0:
        raise NoFreeSeat
    waits_longer = select(Enrolment.id).where(
        Enrolment.course_id == course.id,
        Enrolment.status == EnrolmentStatus.WAITLISTED,
        or_(
            Enrolment.created_at < enrolment.created_at,
            and_(Enrolment.created_at == enrolment.created_at, Enrolment.id < enrolment.id),
        ),
    )
    if db.scalar(waits_longer.limit(1)) is not None and not reason.strip():
        raise ReasonNeeded(field="reason")
    _offer(db, actor, enrolment, hours=hours, reason=reason.strip()[:500])


def _free(db: Db, course: Course) -> int:
    taken = db.scalar(select(func.count()).where(Enrolment.course_id == course.id, Enrolment.status.in_(SEATED)))
    return course.capacity - (taken or 0)


def _offer(db: Db, actor: Actor, enrolment: Enrolment, *, hours: int | None = None, reason: str = "") -> None:
    """Offer a seat, until the first day begins at most; the trace says why: next in line, or a coordinator's reason."""
    enrolment.move_to(EnrolmentStatus.OFFERED)
    until = clock.now() + timedelta(hours=hours or decisions(db).waiting_list_offer_hours)
    first_day = enrolment.course.first_day
    if first_day is not None and first_day > clock.today():
        until = min(until, clock.at(first_day, time(0)))
    enrolment.offer_expires_at = until
    db.flush()
    audit.record(
        db, actor, AuditTag.ENROLMENT_OFFERED, enrolment, until=enrolment.offer_expires_at, why=reason or "next in line"
    )
    _mail(db, "seat-offered", enrolment)


def lapse_expired_offers(db: Db, actor: Actor, course_id: int) -> int:
    """End the offers of a course that nobody took in time; the next get them. Returns how many ended.

    Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    if access.locked_course(db, course_id).status in CALLED_OFF:
        return 0
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
