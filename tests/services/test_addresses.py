"""Another address for an account (D10): by a link to the new one, told to the old one, history stays."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from core import clock
from core.db import read, write
from core.models import Account
from core.rules import passwords
from core.rules.accounts import AddressNotValid
from core.services import accounts, addresses, sign_ins
from core.services.accounts import PasswordWrong, TooManyLinks
from core.services.addresses import AddressChange, AddressSame, AddressTaken
from core.tokens import LinkNotValid
from core.vocabulary import VISITOR, Actor, Role
from tests.builders import a_person, acting, an_account, an_institution, queued, secret_in

PASSWORD = "zeven kleine muisjes"
OLD, NEW = "an.oud@school.example", "an.nieuw@school.example"

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def actor(database: str) -> Actor:
    with write() as db:
        return acting(an_account(db, a_person(db), OLD, password_hash=passwords.hashed(PASSWORD)))


def ask(actor: Actor, address: str = NEW, password: str = PASSWORD) -> None:
    with write() as db:
        addresses.request_change(db, actor, address, password)


def confirm(secret: str) -> str:
    with write() as db:
        return addresses.confirm_change(db, VISITOR, secret)


def last_secret() -> str:
    with read() as db:
        return secret_in(queued(db, "confirm-address")[-1])


def mails() -> list[tuple[str, str]]:
    with read() as db:
        return [(row.name, row.recipient) for row in queued(db)]


def test_nothing_changes_before_the_link_in_the_new_mailbox_is_clicked(actor: Actor) -> None:
    with write() as db:
        sign_in_id, _ticket = sign_ins.start(db, actor.account_id or 0)
    ask(actor, " AN.Nieuw@School.Example ")
    assert mails() == [("confirm-address", NEW)]
    with read() as db:
        assert addresses.look_at_change(db, last_secret()) == AddressChange(OLD, NEW)
        assert db.get_one(Account, actor.account_id).email == OLD
    assert confirm(last_secret()) == NEW
    assert mails()[1:] == [("address-changed", OLD)]
    with read() as db:
        found = accounts.account_by_former_address(db, OLD)
        assert found is not None
        assert (found.id, found.email) == (actor.account_id, NEW)
        assert sign_ins.still_stands(db, sign_in_id) is not None


@pytest.mark.parametrize(
    ("address", "password", "refusal", "field"),
    [
        (NEW, "geraden", PasswordWrong, "password"),
        ("nieuw", PASSWORD, AddressNotValid, "email"),
        (OLD.upper(), PASSWORD, AddressSame, "email"),
    ],
)
def test_a_request_that_will_not_do_is_refused_at_its_field(
    actor: Actor, address: str, password: str, refusal: type[Exception], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        ask(actor, address, password)
    assert refused.value.field == field  # type: ignore[attr-defined]
    assert mails() == []


def test_the_screen_does_not_tell_that_somebody_owns_the_address_but_the_owner_hears_of_it(actor: Actor) -> None:
    with write() as db:
        an_account(db, a_person(db, "Bo", "Claes"), NEW)
    ask(actor)
    ask(actor)
    assert mails() == [("address-taken", NEW)]


def test_an_institution_may_own_the_same_address(actor: Actor) -> None:
    with write() as db:
        an_account(db, an_institution(db), NEW)
    ask(actor)
    assert confirm(last_secret()) == NEW


def test_only_so_many_links_leave_a_day(actor: Actor) -> None:
    for index in range(3):
        ask(actor, f"an{index}@school.example")
    with pytest.raises(TooManyLinks):
        ask(actor)


def test_of_two_accounts_that_want_one_address_the_first_to_click_gets_it(actor: Actor) -> None:
    with write() as db:
        other = acting(
            an_account(db, a_person(db, "Bo", "Claes"), "bo@school.example", password_hash=passwords.hashed(PASSWORD))
        )
    ask(actor)
    first = last_secret()
    ask(other)
    second = last_secret()
    with ThreadPoolExecutor(1) as pool:
        with write() as db:
            addresses.confirm_change(db, VISITOR, first)
            late = pool.submit(confirm, second)
            time.sleep(0.3)
        with pytest.raises(AddressTaken):
            late.result()
    with read() as db:
        assert db.get_one(Account, other.account_id).email == "bo@school.example"


def test_a_link_works_once_until_it_is_too_old_or_the_password_changed(actor: Actor, noon: datetime) -> None:
    ask(actor)
    secret = last_secret()
    with clock.frozen(noon + timedelta(days=7)), pytest.raises(LinkNotValid):
        confirm(secret)
    with write() as db:
        accounts.change_password(db, actor, PASSWORD, "acht grote olifanten")
    with pytest.raises(LinkNotValid):
        confirm(secret)
    ask(actor, password="acht grote olifanten")
    secret = last_secret()
    confirm(secret)
    with pytest.raises(LinkNotValid):
        confirm(secret)


def test_an_address_typed_wrong_and_never_confirmed_is_neither_kept_nor_told(actor: Actor) -> None:
    with write() as db:
        db.get_one(Account, actor.account_id).confirmed_at = None
    ask(actor)
    confirm(last_secret())
    assert [name for name, _address in mails()] == ["confirm-address"]
    with read() as db:
        assert accounts.account_by_former_address(db, OLD) is None
        assert accounts.account_by_address(db, Role.PERSON, NEW) is not None
