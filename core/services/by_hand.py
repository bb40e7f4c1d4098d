"""What a coordinator does by hand in one course: enrol somebody, reserve places for an institution, offer a seat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.models import Course, Enrolment, Institution, Person
from core.rules import enrolment as rules
from core.rules import seats
from core.rules.billing import leaves_on
from core.services import invitations, payer_requests, question_answers, replacements, seat_mails
from core.services.colleagues import tell_colleague, tell_institution
from core.services.enrolments import confirm, is_enrolled, made, offering
from core.vocabulary import Actor, AuditTag, CourseStatus, EnrolmentStatus, PayerKind

MOST_RESERVED = 60


class CourseNotReady(DomainError):
    """A draft, a cancelled course, or one that has begun."""

    message = N_("Nobody can be enrolled any more (or not yet) in this course.")


class FullByHand(DomainError):
    """All seats are taken; a coordinator may go beyond the capacity, but has to say so."""

    message = N_("All {capacity} seats are taken. Tick «beyond the capacity» to enrol all the same.")


class ReservedTooMany(DomainError):
    """None, or more places at once than anybody means."""

    message = N_("Reserve between 1 and {most} places.")


class BilledToPerson(DomainError):
    """The debit note is in the name of who gives up the seat."""

    message = N_("The debit note in the name of {name} has left: cancel this enrolment and enrol the other instead.")


@dataclass(frozen=True, slots=True)
class ByHand:
    """What enrolling by hand gave. `debit_note_on`: None when there is nothing to bill."""

    enrolment_ids: tuple[int, ...]
    debit_note_on: date | None


def enrol_by_hand(
    db: Db,
    actor: Actor,
    course_id: int,
    person_id: int,
    *,
    payer_institution_id: int | None = None,
    billing_reference: str = "",
    beyond_capacity: bool = False,
    given: Mapping[int, str] | None = None,
) -> ByHand:
    """Give somebody a seat on request, also after the deadline; the person pays, or any institution.

    Both are told by mail as always. What the course asks may stay open: the participant answers in the own portal.
    Raises NotFound, NotAllowed, CourseNotReady, FullByHand, AlreadyEnrolled or AnswerNotValid.
    """
    course, payer = _checked(db, actor, course_id, payer_institution_id, 1, beyond_capacity=beyond_capacity)
    person = db.get(Person, person_id)
    if person is None:
        raise access.NotFound
    if is_enrolled(db, course.id, person.id):
        raise rules.AlreadyEnrolled(name=person.name)
    answered = question_answers.checked(
        db, course.id, given, place=question_answers.place_of(person.id), is_by_hand=True
    )
    enrolment = made(db, actor, course, person, payer=payer, billing_reference=billing_reference)
    question_answers.keep(db, enrolment, answered)
    confirm(db, enrolment)
    audit.record(db, actor, AuditTag.ENROLMENT_MADE, enrolment, by_hand=True, beyond_capacity=beyond_capacity)
    seat_mails.confirmed(db, enrolment)
    return ByHand((enrolment.id,), _debit_note_on(db, enrolment))


def reserve_by_hand(
    db: Db,
    actor: Actor,
    course_id: int,
    institution_id: int,
    places: int,
    *,
    billing_reference: str = "",
    beyond_capacity: bool = False,
) -> ByHand:
    """Reserve places for an institution that names its staff later; it is told by mail and reminded.

    Raises NotFound, NotAllowed, CourseNotReady, FullByHand or ReservedTooMany.
    """
    if not 1 <= places <= MOST_RESERVED:
        raise ReservedTooMany(field="places", most=MOST_RESERVED)
    course, payer = _checked(db, actor, course_id, institution_id, places, beyond_capacity=beyond_capacity)
    if payer is None:
        raise access.NotFound
    rows = [made(db, actor, course, None, payer=payer, billing_reference=billing_reference) for _place in range(places)]
    for enrolment in rows:
        confirm(db, enrolment)
        audit.record(db, actor, AuditTag.ENROLMENT_MADE, enrolment, by_hand=True, beyond_capacity=beyond_capacity)
        tell_colleague(db, enrolment)
    tell_institution(db, payer, rows)
    return ByHand(tuple(row.id for row in rows), _debit_note_on(db, rows[0]))


def replace_by_hand(db: Db, actor: Actor, enrolment_id: int, person_id: int) -> str:
    """Put somebody else in a seat, on request; free of charge, whoever is concerned is told. Returns the new name.

    A seat that a person pays can pass on until its debit note left; then that person is the payer no more.
    Raises NotFound, NotAllowed, ChangedMeanwhile, ReplacedTooLate, SameHolder, AlreadyEnrolled or BilledToPerson.
    """
    access.require_coordinator(actor)
    old = access.editable_enrolment(db, actor, enrolment_id)
    holder, person = old.person, db.get(Person, person_id)
    if holder is None or person is None:
        raise access.NotFound
    if old.status is not EnrolmentStatus.CONFIRMED:
        raise seats.ChangedMeanwhile
    first_day = old.course.first_day
    seats.check_replaceable(first_day - timedelta(days=1) if first_day else None, first_day, clock.today())
    if holder.id == person.id:
        raise seats.SameHolder(name=holder.name)
    if is_enrolled(db, old.course_id, person.id):
        raise rules.AlreadyEnrolled(name=person.name)
    if old.payer_kind is PayerKind.PERSON and old.billed_on is not None:
        raise BilledToPerson(name=holder.name)
    payer_requests.withdraw(db, actor, old.id)
    new = replacements.passed_on(db, actor, old, person)
    if new.payer_institution is not None:
        replacements.tell_all(db, new, old, leaves=holder, comes=person)
        return person.name
    seat_mails.confirmed(db, new)
    facts = {"new_name": person.name, "is_undone": False, "institution_name": decisions(db).organiser_name}
    mail.queue(
        db,
        "seat-passed-on",
        dedupe=f"enrolment:{new.id}:replaced",
        enrolment=new,
        person=holder,
        facts=facts,
        invitation=invitations.cancel(db, old),
    )
    return person.name


def _checked(
    db: Db, actor: Actor, course_id: int, institution_id: int | None, wanted: int, *, beyond_capacity: bool
) -> tuple[Course, Institution | None]:
    """The course (locked, its seats counted) and the payer, every refusal raised."""
    access.require_coordinator(actor)
    course = access.locked_course(db, course_id)
    is_open = course.status in (CourseStatus.PUBLISHED, CourseStatus.CLOSED)
    has_begun = course.first_day is not None and course.first_day < clock.today()
    if not is_open or has_begun:
        raise CourseNotReady
    if offering(db, course).taken + wanted > course.capacity and not beyond_capacity:
        raise FullByHand(field="capacity", capacity=course.capacity)
    payer = db.get(Institution, institution_id) if institution_id is not None else None
    if institution_id is not None and payer is None:
        raise access.NotFound
    return course, payer


def _debit_note_on(db: Db, seat: Enrolment) -> date | None:
    if seat.confirmed_on is None or not seat.price_cents:
        return None
    return leaves_on(seat.confirmed_on, decisions(db).debit_note_after_days, seat.note_grouping)
