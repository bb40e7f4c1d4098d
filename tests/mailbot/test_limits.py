"""Others cannot make us write to an account more often than is decided, also not all at the same moment."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.assistant.answers import common
from core.db import read, write
from core.models import Account, IncomingMail, IntentSetting, OutgoingMail
from core.services.accounts import NewPerson, create_account
from core.settings import settings
from core.vocabulary import VISITOR, IncomingState, Intent, IntentMode
from mailbot import handling, reasons
from tests.builders import a_person, an_account, an_affiliation, an_institution, queued
from tests.mailbot.conftest import a_mail

OWN = "an@school.example"
ASKED = "Onder welk e-mailadres ben ik bij jullie gekend?"
SIGNED = "\n\nMet vriendelijke groet\nAn Peeters\nBasisschool De Zonnewimpel"


@pytest.fixture(autouse=True)
def known(database: str) -> None:
    """A person at a school, whom a name and that school lead to; every intent is on."""
    with write() as db:
        person, school = a_person(db), an_institution(db)
        an_account(db, person, OWN)
        an_affiliation(db, person, school)
        db.add_all(IntentSetting(intent=intent, mode=IntentMode.ON) for intent in Intent)


def stored(sender: str, text: str = ASKED + SIGNED) -> int:
    raw = a_mail(text, sender, Subject="Adres")
    identity = handling.store(raw, size=len(raw))
    assert identity is not None
    return identity


def asks(sender: str, text: str = ASKED + SIGNED) -> tuple[IncomingState, str]:
    """What becomes of the question of a sender, and why."""
    identity = stored(sender, text)
    handling.handle(identity)
    return ended(identity)


def ended(identity: int) -> tuple[IncomingState, str]:
    with read() as db:
        mail = db.get_one(IncomingMail, identity)
        return mail.state, mail.reason


def notices() -> int:
    with read() as db:
        return len(queued(db, common.NOTICE))


def tries_a_second_account() -> None:
    form = NewPerson("An", "Peeters", OWN, "een lang genoeg wachtwoord")
    with write() as db:
        create_account(db, VISITOR, form)


def answers_to(*senders: str) -> set[tuple[str, str]]:
    with read() as db:
        rows = db.scalars(select(OutgoingMail).where(OutgoingMail.recipient.in_(senders)))
        return {(row.subject, row.body) for row in rows}


def test_others_cause_two_mails_a_day_to_an_account_and_the_rest_is_for_a_colleague(noon: datetime) -> None:
    with clock.frozen(noon - timedelta(hours=15)):
        tries_a_second_account()
    tries_a_second_account()
    assert asks("een@elders.example") == (IncomingState.HELD, reasons.DISTURBS)
    assert asks("twee@elders.example", ASKED) == (IncomingState.HANDLED, "")
    assert notices() == 0
    assert len(answers_to("een@elders.example", "twee@elders.example")) == 1  # word for word the same: it tells nothing
    with clock.frozen(noon + timedelta(hours=12)):
        assert asks("drie@elders.example") == (IncomingState.HANDLED, "")
    assert notices() == 1


def test_the_owners_own_question_is_no_mail_that_others_cause(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILS_A_DAY_BY_OTHERS", "0")
    settings.cache_clear()
    assert asks("een@elders.example") == (IncomingState.HELD, reasons.DISTURBS)
    assert asks(OWN) == (IncomingState.HANDLED, "")
    assert notices() == 1


def test_many_who_ask_at_the_same_moment_cause_no_more(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "NOTICE_EVERY", timedelta())  # else the first notice would keep back all others
    waiting = [stored(f"nr{number}@elders.example") for number in range(6)]
    at_once = threading.Barrier(len(waiting))

    def handle(identity: int) -> None:
        at_once.wait()
        handling.handle(identity)

    threads = [threading.Thread(target=handle, args=(identity,)) for identity in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert notices() == 2
    assert sorted(ended(identity) for identity in waiting) == sorted(
        [(IncomingState.HANDLED, "")] * 2 + [(IncomingState.HELD, reasons.DISTURBS)] * 4
    )


def test_two_who_ask_at_the_same_moment_cause_one_notice(noon: datetime) -> None:
    waiting = [stored(f"nr{number}@elders.example") for number in range(2)]
    threads = [threading.Thread(target=handling.handle, args=(identity,)) for identity in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert notices() == 1
    with read() as db:
        assert db.scalars(select(Account.email)).all() == [OWN]
