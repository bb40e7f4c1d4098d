"""An address that refuses our mail gets no more of it by itself, until its owner shows that it works."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock, jobs, mail
from core.db import read, write
from core.mail import refusing
from core.models import Account, OutgoingMail
from core.services import account_care, accounts
from core.vocabulary import VISITOR, Actor, ActorKind, CoordinatorRole, OutgoingState
from tests.builders import a_person, an_account

ADDRESS = "an@school.example"
COORDINATOR = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR, name="Bo")
HELD, PENDING = OutgoingState.HELD, OutgoingState.PENDING


@pytest.fixture
def account_id(database: str, noon: datetime) -> int:
    """An account whose address has just refused a mail; one notice to it waited already."""
    with write() as db:
        account = an_account(db, a_person(db), ADDRESS)
        notice(account, "before")
        refusing.mark(db, ADDRESS)
    return account.id


def notice(account: Account, dedupe: str) -> None:
    from sqlalchemy.orm import object_session

    db = object_session(account)
    assert db is not None
    mail.queue(db, "password-changed", dedupe=dedupe, account=account)


def states() -> list[OutgoingState]:
    with read() as db:
        return list(db.scalars(select(OutgoingMail.state).order_by(OutgoingMail.id)))


def test_automatic_mail_waits_and_says_why(account_id: int) -> None:
    with write() as db:
        notice(db.get_one(Account, account_id), "after")
    assert states() == [HELD, HELD]
    with read() as db:
        assert set(db.scalars(select(OutgoingMail.error))) == {refusing.REASON}


def test_a_link_and_a_coordinators_letter_leave_all_the_same(account_id: int) -> None:
    with write() as db:
        assert accounts.request_new_password(db, VISITOR, db.get_one(Account, account_id).role, ADDRESS)
        facts = {"reply_subject": "Re: x", "reply_text": "Dag"}
        mail.queue(db, "reply", dedupe="1", address=ADDRESS, facts=facts)
    assert states() == [HELD, PENDING, PENDING]


def test_once_the_address_works_what_waited_leaves(account_id: int) -> None:
    with write() as db:
        account_care.try_address_again(db, COORDINATOR, account_id)
    assert states() == [PENDING]


def test_old_news_stays_with_a_coordinator(account_id: int, noon: datetime) -> None:
    with clock.frozen(noon + timedelta(days=20)), write() as db:
        account = db.get_one(Account, account_id)
        notice(account, "after")
        refusing.works(db, account)
    assert states() == [HELD, PENDING]


def test_after_sixty_days_mail_is_tried_again(account_id: int, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_asked_on", None)  # this process may have looked on this day already
    with clock.frozen(noon + timedelta(days=61)):
        with write() as db:
            notice(db.get_one(Account, account_id), "after")
        jobs.run_due()
        with read() as db:
            assert db.get_one(Account, account_id).undeliverable_since is None
    assert states()[:2] == [HELD, PENDING]


def test_its_owner_may_ask_for_a_link_that_shows_that_it_works(account_id: int) -> None:
    with write() as db:
        account = db.get_one(Account, account_id)
        assert account.confirmed_at is not None
        owner = Actor(ActorKind.PERSON, account_id=account_id, person_id=account.person_id, name="An")
        accounts.ask_confirmation_again(db, owner)
    with read() as db:
        assert db.scalars(select(OutgoingMail.name).where(OutgoingMail.state == PENDING)).all() == ["confirm-account"]
