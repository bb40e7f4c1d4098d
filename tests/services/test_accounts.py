"""Creating an account, confirming its address, new passwords; what nobody outside may learn."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.db import read, write
from core.models import Account, AuditEvent, FormerAddress, Person
from core.queries.accounts import address_of_link
from core.rules import passwords
from core.rules.accounts import AddressNotValid, BirthYearNotValid, FieldMissing
from core.rules.passwords import PasswordGuessable, PasswordTooShort
from core.services import accounts, sign_ins
from core.services.accounts import Creation, NewPerson, PasswordWrong, TooManyLinks
from core.tokens import LinkNotValid
from core.vocabulary import VISITOR, Actor, AuditTag, Language, Role, TokenPurpose
from tests.builders import a_person, acting, an_account, an_affiliation, an_institution, queued, secret_in

PASSWORD = "zeven kleine muisjes"
NEW_PASSWORD = "acht grote olifanten"
FORM = NewPerson("An", "Peeters", "an@school.example", PASSWORD, birth_year=1980, phone="0470 00 00 01")

pytestmark = pytest.mark.usefixtures("database")


def create(form: NewPerson = FORM) -> Creation:
    with write() as db:
        return accounts.create_account(db, VISITOR, form)


def request(email: str = FORM.email, role: Role = Role.PERSON) -> bool:
    with write() as db:
        return accounts.request_new_password(db, VISITOR, role, email)


def the_account(email: str = FORM.email) -> Account:
    with read() as db:
        return db.scalars(select(Account).where(Account.email == email)).one()


def secret_of_last(name: str) -> str:
    with read() as db:
        return secret_in(queued(db, name)[-1])


def mails() -> list[tuple[str, str]]:
    with read() as db:
        return [(row.name, row.recipient) for row in queued(db)]


def tags() -> list[AuditTag]:
    with read() as db:
        return [AuditTag(tag) for tag in db.scalars(select(AuditEvent.tag).order_by(AuditEvent.id))]


def a_known_person(email: str = "an.oud@school.example") -> int:
    """A confirmed account of An Peeters, born in 1980, under another address."""
    with write() as db:
        person = a_person(db, "An", "Peeters", birth_year=1980, phone="0470000001")
        return an_account(db, person, email, password_hash=passwords.hashed(PASSWORD)).id


def test_a_new_account_is_not_confirmed_and_its_address_gets_the_link() -> None:
    assert create(replace(FORM, email=" AN@School.Example ", language=Language.ENGLISH)) is Creation.CREATED
    account = the_account()
    assert account.confirmed_at is None
    assert account.language is Language.ENGLISH
    assert passwords.matches(PASSWORD, account.password_hash)
    assert mails() == [("confirm-account", FORM.email)]
    assert tags() == [AuditTag.ACCOUNT_CREATED]
    with write() as db:
        accounts.confirm_account(db, VISITOR, secret_of_last("confirm-account"))
    assert the_account().confirmed_at is not None


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"first_name": " "}, FieldMissing),
        ({"last_name": ""}, FieldMissing),
        ({"email": "an@school"}, AddressNotValid),
        ({"birth_year": 1850}, BirthYearNotValid),
        ({"password": "kort"}, PasswordTooShort),
        ({"password": "an peeters"}, PasswordGuessable),
        ({"password": FORM.email}, PasswordGuessable),
    ],
)
def test_a_field_that_will_not_do_is_refused_and_nothing_is_made(
    change: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        create(replace(FORM, **change))  # type: ignore[arg-type]
    assert mails() == []


def test_a_known_address_gets_no_second_account_but_a_mail_once_a_day(noon: datetime) -> None:
    identity = a_known_person(FORM.email)
    assert create() is Creation.KNOWN_ADDRESS
    assert create(replace(FORM, first_name="Iemand", last_name="Anders")) is Creation.KNOWN_ADDRESS
    assert the_account().id == identity
    assert mails() == [("account-exists", FORM.email)]
    assert tags() == [AuditTag.ACCOUNT_DOUBLE_PREVENTED] * 2
    with clock.frozen(noon + timedelta(days=1)):
        create()
    assert len(mails()) == 2


def test_who_asks_again_for_an_account_that_was_never_confirmed_gets_no_link_that_confirms_it() -> None:
    """Whoever made it first may be somebody else, who knows its password."""
    create()
    assert create(replace(FORM, password=NEW_PASSWORD)) is Creation.KNOWN_ADDRESS
    assert [name for name, _address in mails()] == ["confirm-account", "account-exists"]
    assert passwords.matches(PASSWORD, the_account().password_hash)


def test_an_old_address_is_known_and_its_owner_is_told_at_the_present_one() -> None:
    identity = a_known_person()
    with write() as db:
        db.add(FormerAddress(account_id=identity, email="an.vroeger@school.example", until_at=clock.now()))
    form = replace(FORM, first_name="A.", email="an.vroeger@school.example")
    assert create(form) is Creation.KNOWN_ADDRESS
    assert mails() == [("account-exists", "an.oud@school.example")]


@pytest.mark.parametrize(
    ("form", "outcome"),
    [
        (replace(FORM, phone=""), Creation.LIKELY_DOUBLE),
        (replace(FORM, birth_year=None, phone="+32 470/00.00.01"), Creation.LIKELY_DOUBLE),
        (replace(FORM, first_name="AN", last_name="péeters", phone=""), Creation.LIKELY_DOUBLE),
        (replace(FORM, birth_year=None, phone=""), Creation.CREATED),
        (replace(FORM, birth_year=1981, phone="0471 00 00 01"), Creation.CREATED),
        (replace(FORM, first_name="Bo"), Creation.CREATED),
    ],
)
def test_a_likely_double_gets_no_second_account_and_the_known_address_is_told(
    form: NewPerson, outcome: Creation
) -> None:
    a_known_person()
    assert create(form) is outcome
    told = ("account-exists", "an.oud@school.example")
    assert mails() == ([told] if outcome is Creation.LIKELY_DOUBLE else [("confirm-account", FORM.email)])
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == (1 if outcome is Creation.LIKELY_DOUBLE else 2)


def test_the_same_name_at_a_school_of_earlier_is_a_likely_double() -> None:
    with write() as db:
        person, school = a_person(db, "An", "Peeters"), an_institution(db)
        an_account(db, person, "an.oud@school.example")
        an_affiliation(db, person, school).ended_on = clock.today()
        form = replace(FORM, birth_year=None, phone="", institution_id=school.id)
    assert create(form) is Creation.LIKELY_DOUBLE


def test_an_institution_may_have_the_same_address_as_a_person() -> None:
    with write() as db:
        an_account(db, an_institution(db), FORM.email)
    assert create() is Creation.CREATED


def test_two_requests_at_the_same_moment_give_one_account() -> None:
    with ThreadPoolExecutor(1) as pool:
        with write() as db:
            assert accounts.create_account(db, VISITOR, FORM) is Creation.CREATED
            other = pool.submit(create)
            time.sleep(0.3)
        assert other.result() is Creation.KNOWN_ADDRESS
    assert the_account().name == "An Peeters"


def test_a_link_that_confirms_works_once_and_not_after_its_days(noon: datetime) -> None:
    create()
    secret = secret_of_last("confirm-account")
    with clock.frozen(noon + timedelta(days=7)), write() as db, pytest.raises(LinkNotValid):
        accounts.confirm_account(db, VISITOR, secret)
    with write() as db:
        assert address_of_link(db, TokenPurpose.CONFIRM_ACCOUNT, secret) == FORM.email
        accounts.confirm_account(db, VISITOR, secret)
    with write() as db, pytest.raises(LinkNotValid):
        accounts.confirm_account(db, VISITOR, secret)
    with write() as db, pytest.raises(LinkNotValid):
        accounts.confirm_account(db, VISITOR, "made-up")


def test_a_link_is_only_good_for_what_it_was_made_for() -> None:
    create()
    secret = secret_of_last("confirm-account")
    with write() as db, pytest.raises(LinkNotValid):
        accounts.set_new_password(db, VISITOR, secret, NEW_PASSWORD)


def test_the_link_that_confirms_can_be_asked_again_some_times_a_day() -> None:
    create()
    actor = acting(the_account())
    for _time in range(2):
        with write() as db:
            accounts.ask_confirmation_again(db, actor)
    with write() as db, pytest.raises(TooManyLinks):
        accounts.ask_confirmation_again(db, actor)
    assert [name for name, _address in mails()] == ["confirm-account"] * 3
    with write() as db:
        accounts.confirm_account(db, VISITOR, secret_of_last("confirm-account"))
    with write() as db:
        accounts.ask_confirmation_again(db, actor)
    assert len(mails()) == 3


def test_a_new_password_is_asked_with_the_same_words_for_a_known_and_an_unknown_address() -> None:
    a_known_person(FORM.email)
    assert request("  AN@school.example") is True
    assert request("niemand@school.example") is False
    assert request(FORM.email, Role.INSTITUTION) is False
    assert mails() == [("new-password", FORM.email)]


@pytest.mark.parametrize("role", list(Role))
def test_every_kind_of_account_can_ask_a_new_password(role: Role) -> None:
    with write() as db:
        owner = {Role.PERSON: a_person, Role.INSTITUTION: an_institution}.get(role, lambda _db: None)(db)
        an_account(db, owner, FORM.email)
    assert request(role=role)
    with write() as db:
        assert accounts.set_new_password(db, VISITOR, secret_of_last("new-password"), NEW_PASSWORD) is role


def test_only_so_many_links_for_a_new_password_leave_a_day(noon: datetime) -> None:
    a_known_person(FORM.email)
    assert [request() for _time in range(4)] == [True, True, True, False]
    with clock.frozen(noon + timedelta(days=1, seconds=1)):
        assert request()


def test_a_new_password_ends_every_sign_in_confirms_the_address_and_releases_the_brake() -> None:
    create()
    account = the_account()
    with write() as db:
        sign_in_id, _ticket = sign_ins.start(db, account.id)
        for _time in range(4):
            sign_ins.take_attempt(db, Role.PERSON, FORM.email, "192.0.2.1")
        assert sign_ins.take_attempt(db, Role.PERSON, FORM.email, "192.0.2.1") > 0
    request()
    with write() as db:
        accounts.set_new_password(db, VISITOR, secret_of_last("new-password"), NEW_PASSWORD)
    with write() as db:
        assert sign_ins.still_stands(db, sign_in_id) is None
        assert sign_ins.take_attempt(db, Role.PERSON, FORM.email, "192.0.2.1") == 0
    assert the_account().confirmed_at is not None
    assert passwords.matches(NEW_PASSWORD, the_account().password_hash)
    assert mails()[-1] == ("password-changed", FORM.email)


def test_a_refused_password_does_not_use_up_the_link() -> None:
    a_known_person(FORM.email)
    request()
    secret = secret_of_last("new-password")
    with pytest.raises(PasswordTooShort), write() as db:
        accounts.set_new_password(db, VISITOR, secret, "kort")
    with write() as db:
        accounts.set_new_password(db, VISITOR, secret, NEW_PASSWORD)
    with pytest.raises(LinkNotValid), write() as db:
        accounts.set_new_password(db, VISITOR, secret, NEW_PASSWORD)


def test_a_link_for_a_new_password_is_valid_for_an_hour_and_until_the_password_changes(noon: datetime) -> None:
    identity = a_known_person(FORM.email)
    request()
    late = secret_of_last("new-password")
    with clock.frozen(noon + timedelta(minutes=60)), write() as db, pytest.raises(LinkNotValid):
        accounts.set_new_password(db, VISITOR, late, NEW_PASSWORD)
    with write() as db:
        accounts.change_password(db, acting(db.get_one(Account, identity)), PASSWORD, NEW_PASSWORD)
    with write() as db, pytest.raises(LinkNotValid):
        accounts.set_new_password(db, VISITOR, late, "negen dikke ezels")


def test_who_changes_the_password_stays_signed_in_here_and_nowhere_else() -> None:
    identity = a_known_person(FORM.email)
    with write() as db:
        here, _ticket = sign_ins.start(db, identity)
        elsewhere, ticket = sign_ins.start(db, identity)
        actor = acting(db.get_one(Account, identity))
    with write() as db, pytest.raises(PasswordWrong) as refused:
        accounts.change_password(db, actor, "geraden", NEW_PASSWORD, sign_in_id=here)
    assert refused.value.field == "present"
    with write() as db:
        accounts.change_password(db, actor, PASSWORD, NEW_PASSWORD, sign_in_id=here)
    with write() as db:
        assert sign_ins.still_stands(db, here) is not None
        assert sign_ins.still_stands(db, elsewhere) is None
        assert sign_ins.redeem_ticket(db, ticket) is None


def test_the_language_of_screens_and_mails_is_kept() -> None:
    identity = a_known_person(FORM.email)
    with write() as db:
        accounts.set_language(db, acting(db.get_one(Account, identity)), Language.ENGLISH)
    request()
    with read() as db:
        assert queued(db)[-1].language is Language.ENGLISH


def test_nothing_secret_is_in_the_readable_copy_or_the_audit_trail() -> None:
    create()
    request()
    with read() as db:
        for name in ("confirm-account", "new-password"):
            (mail,) = queued(db, name)
            assert mail.is_sensitive
            assert secret_in(mail) not in (mail.body or "")
        details = " ".join(db.scalars(select(AuditEvent.details)))
    assert PASSWORD not in details
    assert secret_of_last("new-password") not in details


def test_a_closed_account_gets_no_link() -> None:
    identity = a_known_person(FORM.email)
    with write() as db:
        account = db.get_one(Account, identity)
        account.is_active = False
        actor: Actor = acting(account)
    assert not request()
    with pytest.raises(accounts.access.NotFound), write() as db:
        accounts.set_language(db, actor, Language.ENGLISH)
    assert create() is Creation.KNOWN_ADDRESS
