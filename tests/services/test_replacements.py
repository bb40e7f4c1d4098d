"""A colleague takes a seat over, free of charge, and gives it back: the money stays, everybody concerned is told."""

import json
from dataclasses import replace as changed
from datetime import date, datetime

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.access import NotFound
from core.db import read, write
from core.errors import DomainError
from core.models import AuditEvent, Course, Enrolment
from core.queries import billing as note_queries
from core.queries import paid_enrolments
from core.queries.paid_enrolments import Wanted
from core.rules import billing as billing_rules
from core.rules import enrolment as rules
from core.rules import seats
from core.services import (
    affiliations,
    certificates,
    colleagues,
    coming_changes,
    enrolments,
    payers,
    replacements,
)
from core.vocabulary import (
    CLOCK,
    Actor,
    ActorKind,
    AuditTag,
    ComingKind,
    EnrolmentStatus,
    Language,
    NoteKind,
)
from tests.builders import acting, an_account
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

CONFIRMED, REPLACED, CANCELLED = EnrolmentStatus.CONFIRMED, EnrolmentStatus.REPLACED, EnrolmentStatus.CANCELLED


def replaced(by: Actor, enrolment_id: int, person: Actor) -> int:
    """Somebody takes the seat over; returns the new enrolment."""
    with write() as db:
        replacements.replace(db, by, enrolment_id, id_of(person))
        return db.scalars(select(Enrolment.id).order_by(Enrolment.id.desc())).first() or 0


def undone(by: Actor, enrolment_id: int) -> str:
    with write() as db:
        return replacements.undo(db, by, enrolment_id)


@pytest.mark.parametrize("billed", [False, True])
@pytest.mark.parametrize("price", [19_000, 0])
def test_the_preview_says_what_replacing_does(database: str, noon: datetime, price: int, billed: bool) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(price_cents=price), an)
    with clock.frozen(in_days(8 if billed else 1)):
        jobs.run_due()
        before = len(mails())
        with read() as db:
            plan = replacements.preview(db, wimpel, seat, id_of(bo))
        assert (len(mails()), row(seat).status) == (before, CONFIRMED)
        with write() as db:
            assert replacements.replace(db, wimpel, seat, id_of(bo)) == plan
    assert (plan.old_name, plan.new_name, plan.undo_until) == ("An Peeters", "Bo Peeters", date(2026, 12, 22))
    assert plan.is_billed is (billed and price > 0)
    assert plan.debit_note_on == (on(7) if price and not billed else None)


def test_replacing_tells_both_and_the_school_and_frees_no_seat(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    course_id = course(capacity=1)
    (seat,) = enrolled(wimpel, course_id, an, reference="PO 9")
    (waiting,) = staff("Wim")
    with write() as db:
        enrolments.join_waiting_list(db, waiting, course_id)
    before = {mail.id for mail in mails()}
    with clock.frozen(in_days(1)):
        new = replaced(wimpel, seat, bo)
    assert standing(course_id)[0] == ("An", REPLACED)
    assert standing(course_id)[1:] == [("Wim", EnrolmentStatus.WAITLISTED), ("Bo", CONFIRMED)]
    told = {mail.name: mail for mail in mails() if mail.id not in before}
    assert {name: mail.recipient for name, mail in told.items()} == {
        "colleague-enrolled": "bo@staff.example",
        "seat-passed-on": "an@staff.example",
        "participant-replaced": "secretariaat@wimpel.example",
    }
    assert "U neemt de plaats in van An Peeters" in text_of(told["colleague-enrolled"])
    assert "laat Bo Peeters in uw plaats" in text_of(told["seat-passed-on"])
    assert "De debetnota vertrekt op 30 november 2026 en noemt Bo Peeters." in text_of(told["participant-replaced"])
    old, taken = row(seat), row(new)
    assert (taken.replaces_id, taken.seat_id, taken.enrolled_by) == (seat, seat, ActorKind.INSTITUTION)
    for same in ("price_cents", "payer_kind", "payer_institution_id", "confirmed_on", "billing_reference", "billed_on"):
        assert getattr(taken, same) == getattr(old, same), same
    with read() as db:
        (event,) = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.ENROLMENT_REPLACED))
        offer = enrolments.offering(db, db.get_one(Course, course_id))
    assert (event.subject_id, json.loads(event.details)) == (seat, {"by": new, "person_id": bo.person_id})
    assert (offer.taken, offer.waiting) == (1, 1)


def test_a_note_not_yet_issued_names_the_new_holder_once(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(), an)
    with clock.frozen(in_days(3)):
        new = replaced(wimpel, seat, bo)
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 1
        assert jobs.run_due().issued == 0
    (note,) = notes()
    assert (note.total_cents, note.payer_person_id) == (19_000, bo.person_id)
    assert json.loads(note.payload)["participant"] == "Bo Peeters"
    assert sent_to("debit-note") == ["bo@staff.example", "secretariaat@wimpel.example"]
    assert (row(seat).billed_on, row(new).billed_on) == (None, on(7))


def test_an_issued_note_stays_and_no_second_one_follows(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(), an)
    with clock.frozen(in_days(7)):
        jobs.run_due()
        new = replaced(wimpel, seat, bo)
        assert jobs.run_due().issued == 0
    with clock.frozen(in_days(20)):
        assert jobs.run_due().issued == 0
    (note,) = notes()
    assert json.loads(note.payload)["participant"] == "An Peeters"
    assert row(new).billed_on == on(7)
    assert "De debetnota die al vertrok, blijft zoals ze is." in text_of(mails("participant-replaced")[0])
    assert "kopie" not in text_of(mails("colleague-enrolled")[-1])
    with read() as db:
        assert [found.note_id for found in note_queries.notes_of(db, an)] == [note.id]
        assert note_queries.notes_of(db, bo) == ()
        assert [found.note_id for found in note_queries.notes_of(db, wimpel)] == [note.id]


def test_a_chain_stays_visible_and_ends_with_the_last_holder(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    course_id = course()
    (first,) = enrolled(wimpel, course_id, an)
    second = replaced(wimpel, first, bo)
    third = replaced(wimpel, second, cas)
    assert standing(course_id) == [("An", REPLACED), ("Bo", REPLACED), ("Cas", CONFIRMED)]
    assert (row(third).replaces_id, row(third).seat_id) == (second, first)
    with read() as db:
        found = paid_enrolments.paid(db, wimpel, Wanted()).rows
        assert [each.person_name for each in found] == ["Cas Peeters"]
        assert paid_enrolments.earlier_holders(db, wimpel, found) == {third: ("An Peeters", "Bo Peeters")}
    again = replaced(wimpel, third, an)  # who left may come back
    assert (row(again).seat_id, row(again).replaces_id) == (first, third)
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 1
    assert json.loads(notes()[0].payload)["participant"] == "An Peeters"


def test_the_certificate_goes_to_the_new_holder_only(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(in_days=10), an)
    new = replaced(wimpel, seat, bo)
    with clock.frozen(in_days(17)):
        for actor in (bo, wimpel):
            with write() as db:
                assert certificates.issue(db, actor, new, Language.DUTCH)
        for actor in (an, wimpel):
            with pytest.raises(billing_rules.NoSeat), write() as db:
                certificates.issue(db, actor, seat, Language.DUTCH)
        with pytest.raises(NotFound), write() as db:
            certificates.issue(db, an, new, Language.DUTCH)


@pytest.mark.parametrize("when", ["before", "after"])
def test_cancelling_a_seat_that_was_taken_over_settles_the_one_note_of_the_seat(
    database: str, noon: datetime, when: str
) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(in_days=30), an)
    with clock.frozen(in_days(7)):
        if when == "before":
            seat = replaced(wimpel, seat, bo)
        jobs.run_due()
        if when == "after":
            seat = replaced(wimpel, seat, bo)
    with clock.frozen(in_days(26)), read() as db:  # four days before: the full price
        assert enrolments.cancellation_preview(db, wimpel, seat).credit_cents == 0
    with clock.frozen(in_days(9)):
        with write() as db:
            effect = enrolments.cancel(db, wimpel, seat)
        jobs.run_due()
    debit, credit = notes()
    assert (effect.cost_cents, effect.credit_cents, credit.total_cents) == (0, 19_000, 19_000)
    assert (credit.kind, credit.corrects_id, credit.payer_institution_id) == (
        NoteKind.CREDIT,
        debit.id,
        wimpel.institution_id,
    )
    assert sent_to("credit-note") == ["bo@staff.example", "secretariaat@wimpel.example"]
    with clock.frozen(in_days(30)):
        assert jobs.run_due().issued == 0


# -- refusals ------------------------------------------------------------------------------------------------------


def test_replacing_is_refused_with_its_reason_and_changes_nothing(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    (foreign,) = staff("Dirk", of=(kade,))
    (own_payer,) = staff("Els", of=(wimpel,))
    course_id = course()
    seat, other, unnamed = enrolled(wimpel, course_id, an, bo, unnamed=1)
    paid_alone = enrols(own_payer, course_id)
    with write() as db:
        affiliations.remove(db, wimpel, 3)  # Cas
    before = len(mails())
    cases: list[tuple[Actor, int, int, type[DomainError]]] = [
        (wimpel, seat, id_of(an), seats.SameHolder),
        (wimpel, seat, id_of(bo), rules.AlreadyEnrolled),
        (wimpel, seat, id_of(own_payer), rules.AlreadyEnrolled),
        (wimpel, seat, id_of(cas), seats.ColleagueNotLinked),
        (wimpel, seat, id_of(foreign), NotFound),
        (wimpel, seat, 9_999, NotFound),
        (wimpel, unnamed, id_of(own_payer), NotFound),
        (wimpel, paid_alone, id_of(foreign), NotFound),
        (kade, seat, id_of(foreign), NotFound),
        (an, seat, id_of(bo), NotFound),
        (CLOCK, seat, id_of(bo), NotFound),
        (wimpel, 9_999, id_of(bo), NotFound),
    ]
    for actor, enrolment_id, person_id, refusal in cases:
        with pytest.raises(refusal), read() as db:
            replacements.preview(db, actor, enrolment_id, person_id)
        with pytest.raises(refusal), write() as db:
            replacements.replace(db, actor, enrolment_id, person_id)
    assert len(mails()) == before
    assert [status for _name, status in standing(course_id)] == [CONFIRMED] * 4
    with write() as db:
        enrolments.cancel(db, wimpel, other)
    with pytest.raises(seats.ChangedMeanwhile):
        replaced(wimpel, other, foreign)


def test_replacing_and_undoing_are_possible_until_the_day_before_the_first_day(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(in_days=10, days=2), an)
    with clock.frozen(in_days(9)):
        new = replaced(wimpel, seat, bo)
        undone(wimpel, new)
        new = replaced(wimpel, seat, bo)
    for day in (10, 12, 17, 40):
        with clock.frozen(in_days(day)):
            with pytest.raises(seats.ReplacedTooLate) as late:
                replaced(wimpel, new, cas)
            assert late.value.fields == {
                "first_day": on(10) - (on(0) - noon.date()),
                "until": noon.date() + (on(9) - on(0)),
            }
            with pytest.raises(seats.ReplacedTooLate):
                undone(wimpel, new)


def test_a_place_without_a_name_is_named_then_replaced(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(), unnamed=1)
    with write() as db:
        colleagues.name_seat(db, wimpel, seat, id_of(an))
    new = replaced(wimpel, seat, bo)
    assert undone(wimpel, new) == "An Peeters"


def test_a_waiting_colleague_is_no_replacement(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    course_id = course(capacity=1)
    (seat,) = enrolled(wimpel, course_id, an)
    with write() as db:
        waits = colleagues.wait_for_colleagues(db, wimpel, course_id, [id_of(bo)]).enrolment_ids[0]
    with pytest.raises(rules.AlreadyEnrolled):
        replaced(wimpel, seat, bo)
    with pytest.raises(seats.ChangedMeanwhile):
        replaced(wimpel, waits, an)


# -- undoing -------------------------------------------------------------------------------------------------------


def test_undoing_gives_the_seat_back_and_tells_all_three(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    course_id = course()
    (seat,) = enrolled(wimpel, course_id, an)
    new = replaced(wimpel, seat, bo)
    before = {mail.id for mail in mails()}
    assert undone(wimpel, new) == "An Peeters"
    assert standing(course_id) == [("An", CONFIRMED), ("Bo", CANCELLED)]
    assert (row(new).cancellation_reason, row(new).cancellation_cents) == (seats.UNDONE, 0)
    told = {mail.name: mail for mail in mails() if mail.id not in before}
    assert {name: mail.recipient for name, mail in told.items()} == {
        "colleague-enrolled": "an@staff.example",
        "seat-passed-on": "bo@staff.example",
        "participant-replaced": "secretariaat@wimpel.example",
    }
    assert "De vervanging is ongedaan gemaakt" in text_of(told["participant-replaced"])
    with read() as db:
        found = paid_enrolments.paid(db, wimpel, Wanted())
        assert [each.person_name for each in found.rows] == ["An Peeters"]
        assert paid_enrolments.paid(db, wimpel, changed(Wanted(), period=paid_enrolments.Period.PAST)).total == 0
    with pytest.raises(seats.CannotUndo):
        undone(wimpel, new)
    with pytest.raises(seats.CannotUndo):
        undone(wimpel, seat)
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 1
    assert [note.payer_person_id for note in notes()] == [an.person_id]


def test_to_and_fro_mails_each_turn_and_keeps_one_seat_and_one_note(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    course_id = course(capacity=1)
    (seat,) = enrolled(wimpel, course_id, an)
    second = replaced(wimpel, seat, bo)
    third = replaced(wimpel, second, cas)
    assert undone(wimpel, third) == "Bo Peeters"
    assert undone(wimpel, second) == "An Peeters"
    fourth = replaced(wimpel, seat, bo)
    assert undone(wimpel, fourth) == "An Peeters"
    assert [status for _name, status in standing(course_id)].count(CONFIRMED) == 1
    assert sent_to("participant-replaced") == ["secretariaat@wimpel.example"] * 6
    assert len(sent_to("seat-passed-on")) == 6
    assert sent_to("colleague-enrolled").count("an@staff.example") == 3  # enrolled, and twice back
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 1
    assert len(notes()) == 1


def test_undoing_after_the_note_left_bills_nobody_again(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    (seat,) = enrolled(wimpel, course(in_days=30), an)
    new = replaced(wimpel, seat, bo)
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 1
        undone(wimpel, new)
        assert row(seat).billed_on == on(0)
        assert jobs.run_due().issued == 0
    with clock.frozen(in_days(10)), write() as db:
        effect = enrolments.cancel(db, wimpel, seat)
    debit, credit = notes()
    assert (effect.has_debit_note, effect.credit_cents) == (True, 19_000)
    assert (debit.payer_person_id, credit.payer_person_id) == (bo.person_id, an.person_id)
    assert credit.corrects_id == debit.id


def test_undoing_keeps_the_reference_and_what_a_coordinator_decided_about_the_note(
    database: str, noon: datetime
) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    with write() as db:
        team = acting(an_account(db, None, "team@cno.example"))
    (seat,) = enrolled(wimpel, course(), an, reference="oud")
    with write() as db:
        coming_changes.hold(db, team, ComingKind.DEBIT_NOTE, seat)
    new = replaced(wimpel, seat, bo)
    with write() as db:
        payers.change_reference(db, wimpel, new, "nieuw")
    with clock.frozen(in_days(8)):
        assert jobs.run_due().issued == 0  # held, whoever has the seat
        undone(wimpel, new)
        assert row(seat).billing_reference == "nieuw"
        assert jobs.run_due().issued == 0
        with write() as db:
            coming_changes.release(db, team, ComingKind.DEBIT_NOTE, seat)
        assert jobs.run_due().issued == 1


def test_undoing_is_refused_when_the_earlier_holder_cannot_come_back(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo, cas = staff("An", "Bo", "Cas", of=(wimpel,))
    course_id = course()
    seat, other = enrolled(wimpel, course_id, an, bo)
    taken = replaced(wimpel, seat, cas)
    enrols(an, course_id)  # on a seat of the own
    with pytest.raises(rules.AlreadyEnrolled):
        undone(wimpel, taken)
    (dirk,) = staff("Dirk", of=(wimpel,))
    taken = replaced(wimpel, other, dirk)
    with write() as db:
        affiliations.unlink(db, bo, 2)
    with pytest.raises(seats.ColleagueNotLinked):
        undone(wimpel, taken)
    for actor in (kade, dirk, CLOCK):
        with pytest.raises(NotFound):
            undone(actor, taken)
    with write() as db:
        enrolments.cancel(db, wimpel, taken)
    with pytest.raises(seats.CannotUndo):
        undone(wimpel, taken)


def test_who_takes_over_cannot_be_handed_the_bill_nor_name_another_payer(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo = staff("An", "Bo", of=(wimpel, kade))
    seat = enrols(an, course(), wimpel)
    new = replaced(wimpel, seat, bo)
    for actor, payer in ((wimpel, None), (bo, None), (bo, kade.institution_id)):
        with pytest.raises(seats.EnrolledByInstitution), write() as db:
            payers.change_payer(db, actor, new, payer)
    undone(wimpel, new)
    with write() as db:
        payers.change_payer(db, an, seat, kade.institution_id)
    assert row(seat).payer_institution_id == kade.institution_id


def test_a_seat_taken_over_leaves_no_room_for_a_stranger(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    course_id = course(capacity=3)
    (seat,) = enrolled(wimpel, course_id, an)
    takes_the_last_seats(course_id)
    undone(wimpel, replaced(wimpel, seat, bo))
    (stranger,) = staff("Late")
    with pytest.raises(rules.CourseFull):
        enrols(stranger, course_id)
