"""Enrolling, waiting, accepting and cancelling (R14–R16, D1, D2, D14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.models import Account, Course, Enrolment, Institution, Person
from core.rules import cancellation
from core.rules import enrolment as rules
from core.rules.billing import leaves_on
from core.services import (
    billing,
    coming_changes,
    invitations,
    payer_requests,
    payers,
    question_answers,
    seat_mails,
    terms,
    waiting_list,
)
from core.vocabulary import (
    ACTIVE,
    SEATED,
    Actor,
    ActorKind,
    AuditTag,
    ComingKind,
    DayCount,
    EnrolmentStatus,
    Excuse,
    PayerKind,
)


@dataclass(frozen=True, slots=True)
class EnrolmentResult:
    """What enrolling gave: a seat, or a place on the waiting list."""

    enrolment_id: int
    status: EnrolmentStatus
    price_cents: int
    debit_note_on: date | None


@dataclass(frozen=True, slots=True)
class CancellationEffect:
    """What cancelling costs now, and which note follows from it; `credit_cents` is the credit note made at once."""

    cost_cents: int
    price_cents: int
    free_until: date | None
    step: cancellation.Step | None
    has_debit_note: bool
    credit_cents: int
    counting: DayCount = DayCount.CALENDAR


def offering(db: Db, course: Course) -> rules.Offering:
    """What of a course decides about its seats, counted now. Lock the course first when a seat is to be given."""
    counts = dict(
        db.execute(
            select(Enrolment.status, func.count())
            .where(Enrolment.course_id == course.id, Enrolment.status.in_(ACTIVE))
            .group_by(Enrolment.status)
        ).all()
    )
    return rules.Offering(
        status=course.status,
        first_day=course.first_day,
        deadline=course.enrolment_deadline,
        capacity=course.capacity,
        taken=sum(counts.get(status, 0) for status in SEATED),
        waiting=counts.get(EnrolmentStatus.WAITLISTED, 0),
    )


def enrol(
    db: Db,
    actor: Actor,
    course_id: int,
    *,
    payer_institution_id: int | None = None,
    billing_reference: str = "",
    given: Mapping[int, str] | None = None,
) -> EnrolmentResult:
    """Give the actor a seat; the person pays, or a linked institution. `given` answers what the course asks.

    Raises NotFound, the refusals of `core.rules.enrolment`, AnswerMissing and AnswerNotValid; of two at once for the
    last seat one gets CourseFull.
    """
    course, person, named, offer = _checked(db, actor, course_id, payer_institution_id)
    rules.check_seat(offer)
    answered = question_answers.checked(db, course.id, given)
    payer, asked = payers.paying_or_asked(named, course.price_cents)
    enrolment = made(db, actor, course, person, payer=payer, billing_reference=billing_reference)
    question_answers.keep(db, enrolment, answered)
    confirm(db, enrolment)
    audit.record(db, actor, AuditTag.ENROLMENT_MADE, enrolment, payer=enrolment.payer_kind, price=enrolment.price_cents)
    if asked is not None:
        payer_requests.ask(db, actor, enrolment, asked)
    seat_mails.confirmed(db, enrolment)
    return _result(db, enrolment)


def join_waiting_list(
    db: Db,
    actor: Actor,
    course_id: int,
    *,
    payer_institution_id: int | None = None,
    billing_reference: str = "",
    given: Mapping[int, str] | None = None,
) -> EnrolmentResult:
    """Put the actor on the waiting list of a full course. Raises as :func:`enrol`, and CourseHasRoom."""
    course, person, named, offer = _checked(db, actor, course_id, payer_institution_id)
    if offer.places_left > 0:
        raise rules.CourseHasRoom
    answered = question_answers.checked(db, course.id, given)
    payer, asked = payers.paying_or_asked(named, course.price_cents)
    enrolment = made(db, actor, course, person, payer=payer, billing_reference=billing_reference)
    question_answers.keep(db, enrolment, answered)
    audit.record(db, actor, AuditTag.ENROLMENT_WAITLISTED, enrolment)
    if asked is not None:
        payer_requests.ask(db, actor, enrolment, asked)
    mail.queue(
        db,
        "enrolment-waitlisted",
        dedupe=f"enrolment:{enrolment.id}",
        enrolment=enrolment,
        facts={"position": offer.waiting + 1, "offer_hours": decisions(db).waiting_list_offer_hours},
    )
    return _result(db, enrolment)


def accept_offer(db: Db, actor: Actor, enrolment_id: int) -> EnrolmentResult:
    """Take the seat that the waiting list offers. Raises NotFound or NoOffer."""
    enrolment = access.editable_enrolment(db, actor, enrolment_id)
    if enrolment.status is not EnrolmentStatus.OFFERED:
        raise rules.NoOffer
    if not coming_changes.is_kept(db, ComingKind.OFFER_END, enrolment.id):
        rules.check_offer(enrolment.offer_expires_at, clock.now())
    confirm(db, enrolment)
    audit.record(db, actor, AuditTag.ENROLMENT_ACCEPTED, enrolment)
    seat_mails.confirmed(db, enrolment)
    return _result(db, enrolment)


def cancellation_preview(db: Db, actor: Actor, enrolment_id: int) -> CancellationEffect:
    """What cancelling would cost now, before the click (D1). Raises as :func:`cancel`."""
    return _effect(db, access.enrolment(db, actor, enrolment_id))


def cancel(
    db: Db,
    actor: Actor,
    enrolment_id: int,
    *,
    reason: str = "",
    excuse: Excuse | None = None,
    agreed_cents: int | None = None,
) -> CancellationEffect:
    """Give up a seat or a place on the waiting list; the next in line is offered the seat.

    A coordinator who has seen the proof may give an `excuse`: then it costs nothing, if the terms foresee it; or may
    agree on another cost, also after the first day, in cents. Raises NotFound, NotAllowed, CourseHasStarted,
    ExcuseNotForeseen, AgreedTooMuch, or NotFound again when it was cancelled meanwhile.
    """
    if excuse is not None:
        access.require_coordinator(actor)
    enrolment = access.editable_enrolment(db, actor, enrolment_id)
    effect = _effect(db, enrolment, excuse) if agreed_cents is None else _agreed(db, actor, enrolment, agreed_cents)
    held_a_seat, was_confirmed = enrolment.status in SEATED, enrolment.status is EnrolmentStatus.CONFIRMED
    enrolment.move_to(EnrolmentStatus.CANCELLED)
    enrolment.cancelled_at = clock.now()
    enrolment.cancellation_reason = reason.strip()[:1000]
    enrolment.cancellation_cents = effect.cost_cents
    enrolment.offer_expires_at = None
    db.flush()
    why = {"excuse": excuse} if excuse is not None else {}
    audit.record(db, actor, AuditTag.ENROLMENT_CANCELLED, enrolment, reason=reason, cost=effect.cost_cents, **why)
    billing.settle_cancellation(db, actor, enrolment, effect.cost_cents)
    seat_mails.cancelled(
        db,
        enrolment,
        cost_cents=effect.cost_cents,
        credit_cents=effect.credit_cents,
        has_debit_note=effect.has_debit_note,
        invitation=invitations.cancel(db, enrolment) if was_confirmed else None,
    )
    if held_a_seat:
        waiting_list.offer_free_seats(db, actor, enrolment.course_id)
    return effect


def confirm(db: Db, enrolment: Enrolment) -> None:
    """Make a seat definite as of now; its debit note counts from today (R31)."""
    if enrolment.status is not EnrolmentStatus.CONFIRMED:
        enrolment.move_to(EnrolmentStatus.CONFIRMED)
    enrolment.confirmed_at = clock.now()
    enrolment.confirmed_on = clock.today()
    enrolment.offer_expires_at = None
    db.flush()


def _checked(
    db: Db, actor: Actor, course_id: int, payer_institution_id: int | None
) -> tuple[Course, Person, Institution | None, rules.Offering]:
    """The course (locked, its seats counted), the person and the payer, every refusal raised."""
    course = access.locked_course(db, course_id)
    person = access.own_person(db, actor)
    offer = offering(db, course)
    rules.check_open(offer, clock.today())
    is_confirmed = db.scalar(
        select(Account.id).where(Account.person_id == person.id, Account.is_active, Account.confirmed_at.is_not(None))
    )
    rules.check_person(
        person.name, is_confirmed=is_confirmed is not None, is_enrolled=is_enrolled(db, course.id, person.id)
    )
    payer = payers.nameable(db, person, payer_institution_id) if payer_institution_id is not None else None
    return course, person, payer, offer


def is_enrolled(db: Db, course_id: int, person_id: int) -> bool:
    """Whether somebody holds a seat in a course, is offered one, or waits for one."""
    standing = select(Enrolment.id).where(
        Enrolment.course_id == course_id, Enrolment.person_id == person_id, Enrolment.status.in_(ACTIVE)
    )
    return db.scalar(standing) is not None


def made(
    db: Db, actor: Actor, course: Course, person: Person | None, *, payer: Institution | None, billing_reference: str
) -> Enrolment:
    """A new row, waiting; every refusal was raised before. Without a person it is a place to be named later."""
    enrolment = Enrolment(
        course=course,
        person=person,
        status=EnrolmentStatus.WAITLISTED,
        payer_kind=PayerKind.PERSON if payer is None else PayerKind.INSTITUTION,
        payer_institution=payer,
        price_cents=course.price_cents,
        billing_reference=billing_reference.strip()[:100],
        enrolled_by=ActorKind(actor.kind),
        created_at=clock.now(),
    )
    db.add(enrolment)
    db.flush()
    return enrolment


def _effect(db: Db, enrolment: Enrolment, excuse: Excuse | None = None) -> CancellationEffect:
    if enrolment.status not in ACTIVE:
        raise access.NotFound
    debit = billing.open_debit_note(db, enrolment.seat)
    price = enrolment.price_cents
    if enrolment.status is not EnrolmentStatus.CONFIRMED:
        return CancellationEffect(0, price, None, None, has_debit_note=debit is not None, credit_cents=0)
    own = terms.terms_of(db, enrolment.course)
    cost = cancellation.cost_of_cancelling(own, price, enrolment.course.first_day, clock.today())
    if excuse is not None:
        cancellation.check_excuse(own)
        cost = cancellation.Cost(0, None, cost.free_until)
    credit = billing.to_credit(db, debit, enrolment.seat, cost.cents) if debit else 0
    return CancellationEffect(cost.cents, price, cost.free_until, cost.step, debit is not None, credit, own.counting)


def _agreed(db: Db, actor: Actor, enrolment: Enrolment, cents: int) -> CancellationEffect:
    access.require_coordinator(actor)
    cancellation.check_agreed(cents, enrolment.price_cents)
    if enrolment.status not in ACTIVE:
        raise access.NotFound
    debit = billing.open_debit_note(db, enrolment.seat)
    credit = billing.to_credit(db, debit, enrolment.seat, cents) if debit else 0
    counting = terms.terms_of(db, enrolment.course).counting
    return CancellationEffect(cents, enrolment.price_cents, None, None, debit is not None, credit, counting)


def _result(db: Db, enrolment: Enrolment) -> EnrolmentResult:
    on = None
    if enrolment.confirmed_on is not None and enrolment.price_cents:
        on = leaves_on(enrolment.confirmed_on, decisions(db).debit_note_after_days, enrolment.note_grouping)
    return EnrolmentResult(enrolment.id, enrolment.status, enrolment.price_cents, on)
