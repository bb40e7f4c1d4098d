"""The clock: what is due is derived from dates, so a server that stood still catches up, in the right order, once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.db import read, write
from core.models import Course, NoteFile, PayerRequest
from core.services import billing, colleagues, coming_changes, enrolments, payer_requests, waiting_list
from core.vocabulary import CLOCK, ComingKind, EnrolmentStatus, PayerPolicy, PayerRequestState
from tests.builders import acting, an_account
from tests.services.schools import (
    course,
    enrolled,
    enrols,
    id_of,
    in_days,
    mails,
    notes,
    row,
    school,
    sent_to,
    staff,
    takes_the_last_seats,
    text_of,
)


@pytest.fixture(autouse=True)
def each_day_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has asked nobody yet who is still linked."""
    monkeypatch.setattr(jobs, "_asked_on", None)


def test_a_server_that_stood_still_does_all_that_fell_due_once(database: str, noon: datetime) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    an, bo, cas = staff("An", "Bo", "Cas", of=(approves,))
    enrols(an, course(in_days=60), approves)  # a question nobody answers
    enrolled(approves, course(in_days=25), bo, unnamed=1)
    full = course(in_days=60, capacity=1)
    (taken,) = takes_the_last_seats(full)
    with write() as db:
        waits = colleagues.wait_for_colleagues(db, approves, full, [id_of(bo), id_of(cas)]).enrolment_ids
        enrolments.cancel(db, CLOCK, taken)  # Bo is offered the seat and does not look
    with clock.frozen(in_days(20)):
        done = jobs.run_due()
        assert (done.issued, done.rendered, done.lapsed, done.failed) == (3, 3, 2, 0)
        again = jobs.run_due()
        assert (again.issued, again.rendered, again.lapsed, again.failed) == (0, 0, 0, 0)
        assert {note.issued_on for note in notes()} == {clock.today()}  # the day of issue, not the day it was due
    assert [note.payer_kind.value for note in notes()] == ["person", "institution", "institution"]
    assert sent_to("name-seats") == ["secretariaat@wimpel.example"]
    assert [row(seat).status for seat in waits] == [EnrolmentStatus.CANCELLED, EnrolmentStatus.OFFERED]
    assert [mail.name for mail in mails() if mail.recipient == "an@staff.example"] == [
        "enrolment-confirmed",
        "payer-request-closed",
        "debit-note",
    ]


def test_a_question_lapses_before_its_note_is_issued_in_one_run(
    database: str, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    (an,) = staff("An", of=(approves,))
    enrols(an, course(), approves)
    order: list[str] = []
    lapse, issue = payer_requests.lapse, billing.issue_debit_note

    def lapses(*arguments: object) -> bool:
        order.append("lapses")
        return lapse(*arguments)  # type: ignore[arg-type]

    def issues(*arguments: object) -> int | None:
        order.append("issues")
        return issue(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(payer_requests, "lapse", lapses)
    monkeypatch.setattr(billing, "issue_debit_note", issues)
    with clock.frozen(in_days(7)):
        jobs.run_due()
    assert order == ["lapses", "issues"]


def test_a_question_that_cannot_be_ended_stops_no_note_and_is_tried_again(
    database: str, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    an, bo = staff("An", "Bo", of=(approves,))
    for person in (an, bo):
        enrols(person, course(), approves)
    plain = payer_requests.lapse

    def fails_for_one(db: object, actor: object, request_id: int) -> bool:
        if request_id == 1:
            raise RuntimeError("on purpose")
        return plain(db, actor, request_id)  # type: ignore[arg-type]

    with clock.frozen(in_days(7)):
        with monkeypatch.context() as broken:
            broken.setattr(payer_requests, "lapse", fails_for_one)
            done = jobs.run_due()
        assert (done.lapsed, done.issued, done.failed) == (1, 2, 1)
        assert [note.payer_kind.value for note in notes()] == ["person"] * 2  # nobody pays who never agreed
        done = jobs.run_due()
        assert (done.lapsed, done.issued, done.failed) == (1, 0, 0)
    with read() as db:
        assert set(db.scalars(select(PayerRequest.state))) == {PayerRequestState.LAPSED}


def test_a_held_note_keeps_its_question_open_until_it_is_released(database: str, noon: datetime) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    (an,) = staff("An", of=(approves,))
    seat = enrols(an, course(), approves)
    with write() as db:
        team = acting(an_account(db, None, "team@cno.example"))
        coming_changes.hold(db, team, ComingKind.DEBIT_NOTE, seat)
    with clock.frozen(in_days(9)):
        done = jobs.run_due()
        assert (done.lapsed, done.issued) == (0, 0)
        with write() as db:
            payer_requests.decide(db, approves, 1, PayerRequestState.APPROVED)
            coming_changes.release(db, team, ComingKind.DEBIT_NOTE, seat)
        assert jobs.run_due().issued == 1
    assert [note.payer_institution_id for note in notes()] == [approves.institution_id]


def test_before_seven_in_the_morning_only_offers_lapse(database: str, noon: datetime) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    an, bo = staff("An", "Bo", of=(approves,))
    enrols(an, course(), approves)
    full = course(capacity=0)
    with write() as db:
        waits = colleagues.wait_for_colleagues(db, approves, full, [id_of(bo)]).enrolment_ids[0]
    with write() as db:
        db.get_one(Course, full).capacity = 1
        waiting_list.offer_free_seats(db, CLOCK, full)
    early = noon.replace(hour=5, minute=59) + timedelta(days=7)  # 06:59 in Brussels
    with clock.frozen(early):
        done = jobs.run_due()
        assert (done.issued, done.lapsed) == (0, 1)
    assert row(waits).status is EnrolmentStatus.CANCELLED
    with clock.frozen(early + timedelta(minutes=1)):
        done = jobs.run_due()
        assert (done.issued, done.lapsed) == (1, 1)


def test_a_run_that_is_told_to_stop_does_no_further_step_and_the_next_goes_on(database: str, noon: datetime) -> None:
    wimpel = school()
    enrolled(wimpel, course(), *staff("An", "Bo", "Cas", of=(wimpel,)))
    asked = iter([False, True])
    with clock.frozen(in_days(7)):
        assert jobs.run_due(lambda: next(asked, True)).issued == 1
        with read() as db:
            assert db.scalars(select(NoteFile.id)).all() == []
        done = jobs.run_due()
        assert (done.issued, done.rendered) == (2, 3)
    assert len(sent_to("debit-note")) == 6


def test_an_offer_ends_when_the_first_day_begins(database: str, noon: datetime) -> None:
    wimpel = school()
    (bo,) = staff("Bo", of=(wimpel,))
    course_id = course(in_days=1, capacity=1)
    (taken,) = takes_the_last_seats(course_id)
    with write() as db:
        waits = colleagues.wait_for_colleagues(db, wimpel, course_id, [id_of(bo)]).enrolment_ids[0]
        enrolments.cancel(db, CLOCK, taken)
    assert "24 november 2026 om 00:00" in text_of(mails("seat-offered")[0])
    with clock.frozen(noon + timedelta(hours=12)):
        assert jobs.run_due().lapsed == 1
    assert row(waits).status is EnrolmentStatus.CANCELLED
