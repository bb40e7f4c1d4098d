"""Enrolling, refusals, the race for the last seats, cancelling, on both databases."""

import threading
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.access import NotFound
from core.db import read, write
from core.errors import DomainError
from core.models import Account, AuditEvent, Course, Enrolment, Institution, Note, OutgoingMail, Person
from core.queries import overlaps
from core.rules import enrolment as rules
from core.rules.cancellation import CourseHasStarted
from core.services import billing, enrolments, waiting_list
from core.vocabulary import (
    CLOCK,
    Actor,
    AuditTag,
    CourseStatus,
    EnrolmentStatus,
    NoteKind,
    PayerKind,
    PayerPolicy,
)
from tests.builders import (
    a_course,
    a_person,
    acting,
    an_account,
    an_affiliation,
    an_enrolment,
    an_institution,
    queued,
)


def somebody(number: int = 0, **values: object) -> Actor:
    with write() as db:
        person = a_person(db, f"An{number}", "Peeters")
        return acting(an_account(db, person, f"an{number}@school.example", **values))


def course(**values: object) -> int:
    with write() as db:
        return a_course(db, **values).id  # type: ignore[arg-type]


def school(policy: PayerPolicy = PayerPolicy.ALLOWED, actor: Actor | None = None) -> int:
    """An institution with an account, linked to the actor when one is given."""
    with write() as db:
        institution = an_institution(db, payer_policy=policy)
        an_account(db, institution, "secretariaat@school.example")
        if actor is not None:
            an_affiliation(db, db.get_one(Person, actor.person_id), institution)
        return institution.id


def enrol(actor: Actor, course_id: int, **values: object) -> enrolments.EnrolmentResult:
    with write() as db:
        return enrolments.enrol(db, actor, course_id, **values)  # type: ignore[arg-type]


def test_enrolling_gives_a_seat_a_mail_and_a_trace_in_one_go(database: str, noon: datetime) -> None:
    actor, course_id = somebody(), course()
    done = enrol(actor, course_id)
    with read() as db:
        seat = db.get_one(Enrolment, done.enrolment_id)
        (mail,) = queued(db)
        (event,) = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.ENROLMENT_MADE))
    assert (seat.status, seat.payer_kind, seat.price_cents, seat.confirmed_on) == (
        EnrolmentStatus.CONFIRMED,
        PayerKind.PERSON,
        19_000,
        date(2026, 11, 23),
    )
    assert done.debit_note_on == date(2026, 11, 30)
    assert (mail.name, mail.recipient) == ("enrolment-confirmed", "an0@school.example")
    assert (event.subject_id, event.account_id) == (seat.id, actor.account_id)


def test_the_school_that_pays_hears_of_it_and_keeps_its_reference(database: str) -> None:
    actor = somebody()
    school_id = school(actor=actor)
    done = enrol(actor, course(), payer_institution_id=school_id, billing_reference=" PO 4711 ")
    with read() as db:
        seat = db.get_one(Enrolment, done.enrolment_id)
        assert {mail.recipient for mail in queued(db)} == {"an0@school.example", "secretariaat@school.example"}
    assert (seat.payer_institution_id, seat.billing_reference) == (school_id, "PO 4711")


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"status": CourseStatus.CLOSED}, rules.CourseNotOpen),
        ({"status": CourseStatus.CANCELLED}, rules.CourseCancelled),
        ({"status": CourseStatus.DRAFT}, DomainError),
        ({"in_days": 0}, rules.CourseStarted),
        ({"enrolment_deadline": date(2026, 11, 22)}, rules.DeadlinePassed),
        ({"capacity": 0}, rules.CourseFull),
    ],
)
def test_a_refused_enrolment_changes_nothing(
    database: str, noon: datetime, values: dict[str, object], refusal: type[DomainError]
) -> None:
    actor, course_id = somebody(), course(**values)
    with pytest.raises(refusal):
        enrol(actor, course_id)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Enrolment)) == 0
        assert queued(db) == []


def test_an_unconfirmed_account_and_a_second_enrolment_are_refused(database: str) -> None:
    course_id = course()
    with pytest.raises(rules.AccountNotConfirmed):
        enrol(somebody(1, confirmed_at=None), course_id)
    actor = somebody(2)
    enrol(actor, course_id)
    with pytest.raises(rules.AlreadyEnrolled):
        enrol(actor, course_id)


def test_a_school_that_forbids_it_is_no_payer(database: str) -> None:
    actor = somebody()
    with pytest.raises(rules.PayerForbidden):
        enrol(actor, course(), payer_institution_id=school(PayerPolicy.FORBIDDEN, actor))


def test_a_school_one_is_not_linked_to_is_no_payer(database: str) -> None:
    with pytest.raises((rules.PayerNotLinked, NotFound)):
        enrol(somebody(), course(), payer_institution_id=school())


def test_fifty_at_once_for_the_last_five_seats_give_exactly_five(database: str) -> None:
    course_id = course(capacity=5)
    actors = [somebody(number) for number in range(50)]
    outcomes: list[str] = []
    ready = threading.Barrier(50)

    def run(actor: Actor) -> None:
        ready.wait()
        try:
            enrol(actor, course_id)
            outcomes.append("seat")
        except rules.CourseFull:
            outcomes.append("full")

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(outcomes) == ["full"] * 45 + ["seat"] * 5
    with read() as db:
        assert db.scalar(select(func.count()).where(Enrolment.status == EnrolmentStatus.CONFIRMED)) == 5
        assert db.scalar(select(func.count()).select_from(Enrolment)) == 5
        assert db.scalar(select(func.count()).select_from(OutgoingMail)) == 5


def test_one_person_who_clicks_ten_times_at_once_has_one_seat(database: str) -> None:
    actor, course_id = somebody(), course()
    outcomes: list[type] = []

    def run() -> None:
        try:
            enrol(actor, course_id)
            outcomes.append(Enrolment)
        except DomainError as refused:
            outcomes.append(type(refused))

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert outcomes.count(Enrolment) == 1
    assert outcomes.count(rules.AlreadyEnrolled) == 9


def test_the_waiting_list_moves_when_somebody_leaves(database: str, noon: datetime) -> None:
    course_id = course(capacity=1)
    first, second, third = (somebody(number) for number in range(3))
    with write() as db, pytest.raises(rules.CourseHasRoom):
        enrolments.join_waiting_list(db, second, course_id)
    seat = enrol(first, course_id)
    with write() as db:
        waiting = enrolments.join_waiting_list(db, second, course_id)
        after = enrolments.join_waiting_list(db, third, course_id)
    assert waiting.status is EnrolmentStatus.WAITLISTED
    with write() as db:
        enrolments.cancel(db, first, seat.enrolment_id)
    with read() as db:
        offered = db.get_one(Enrolment, waiting.enrolment_id)
        assert offered.status is EnrolmentStatus.OFFERED
        assert offered.offer_expires_at == noon + timedelta(hours=48)
        assert [mail.recipient for mail in queued(db, "seat-offered")] == ["an1@school.example"]
    with pytest.raises(rules.CourseFull):
        enrol(somebody(9), course_id)
    with clock.frozen(noon + timedelta(hours=49)), write() as db:
        assert waiting_list.courses_with_expired_offers(db) == (course_id,)
        assert waiting_list.lapse_expired_offers(db, CLOCK, course_id) == 1
    with read() as db:
        assert db.get_one(Enrolment, waiting.enrolment_id).status is EnrolmentStatus.CANCELLED
        assert db.get_one(Enrolment, after.enrolment_id).status is EnrolmentStatus.OFFERED
    with clock.frozen(noon + timedelta(hours=50)), write() as db:
        with pytest.raises(DomainError):
            enrolments.accept_offer(db, second, waiting.enrolment_id)
        accepted = enrolments.accept_offer(db, third, after.enrolment_id)
    assert (accepted.status, accepted.debit_note_on) == (EnrolmentStatus.CONFIRMED, date(2026, 12, 2))


@pytest.mark.parametrize(("in_days", "cents"), [(30, 0), (6, 19_000)])
def test_cancelling_costs_what_the_preview_says(database: str, noon: datetime, in_days: int, cents: int) -> None:
    actor = somebody()
    done = enrol(actor, course(in_days=in_days))
    with write() as db:
        preview = enrolments.cancellation_preview(db, actor, done.enrolment_id)
        effect = enrolments.cancel(db, actor, done.enrolment_id, reason="ziek")
    assert preview == effect
    assert effect.cost_cents == cents
    with read() as db:
        seat = db.get_one(Enrolment, done.enrolment_id)
        assert (seat.status, seat.cancellation_cents) == (EnrolmentStatus.CANCELLED, cents)
        assert len(queued(db, "enrolment-cancelled")) == 1


def test_cancelling_twice_or_for_somebody_else_finds_nothing(database: str) -> None:
    actor = somebody(1)
    done = enrol(actor, course())
    with write() as db, pytest.raises(NotFound):
        enrolments.cancel(db, somebody(2), done.enrolment_id)
    with write() as db:
        enrolments.cancel(db, actor, done.enrolment_id)
    with write() as db, pytest.raises(NotFound):
        enrolments.cancel(db, actor, done.enrolment_id)


def test_after_the_first_day_cancelling_is_refused(database: str, noon: datetime) -> None:
    actor = somebody()
    done = enrol(actor, course(in_days=3))
    with clock.frozen(noon + timedelta(days=3)), write() as db, pytest.raises(CourseHasStarted):
        enrolments.cancel(db, actor, done.enrolment_id)


def test_cancelling_after_the_note_credits_what_is_no_longer_due(database: str, noon: datetime) -> None:
    actor = somebody()
    done = enrol(actor, course(in_days=40))
    with clock.frozen(noon + timedelta(days=7)), write() as db:
        assert billing.issue_debit_note(db, CLOCK, done.enrolment_id) is not None
    with clock.frozen(noon + timedelta(days=8)), write() as db:
        enrolments.cancel(db, actor, done.enrolment_id)
    with read() as db:
        notes = db.scalars(select(Note).order_by(Note.id)).all()
    assert [(note.kind, note.total_cents) for note in notes] == [(NoteKind.DEBIT, 19_000), (NoteKind.CREDIT, 19_000)]
    assert notes[1].corrects_id == notes[0].id


def test_an_overlapping_course_is_a_warning(database: str) -> None:
    actor = somebody()
    enrol(actor, course(title="Eerste"))
    other = course(title="Tweede")
    with read() as db:
        (overlap,) = overlaps.overlapping(db, actor, other)
    assert overlap.title == "Eerste"
    assert enrol(actor, other).status is EnrolmentStatus.CONFIRMED


def test_the_database_itself_refuses_a_second_active_enrolment(database: str) -> None:
    from sqlalchemy.exc import IntegrityError

    course_id, actor = course(), somebody()
    with pytest.raises(IntegrityError), write() as db:
        for _ in range(2):
            an_enrolment(db, db.get_one(Course, course_id), db.get_one(Person, actor.person_id))
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Enrolment)) == 0
        assert db.scalar(select(func.count()).select_from(Account)) == 1
        assert db.scalar(select(func.count()).select_from(Institution)) == 0
