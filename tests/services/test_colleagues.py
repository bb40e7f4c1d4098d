"""A school enrols its staff at once, keeps places to be named later, and names them; all or nothing."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.access import NotFound
from core.db import read, write
from core.errors import DomainError
from core.models import AuditEvent, Course, Enrolment
from core.rules import enrolment as rules
from core.rules import seats
from core.services import affiliations, colleagues, enrolments, waiting_list
from core.settings import settings
from core.vocabulary import (
    CLOCK,
    ActorKind,
    AuditTag,
    CourseStatus,
    EnrolmentStatus,
    Language,
    NoteKind,
    PayerKind,
    PayerPolicy,
)
from tests.builders import an_account
from tests.services.schools import (
    course,
    enrolled,
    enrols,
    id_of,
    in_days,
    mails,
    notes,
    on,
    row,
    school,
    sent_to,
    staff,
    standing,
    takes_the_last_seats,
    text_of,
)

CONFIRMED, WAITLISTED, OFFERED = EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITLISTED, EnrolmentStatus.OFFERED


def test_a_group_gets_seats_one_mail_for_the_school_and_one_for_each(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    course_id = course()
    with write() as db:
        done = colleagues.enrol_colleagues(
            db, wimpel, course_id, [id_of(cas), id_of(an), id_of(bo), id_of(an)], billing_reference=" PO 7 "
        )
    assert (len(done.enrolment_ids), done.status, done.total_cents, done.debit_note_on) == (
        3,
        CONFIRMED,
        57_000,
        date(2026, 11, 30),
    )
    assert standing(course_id) == [("An", CONFIRMED), ("Bo", CONFIRMED), ("Cas", CONFIRMED)]
    seat = row(done.enrolment_ids[0])
    assert (seat.payer_kind, seat.payer_institution_id, seat.enrolled_by, seat.billing_reference, seat.price_cents) == (
        PayerKind.INSTITUTION,
        wimpel.institution_id,
        ActorKind.INSTITUTION,
        "PO 7",
        19_000,
    )
    assert sent_to("colleague-enrolled") == ["an@staff.example", "bo@staff.example", "cas@staff.example"]
    (told,) = mails("colleagues-enrolled")
    assert told.recipient == "secretariaat@wimpel.example"
    assert "- An Peeters - Bo Peeters - Cas Peeters" in text_of(told)
    assert "€ 570,00" in text_of(told).replace("\xa0", " ")
    with read() as db:
        made = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.ENROLMENT_MADE)).all()
    assert {event.account_id for event in made} == {wimpel.account_id}


def test_a_group_pays_seat_by_seat_and_the_notes_go_to_the_school_with_a_copy_for_each(
    database: str, noon: datetime
) -> None:
    wimpel = school()
    enrolled(wimpel, course(), *staff("An", "Bo", of=(wimpel,)), unnamed=1)
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 3
    assert [note.total_cents for note in notes()] == [19_000] * 3
    assert sent_to("debit-note") == ["an@staff.example", "bo@staff.example", *["secretariaat@wimpel.example"] * 3]
    assert '"participant":"(nog te bepalen)"' in notes()[2].payload


def test_nobody_is_enrolled_when_one_of_the_group_cannot_be(database: str, noon: datetime) -> None:
    wimpel, other = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo = staff("An", "Bo", of=(wimpel,))
    (foreign,) = staff("Dirk", of=(other,))
    course_id = course()
    enrols(bo, course_id)
    before = len(mails())
    for group, refusal in (
        ([an, foreign], NotFound),
        ([an, bo], rules.AlreadyEnrolled),
        ([], seats.NobodyChosen),
    ):
        with pytest.raises(refusal):
            enrolled(wimpel, course_id, *group)
    with pytest.raises(NotFound), write() as db:
        colleagues.enrol_colleagues(db, wimpel, course_id, [id_of(an), 9_999])
    assert standing(course_id) == [("Bo", CONFIRMED)]
    assert len(mails()) == before


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"status": CourseStatus.CLOSED}, rules.CourseNotOpen),
        ({"status": CourseStatus.DRAFT}, rules.CourseNotOpen),
        ({"status": CourseStatus.CANCELLED}, rules.CourseCancelled),
        ({"in_days": 0}, rules.CourseStarted),
        ({"enrolment_deadline": date(2026, 11, 22)}, rules.DeadlinePassed),
        ({"capacity": 2}, seats.NotEnoughPlaces),
        ({"capacity": 0}, rules.CourseFull),
    ],
)
def test_a_course_that_cannot_take_the_whole_group_takes_nobody(
    database: str, noon: datetime, values: dict[str, object], refusal: type[DomainError]
) -> None:
    wimpel = school()
    group = staff("An", "Bo", "Cas", of=(wimpel,))
    course_id = course(**values)
    with pytest.raises(refusal):
        enrolled(wimpel, course_id, *group)
    assert standing(course_id) == []
    assert mails() == []


def test_a_person_whose_link_ended_and_a_person_are_no_school(database: str) -> None:
    wimpel = school()
    (an,) = staff("An", of=(wimpel,))
    course_id = course()
    with pytest.raises(NotFound), write() as db:
        colleagues.enrol_colleagues(db, an, course_id, [id_of(an)])
    with pytest.raises(NotFound), write() as db:
        colleagues.enrol_colleagues(db, CLOCK, course_id, [id_of(an)])
    with write() as db:
        affiliations.remove(db, wimpel, 1)
    with pytest.raises(seats.ColleagueNotLinked):
        enrolled(wimpel, course_id, an)


def test_a_school_that_forbids_its_staff_to_name_it_still_enrols_them_itself(database: str) -> None:
    wimpel = school(policy=PayerPolicy.FORBIDDEN)
    (an,) = staff("An", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(), an)
    assert row(seat).payer_institution_id == wimpel.institution_id


def test_a_free_course_gives_no_note_and_the_mail_says_so(database: str, noon: datetime) -> None:
    wimpel = school()
    (an,) = staff("An", of=(wimpel,))
    course_id = course(price_cents=0)
    with write() as db:
        done = colleagues.enrol_colleagues(db, wimpel, course_id, [id_of(an)], unnamed=1)
    assert (done.total_cents, done.debit_note_on) == (0, None)
    assert "gratis" in text_of(mails("colleagues-enrolled")[0])
    assert "debetnota" not in text_of(mails("colleague-enrolled")[0])
    with clock.frozen(in_days(8)):
        assert jobs.run_due().issued == 0
    assert len(standing(course_id)) == 2


# -- places without a name -----------------------------------------------------------------------------------------


def test_reserved_places_count_are_billed_and_are_named_later(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    course_id = course(capacity=3)
    _named, first, second = enrolled(wimpel, course_id, an, unnamed=2)
    told = text_of(mails("colleagues-enrolled")[0])
    assert "2 × nog te bepalen" in told
    assert "22 december 2026" in told  # the course is on the 23rd
    with pytest.raises(rules.CourseFull):
        enrols(bo, course_id)
    with write() as db:
        colleagues.name_seat(db, wimpel, first, id_of(bo))
    assert standing(course_id) == [("An", CONFIRMED), ("Bo", CONFIRMED), ("", CONFIRMED)]
    assert sent_to("colleague-enrolled") == ["an@staff.example", "bo@staff.example"]
    assert "Van de debetnota krijgt u een kopie" in text_of(mails("colleague-enrolled")[-1])
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 3
    assert [note.payer_person_id for note in notes()] == [an.person_id, bo.person_id, None]
    assert row(second).billed_on == on(7)


def test_a_place_named_after_its_note_left_promises_no_copy(database: str, noon: datetime) -> None:
    wimpel = school()
    (bo,) = staff("Bo", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(), unnamed=1)
    with clock.frozen(in_days(8)):
        jobs.run_due()
        with write() as db:
            colleagues.name_seat(db, wimpel, seat, id_of(bo))
        assert jobs.run_due().issued == 0
    told = text_of(mails("colleague-enrolled")[-1])
    assert "betaalt." in told
    assert "kopie" not in told
    assert len(notes(NoteKind.DEBIT)) == 1


def test_naming_is_refused_with_its_reason(database: str, noon: datetime) -> None:
    wimpel, other = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo = staff("An", "Bo", of=(wimpel,))
    (foreign,) = staff("Dirk", of=(other,))
    course_id = course(in_days=30)
    named, free = enrolled(wimpel, course_id, an, unnamed=1)
    for seat, person, actor, refusal in (
        (named, bo, wimpel, seats.HasName),
        (free, an, wimpel, rules.AlreadyEnrolled),
        (free, foreign, wimpel, NotFound),
        (free, foreign, other, NotFound),
        (free, bo, an, NotFound),
        (9_999, bo, wimpel, NotFound),
    ):
        with pytest.raises(refusal), write() as db:
            colleagues.name_seat(db, actor, seat, id_of(person))
    with pytest.raises(NotFound), write() as db:
        colleagues.name_seat(db, wimpel, free, 9_999)
    with clock.frozen(in_days(30)), pytest.raises(seats.NamedTooLate) as late, write() as db:
        colleagues.name_seat(db, wimpel, free, id_of(bo))
    assert late.value.fields == {"until": date(2026, 12, 22)}
    with clock.frozen(in_days(29)), write() as db:
        colleagues.name_seat(db, wimpel, free, id_of(bo))


def test_a_cancelled_place_without_a_name_is_told_to_the_school_in_its_own_language(
    database: str, noon: datetime
) -> None:
    with write() as db:  # an account that comes first, of neither a person: its language must not leak in
        an_account(db, None, "team@cno.example", language=Language.ENGLISH)
    wimpel = school()
    (seat,) = enrolled(wimpel, course(in_days=30), unnamed=1)
    with write() as db:
        effect = enrolments.cancel(db, wimpel, seat)
    (told,) = mails("enrolment-cancelled")
    assert (effect.cost_cents, told.recipient) == (0, "secretariaat@wimpel.example")
    assert "U hoeft niets te betalen." in text_of(told)
    with pytest.raises(NotFound), write() as db:
        colleagues.name_seat(db, wimpel, seat, 1)
    with clock.frozen(in_days(8)):
        assert jobs.run_due().issued == 0


def test_a_place_without_a_name_cancelled_late_is_billed_at_its_cost(database: str, noon: datetime) -> None:
    wimpel = school()
    (seat,) = enrolled(wimpel, course(in_days=5), unnamed=1)
    with write() as db:
        assert enrolments.cancel(db, wimpel, seat).cost_cents == 19_000
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 1
    assert sent_to("debit-note") == ["secretariaat@wimpel.example"]


def test_no_more_places_than_set_are_reserved_at_once_nor_after_the_last_day_to_name(
    database: str, noon: datetime
) -> None:
    wimpel = school()
    most = settings().decisions.unnamed_seats_at_once
    course_id = course(capacity=most + 5)
    with pytest.raises(seats.TooManyUnnamed) as refused:
        enrolled(wimpel, course_id, unnamed=most + 1)
    assert refused.value.fields == {"most": most}
    assert standing(course_id) == []
    with pytest.raises(seats.NobodyChosen):
        enrolled(wimpel, course_id, unnamed=-1)
    assert len(enrolled(wimpel, course_id, unnamed=most)) == most
    tomorrow = course(in_days=1)
    assert len(enrolled(wimpel, tomorrow, unnamed=1)) == 1
    with clock.frozen(noon + timedelta(hours=13)), pytest.raises(rules.CourseStarted):
        enrolled(wimpel, tomorrow, unnamed=1)


# -- a group on the waiting list -----------------------------------------------------------------------------------


def waits(by: object, course_id: int, *persons: object) -> colleagues.GroupResult:
    with write() as db:
        return colleagues.wait_for_colleagues(db, by, course_id, [id_of(person) for person in persons])  # type: ignore[arg-type]


def test_a_group_waits_in_the_order_of_its_names_and_is_offered_seats_one_by_one(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    course_id = course(capacity=1)
    (taken,) = takes_the_last_seats(course_id)
    done = waits(wimpel, course_id, bo, an)
    assert (done.status, done.total_cents, done.debit_note_on) == (WAITLISTED, 0, None)
    assert sent_to("enrolment-waitlisted") == [
        "an@staff.example",
        "bo@staff.example",
        *["secretariaat@wimpel.example"] * 2,
    ]
    with write() as db:
        enrolments.cancel(db, CLOCK, taken)
    assert standing(course_id)[1:] == [("An", OFFERED), ("Bo", WAITLISTED)]
    with clock.frozen(in_days(1)), write() as db:  # the school accepts for its staff
        accepted = enrolments.accept_offer(db, wimpel, done.enrolment_ids[0])
    assert (accepted.status, accepted.debit_note_on) == (CONFIRMED, on(8))
    assert sent_to("enrolment-confirmed")[-2:] == ["secretariaat@wimpel.example", "vreemd0@staff.example"]
    with clock.frozen(in_days(8)):
        assert jobs.run_due().issued == 1


def test_a_group_too_large_for_the_free_seats_is_offered_those_and_none_stays_empty(
    database: str, noon: datetime
) -> None:
    wimpel = school()
    group = staff("An", "Bo", "Cas", of=(wimpel,))
    course_id = course(capacity=2)
    with pytest.raises(seats.NotEnoughPlaces):
        enrolled(wimpel, course_id, *group)
    done = waits(wimpel, course_id, *group)
    assert standing(course_id) == [("An", OFFERED), ("Bo", OFFERED), ("Cas", WAITLISTED)]
    assert done.status is WAITLISTED
    with clock.frozen(noon + timedelta(hours=49)), write() as db:  # nobody accepted: Cas gets one, the other is free
        assert waiting_list.lapse_expired_offers(db, CLOCK, course_id) == 2
    with read() as db:
        offer = enrolments.offering(db, db.get_one(Course, course_id))
    assert (offer.taken, offer.waiting, offer.places_left) == (1, 0, 1)


def test_a_group_that_fits_or_is_empty_does_not_wait(database: str) -> None:
    wimpel = school()
    group = staff("An", "Bo", of=(wimpel,))
    with pytest.raises(rules.CourseHasRoom):
        waits(wimpel, course(capacity=2), *group)
    with pytest.raises(seats.NobodyChosen):
        waits(wimpel, course(capacity=0))
    full = course(capacity=0)
    waits(wimpel, full, *group)
    with pytest.raises(rules.AlreadyEnrolled):
        waits(wimpel, full, group[0])
    with read() as db:
        assert len(db.scalars(select(Enrolment.id)).all()) == 2
