"""Persons, institutions and accounts made by a coordinator: doubles first, then the invitation; on both databases."""

from dataclasses import replace
from datetime import datetime

import pytest

from core import clock
from core.access import NotAllowed
from core.db import read, write
from core.models import Account, FormerAddress, Institution, LikelyDouble, Person
from core.services import accounts, newcomers
from core.services.institutions import Data, NumberTaken
from core.services.newcomers import NewInstitution, NewPerson
from core.vocabulary import VISITOR, Actor, CoordinatorRole, Language, Network, Party, Role
from tests.builders import a_person, acting, an_account, an_institution, queued, secret_in

AN = NewPerson("An", "Peeters", "an@school.example", 1980)
SCHOOL = NewInstitution(Data("De Wimpel", Network.GO, "Kerkstraat 1", "2500", "Lier"), "info@wimpel.example")


@pytest.fixture
def team(database: str, noon: datetime) -> Actor:
    with write() as db:
        return acting(an_account(db, None, "team@cno.example"))


def test_a_new_participant_is_invited_and_chooses_a_password(team: Actor) -> None:
    with write() as db:
        person_id = newcomers.add_person(db, team, AN, is_another=False)
    with read() as db:
        (mail,) = queued(db, "account-given")
        assert (mail.recipient, mail.is_sensitive) == ("an@school.example", True)
    with write() as db:
        assert accounts.set_new_password(db, VISITOR, secret_in(mail), "een lang geheim 42") is Role.PERSON
    with write() as db:
        account = db.query(Account).filter_by(person_id=person_id).one()
        assert account.confirmed_at is not None
        with pytest.raises(newcomers.AccountStands):
            newcomers.invite_again(db, team, account.id)
        with pytest.raises(newcomers.AddressHasAccount):
            newcomers.add_person(db, team, replace(AN, first_name="Bo"), is_another=True)


@pytest.mark.parametrize(
    ("known", "form", "is_shown"),
    [
        ({"birth_year": 1980}, AN, True),
        ({"birth_year": 1981}, AN, False),
        ({}, AN, True),
        ({"birth_year": 1981}, replace(AN, birth_year=None), True),
        ({"birth_year": 1981, "phone": "0470 00 00 01"}, replace(AN, phone="+32 470 000 001"), True),
    ],
)
def test_who_is_like_somebody_known_is_shown_first(
    team: Actor, known: dict[str, object], form: NewPerson, *, is_shown: bool
) -> None:
    with write() as db:
        a_person(db, **known)
        if is_shown:
            with pytest.raises(newcomers.LikelyKnown):
                newcomers.add_person(db, team, form, is_another=False)
        newcomers.add_person(db, team, form, is_another=is_shown)
        assert db.query(Person).count() == 2


def test_a_former_address_shows_who_it_was_and_the_answer_is_kept(team: Actor) -> None:
    with write() as db:
        account = an_account(db, a_person(db, "Bo", "Claes"), "bo@school.example")
        db.add(FormerAddress(account_id=account.id, email=AN.email, until_at=clock.now()))
        with pytest.raises(newcomers.LikelyKnown):
            newcomers.add_person(db, team, AN, is_another=False)
        newcomers.add_person(db, team, AN, is_another=True)
        pair = db.query(LikelyDouble).one()
    assert (pair.reasons, pair.dismissed_at is not None) == ("address", True)


def test_a_new_institution_is_invited_unless_it_is_known(team: Actor) -> None:
    with write() as db:
        identity = newcomers.add_institution(db, team, replace(SCHOOL, number="012345"), is_another=False)
        assert db.get_one(Institution, identity).search_name == "de wimpel lier"
        assert [mail.recipient for mail in queued(db, "account-given")] == ["info@wimpel.example"]
        again = replace(SCHOOL, email="")
        with pytest.raises(newcomers.LikelyKnown):
            newcomers.add_institution(db, team, again, is_another=False)
    with pytest.raises(NumberTaken), write() as db:
        newcomers.add_institution(db, team, replace(again, number="012345"), is_another=True)
    with read() as db:
        assert db.query(Institution).count() == 1  # all or nothing


def test_somebody_known_gets_an_account_once(team: Actor) -> None:
    with write() as db:
        school = an_institution(db)
        reader = acting(an_account(db, None, "lezer@cno.example", coordinator_role=CoordinatorRole.READER))
        given = (Party.INSTITUTION, school.id, "Info@School.example")
        with pytest.raises(NotAllowed):
            newcomers.give_account(db, reader, *given, language=Language.DUTCH)
        assert newcomers.give_account(db, team, *given, language=Language.DUTCH) == "info@school.example"
        with pytest.raises(newcomers.AccountStands):
            newcomers.give_account(db, team, *given, language=Language.DUTCH)
        account = db.query(Account).filter_by(institution_id=school.id).one()
        newcomers.invite_again(db, team, account.id)
        assert len(queued(db, "account-given")) == 2
