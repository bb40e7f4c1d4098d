"""Several seats cancelled by one click: the preview is what happens, all or nothing, and the money is right."""

from datetime import datetime

import pytest

from core import clock, jobs
from core.access import NotFound
from core.db import read, write
from core.models import Enrolment
from core.rules.cancellation import CourseHasStarted
from core.services import billing, enrolments, group_cancelling
from core.services.group_cancelling import CancelPlan
from core.vocabulary import CLOCK, Actor, EnrolmentStatus, NoteKind
from tests.services.schools import (
    course,
    enrolled,
    enrols,
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

CONFIRMED, CANCELLED, OFFERED = EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED, EnrolmentStatus.OFFERED


def plans(by: Actor, *enrolment_ids: int) -> tuple[CancelPlan, ...]:
    with read() as db:
        return group_cancelling.preview(db, by, enrolment_ids)


def cancelled(by: Actor, *enrolment_ids: int) -> int:
    with write() as db:
        return group_cancelling.cancel_all(db, by, enrolment_ids, reason="staking")


def test_the_preview_is_what_happens_to_each_seat_of_several_courses(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    far, near, free = course(title="Ver", in_days=40), course(title="Dichtbij", in_days=6), course(price_cents=0)
    billed, unnamed = enrolled(wimpel, far, an, unnamed=1)
    (late,) = enrolled(wimpel, near, an)
    (gratis,) = enrolled(wimpel, free, bo)
    wanted = (late, billed, gratis, unnamed)
    before = (len(mails()), len(notes()))
    found = plans(wimpel, *wanted, late)
    assert (len(mails()), len(notes())) == before
    assert [
        (plan.enrolment_id, plan.person_name, plan.effect.cost_cents, plan.effect.credit_cents) for plan in found
    ] == [
        (late, "An Peeters", 19_000, 0),
        (billed, "An Peeters", 0, 0),
        (gratis, "Bo Peeters", 0, 0),
        (unnamed, "(nog te bepalen)", 0, 0),
    ]
    assert cancelled(wimpel, *wanted) == 19_000
    assert {row(seat).status for seat in wanted} == {CANCELLED}
    assert [row(seat).cancellation_cents for seat in wanted] == [plan.effect.cost_cents for plan in found]
    assert {row(seat).cancellation_reason for seat in wanted} == {"staking"}
    assert sent_to("enrolment-cancelled") == [
        *["an@staff.example"] * 2,
        "bo@staff.example",
        *["secretariaat@wimpel.example"] * 4,
    ]
    with clock.frozen(in_days(7)):  # before the note left: only the cost is billed, once
        assert jobs.run_due().issued == 1
    (note,) = notes()
    assert (note.total_cents, note.kind) == (19_000, NoteKind.DEBIT)
    assert "Kosten van annulering: " in note.payload


def test_after_the_notes_left_the_credit_notes_are_made_at_once_for_what_the_preview_said(
    database: str, noon: datetime
) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    far = enrolled(wimpel, course(in_days=40), an, bo)
    near = enrolled(wimpel, course(in_days=12), an)
    with clock.frozen(in_days(7)):
        jobs.run_due()
    with clock.frozen(in_days(8)):
        found = plans(wimpel, *far, *near)
        assert [(plan.effect.cost_cents, plan.effect.credit_cents) for plan in found] == [
            (0, 19_000),
            (0, 19_000),
            (19_000, 0),
        ]
        assert all(plan.effect.has_debit_note for plan in found)
        assert cancelled(wimpel, *far, *near) == 19_000
        credit = notes(NoteKind.CREDIT)
        assert [note.total_cents for note in credit] == [19_000, 19_000]
        assert {note.corrects_id for note in credit} == {note.id for note in notes(NoteKind.DEBIT)[:2]}
        assert {note.issued_on for note in credit} == {on(0)}
        told = [text_of(mail).replace("\xa0", " ") for mail in mails("enrolment-cancelled")]
        assert sum("Een creditnota van € 190,00 volgt per mail." in text for text in told) == 4
        assert sum("De verstuurde debetnota blijft verschuldigd." in text for text in told) == 2
        jobs.run_due()
        assert sent_to("credit-note") == [
            "an@staff.example",
            "bo@staff.example",
            *["secretariaat@wimpel.example"] * 2,
        ]
    with clock.frozen(in_days(60)):
        assert jobs.run_due().issued == 0


def test_one_that_cannot_be_cancelled_keeps_all(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo = staff("An", "Bo", of=(wimpel,))
    (dirk,) = staff("Dirk", of=(kade,))
    soon, later = course(in_days=3), course(in_days=30)
    (started,) = enrolled(wimpel, soon, an)
    mine, gone = enrolled(wimpel, later, an, bo)
    (theirs,) = enrolled(kade, later, dirk)
    with write() as db:
        enrolments.cancel(db, wimpel, gone)
    before = len(mails())
    for bad, refusal in ((gone, NotFound), (theirs, NotFound), (9_999, NotFound)):
        with pytest.raises(refusal):
            plans(wimpel, mine, bad)
        with pytest.raises(refusal):
            cancelled(wimpel, mine, bad)
    with clock.frozen(in_days(3)):
        with pytest.raises(CourseHasStarted):
            plans(wimpel, mine, started)
        with pytest.raises(CourseHasStarted):
            cancelled(wimpel, mine, started)
    assert (row(mine).status, row(theirs).status, row(started).status) == (CONFIRMED,) * 3
    assert len(mails()) == before


def test_seats_that_come_free_together_are_offered_to_those_who_wait(database: str, noon: datetime) -> None:
    wimpel = school()
    course_id = course(capacity=3)
    group = enrolled(wimpel, course_id, *staff("An", "Bo", of=(wimpel,)))
    takes_the_last_seats(course_id)
    waiting = staff("Wim", "Wout", "Wies")
    with write() as db:
        for person in waiting:
            enrolments.join_waiting_list(db, person, course_id)
    cancelled(wimpel, *group)
    assert [name for name, status in standing(course_id) if status is OFFERED] == ["Wim", "Wout"]
    assert sent_to("seat-offered") == ["wim@staff.example", "wout@staff.example"]


def test_a_note_credited_in_part_already_is_credited_for_what_is_left(database: str, noon: datetime) -> None:
    wimpel = school()
    (seat,) = enrolled(wimpel, course(in_days=40), *staff("An", of=(wimpel,)))
    with clock.frozen(in_days(7)):
        jobs.run_due()
        (debit,) = notes()
        with write() as db:
            billing.issue_credit_note(db, CLOCK, debit.id, db.get_one(Enrolment, seat), 15_000)
        (plan,) = plans(wimpel, seat)
        assert plan.effect.credit_cents == 4_000
        cancelled(wimpel, seat)
    assert [note.total_cents for note in notes(NoteKind.CREDIT)] == [15_000, 4_000]
    assert "€ 40,00" in text_of(mails("enrolment-cancelled")[0]).replace("\xa0", " ")


def test_a_person_cancels_what_the_school_paid_and_the_school_is_told(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    course_id = course()
    mine, other = enrolled(wimpel, course_id, an, bo)
    with pytest.raises(NotFound):
        cancelled(an, mine, other)
    assert cancelled(an, mine) == 0
    assert sent_to("enrolment-cancelled") == ["an@staff.example", "secretariaat@wimpel.example"]
    own = enrols(an, course_id)
    with pytest.raises(NotFound):  # paid by the person: none of the school's business
        cancelled(wimpel, own)
