"""What a coordinator does by hand in one course, on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import clock, jobs
from core.access import NotAllowed, NotFound
from core.db import read, write
from core.errors import DomainError
from core.models import AuditEvent, Course, Enrolment, Institution, Note, OutgoingMail, Person
from core.queries import go_ahead, one_course
from core.queries.one_course import Part
from core.rules.cancellation import AgreedTooMuch, CourseHasStarted
from core.rules.enrolment import AlreadyEnrolled
from core.services import by_hand, course_costs, course_mail, enrolments, waiting_list
from core.services.course_mail import Written
from core.vocabulary import (
    SEATED,
    Actor,
    AuditTag,
    CoordinatorRole,
    CourseStatus,
    EnrolmentStatus,
    NoteKind,
)
from tests.builders import a_course, a_person, acting, an_account, an_enrolment, an_institution, queued


@pytest.fixture
def coordinator(database: str, noon: datetime) -> Actor:
    with write() as db:
        return acting(an_account(db, None, "team@cno.example"))


def somebody(number: int = 0) -> int:
    with write() as db:
        person = a_person(db, f"An{number}", "Peeters")
        an_account(db, person, f"an{number}@school.example")
        return person.id


def school(number: int = 0) -> int:
    with write() as db:
        institution = an_institution(db, f"School {number}")
        an_account(db, institution, f"secretariaat{number}@school.example")
        return institution.id


def course(**values: object) -> int:
    with write() as db:
        return a_course(db, **values).id  # type: ignore[arg-type]


def test_somebody_is_enrolled_by_hand_after_the_deadline_and_told_as_always(coordinator: Actor) -> None:
    course_id = course(enrolment_deadline=clock.today() - timedelta(days=1), status=CourseStatus.CLOSED)
    with write() as db:
        done = by_hand.enrol_by_hand(
            db, coordinator, course_id, somebody(), payer_institution_id=school(), billing_reference=" PO 1 "
        )
    with read() as db:
        seat = db.get_one(Enrolment, done.enrolment_ids[0])
        to = {mail.recipient for mail in queued(db, "enrolment-confirmed")}
    assert (seat.status, seat.billing_reference) == (EnrolmentStatus.CONFIRMED, "PO 1")
    assert to == {"an0@school.example", "secretariaat0@school.example"}
    assert done.debit_note_on == clock.today() + timedelta(days=7)


def test_beyond_the_capacity_only_when_one_says_so(coordinator: Actor) -> None:
    course_id = course(capacity=0)
    person_id = somebody()
    with write() as db, pytest.raises(by_hand.FullByHand):
        by_hand.enrol_by_hand(db, coordinator, course_id, person_id)
    with write() as db:
        by_hand.enrol_by_hand(db, coordinator, course_id, person_id, beyond_capacity=True)
    with write() as db, pytest.raises(AlreadyEnrolled):
        by_hand.enrol_by_hand(db, coordinator, course_id, person_id, beyond_capacity=True)


@pytest.mark.parametrize(
    "values", [{"status": CourseStatus.DRAFT}, {"status": CourseStatus.CANCELLED}, {"in_days": -1}]
)
def test_nobody_is_enrolled_in_a_course_that_is_no_more_or_not_yet(
    coordinator: Actor, values: dict[str, object]
) -> None:
    with write() as db, pytest.raises(by_hand.CourseNotReady):
        by_hand.enrol_by_hand(db, coordinator, course(**values), somebody())


def test_places_are_reserved_for_a_school_that_names_them_later(coordinator: Actor) -> None:
    course_id, school_id = course(capacity=4), school()
    with write() as db, pytest.raises(by_hand.ReservedTooMany):
        by_hand.reserve_by_hand(db, coordinator, course_id, school_id, 0)
    with write() as db, pytest.raises(by_hand.FullByHand):
        by_hand.reserve_by_hand(db, coordinator, course_id, school_id, 5)
    with write() as db:
        by_hand.reserve_by_hand(db, coordinator, course_id, school_id, 3)
    with read() as db:
        assert db.scalar(select(func.count()).where(Enrolment.person_id.is_(None))) == 3
        assert [mail.recipient for mail in queued(db)] == ["secretariaat0@school.example"]


def test_a_seat_is_offered_out_of_turn_only_with_a_reason_that_stays_written(coordinator: Actor) -> None:
    course_id, people = course(capacity=1), [somebody(0), somebody(1)]
    with write() as db:
        seats = [
            an_enrolment(
                db,
                db.get_one(Course, course_id),
                db.get_one(Person, person_id),
                status=EnrolmentStatus.WAITLISTED,
                confirmed_on=None,
                confirmed_at=None,
            ).id
            for person_id in people
        ]
    second = seats[1]
    with write() as db, pytest.raises(waiting_list.ReasonNeeded):
        waiting_list.offer_to(db, coordinator, second, hours=24)
    with write() as db, pytest.raises(waiting_list.HoursOutOfRange):
        waiting_list.offer_to(db, coordinator, second, hours=0, reason="x")
    with write() as db:
        waiting_list.offer_to(db, coordinator, second, hours=24, reason="Volgt het vervolg van deze reeks")
    with write() as db, pytest.raises(waiting_list.NoFreeSeat):
        waiting_list.offer_to(db, coordinator, seats[0], hours=24)
    with read() as db:
        row = db.get_one(Enrolment, second)
        (offer,) = one_course.offers(db, coordinator, course_id)
        waiting = one_course.participants(db, coordinator, course_id, Part.WAITING)
    assert (row.status, row.offer_expires_at) == (EnrolmentStatus.OFFERED, clock.now() + timedelta(hours=24))
    assert (offer.person_name, offer.why, offer.by) == (
        "An1 Peeters",
        "Volgt het vervolg van deze reeks",
        "Coördinator",
    )
    assert [each.enrolment_id for each in waiting.rows] == seats


def test_a_seat_that_a_school_pays_passes_on_and_the_note_stays(coordinator: Actor) -> None:
    course_id = course(in_days=60)
    with write() as db:
        seat = by_hand.enrol_by_hand(db, coordinator, course_id, somebody(0), payer_institution_id=school())
    with write() as db:
        assert by_hand.replace_by_hand(db, coordinator, seat.enrolment_ids[0], somebody(1)) == "An1 Peeters"
    with read() as db:
        rows = db.scalars(select(Enrolment).order_by(Enrolment.id)).all()
        told = {mail.name: mail.recipient for mail in queued(db) if mail.name != "enrolment-confirmed"}
    assert [row.status for row in rows] == [EnrolmentStatus.REPLACED, EnrolmentStatus.CONFIRMED]
    assert (rows[1].seat_id, rows[1].payer_institution_id) == (rows[0].id, rows[0].payer_institution_id)
    assert told == {
        "colleague-enrolled": "an1@school.example",
        "seat-passed-on": "an0@school.example",
        "participant-replaced": "secretariaat0@school.example",
    }


def test_a_seat_that_a_person_pays_passes_on_until_its_note_left(coordinator: Actor, noon: datetime) -> None:
    course_id = course(in_days=60)
    with write() as db:
        (seat,) = by_hand.enrol_by_hand(db, coordinator, course_id, somebody(0)).enrolment_ids
    with write() as db:
        by_hand.replace_by_hand(db, coordinator, seat, somebody(1))
    with read() as db:
        new = db.scalars(select(Enrolment).where(Enrolment.status == EnrolmentStatus.CONFIRMED)).one()
        assert "Centrum Nascholing Onderwijs" in queued(db, "seat-passed-on")[0].body
    with clock.frozen(noon + timedelta(days=7)):
        assert jobs.run_due().issued == 1
        with read() as db:
            assert db.scalars(select(Note.payer_person_id)).one() == new.person_id
        with write() as db, pytest.raises(by_hand.BilledToPerson):
            by_hand.replace_by_hand(db, coordinator, new.id, somebody(2))


def test_cancelling_on_agreed_terms_also_after_the_first_day(coordinator: Actor, noon: datetime) -> None:
    course_id = course(in_days=8)
    with write() as db:
        (seat,) = by_hand.enrol_by_hand(db, coordinator, course_id, somebody()).enrolment_ids
    with clock.frozen(noon + timedelta(days=9)):
        jobs.run_due()
        with write() as db, pytest.raises(CourseHasStarted):
            enrolments.cancel(db, coordinator, seat)
        with write() as db, pytest.raises(AgreedTooMuch):
            enrolments.cancel(db, coordinator, seat, agreed_cents=19_001)
        with write() as db:
            enrolments.cancel(db, coordinator, seat, agreed_cents=2_500, reason="ziek, attest gezien")
    with read() as db:
        notes = db.scalars(select(Note).order_by(Note.id)).all()
        row = db.get_one(Enrolment, seat)
    assert [(note.kind, note.total_cents) for note in notes] == [(NoteKind.DEBIT, 19_000), (NoteKind.CREDIT, 16_500)]
    assert (row.cancellation_cents, row.cancellation_reason) == (2_500, "ziek, attest gezien")


def test_only_a_coordinator_agrees_on_another_cost(coordinator: Actor) -> None:
    course_id = course()
    with write() as db:
        person = a_person(db, "Bo")
        actor = acting(an_account(db, person, "bo@school.example"))
        seat = enrolments.enrol(db, actor, course_id).enrolment_id
    with write() as db, pytest.raises(NotAllowed):
        enrolments.cancel(db, actor, seat, agreed_cents=0)


def test_a_mail_to_a_course_is_filled_in_for_each_and_sent_once(coordinator: Actor) -> None:
    course_id = course(title="Didactiek")
    people = [somebody(number) for number in range(3)]
    with write() as db:
        for person_id in people:
            by_hand.enrol_by_hand(db, coordinator, course_id, person_id)
    written = Written(SEATED, "Zaal voor {nascholing}", "Dag {voornaam},\n\nWe zitten in R.204 op {eerste_dag}.")
    with read() as db:
        letters = course_mail.preview(db, coordinator, course_id, written)
    assert [letter.text.splitlines()[0] for letter in letters] == ["Dag An0,", "Dag An1,", "Dag An2,"]
    for _click in range(2):
        with write() as db:
            course_mail.send(db, coordinator, course_id, written, turn="beurt1")
    with read() as db:
        mails = queued(db, "course-message")
        assert db.scalar(select(func.count()).where(AuditEvent.tag == AuditTag.COURSE_MAILED)) == 1
    assert {mail.recipient for mail in mails} == {f"an{number}@school.example" for number in range(3)}
    assert {mail.subject for mail in mails} == {"Zaal voor Didactiek"}
    with write() as db:
        assert course_mail.send(db, coordinator, course_id, written, turn="beurt2") == 3


@pytest.mark.parametrize(
    ("written", "refusal", "field"),
    [
        (Written(SEATED, "", "Dag"), course_mail.NothingWritten, "subject"),
        (Written(SEATED, "Dag", " "), course_mail.NothingWritten, "text"),
        (Written(SEATED, "Dag", "Dag {voornam}"), course_mail.UnknownPlaceholder, "text"),
        (Written(SEATED, "Dag", "x" * 10_001), course_mail.TextTooLong, "text"),
        (Written((EnrolmentStatus.WAITLISTED,), "Dag", "Dag"), course_mail.NobodyToMail, None),
    ],
)
def test_a_mail_that_will_not_do_is_refused_where_it_is_wrong(
    coordinator: Actor, written: Written, refusal: type[DomainError], field: str | None
) -> None:
    with write() as db:
        course_id = a_course(db).id
    with write() as db:
        by_hand.enrol_by_hand(db, coordinator, course_id, somebody())
    with write() as db, pytest.raises(refusal) as refused:
        course_mail.send(db, coordinator, course_id, written, turn="x")
    assert refused.value.field == field


def test_go_or_no_go_weighs_a_course_beside_its_earlier_editions(coordinator: Actor) -> None:
    with write() as db:
        first = a_course(db, "Reeks", in_days=-200, price_cents=10_000)
        again = a_course(db, "Reeks - herhaling 1", in_days=30, price_cents=10_000, minimum=4, repeat_of_id=first.id)
        for number in range(3):
            an_enrolment(db, first, a_person(db, f"Vroeg{number}"), confirmed_on=first.first_day - timedelta(days=40))
        for number in range(2):
            an_enrolment(db, again, a_person(db, f"Nu{number}"), confirmed_on=clock.today() - timedelta(days=9))
        course_id = again.id
    with write() as db:
        course_costs.change_costs(db, coordinator, course_id, fixed_cents=30_000, person_cents=2_000)
    jobs.run_due()
    with read() as db:
        found = go_ahead.go_ahead(db, coordinator, course_id)
    assert (found.seats, found.minimum, found.balance.income_cents, found.balance.costs_cents) == (2, 4, 20_000, 34_000)
    assert (found.balance.break_even, found.balance.result_cents, found.issued_cents) == (4, -14_000, 20_000)
    this, before = found.curves
    assert (this.is_this, this.points[-1]) == (True, (30, 2))
    assert dict(before.points)[41] == 0
    assert dict(before.points)[40] == 3


def test_who_only_reads_does_nothing_by_hand(coordinator: Actor) -> None:
    course_id, person_id, school_id = course(), somebody(), school()
    with write() as db:
        reader = acting(an_account(db, None, "lezer@cno.example", coordinator_role=CoordinatorRole.READER))
    for verb in (
        lambda db: by_hand.enrol_by_hand(db, reader, course_id, person_id),
        lambda db: by_hand.reserve_by_hand(db, reader, course_id, school_id, 1),
        lambda db: by_hand.replace_by_hand(db, reader, 1, person_id),
        lambda db: waiting_list.offer_to(db, reader, 1, hours=4),
        lambda db: course_mail.preview(db, reader, course_id, Written(SEATED, "x", "x")),
        lambda db: course_costs.change_costs(db, reader, course_id, fixed_cents=1, person_cents=1),
    ):
        with pytest.raises((NotAllowed, NotFound)), write() as db:
            verb(db)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Enrolment)) == 0
        assert db.scalar(select(func.count()).select_from(OutgoingMail)) == 0
        assert db.scalar(select(func.count()).select_from(Institution)) == 1


def test_whom_to_enrol_is_found_with_a_typing_error_and_says_who_is_enrolled(coordinator: Actor) -> None:
    course_id, person_id = course(), somebody()
    with write() as db:
        by_hand.enrol_by_hand(db, coordinator, course_id, person_id)
    somebody(1)
    with read() as db:
        found = one_course.possible_participants(db, coordinator, "an peetres", course_id=course_id)
        assert one_course.possible_participants(db, coordinator, "an", course_id=course_id) == ()
    assert [(each.name, each.standing) for each in found] == [
        ("An0 Peeters", EnrolmentStatus.CONFIRMED),
        ("An1 Peeters", None),
    ]
