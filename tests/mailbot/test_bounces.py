"""Returned mails: believed only with proof; the address is marked, the mail shown as failed."""

from datetime import datetime

import pytest

from core.db import read, write
from core.mail.addresses import bounce_address
from core.models import Account, IncomingMail, OutgoingMail
from core.vocabulary import IncomingState, OutgoingState
from mailbot import handling, reasons
from tests.builders import a_person, an_account
from tests.mailbot.conftest import a_mail
from tests.mailbot.test_screening import a_report

ADDRESS = "an@school.example"


@pytest.fixture
def sent(database: str, noon: datetime) -> OutgoingMail:
    """A notice that was sent to an account."""
    from core import mail

    with write() as db:
        account = an_account(db, a_person(db), ADDRESS)
        (identity,) = mail.queue(db, "password-changed", dedupe="x", account=account)
        row = db.get_one(OutgoingMail, identity)
        row.state = OutgoingState.SENT
    return row


def after(raw: bytes, sent: OutgoingMail) -> tuple[IncomingMail, OutgoingMail, bool]:
    """What a bounce leaves: the mail itself, the returned mail, and whether the address is marked as undeliverable."""
    identity = handling.store(raw, size=len(raw))
    assert handling.handle_received() == 1
    with read() as db:
        account = db.get_one(Account, sent.account_id)
        return db.get_one(IncomingMail, identity), db.get_one(OutgoingMail, sent.id), bool(account.undeliverable_since)


def test_a_bounce_to_our_bounce_address_marks_the_mail_and_the_address(sent: OutgoingMail) -> None:
    raw = a_report("failed", to=bounce_address(sent.ref), Diagnostic_Code="smtp; 550 no such user")
    mail, returned, is_marked = after(raw, sent)
    assert (mail.state, returned.state, is_marked) == (IncomingState.IGNORED, OutgoingState.FAILED, True)
    assert returned.error == "5.1.1 smtp; 550 no such user"


def test_a_plain_text_bounce_is_proven_by_the_bounce_address(sent: OutgoingMail) -> None:
    raw = a_mail(
        "550 5.1.1 bestaat niet", "mailer-daemon@x.example", Subject="Undeliverable", To=bounce_address(sent.ref)
    )
    _mail, returned, is_marked = after(raw, sent)
    assert (returned.state, is_marked) == (OutgoingState.FAILED, True)


def test_a_delay_is_noted_and_marks_nothing(sent: OutgoingMail) -> None:
    raw = a_report("delayed", to=bounce_address(sent.ref), Status="4.4.7")
    _mail, returned, is_marked = after(raw, sent)
    assert (returned.state, is_marked, returned.error[:5]) == (OutgoingState.SENT, False, "4.4.7")


def test_a_message_id_of_ours_proves_it_together_with_the_recipient(sent: OutgoingMail) -> None:
    text = f"Kon niet bezorgen aan {ADDRESS}: 5.1.1\n\nMessage-ID: {sent.mid}\n"
    raw = a_mail(text, "postmaster@x.example", Subject="Undeliverable: x", References=sent.mid)
    assert after(raw, sent)[1].state is OutgoingState.FAILED


@pytest.mark.parametrize("to", ["cno+b.0123456789abcdef.0000000000@cno.example", "cno@cno.example"])
def test_a_forged_bounce_changes_nothing_and_goes_to_a_coordinator(sent: OutgoingMail, to: str) -> None:
    mail, returned, is_marked = after(a_report("failed", to=to, Final_Recipient=f"rfc822; {ADDRESS}"), sent)
    assert (returned.state, is_marked) == (OutgoingState.SENT, False)
    assert (mail.state, mail.reason) == (IncomingState.HELD, reasons.BOUNCE_UNPROVEN)


def test_somebody_elses_message_id_proves_nothing_about_another_recipient(sent: OutgoingMail) -> None:
    raw = a_mail("ander@school.example: 5.1.1", "postmaster@x.example", Subject="Undeliverable: x", References=sent.mid)
    assert after(raw, sent)[1].state is OutgoingState.SENT


def test_a_complaint_goes_to_a_coordinator(sent: OutgoingMail) -> None:
    mail, _returned, _marked = after(a_report("", "feedback-report", to=bounce_address(sent.ref)), sent)
    assert (mail.state, mail.reason) == (IncomingState.HELD, reasons.COMPLAINT)
