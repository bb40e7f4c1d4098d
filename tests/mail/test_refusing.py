"""An address that refuses our mail gets no more of it by itself, until its owner shows that it works."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock, jobs, mail
from core.db import read, write
from core.mail import refusing
from core.mail.outbox import addressees
from core.models import Account, BillingAddress, Enrolment, Institution, OutgoingMail, SignIn
from core.queries import accounts as account_queries
from core.queries import attention
from core.queries.attention import Matter
from core.services import account_care, accounts, institutions
from core.vocabulary import VISITOR, Actor, ActorKind, Addressee, CoordinatorRole, OutgoingState
from tests.builders import a_course, a_person, acting, an_account, an_enrolment, an_institution

ADDRESS, BILLING, OFFICE = "an@school.example", "boek@school.example", "secretariaat@school.example"
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


def a_school(*billing: str, account: str | None = OFFICE) -> tuple[int, int, Actor]:
    """An institution that pays for a seat: its id, the seat's, and who acts for it."""
    with write() as db:
        school = an_institution(db, billing_addresses=[BillingAddress(email=each) for each in billing])
        owner = an_account(db, school, account) if account else None
        seat = an_enrolment(db, a_course(db), a_person(db), school)
        return school.id, seat.id, acting(owner) if owner else COORDINATOR


def payers(seat: int) -> list[str]:
    with read() as db:
        found = addressees(db, "debit-note", db.get_one(Enrolment, seat))
    return [address for role, address in found if role is Addressee.PAYER]


@pytest.mark.parametrize(
    ("billing", "account", "to"),
    [
        ((BILLING,), OFFICE, [OFFICE]),
        ((BILLING, "twee@school.example"), OFFICE, ["twee@school.example"]),
        ((BILLING, "twee@school.example"), None, ["twee@school.example"]),
        ((BILLING,), None, [BILLING]),
    ],
)
def test_notes_pass_over_a_billing_address_that_refuses_while_there_is_another(
    database: str, noon: datetime, billing: tuple[str, ...], account: str | None, to: list[str]
) -> None:
    _school, seat, _owner = a_school(*billing, account=account)
    assert payers(seat) == list(billing)
    with write() as db:
        refusing.mark(db, BILLING)
    assert payers(seat) == to
    with clock.frozen(noon + timedelta(days=61)):
        assert payers(seat) == list(billing)


def test_a_billing_address_that_refuses_shows_on_today_and_in_the_portal_until_it_works(
    database: str, noon: datetime
) -> None:
    school_id, seat, owner = a_school(BILLING)
    other_id, _seat, _nobody = a_school(BILLING, account=None)  # without an account only «Vandaag» can tell
    with write() as db:
        db.add(SignIn(account_id=owner.account_id, token_hash="x", created_at=noon, last_seen_at=noon))
        refusing.mark(db, BILLING)
    with read() as db:
        assert attention.counts(db, COORDINATOR)[Matter.ADDRESSES] == 2
        rows = attention.matters(db, COORDINATOR, Matter.ADDRESSES).rows
        signed_in = account_queries.still_stands(db, db.scalars(select(SignIn.id)).one())
    assert {(row.facts, row.institution_id) for row in rows} == {(BILLING, school_id), (BILLING, other_id)}
    assert signed_in is not None
    assert signed_in.has_refusing_billing
    with write() as db:  # saved anew with one more, it is still the one that refused
        institutions.change_billing(db, owner, name="", addresses=[BILLING, "twee@school.example"], reference="")
    assert payers(seat) == ["twee@school.example"]
    with write() as db:
        institutions.trust_billing_again(db, owner)
    assert payers(seat) == [BILLING, "twee@school.example"]
    with read() as db:
        assert attention.counts(db, COORDINATOR)[Matter.ADDRESSES] == 1
        assert db.get_one(Institution, other_id).billing_addresses[0].undeliverable_since is not None
