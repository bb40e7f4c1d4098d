"""A school that wants to approve is asked: it answers on its portal or by the link, is reminded, or it lapses."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.access import NotAllowed, NotFound
from core.db import Db, read, write
from core.models import AuditEvent, Course, PayerRequest
from core.queries import paid_enrolments
from core.rules import seats
from core.services import affiliations, billing, enrolments, institutions, payer_requests, payers
from core.tokens import LinkNotValid
from core.vocabulary import CLOCK, VISITOR, Actor, AuditTag, EnrolmentStatus, PayerPolicy, PayerRequestState
from tests.builders import acting, an_account, secret_in
from tests.services.schools import (
    course,
    enrols,
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

WAITING, APPROVED = PayerRequestState.WAITING, PayerRequestState.APPROVED
DECLINED, LAPSED = PayerRequestState.DECLINED, PayerRequestState.LAPSED
Answer = Callable[[Db, Actor, PayerRequestState], None]


def asked(**values: object) -> tuple[Actor, Actor, int]:
    """A school that wants to approve, somebody who asked it, and the enrolment; the question is the first."""
    approves = school(policy=PayerPolicy.APPROVAL)
    (an,) = staff("An", of=(approves,))
    return approves, an, enrols(an, course(**values), approves)


def on_portal(db: Db, by: Actor, answer: PayerRequestState) -> None:
    payer_requests.decide(db, by, 1, answer)


def by_link(db: Db, _by: Actor, answer: PayerRequestState) -> None:
    payer_requests.decide_by_link(db, VISITOR, secret_in(mails("payer-request")[-1]), answer)


def state() -> PayerRequestState:
    with read() as db:
        return db.scalars(select(PayerRequest)).one().state


WAYS = pytest.mark.parametrize("way", [on_portal, by_link])


@WAYS
def test_a_school_that_agrees_pays(database: str, noon: datetime, way: Answer) -> None:
    approves, _an, seat = asked()
    with read() as db:
        (shown,) = paid_enrolments.open_requests(db, approves)
        link = payer_requests.look_at_request(db, secret_in(mails("payer-request")[0]))
    assert (shown.person_name, shown.price_cents, shown.until) == ("An Peeters", 19_000, clock.today() + timedelta(6))
    assert (link.person_name, link.institution_name, link.price_cents) == (
        "An Peeters",
        "Basisschool De Zonnewimpel",
        19_000,
    )
    with write() as db:
        way(db, approves, APPROVED)
    assert (state(), row(seat).payer_institution_id) == (APPROVED, approves.institution_id)
    assert sent_to("payer-request-closed") == ["an@staff.example", "secretariaat@wimpel.example"]
    assert "De debetnota vertrekt op 30 november 2026 naar de instelling." in text_of(mails("payer-request-closed")[0])
    with read() as db:
        assert paid_enrolments.open_requests(db, approves) == ()
        assert db.scalars(select(AuditEvent.tag).where(AuditEvent.tag == AuditTag.PAYER_REQUEST_APPROVED)).one()


@WAYS
def test_a_school_that_declines_leaves_the_bill_with_the_person_who_hears_until_when_cancelling_is_free(
    database: str, noon: datetime, way: Answer
) -> None:
    approves, an, seat = asked()
    with write() as db:
        way(db, approves, DECLINED)
    assert (state(), row(seat).payer_institution_id) == (DECLINED, None)
    told = {mail.recipient: text_of(mail) for mail in mails("payer-request-closed")}
    assert "Basisschool De Zonnewimpel betaalt de inschrijving van An Peeters niet." in told["an@staff.example"]
    assert "tot en met 16 december 2026" in told["an@staff.example"]
    assert "16 december" not in told["secretariaat@wimpel.example"]
    with pytest.raises(seats.AlreadyDeclined), write() as db:  # no means no
        payers.change_payer(db, an, seat, approves.institution_id)
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 1
    assert sent_to("debit-note") == ["an@staff.example"]


@WAYS
@pytest.mark.parametrize("first", [APPROVED, DECLINED])
def test_a_question_is_answered_once(database: str, noon: datetime, way: Answer, first: PayerRequestState) -> None:
    approves, _an, seat = asked()
    secret = secret_in(mails("payer-request")[0])
    with write() as db:
        way(db, approves, first)
    paying = row(seat).payer_institution_id
    before = len(mails())
    for answer in (APPROVED, DECLINED):
        with pytest.raises((LinkNotValid, seats.RequestClosed)), write() as db:
            payer_requests.decide_by_link(db, VISITOR, secret, answer)
        with pytest.raises(seats.RequestClosed), write() as db:
            payer_requests.decide(db, approves, 1, answer)
    with pytest.raises((LinkNotValid, seats.RequestClosed)), read() as db:
        payer_requests.look_at_request(db, secret)
    assert (row(seat).payer_institution_id, len(mails())) == (paying, before)


def test_a_refused_answer_by_link_leaves_the_link_unused(database: str, noon: datetime) -> None:
    approves, _an, seat = asked()
    with write() as db:
        affiliations.remove(db, approves, 1)
    with pytest.raises(seats.ColleagueNotLinked), write() as db:
        by_link(db, approves, APPROVED)
    with write() as db:
        by_link(db, approves, DECLINED)
    assert (state(), row(seat).payer_institution_id) == (DECLINED, None)


def test_only_the_school_that_was_asked_answers(database: str) -> None:
    approves, an, _seat = asked()
    kade = school("Atheneum De Kade", "info@kade.example", PayerPolicy.APPROVAL)
    for actor in (kade, an, CLOCK, VISITOR):
        for answer in (APPROVED, DECLINED):
            with pytest.raises(NotFound), write() as db:
                payer_requests.decide(db, actor, 1, answer)
    with pytest.raises(NotFound), write() as db:
        payer_requests.decide(db, approves, 9_999, APPROVED)
    for actor in (approves, an):
        with pytest.raises(NotAllowed), write() as db:
            payer_requests.lapse(db, actor, 1)
    assert state() is WAITING


def test_before_the_time_is_over_both_are_reminded_once_and_then_the_person_pays(database: str, noon: datetime) -> None:
    approves, _an, seat = asked()
    for day in (1, 4):
        with clock.frozen(in_days(day)):
            assert jobs.run_due().lapsed == 0
            assert sent_to("payer-request-reminder") == []
    for day in (5, 6):
        with clock.frozen(in_days(day)):
            assert (jobs.run_due().lapsed, jobs.run_due().failed) == (0, 0)
    assert sent_to("payer-request-reminder") == ["an@staff.example", "secretariaat@wimpel.example"]
    assert "Antwoorden kan tot en met 29 november 2026." in text_of(mails("payer-request-reminder")[0])
    with clock.frozen(in_days(7)):
        done = jobs.run_due()
        assert (done.lapsed, done.issued, done.failed) == (1, 1, 0)
        with pytest.raises(seats.RequestClosed), write() as db:
            payer_requests.decide(db, approves, 1, APPROVED)
    assert (state(), row(seat).payer_institution_id) == (LAPSED, None)
    told = {mail.recipient: text_of(mail) for mail in mails("payer-request-closed")}
    assert set(told) == {"an@staff.example", "secretariaat@wimpel.example"}
    assert "antwoordde niet op tijd" in told["an@staff.example"]
    assert "tot en met 16 december 2026" in told["an@staff.example"]
    assert [note.payer_kind.value for note in notes()] == ["person"]
    assert sent_to("debit-note") == ["an@staff.example"]


def test_after_a_stop_a_question_lapses_before_its_note_leaves_and_nobody_is_reminded_of_it(
    database: str, noon: datetime
) -> None:
    approves, _an, _seat = asked()
    (bo,) = staff("Bo", of=(approves,))
    with clock.frozen(in_days(15)):
        enrols(bo, course(), approves)
    with clock.frozen(in_days(20)):
        done = jobs.run_due()
    assert (done.lapsed, done.issued, done.failed) == (1, 1, 0)
    assert [mail.name for mail in mails() if mail.recipient == "an@staff.example"] == [
        "enrolment-confirmed",
        "payer-request-closed",
        "debit-note",
    ]
    assert sent_to("payer-request-reminder") == ["bo@staff.example", "secretariaat@wimpel.example"]


def test_on_the_day_itself_an_answer_before_the_note_still_counts(database: str, noon: datetime) -> None:
    approves, _an, seat = asked()
    with clock.frozen(clock.now().replace(hour=5) + timedelta(days=7)):  # 06:00 in Brussels: the day has not begun
        assert jobs.run_due().issued == 0
        with write() as db:
            payer_requests.decide(db, approves, 1, APPROVED)
    with clock.frozen(in_days(7)):
        done = jobs.run_due()
    assert (done.lapsed, done.issued, done.failed) == (0, 1, 0)
    assert [note.payer_institution_id for note in notes()] == [approves.institution_id]
    assert row(seat).billed_on is not None


@WAYS
def test_once_the_note_left_a_school_can_no_longer_agree_but_decline(
    database: str, noon: datetime, way: Answer
) -> None:
    approves, _an, seat = asked()
    with clock.frozen(in_days(7)):
        with write() as db:  # sent before its day by a coordinator, or the question could not be ended
            assert billing.issue_debit_note(db, CLOCK, seat)
        with pytest.raises(seats.AlreadyBilled), write() as db:
            way(db, approves, APPROVED)
        assert jobs.run_due().lapsed == 1
    assert (state(), [note.payer_kind.value for note in notes()]) == (LAPSED, ["person"])


def test_a_note_sent_early_ends_the_question(database: str, noon: datetime) -> None:
    _approves, _an, seat = asked()
    with write() as db:
        team = acting(an_account(db, None, "team@cno.example"))
    with clock.frozen(in_days(1)):
        with write() as db:
            assert billing.issue_early(db, team, seat)
        assert jobs.run_due().lapsed == 1
    assert state() is LAPSED
    assert sent_to("payer-request-reminder") == []


def test_an_answer_a_moment_before_it_lapses_is_no_failure(database: str, noon: datetime) -> None:
    approves, _an, _seat = asked()
    with write() as db:
        payer_requests.decide(db, approves, 1, APPROVED)
    with write() as db:
        assert payer_requests.lapse(db, CLOCK, 1) is False
        assert payer_requests.remind(db, CLOCK, 1) is False
    assert state() is APPROVED


def test_a_cancelled_enrolment_needs_no_answer(database: str, noon: datetime) -> None:
    approves, an, seat = asked(in_days=5)
    secret = secret_in(mails("payer-request")[0])
    with write() as db:
        enrolments.cancel(db, an, seat)  # late: the person pays the cost, whatever the school says
    with read() as db:
        assert paid_enrolments.open_requests(db, approves) == ()
        with pytest.raises(seats.RequestClosed):
            payer_requests.look_at_request(db, secret)
    for way in (on_portal, by_link):
        with pytest.raises(seats.RequestClosed), write() as db:
            way(db, approves, APPROVED)
    assert jobs.run_due().lapsed == 1
    assert sent_to("payer-request-closed") == []
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 1
    assert [(note.payer_kind.value, note.total_cents) for note in notes()] == [("person", 19_000)]


# -- on the waiting list -------------------------------------------------------------------------------------------


def test_a_question_about_a_place_only_waited_for_ends_when_the_course_begins(database: str, noon: datetime) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    (an,) = staff("An", of=(approves,))
    course_id = course(capacity=1)
    takes_the_last_seats(course_id)
    with write() as db:
        enrolments.join_waiting_list(db, an, course_id, payer_institution_id=approves.institution_id)
        first_day = db.get_one(Course, course_id).first_day
    assert first_day is not None
    for days, expected in ((-1, WAITING), (0, LAPSED)):
        with clock.frozen(datetime.combine(first_day, noon.timetz()) + timedelta(days=days)):
            assert jobs.run_due().failed == 0
        assert state() is expected
    for told in mails("payer-request-closed"):
        assert "kwam geen plaats vrij" in text_of(told)
        assert "De inschrijving blijft staan" not in text_of(told)
    assert len(mails("payer-request-closed")) == 2


@pytest.mark.parametrize("answered", ["waiting", "offered", "accepted", "never"])
def test_who_waits_can_ask_too_and_the_week_counts_from_the_seat(database: str, noon: datetime, answered: str) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    (an,) = staff("An", of=(approves,))
    course_id = course(capacity=1)
    (taken,) = takes_the_last_seats(course_id)
    with write() as db:
        seat = enrolments.join_waiting_list(
            db, an, course_id, payer_institution_id=approves.institution_id
        ).enrolment_id
    assert "U kunt nu al antwoorden" in text_of(mails("payer-request")[0])

    def answer_when(moment: str) -> None:
        if moment == answered:
            with write() as db:
                payer_requests.decide(db, approves, 1, APPROVED)

    with clock.frozen(in_days(10)):  # nothing lapses while no seat was given
        assert jobs.run_due().lapsed == 0
        answer_when("waiting")
        with write() as db:
            enrolments.cancel(db, CLOCK, taken)
        assert row(seat).status is EnrolmentStatus.OFFERED
        answer_when("offered")
        with write() as db:
            enrolments.accept_offer(db, an, seat)
        answer_when("accepted")
        assert jobs.run_due().lapsed == 0
    closed = mails("payer-request-closed")
    if answered in {"waiting", "offered"}:
        assert "De debetnota vertrekt" not in text_of(closed[0])
    with clock.frozen(in_days(17)):
        done = jobs.run_due()
    assert done.failed == 0
    mine = [note for note in notes() if note.payer_person_id == an.person_id]
    is_paid = answered != "never"
    assert [note.payer_institution_id for note in mine] == [approves.institution_id if is_paid else None]
    assert state() is (APPROVED if is_paid else LAPSED)


# -- the link ends -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["school", "person", "undo link"])
def test_who_is_no_longer_linked_is_not_paid_for_and_the_question_lapses(
    database: str, noon: datetime, who: str
) -> None:
    approves = school(policy=PayerPolicy.APPROVAL)
    (an,) = staff("An")
    with write() as db:
        link = affiliations.link(db, an, approves.institution_id or 0)
    seat = enrols(an, course(), approves)
    with write() as db:
        if who == "school":
            affiliations.remove(db, approves, link)
        elif who == "person":
            affiliations.unlink(db, an, link)
        else:
            affiliations.undo_by_link(db, VISITOR, secret_in(mails("affiliation-made")[0]))
    for way in (on_portal, by_link):
        with pytest.raises(seats.ColleagueNotLinked), write() as db:
            way(db, approves, APPROVED)
    assert (state(), row(seat).status) == (WAITING, EnrolmentStatus.CONFIRMED)
    with clock.frozen(in_days(7)):
        done = jobs.run_due()
    assert (done.lapsed, done.issued) == (1, 1)
    assert [note.payer_kind.value for note in notes()] == ["person"]


def test_a_school_that_starts_to_forbid_it_still_answers_what_it_was_asked(database: str, noon: datetime) -> None:
    approves, _an, seat = asked()
    with write() as db:
        institutions.change_policy(db, approves, PayerPolicy.FORBIDDEN)
        payer_requests.decide(db, approves, 1, APPROVED)
    assert row(seat).payer_institution_id == approves.institution_id
