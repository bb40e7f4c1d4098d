"""A teacher of two schools: what one of them did or was asked stays its own."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core.db import read, write
from core.models import Account, Enrolment, PayerRequest
from core.queries import paid_enrolments
from core.queries.paid_enrolments import Wanted
from core.rules.seats import CannotUndo, EnrolledByInstitution
from core.services import enrolments, payer_requests, payers, replacements
from core.tokens import LinkNotValid
from core.vocabulary import VISITOR, Actor, EnrolmentStatus, PayerKind, PayerPolicy, PayerRequestState
from tests.builders import (
    a_course,
    a_person,
    acting,
    an_account,
    an_affiliation,
    an_institution,
    queued,
    secret_in,
)

SCHOOLS = ("Eerste school", "Tweede school")


def teacher_of_both(policy: PayerPolicy) -> tuple[Actor, list[Actor], Actor]:
    """A teacher linked to both schools, the schools, and a colleague at the first one only."""
    with write() as db:
        person, colleague = a_person(db), a_person(db, "Bo", "Claes")
        schools = [an_institution(db, name, payer_policy=policy) for name in SCHOOLS]
        for number, school in enumerate(schools):
            an_affiliation(db, person, school)
            an_account(db, school, f"school{number}@school.example")
        an_affiliation(db, colleague, schools[0])
        actors = [acting(an_account(db, each, f"{each.first_name}@school.example")) for each in (person, colleague)]
        of_schools = [
            acting(db.scalars(select(Account).where(Account.institution_id == school.id)).one()) for school in schools
        ]
    return actors[0], of_schools, actors[1]


def enrolled(actor: Actor, payer: Actor) -> int:
    with write() as db:
        course = a_course(db)
        return enrolments.enrol(db, actor, course.id, payer_institution_id=payer.institution_id).enrolment_id


@pytest.mark.parametrize("answer", [PayerRequestState.APPROVED, PayerRequestState.DECLINED])
def test_the_link_of_a_school_never_answers_for_another_that_was_asked_later(
    database: str, noon: datetime, answer: PayerRequestState
) -> None:
    teacher, (first, second), _colleague = teacher_of_both(PayerPolicy.APPROVAL)
    enrolment_id = enrolled(teacher, first)
    with write() as db:
        payers.change_payer(db, teacher, enrolment_id, second.institution_id)
        old, new = (secret_in(mail) for mail in queued(db, "payer-request"))
    with read() as db, pytest.raises(LinkNotValid):
        payer_requests.look_at_request(db, old)
    with write() as db, pytest.raises(LinkNotValid):
        payer_requests.decide_by_link(db, VISITOR, old, answer)
    with write() as db:
        payer_requests.decide_by_link(db, VISITOR, new, answer)
        request = db.scalars(select(PayerRequest)).one()
        seat = db.get_one(Enrolment, enrolment_id)
        assert request.state is answer
        is_paying = seat.payer_kind is PayerKind.INSTITUTION and seat.payer_institution_id == second.institution_id
        assert is_paying is (answer is PayerRequestState.APPROVED)
        told = {mail.recipient for mail in queued(db, "payer-request-closed")}
    assert told == {"an@school.example", "school1@school.example"}


def test_the_mail_about_another_payer_names_no_school_to_another(database: str, noon: datetime) -> None:
    teacher, (first, second), _colleague = teacher_of_both(PayerPolicy.ALLOWED)
    enrolment_id = enrolled(teacher, first)
    with write() as db:
        payers.change_payer(db, teacher, enrolment_id, second.institution_id)
        bodies = {mail.recipient: mail.body for mail in queued(db, "payer-changed")}
    named = {who: [name for name in SCHOOLS if name in body] for who, body in bodies.items()}
    assert named == {
        "an@school.example": [*SCHOOLS],
        "school0@school.example": [SCHOOLS[0]],
        "school1@school.example": [SCHOOLS[1]],
    }
    assert "een andere instelling" in bodies["school0@school.example"]


def test_a_school_sees_and_undoes_no_replacement_from_before_it_paid(database: str, noon: datetime) -> None:
    teacher, (first, second), colleague = teacher_of_both(PayerPolicy.ALLOWED)
    enrolment_id = enrolled(colleague, first)
    with write() as db:
        replacements.replace(db, first, enrolment_id, teacher.person_id or 0)
        taken_over = db.scalars(select(Enrolment.id).where(Enrolment.replaces_id == enrolment_id)).one()
    with read() as db:
        found = paid_enrolments.paid(db, first, Wanted()).rows
        assert paid_enrolments.earlier_holders(db, first, found) == {taken_over: ("Bo Claes",)}
    with pytest.raises(EnrolledByInstitution), write() as db:  # who takes over never named a payer
        payers.change_payer(db, teacher, taken_over, second.institution_id)
    with write() as db:  # by CNO's own hand
        db.get_one(Enrolment, taken_over).payer_institution_id = second.institution_id
    with read() as db:
        found = paid_enrolments.paid(db, second, Wanted()).rows
        assert [row.enrolment_id for row in found] == [taken_over]
        assert paid_enrolments.earlier_holders(db, second, found) == {}
        assert paid_enrolments.paid(db, first, Wanted()).total == 0
    with write() as db, pytest.raises(CannotUndo):
        replacements.undo(db, second, taken_over)
    with read() as db:
        assert db.get_one(Enrolment, enrolment_id).status is EnrolmentStatus.REPLACED
