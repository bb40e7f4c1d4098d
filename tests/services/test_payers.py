"""Who pays, and the week in which it changes without any paper: by the person, by the school, never after the note."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.access import NotFound
from core.db import read, write
from core.errors import DomainError
from core.models import AuditEvent, Course, PayerRequest
from core.queries import enrolments as enrolment_queries
from core.rules import enrolment as rules
from core.rules import seats
from core.services import affiliations, enrolments, payer_requests, payers
from core.services.by_hand import enrol_by_hand
from core.vocabulary import (
    CLOCK,
    VISITOR,
    Actor,
    ActorKind,
    AuditTag,
    PayerKind,
    PayerPolicy,
    PayerRequestState,
)
from tests.builders import acting, an_account, secret_in
from tests.services.schools import (
    course,
    enrolled,
    enrols,
    in_days,
    mails,
    notes,
    row,
    school,
    sent_to,
    staff,
    text_of,
)


def changes(by: Actor, enrolment_id: int, payer: Actor | None) -> None:
    with write() as db:
        payers.change_payer(db, by, enrolment_id, payer.institution_id if payer else None)


def payer_of(enrolment_id: int) -> int | None:
    seat = row(enrolment_id)
    assert (seat.payer_kind is PayerKind.INSTITUTION) == (seat.payer_institution_id is not None)
    return seat.payer_institution_id


def two_schools() -> tuple[Actor, Actor, Actor]:
    """A school that forbids it, one that wants to approve, and somebody of both."""
    forbids = school("Atheneum De Kade", "info@kade.example", PayerPolicy.FORBIDDEN)
    approves = school(policy=PayerPolicy.APPROVAL)
    (an,) = staff("An", of=(forbids, approves))
    return forbids, approves, an


def test_somebody_of_two_schools_sees_which_pays_and_why_the_other_does_not(database: str) -> None:
    forbids, approves, an = two_schools()
    with read() as db:
        found = {payer.institution_id: payer for payer in enrolment_queries.possible_payers(db, an)}
    assert set(found) == {forbids.institution_id, approves.institution_id}
    refused, asked = found[forbids.institution_id or 0], found[approves.institution_id or 0]
    assert (type(refused.refusal), asked.refusal, asked.is_asked_first) == (rules.PayerForbidden, None, True)
    with pytest.raises(rules.PayerForbidden):
        enrols(an, course(), forbids)
    with pytest.raises(rules.PayerNotLinked):
        enrols(staff("Bo")[0], course(), approves)


def test_with_approval_the_person_pays_until_the_school_agrees(database: str, noon: datetime) -> None:
    _forbids, approves, an = two_schools()
    seat = enrols(an, course(), approves)
    assert payer_of(seat) is None
    asked, confirmed = mails()
    assert (asked.name, asked.recipient) == ("payer-request", "secretariaat@wimpel.example")
    assert (confirmed.name, confirmed.recipient) == ("enrolment-confirmed", "an@staff.example")
    assert "U vroeg Basisschool De Zonnewimpel om te betalen." in text_of(confirmed)
    assert "Antwoord tot en met 29 november 2026." in text_of(asked)
    with write() as db:
        payer_requests.decide(db, approves, 1, PayerRequestState.APPROVED)
    assert payer_of(seat) == approves.institution_id
    assert sent_to("payer-request-closed") == ["an@staff.example", "secretariaat@wimpel.example"]
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 1
    assert sent_to("debit-note") == ["an@staff.example", "secretariaat@wimpel.example"]
    assert [note.payer_institution_id for note in notes()] == [approves.institution_id]


def test_what_costs_nothing_asks_nobody(database: str, noon: datetime) -> None:
    _forbids, approves, an = two_schools()
    seat = enrols(an, course(price_cents=0), approves)
    assert payer_of(seat) == approves.institution_id
    assert sent_to("payer-request") == []
    with clock.frozen(in_days(8)):
        assert jobs.run_due().issued == 0


def test_in_the_grace_week_a_person_takes_the_bill_and_gives_it_to_another_school(
    database: str, noon: datetime
) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    (an,) = staff("An", of=(wimpel, kade))
    seat = enrols(an, course(), wimpel)
    with clock.frozen(in_days(1)):
        changes(an, seat, None)
    assert payer_of(seat) is None
    assert sent_to("payer-changed") == ["an@staff.example", "secretariaat@wimpel.example"]
    told = text_of(mails("payer-changed")[0])
    assert "Vroeger: Basisschool De Zonnewimpel Voortaan: An Peeters" in told
    with clock.frozen(in_days(2)):
        changes(an, seat, kade)
        changes(an, seat, kade)  # once more: nothing to tell
    assert payer_of(seat) == kade.institution_id
    assert sent_to("payer-changed") == [*["an@staff.example"] * 2, "info@kade.example", "secretariaat@wimpel.example"]
    with clock.frozen(in_days(3)):
        changes(an, seat, wimpel)
    assert len(mails("payer-changed")) == 4 + 3
    with read() as db:
        trace = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.ENROLMENT_PAYER_CHANGED)).all()
    assert [event.account_id for event in trace] == [an.account_id] * 3
    with clock.frozen(in_days(7)):
        assert jobs.run_due().issued == 1
    assert [note.payer_institution_id for note in notes()] == [wimpel.institution_id]


def test_changing_to_a_school_that_approves_asks_it_and_withdrawing_ends_the_question(
    database: str, noon: datetime
) -> None:
    forbids, approves, an = two_schools()
    wimpel = school("Sint-Jansschool", "info@jan.example")
    with write() as db:
        affiliations.link(db, an, wimpel.institution_id or 0)
    seat = enrols(an, course(), wimpel)
    with pytest.raises(rules.PayerForbidden):
        changes(an, seat, forbids)
    changes(an, seat, approves)
    assert payer_of(seat) is None  # who asks pays meanwhile, and the first school is told
    assert sent_to("payer-changed") == ["an@staff.example", "info@jan.example"]
    old = secret_in(mails("payer-request")[0])
    with clock.frozen(in_days(1)):
        changes(an, seat, None)
    with read() as db:
        (request,) = db.scalars(select(PayerRequest))
        assert request.state is PayerRequestState.LAPSED
        withdrawn = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.PAYER_REQUEST_LAPSED)).all()
        assert [event.actor_kind for event in withdrawn] == [ActorKind.PERSON]
    for act in (
        lambda db: payer_requests.decide_by_link(db, VISITOR, old, PayerRequestState.APPROVED),
        lambda db: payer_requests.decide(db, approves, 1, PayerRequestState.APPROVED),
        lambda db: payer_requests.look_at_request(db, old),
    ):
        with pytest.raises(seats.RequestClosed), write() as db:
            act(db)
    assert payer_of(seat) is None
    with clock.frozen(in_days(2)):
        changes(an, seat, approves)  # who withdrew may ask again
        with write() as db:
            payer_requests.decide(db, approves, 1, PayerRequestState.APPROVED)
    assert payer_of(seat) == approves.institution_id
    assert len(mails("payer-request")) == 2


def test_choosing_the_school_that_pays_already_asks_nobody_again(database: str, noon: datetime) -> None:
    _forbids, approves, an = two_schools()
    seat = enrols(an, course(), approves)
    with write() as db:
        payer_requests.decide(db, approves, 1, PayerRequestState.APPROVED)
    before = len(mails())
    changes(an, seat, approves)
    assert payer_of(seat) == approves.institution_id
    assert len(mails()) == before


def test_the_price_agreed_decides_whether_a_school_is_asked(database: str, noon: datetime) -> None:
    _forbids, approves, an = two_schools()
    course_id = course()
    seat = enrols(an, course_id)
    with write() as db:
        db.get_one(Course, course_id).price_cents = 0  # for who enrols from now on
    changes(an, seat, approves)
    assert payer_of(seat) is None
    assert len(mails("payer-request")) == 1


def test_a_school_hands_the_bill_back_to_who_named_it(database: str, noon: datetime) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    an, bo = staff("An", "Bo", of=(wimpel, kade))
    course_id = course()
    seat = enrols(an, course_id, wimpel)
    (own,) = enrolled(wimpel, course_id, bo)
    cases: list[tuple[Actor, int, Actor | None, type[DomainError]]] = [
        (kade, seat, None, NotFound),
        (wimpel, seat, kade, NotFound),
        (wimpel, own, None, seats.EnrolledByInstitution),
        (bo, own, None, seats.EnrolledByInstitution),
        (bo, seat, None, NotFound),
        (an, 9_999, None, NotFound),
    ]
    for actor, enrolment_id, payer, refusal in cases:
        with pytest.raises(refusal):
            changes(actor, enrolment_id, payer)
    changes(wimpel, seat, None)
    assert payer_of(seat) is None
    assert sent_to("payer-changed") == ["an@staff.example", "secretariaat@wimpel.example"]
    with pytest.raises(NotFound):  # it is no longer the school's
        changes(wimpel, seat, None)
    with clock.frozen(in_days(7)):
        jobs.run_due()
    assert {(note.payer_institution_id, note.payer_person_id) for note in notes()} == {
        (None, an.person_id),
        (wimpel.institution_id, bo.person_id),
    }


def test_a_payer_that_the_team_noted_is_not_changed_in_a_portal(database: str, noon: datetime) -> None:
    wimpel = school()
    (an,) = staff("An", of=(wimpel,))
    course_id = course()
    with write() as db:
        team = acting(an_account(db, None, "team@cno.example"))
        person_id = an.person_id or 0
        made = enrol_by_hand(db, team, course_id, person_id, payer_institution_id=wimpel.institution_id)
    (seat,) = made.enrolment_ids
    for actor in (wimpel, an):
        with pytest.raises(seats.PayerSetByTeam):
            changes(actor, seat, None)
    assert payer_of(seat) == wimpel.institution_id


def test_once_the_note_left_nothing_changes(database: str, noon: datetime) -> None:
    wimpel, approves = school(), school("Atheneum De Kade", "info@kade.example", PayerPolicy.APPROVAL)
    (an,) = staff("An", of=(wimpel, approves))
    seat = enrols(an, course(), wimpel)
    with clock.frozen(in_days(7)):
        jobs.run_due()
        for actor, payer in ((an, None), (an, approves), (wimpel, None)):
            with pytest.raises(seats.AlreadyBilled) as late:
                changes(actor, seat, payer)
            assert late.value.fields == {"billed_on": clock.today()}
        with pytest.raises(seats.AlreadyBilled), write() as db:
            payers.change_reference(db, wimpel, seat, "PO 1")
    assert payer_of(seat) == wimpel.institution_id
    assert (sent_to("payer-changed"), sent_to("payer-request")) == ([], [])


def test_a_cancelled_or_strange_enrolment_has_no_payer_to_change(database: str) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    seat = enrols(an, course(), wimpel)
    with write() as db:
        enrolments.cancel(db, an, seat)
    for actor in (an, wimpel, bo, CLOCK):
        with pytest.raises(NotFound):
            changes(actor, seat, None)


def test_the_reference_changes_until_the_note_leaves(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    course_id = course()
    seat, alone = enrols(an, course_id, wimpel), enrols(bo, course_id)
    with write() as db:
        payers.change_reference(db, wimpel, seat, "  PO 2026/17 ")
        payers.change_reference(db, wimpel, seat, "PO 2026/17")
    with read() as db:
        traces = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.ENROLMENT_REFERENCE_CHANGED)).all()
    assert (row(seat).billing_reference, len(traces)) == ("PO 2026/17", 1)
    with pytest.raises(NotFound), write() as db:
        payers.change_reference(db, bo, alone, "PO 1")
    with clock.frozen(in_days(7)):
        jobs.run_due()
    assert '"reference":"PO 2026/17"' in notes()[0].payload


def test_a_place_on_the_waiting_list_changes_payer_and_names_no_day_for_the_note(database: str, noon: datetime) -> None:
    wimpel = school()
    (an,) = staff("An", of=(wimpel,))
    course_id = course(capacity=0)
    with write() as db:
        waits = enrolments.join_waiting_list(db, an, course_id, payer_institution_id=wimpel.institution_id)
    changes(an, waits.enrolment_id, None)
    assert payer_of(waits.enrolment_id) is None
    assert "De debetnota vertrekt" not in text_of(mails("payer-changed")[0])
