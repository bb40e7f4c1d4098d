"""A chat that is handed over: a conversation for the coordinators, answered at an address, not without end."""

from datetime import datetime, timedelta

import pytest

from core import clock
from core.db import read, write
from core.errors import DomainError
from core.models import IncomingMail, MailThread
from core.rules.accounts import AddressNotValid
from core.services import conversations, inbox
from core.services.conversations import Line, TooManyChats
from core.vocabulary import VISITOR, Actor, Language, ThreadState, Verdict
from tests.builders import a_coordinator, a_person, acting, an_account, queued

SAID = (Line("Is er parking?", is_ours=False), Line("Dat weten wij niet.", is_ours=True))


def hand_over(actor: Actor = VISITOR, address: str = "wim@elders.example") -> int:
    with write() as db:
        return conversations.hand_over(db, actor, SAID, address=address, language=Language.DUTCH)


def test_a_chat_waits_for_a_coordinator_who_answers_by_mail(database: str) -> None:
    thread_id = hand_over(address="Wim@Elders.example")
    with write() as db:
        thread = db.get_one(MailThread, thread_id)
        assert (thread.state, thread.address) == (ThreadState.OPEN, "wim@elders.example")
        inbox.reply(db, a_coordinator(db), thread_id, "Ja, aan de overkant.")
        (reply,) = queued(db, "reply")
        assert (reply.recipient, reply.thread_id) == ("wim@elders.example", thread_id)
        assert reply.subject == "Re: Is er parking?"


def test_who_is_signed_in_is_answered_at_the_accounts_own_address(database: str) -> None:
    with write() as db:
        actor = acting(an_account(db, a_person(db), "an@school.example"))
    hand_over(actor, "iemand.anders@elders.example")
    with read() as db:
        mail = db.query(IncomingMail).one()
        assert (mail.from_address, mail.from_name, mail.verdict) == ("an@school.example", "An Peeters", Verdict.PASS)
        assert "» Is er parking?" in mail.body
        assert "CNO: Dat weten wij niet." in mail.body


def test_a_chat_needs_an_address_and_a_question(database: str) -> None:
    with pytest.raises(AddressNotValid):
        hand_over(address="geen adres")
    with write() as db, pytest.raises(DomainError):
        conversations.hand_over(db, VISITOR, SAID[1:], address="wim@elders.example", language=Language.DUTCH)


def test_one_address_and_all_visitors_together_stay_within_limits(
    database: str, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERS_AN_HOUR_IN_ALL", "5")
    for _each in range(3):
        hand_over()
    with pytest.raises(TooManyChats):
        hand_over()
    for number in range(2):
        hand_over(address=f"ander{number}@elders.example")
    with pytest.raises(TooManyChats):
        hand_over(address="nog.een@elders.example")
    with clock.frozen(noon + timedelta(hours=2)):
        hand_over()
