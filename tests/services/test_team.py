"""The accounts of the CNO team: invited by mail, changed, closed; never the last one that may change things."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core import access
from core.db import read, write
from core.models import Account, AuditEvent, SignIn
from core.queries import team as queries
from core.rules import team as rules
from core.rules.accounts import AddressNotValid, FieldMissing
from core.services import accounts, sign_ins
from core.services import team as services
from core.services.team import Colleague
from core.tokens import LinkNotValid
from core.vocabulary import VISITOR, Actor, AuditTag, CoordinatorRole, Language, Role
from deploy import first_account
from tests.builders import acting, an_account, queued, secret_in

COORDINATOR, FINANCE, READER = CoordinatorRole.COORDINATOR, CoordinatorRole.FINANCE, CoordinatorRole.READER


def _member(role: CoordinatorRole, name: str = "Coördinator") -> Actor:
    with write() as db:
        email = f"{name.lower()}.{role}@cno.example".replace("ö", "o")
        account = an_account(db, None, email, coordinator_role=role, password_hash="x")
        account.name = name
        return acting(account)


def _seen(actor: Actor) -> Colleague:
    with read() as db:
        row = next(row for row in queries.team(db, actor) if row.account_id == actor.account_id)
        return Colleague(row.name, row.role, row.language)


def test_who_is_invited_chooses_a_password_by_the_mailed_link(database: str, noon: datetime) -> None:
    actor = _member(COORDINATOR, "An")
    with write() as db:
        account_id = services.invite(db, actor, "Bo@cno.example", Colleague(" Bo  Claes ", READER, Language.ENGLISH))
        (mail,) = queued(db, "team-invited")
        assert (mail.recipient, mail.language, mail.is_sensitive) == ("bo@cno.example", Language.ENGLISH, True)
        assert "An has made an account" in mail.body
    with read() as db:
        row = next(row for row in queries.team(db, actor) if row.account_id == account_id)
        assert (row.name, row.role, row.has_password, row.link_until is not None) == ("Bo Claes", READER, False, True)
    with write() as db:
        assert accounts.set_new_password(db, VISITOR, secret_in(mail), "acht groene olifanten") is Role.COORDINATOR
        account = db.get_one(Account, account_id)
        assert account.password_hash and account.confirmed_at == noon
    with pytest.raises(services.HasPassword), write() as db:
        services.invite_again(db, actor, account_id)


def test_an_invitation_can_be_sent_again(database: str) -> None:
    actor = _member(COORDINATOR)
    with write() as db:
        account_id = services.invite(db, actor, "bo@cno.example", Colleague("Bo"))
        services.invite_again(db, actor, account_id)
        assert len(queued(db, "team-invited")) == 2


@pytest.mark.parametrize(
    ("email", "form", "refusal", "field"),
    [
        ("geen adres", Colleague("Bo"), AddressNotValid, "email"),
        ("bo@cno.example", Colleague("  "), FieldMissing, "name"),
        ("an.coordinator@cno.example", Colleague("Bo"), services.AddressInUse, "email"),
        ("bo@cno.example", Colleague("Bo", FINANCE), rules.OnlyFinance, "role"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_at_its_field(
    database: str, email: str, form: Colleague, refusal: type[Exception], field: str
) -> None:
    actor = _member(COORDINATOR, "An")
    with pytest.raises(refusal) as refused, write() as db:
        services.invite(db, actor, email, form)
    assert getattr(refused.value, "field", None) == field
    with read() as db:
        assert queued(db) == []


def test_a_role_is_changed_from_the_next_click_on(database: str, noon: datetime) -> None:
    finance, other = _member(FINANCE), _member(COORDINATOR, "An")
    with write() as db:
        sign_in_id, _ticket = sign_ins.start(db, other.account_id or 0)
        form = Colleague("An", READER)
        services.change(db, finance, other.account_id or 0, form, seen=_seen(other))
    with read() as db:
        signed_in = sign_ins.still_stands(db, sign_in_id)
        assert signed_in is not None
        assert signed_in.actor.coordinator_role is READER
        event = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.ACCOUNT_CHANGED)).one()
        assert event.details == '{"role": {"new": "reader", "old": "coordinator"}}'
    with pytest.raises(services.ColleagueChangedMeanwhile) as refused, write() as db:
        services.change(db, finance, other.account_id or 0, form, seen=Colleague("An", COORDINATOR))
    assert refused.value.fields == {"name": "Coördinator", "at": noon}


def test_only_finance_gives_or_takes_the_role_finance(database: str) -> None:
    finance, second, coordinator = _member(FINANCE), _member(FINANCE, "Bo"), _member(COORDINATOR, "An")
    own, theirs = _seen(coordinator), _seen(second)
    with pytest.raises(rules.OnlyFinance), write() as db:
        services.change(db, coordinator, coordinator.account_id or 0, Colleague("An", FINANCE), seen=own)
    with pytest.raises(rules.OnlyFinance), write() as db:
        services.change(db, coordinator, second.account_id or 0, Colleague("Bo", READER), seen=theirs)
    with pytest.raises(rules.OnlyFinance), write() as db:
        services.close(db, coordinator, second.account_id or 0)
    with write() as db:
        services.change(db, finance, coordinator.account_id or 0, Colleague("An", FINANCE), seen=own)
        services.change(db, finance, second.account_id or 0, Colleague("Bo", READER), seen=theirs)


def test_closing_an_account_ends_its_sign_ins_and_voids_its_links(database: str) -> None:
    actor, other = _member(COORDINATOR), _member(COORDINATOR, "An")
    with write() as db:
        sign_in_id, _ticket = sign_ins.start(db, other.account_id or 0)
        accounts.request_new_password(db, VISITOR, Role.COORDINATOR, "an.coordinator@cno.example")
        link = secret_in(queued(db, "new-password")[0])
        services.close(db, actor, other.account_id or 0)
    with read() as db:
        assert sign_ins.still_stands(db, sign_in_id) is None
        assert db.get_one(SignIn, sign_in_id).ended_at is not None
    with pytest.raises(LinkNotValid), write() as db:
        accounts.set_new_password(db, VISITOR, link, "acht groene olifanten")
    with write() as db:
        services.open_again(db, actor, other.account_id or 0)
    with read() as db:
        assert all(row.is_active for row in queries.team(db, actor))


def test_the_last_who_may_change_things_stays(database: str) -> None:
    finance, reader = _member(FINANCE), _member(READER, "An")
    own = _seen(finance)
    with pytest.raises(rules.OwnAccount), write() as db:
        services.close(db, finance, finance.account_id or 0)
    with pytest.raises(rules.LastCoordinator), write() as db:
        services.change(db, finance, finance.account_id or 0, Colleague("Coördinator", READER), seen=own)
    with pytest.raises(rules.LastFinance), write() as db:
        services.invite(db, finance, "bo@cno.example", Colleague("Bo", FINANCE))  # has no password yet
        services.change(db, finance, finance.account_id or 0, Colleague("Coördinator", COORDINATOR), seen=own)
    me = reader.account_id or 0
    for action in (
        lambda db: services.invite(db, reader, "bo@cno.example", Colleague("Bo")),
        lambda db: services.invite_again(db, reader, me),
        lambda db: services.change(
            db, reader, reader.account_id or 0, Colleague("An", COORDINATOR), seen=_seen(reader)
        ),
        lambda db: services.close(db, reader, finance.account_id or 0),
        lambda db: services.open_again(db, reader, finance.account_id or 0),
    ):
        with pytest.raises(access.NotAllowed), write() as db:
            action(db)


def test_two_who_close_each_other_leave_one(database: str) -> None:
    one, other = _member(COORDINATOR), _member(COORDINATOR, "An")
    with write() as db:
        services.close(db, one, other.account_id or 0)
    with pytest.raises(rules.LastCoordinator), write() as db:
        services.close(db, other, one.account_id or 0)


def test_the_first_account_of_an_installation(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert first_account.main([]) == 1
    assert first_account.main(["geen adres", "An"]) == 1
    assert first_account.main(["an@cno.example", "An Peeters"]) == 0
    assert first_account.main(["bo@cno.example", "Bo Claes"]) == 1
    assert "nodigt de anderen uit" in capsys.readouterr().err
    with read() as db:
        (mail,) = queued(db, "team-invited")
        assert mail.recipient == "an@cno.example"
