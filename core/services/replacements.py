"""A colleague takes the seat of another, free of charge; and back again, until the first day (R38, R41, R43, D4)."""

from dataclasses import dataclass
from datetime import date

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.models import Course, Enrolment, Person
from core.rules import billing, cancellation, seats
from core.services import coming_changes, invitations, terms
from core.services.colleagues import colleague, tell_colleague
from core.vocabulary import Actor, ActorKind, AuditTag, ComingKind, EnrolmentStatus, PayerKind


@dataclass(frozen=True, slots=True)
class Replacing:
    """What replacing somebody will do. `debit_note_on` is the day the note leaves; None: it left, or there is none."""

    old_name: str
    new_name: str
    is_billed: bool
    debit_note_on: date | None
    undo_until: date | None


def preview(db: Db, actor: Actor, enrolment_id: int, colleague_id: int) -> Replacing:
    """What :func:`replace` would do, without doing it. Raises the same."""
    old, holder, person = _checked(db, actor, access.enrolment(db, actor, enrolment_id), colleague_id)
    return _effect(db, old, holder.name, person.name)


def replace(db: Db, actor: Actor, enrolment_id: int, colleague_id: int) -> Replacing:
    """Give the seat to a colleague: the money stays as it is, both persons and the institution are told.

    Of two at once for the same seat one gets ChangedMeanwhile. Raises NotFound, ReplacedTooLate, SameHolder,
    ColleagueNotLinked or AlreadyEnrolled.
    """
    old, holder, person = _checked(db, actor, access.editable_enrolment(db, actor, enrolment_id), colleague_id)
    new = passed_on(db, actor, old, person)
    _tell(db, new, old, leaves=holder, comes=person)
    return _effect(db, new, holder.name, person.name)


def passed_on(db: Db, actor: Actor, old: Enrolment, person: Person) -> Enrolment:
    """The seat in another's name: the old row becomes *replaced*, the new one takes over money, dates and chain."""
    old.move_to(EnrolmentStatus.REPLACED)
    db.flush()
    new = Enrolment(
        course=old.course,
        person=person,
        status=EnrolmentStatus.CONFIRMED,
        payer_kind=old.payer_kind,
        payer_institution=old.payer_institution,
        price_cents=old.price_cents,
        billed_on=old.billed_on,
        billing_reference=old.billing_reference,
        # who comes never named the school that pays: nobody hands the bill on to them
        enrolled_by=ActorKind.INSTITUTION if old.payer_kind is PayerKind.INSTITUTION else ActorKind(actor.kind),
        created_at=clock.now(),
        confirmed_at=old.confirmed_at,
        confirmed_on=old.confirmed_on,
        replaces_id=old.id,
        seat_id=old.seat,
    )
    db.add(new)
    db.flush()
    coming_changes.hand_on(db, ComingKind.DEBIT_NOTE, old.id, new.id)
    audit.record(db, actor, AuditTag.ENROLMENT_REPLACED, old, by=new.id, person_id=person.id)
    return new


def undo(db: Db, actor: Actor, enrolment_id: int) -> str:
    """Give the seat back to whom it was taken over from; returns that name.

    `enrolment_id` is the seat's present one. Raises NotFound, CannotUndo, ReplacedTooLate, ColleagueNotLinked or
    AlreadyEnrolled.
    """
    institution = access.own_institution(db, actor)
    new = access.editable_enrolment(db, actor, enrolment_id)
    old = db.get(Enrolment, new.replaces_id) if new.replaces_id else None
    is_standing = new.status is EnrolmentStatus.CONFIRMED and old is not None
    if not is_standing or old is None or old.status is not EnrolmentStatus.REPLACED:
        raise seats.CannotUndo
    if old.payer_institution_id != new.payer_institution_id:  # the new holder named another institution since
        raise seats.CannotUndo
    _check_in_time(db, new.course)
    holder, back = new.person, old.person
    if holder is None or back is None:
        raise seats.CannotUndo
    colleague(db, institution.id, back.id, old.course_id)
    new.move_to(EnrolmentStatus.CANCELLED)
    new.cancelled_at, new.cancellation_reason, new.cancellation_cents = clock.now(), seats.UNDONE, 0
    db.flush()
    old.move_to(EnrolmentStatus.CONFIRMED)
    old.billed_on, old.billing_reference = new.billed_on, new.billing_reference
    db.flush()
    coming_changes.hand_on(db, ComingKind.DEBIT_NOTE, new.id, old.id)
    audit.record(db, actor, AuditTag.ENROLMENT_REPLACEMENT_UNDONE, old, of=new.id)
    _tell(db, old, new, leaves=holder, comes=back, turn=new.id)
    return back.name


def _checked(db: Db, actor: Actor, enrolment: Enrolment, colleague_id: int) -> tuple[Enrolment, Person, Person]:
    """The seat, its holder and the colleague who can take it, every refusal raised."""
    institution = access.own_institution(db, actor)
    if enrolment.payer_institution_id != institution.id or enrolment.person is None:
        raise access.NotFound
    if enrolment.status is not EnrolmentStatus.CONFIRMED:
        raise seats.ChangedMeanwhile
    holder = enrolment.person
    _check_in_time(db, enrolment.course)
    if holder.id == colleague_id:
        raise seats.SameHolder(name=holder.name)
    return enrolment, holder, colleague(db, institution.id, colleague_id, enrolment.course_id)


def _check_in_time(db: Db, course: Course) -> None:
    """Refuse a change of holder after the last day that the terms of the course give for it."""
    until = cancellation.last_day_to_replace(terms.terms_of(db, course), course.first_day)
    seats.check_replaceable(until, course.first_day, clock.today())


def _effect(db: Db, enrolment: Enrolment, old_name: str, new_name: str) -> Replacing:
    on = None
    if enrolment.billed_on is None and enrolment.price_cents and enrolment.confirmed_on is not None:
        after = decisions(db).debit_note_after_days
        on = billing.leaves_on(enrolment.confirmed_on, after, enrolment.note_grouping)
    return Replacing(
        old_name=old_name,
        new_name=new_name,
        is_billed=enrolment.billed_on is not None,
        debit_note_on=on,
        undo_until=cancellation.last_day_to_replace(terms.terms_of(db, enrolment.course), enrolment.course.first_day),
    )


def tell_all(db: Db, seat: Enrolment, given_up: Enrolment, *, leaves: Person, comes: Person) -> None:
    """Tell both persons and who pays that a seat has passed on; `given_up` is the row of who leaves."""
    _tell(db, seat, given_up, leaves=leaves, comes=comes)


def _tell(
    db: Db, seat: Enrolment, given_up: Enrolment, *, leaves: Person, comes: Person, turn: int | None = None
) -> None:
    """Both persons and the institution; `turn` tells an undone replacement from the enrolment it gives back."""
    is_undone = turn is not None
    fact = f"enrolment:{turn or seat.id}:{'undone' if is_undone else 'replaced'}"
    facts = {
        "old_name": leaves.name,
        "new_name": comes.name,
        "is_undone": is_undone,
        "is_billed": seat.billed_on is not None,
        "institution_name": seat.payer_institution.name if seat.payer_institution else "",
        "replace_until": terms.replace_until(db, seat),
    }
    tell_colleague(db, seat, takes_over_from=leaves.name, again=turn)
    mail.queue(
        db,
        "seat-passed-on",
        dedupe=fact,
        enrolment=seat,
        person=leaves,
        facts=facts,
        invitation=invitations.cancel(db, given_up),
    )
    mail.queue(db, "participant-replaced", dedupe=fact, enrolment=seat, facts=facts)
