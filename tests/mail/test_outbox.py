"""Queueing: addressees by the routing table, one mail an address, frozen bytes, secrets out of sight."""

from datetime import datetime
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import func, select

from core import mail
from core.db import read, write
from core.mail.addresses import bounce_address, message_id, ref_of_bounce_address, ref_of_message_id
from core.mail.message import Answered
from core.mail.outbox import AddressRefused
from core.models import OutgoingMail
from core.vocabulary import OutgoingState
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution


def _reply(database: str, address: str, dedupe: str = "1") -> list[int]:
    with write() as db:
        return mail.queue(
            db,
            "reply",
            dedupe=dedupe,
            address=address,
            facts={"reply_subject": "Re: attest", "reply_text": "Dag,\n\nHet staat klaar.\n"},
            answers=Answered("<vraag@school.example>", ("<eerste@school.example>",)),
        )


def test_a_mail_is_frozen_with_its_thread_and_waits_for_delivery(database: str, noon: datetime) -> None:
    (identity,) = _reply(database, "An.Peeters@School.example ")
    with read() as db:
        row = db.get_one(OutgoingMail, identity)
    parsed = message_from_bytes(row.raw, policy=default)
    assert row.state is OutgoingState.PENDING
    assert row.recipient == "an.peeters@school.example"
    assert row.not_before == noon
    assert parsed["Message-ID"] == row.mid
    assert parsed["References"] == "<eerste@school.example> <vraag@school.example>"
    assert parsed["Auto-Submitted"] is None
    assert "Het staat klaar." in parsed.get_body(("plain",)).get_content()


def test_the_same_fact_gives_one_mail_for_ever(database: str) -> None:
    assert len(_reply(database, "an@school.example")) == 1
    assert _reply(database, "AN@school.example") == []
    with read() as db:
        assert db.scalar(select(func.count()).select_from(OutgoingMail)) == 1


def test_an_address_outside_ascii_is_refused_and_nothing_is_queued(database: str) -> None:
    with pytest.raises(AddressRefused):
        _reply(database, "zoë@school.example")
    with read() as db:
        assert db.scalar(select(func.count()).select_from(OutgoingMail)) == 0


@pytest.mark.parametrize("text", ["Onderwerp\r\nBcc: x@evil.example", "Onderwerp\nX: y"])
def test_a_line_break_never_reaches_a_header(database: str, text: str) -> None:
    with write() as db:
        (identity,) = mail.queue(
            db,
            "reply",
            dedupe="1",
            address="an@school.example",
            facts={"reply_subject": text, "reply_text": "Dag"},
        )
        row = db.get_one(OutgoingMail, identity)
    parsed = message_from_bytes(row.raw, policy=default)
    assert parsed["Bcc"] is None
    assert parsed["X"] is None


def test_when_the_school_pays_both_hear_of_it_and_one_address_gets_one_mail(database: str) -> None:
    with write() as db:
        person, school = a_person(db), an_institution(db)
        an_account(db, person, "an@school.example")
        an_account(db, school, "secretariaat@school.example")
        enrolment = an_enrolment(db, a_course(db), person, school)
        assert (
            len(
                mail.queue(
                    db,
                    "enrolment-confirmed",
                    dedupe="enrolment:1",
                    enrolment=enrolment,
                    facts={"cancel_terms": "", "asked_name": "", "open_questions": 0, "replace_until": None},
                )
            )
            == 2
        )
        director, small_school = a_person(db, "Bo", "Claes"), an_institution(db, "School De Pluim")
        an_account(db, director, "pluim@school.example")
        an_account(db, small_school, "pluim@school.example")
        both = an_enrolment(db, a_course(db), director, small_school)
        assert (
            len(
                mail.queue(
                    db,
                    "enrolment-confirmed",
                    dedupe="enrolment:2",
                    enrolment=both,
                    facts={"cancel_terms": "", "asked_name": "", "open_questions": 0, "replace_until": None},
                )
            )
            == 1
        )


def test_our_addresses_are_known_again_and_cannot_be_forged() -> None:
    ref = "0123456789abcdef"
    assert ref_of_message_id(message_id(ref)) == ref
    assert ref_of_bounce_address(bounce_address(ref)) == ref
    assert ref_of_message_id(message_id(ref).replace("ob.0", "ob.1")) is None
    assert ref_of_bounce_address("cno+b.0123456789abcdef.0000000000@cno.example") is None
