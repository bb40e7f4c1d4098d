"""Cancelling a course as a whole (D14): looked at first, then one seat a transaction, so that a crash loses nothing.

Beginning puts the course in the state *cancelling*: nobody enrols any more. Each step takes one seat back, credits all
that was billed for it and tells its holder, once; a coordinator or the clock goes on with what is left.
"""

from dataclasses import dataclass

from sqlalchemy import func, select

from core import access, audit, clock, mail
from core.db import Db
from core.errors import DomainError
from core.i18n import N_, _
from core.labels import label
from core.mail.facts import Text
from core.models import Course, Enrolment, Note
from core.money import euro
from core.rules import courses as rules
from core.services import billing, courses, invitations, payer_requests
from core.vocabulary import (
    ACTIVE,
    Actor,
    ActorKind,
    AuditTag,
    CourseStatus,
    EnrolmentStatus,
    PayerKind,
)


class CourseUnderWay(DomainError):
    """Days were given already: what is due for them is no matter of one click."""

    message = N_("This course began on {first_day}: it can no longer be cancelled as a whole.")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a cancelling is."""

    done: int
    left: tuple[int, ...]

    @property
    def total(self) -> int:
        """All seats it is about."""
        return self.done + len(self.left)


def begin(db: Db, actor: Actor, course_id: int, *, reason: str = "") -> None:
    """Cancel a course: from now on nobody enrols, and its seats are taken back one by one.

    Raises NotFound, NotAllowed, CourseCalledOff, StepNotPossible or CourseUnderWay.
    """
    course = courses.editable(db, actor, course_id)
    if not rules.can_go(course.status, CourseStatus.CANCELLING):
        raise rules.StepNotPossible(state=label(course.status))
    if course.first_day is not None and course.first_day < clock.today():
        raise CourseUnderWay(first_day=course.first_day)
    course.status, course.cancelled_at = CourseStatus.CANCELLING, clock.now()
    course.cancellation_reason = reason.strip()[:1000]
    course.version += 1
    audit.record(db, actor, AuditTag.COURSE_CANCELLING, course, reason=course.cancellation_reason)


def progress(db: Db, actor: Actor, course_id: int) -> Progress:
    """How far it is, and which seats are left. Raises NotFound or NotAllowed."""
    _check(actor)
    course = db.get(Course, course_id)
    if course is None:
        raise access.NotFound
    done = select(func.count()).where(
        Enrolment.course_id == course_id,
        Enrolment.status == EnrolmentStatus.CANCELLED,
        Enrolment.cancelled_at >= course.cancelled_at,
    )
    return Progress(db.scalar(done) or 0, left(db, course_id))


def left(db: Db, course_id: int) -> tuple[int, ...]:
    """The seats of a course that still stand, for the clock."""
    standing = select(Enrolment.id).where(Enrolment.course_id == course_id, Enrolment.status.in_(ACTIVE))
    return tuple(db.scalars(standing.order_by(Enrolment.id)))


def take_back(db: Db, actor: Actor, enrolment_id: int) -> bool:
    """Take one seat back: credit what was billed, tell the holder and (once) the institution that pays.

    False when that was done already, or its course is not being cancelled. Raises NotFound or NotAllowed.
    """
    _check(actor)
    course_id = db.scalar(select(Enrolment.course_id).where(Enrolment.id == enrolment_id))
    if course_id is None:
        raise access.NotFound
    course = access.locked_course(db, course_id)
    seat = db.scalars(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    ).one()
    if course.status is not CourseStatus.CANCELLING or seat.status not in ACTIVE:
        return False
    was_confirmed = seat.status is EnrolmentStatus.CONFIRMED
    seat.move_to(EnrolmentStatus.CANCELLED)
    seat.cancelled_at, seat.cancellation_cents, seat.offer_expires_at = clock.now(), 0, None
    seat.cancellation_reason = course.cancellation_reason
    payer_requests.withdraw(db, actor, seat.id)
    db.flush()
    audit.record(db, actor, AuditTag.ENROLMENT_CANCELLED, seat, course=course.code)
    credit_id = billing.settle_cancellation(db, actor, seat, 0)
    cents = db.get_one(Note, credit_id).total_cents if credit_id is not None else 0
    _tell(db, course, seat, cents, was_confirmed=was_confirmed)
    return True


def finish(db: Db, actor: Actor, course_id: int) -> bool:
    """Close the cancelling once no seat is left; False while some are. Raises NotFound or NotAllowed."""
    _check(actor)
    course = access.locked_course(db, course_id)
    standing = select(Enrolment.id).where(Enrolment.course_id == course.id, Enrolment.status.in_(ACTIVE)).limit(1)
    if course.status is not CourseStatus.CANCELLING or db.scalar(standing) is not None:
        return False
    course.status = CourseStatus.CANCELLED
    course.version += 1
    audit.record(db, actor, AuditTag.COURSE_CANCELLED, course)
    return True


def unfinished(db: Db) -> tuple[int, ...]:
    """The courses whose cancelling was begun and not finished, for the clock."""
    return tuple(db.scalars(select(Course.id).where(Course.status == CourseStatus.CANCELLING).order_by(Course.id)))


def _check(actor: Actor) -> None:
    if actor.kind is not ActorKind.CLOCK:
        access.require_coordinator(actor)


def _tell(db: Db, course: Course, seat: Enrolment, credit_cents: int, *, was_confirmed: bool) -> None:
    reason = course.cancellation_reason
    if seat.person is not None:
        mail.queue(
            db,
            "course-cancelled",
            dedupe=f"enrolment:{seat.id}",
            enrolment=seat,
            facts={"reason": reason, "money_sentence": _money(credit_cents)},
            invitation=invitations.cancel(db, seat) if was_confirmed else None,
        )
    if seat.payer_kind is not PayerKind.INSTITUTION:
        return
    paid = db.scalars(
        select(Enrolment)
        .where(
            Enrolment.course_id == course.id,
            Enrolment.payer_institution_id == seat.payer_institution_id,
            (Enrolment.status.in_(ACTIVE))
            | ((Enrolment.status == EnrolmentStatus.CANCELLED) & (Enrolment.cancelled_at >= course.cancelled_at)),
        )
        .order_by(Enrolment.id)
    ).all()
    names = [row.person.name for row in paid if row.person is not None]
    is_billed = any(row.billed_on is not None for row in paid)
    mail.queue(
        db,
        "course-cancelled-school",
        dedupe=f"course:{course.id}",
        enrolment=seat,
        institution=seat.payer_institution,
        facts={
            "reason": reason,
            "names": names,
            "unnamed": len(paid) - len(names),
            "money_sentence": _money_of_school(is_billed=is_billed),
        },
    )


def _money(credit_cents: int) -> Text:
    def sentence() -> str:
        if credit_cents:
            return _("A credit note for {amount} follows by mail.").format(amount=euro(credit_cents))
        return _("There is nothing to pay.")

    return sentence


def _money_of_school(*, is_billed: bool) -> Text:
    def sentence() -> str:
        if is_billed:
            return _("For each debit note that left, a credit note follows by mail.")
        return _("There is nothing to pay.")

    return sentence
