"""Sign-ins on the server, tickets for the cookie, and the brake on wrong passwords."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from core import clock, jobs
from core.db import engine, read, write
from core.models import Account, AuditEvent, SignIn
from core.queries.accounts import credentials
from core.services import sign_ins
from core.tokens import fingerprint
from core.vocabulary import ActorKind, AuditTag, Role
from tests.builders import a_person, acting, an_account, an_institution

EMAIL = "an@school.example"
HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def account(database: str) -> Account:
    with write() as db:
        return an_account(db, a_person(db), EMAIL)


def signed_in(account: Account) -> tuple[int, str]:
    """A browser that has its cookie: the sign-in's id and the cookie."""
    with write() as db:
        identity, ticket = sign_ins.start(db, account.id)
    with write() as db:
        cookie = sign_ins.redeem_ticket(db, ticket)
    assert cookie is not None
    return identity, cookie


def test_a_cookie_says_who_is_signed_in_and_only_its_hash_is_kept(account: Account) -> None:
    identity, cookie = signed_in(account)
    with read() as db:
        found = sign_ins.by_cookie(db, cookie)
        assert found is not None
        assert found == sign_ins.still_stands(db, identity)
        assert db.get_one(SignIn, identity).token_hash == fingerprint(cookie)
        assert sign_ins.by_cookie(db, "made-up") is None
    assert (found.name, found.email, found.role) == ("An Peeters", EMAIL, Role.PERSON)
    assert found.actor == acting(account)
    assert found.actor.kind is ActorKind.PERSON


@pytest.mark.parametrize("look", [sign_ins.by_cookie, sign_ins.still_stands])
def test_who_is_signed_in_costs_one_query(account: Account, look: Callable[..., object]) -> None:
    identity, cookie = signed_in(account)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        with read() as db:
            assert look(db, cookie if look is sign_ins.by_cookie else identity) is not None
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    assert len([text for text in statements if text.startswith("SELECT")]) == 1


def test_a_ticket_is_good_once_and_for_a_minute(account: Account, noon: datetime) -> None:
    with write() as db:
        _identity, ticket = sign_ins.start(db, account.id)
        _identity, late = sign_ins.start(db, account.id)
    with write() as db:
        assert sign_ins.redeem_ticket(db, ticket)
    with write() as db:
        assert sign_ins.redeem_ticket(db, ticket) is None
        assert sign_ins.redeem_ticket(db, "made-up") is None
    with clock.frozen(noon + timedelta(seconds=60)), write() as db:
        assert sign_ins.redeem_ticket(db, late) is None


def test_of_many_who_redeem_one_ticket_at_once_one_gets_the_cookie(account: Account) -> None:
    with write() as db:
        identity, ticket = sign_ins.start(db, account.id)

    def redeem(_index: int) -> str | None:
        with write() as db:
            return sign_ins.redeem_ticket(db, ticket)

    with ThreadPoolExecutor(8) as pool:
        cookies = [cookie for cookie in pool.map(redeem, range(8)) if cookie]
    assert len(cookies) == 1
    with read() as db:
        found = sign_ins.by_cookie(db, cookies[0])
    assert found is not None
    assert found.sign_in_id == identity


def test_a_sign_in_ended_on_the_server_stands_no_more(account: Account) -> None:
    (here, cookie), (elsewhere, _other) = signed_in(account), signed_in(account)
    with write() as db:
        sign_ins.end(db, here)
        sign_ins.end(db, here)
    with read() as db:
        assert sign_ins.by_cookie(db, cookie) is None
        assert sign_ins.still_stands(db, elsewhere) is not None
        tags = db.scalars(select(AuditEvent.tag).where(AuditEvent.tag == AuditTag.ACCOUNT_SIGNED_OUT)).all()
    assert len(tags) == 1


def test_signing_out_everywhere_ends_each_browser_and_each_ticket_of_that_account_only(account: Account) -> None:
    with write() as db:
        other = an_account(db, an_institution(db), EMAIL)
    here, elsewhere, others = signed_in(account), signed_in(account), signed_in(other)
    with write() as db:
        _identity, ticket = sign_ins.start(db, account.id)
    with write() as db:
        assert sign_ins.end_everywhere(db, acting(account)) == 3
    with write() as db:
        assert sign_ins.redeem_ticket(db, ticket) is None
        assert sign_ins.still_stands(db, here[0]) is None
        assert sign_ins.by_cookie(db, elsewhere[1]) is None
        assert sign_ins.by_cookie(db, others[1]) is not None


def test_a_sign_in_runs_out_only_without_use(account: Account, noon: datetime) -> None:
    identity, cookie = signed_in(account)
    with clock.frozen(noon + timedelta(days=29)), write() as db:
        found = sign_ins.by_cookie(db, cookie)
        assert found is not None
        assert found.needs_touch
        sign_ins.touch(db, identity)
    with clock.frozen(noon + timedelta(days=58)), read() as db:
        assert sign_ins.by_cookie(db, cookie) is not None
    with clock.frozen(noon + timedelta(days=59)), read() as db:
        assert sign_ins.by_cookie(db, cookie) is None


def test_a_sign_in_is_touched_at_most_once_an_hour(account: Account, noon: datetime) -> None:
    identity, _cookie = signed_in(account)
    for minutes, needs_touch in ((0, False), (60, False), (61, True)):
        with clock.frozen(noon + timedelta(minutes=minutes)), read() as db:
            found = sign_ins.still_stands(db, identity)
            assert found is not None
            assert found.needs_touch is needs_touch


def test_a_closed_account_is_signed_out(account: Account) -> None:
    identity, cookie = signed_in(account)
    with write() as db:
        db.get_one(Account, account.id).is_active = False
    with read() as db:
        assert sign_ins.still_stands(db, identity) is None
        assert sign_ins.by_cookie(db, cookie) is None
        assert credentials(db, Role.PERSON, EMAIL) is None


def test_an_address_may_have_an_account_of_each_kind_with_credentials_of_its_own(account: Account) -> None:
    with write() as db:
        school = an_account(db, an_institution(db), EMAIL, password_hash="x")
    with read() as db:
        person, institution = (credentials(db, role, " AN@school.example ") for role in (Role.PERSON, Role.INSTITUTION))
    assert person is not None
    assert institution is not None
    assert (person.account_id, institution.account_id) == (account.id, school.id)
    with read() as db:
        assert credentials(db, Role.COORDINATOR, EMAIL) is None


def attempt(email: str = EMAIL, network: str = HERE) -> int:
    with write() as db:
        return sign_ins.take_attempt(db, Role.PERSON, email, network)


def test_wrong_passwords_make_wait_twice_as_long_each_time(noon: datetime) -> None:
    now, waits = noon, []
    for _time in range(14):
        with clock.frozen(now):
            assert attempt() == 0
            waits.append(wait := attempt() if len(waits) >= 3 else 0)
        now += timedelta(seconds=wait)
    assert waits[:11] == [0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 128]
    assert max(waits) <= 300


def test_an_attempt_while_waiting_is_not_counted(noon: datetime) -> None:
    for _time in range(4):
        assert attempt() == 0
    assert {attempt() for _time in range(50)} == {2}
    with clock.frozen(noon + timedelta(seconds=2)):
        assert attempt() == 0
        assert attempt() == 4


def test_attempts_at_the_same_moment_all_count() -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _index: attempt(), range(12)))
    assert waits.count(0) == 4


def test_the_right_password_starts_anew_but_forgives_the_network_only_one(noon: datetime) -> None:
    for _time in range(3):
        attempt()
    assert attempt() == 0
    with write() as db:
        sign_ins.note_success(db, Role.PERSON, EMAIL, HERE)
    assert [attempt() for _time in range(4)] == [0, 0, 0, 0]
    assert attempt() == 2


def test_somebody_elsewhere_cannot_lock_the_owner_out(noon: datetime) -> None:
    """Hours of guessing from one place: slowed down there, while the owner signs in at once all the time."""
    now, guesses = noon, 0
    while now < noon + timedelta(hours=6):
        with clock.frozen(now):
            wait = attempt(network=ELSEWHERE)
            guesses += wait == 0
            if wait:
                assert wait <= 300
                assert attempt(network=HERE) == 0
                with write() as db:
                    sign_ins.note_success(db, Role.PERSON, EMAIL, HERE)
        now += timedelta(seconds=wait or 1)
    assert guesses < 6 * 40


def test_many_places_guessing_one_account_are_slowed_down_together() -> None:
    waits = [attempt(network=f"198.51.100.{index}") for index in range(40)]
    assert waits[:30] == [0] * 30
    assert waits[30:] == [2] * 10


def test_one_place_guessing_many_accounts_is_slowed_down() -> None:
    waits = [attempt(f"an{index}@school.example", ELSEWHERE) for index in range(40)]
    assert waits[:30] == [0] * 30
    assert waits[30:] == [2] * 10
    assert attempt("an35@school.example", HERE) == 0


def test_wrong_passwords_are_forgiven_with_time_and_forgotten_the_next_day(noon: datetime) -> None:
    for _time in range(4):
        attempt()
    with clock.frozen(noon + timedelta(minutes=8)):
        assert [attempt() for _time in range(4)] == [0, 0, 0, 0]
    with clock.frozen(noon + timedelta(days=2)):
        assert jobs.purge() == 3
        assert jobs.purge() == 0
