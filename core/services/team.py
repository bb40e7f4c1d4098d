"""The accounts of the CNO team: invite, change role and language, close and open again."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import access, audit, clock, mail, tokens
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.models import Account
from core.rules import accounts as account_rules
from core.rules import team as rules
from core.services import sign_ins
from core.vocabulary import Actor, AuditTag, CoordinatorRole, Language, Role, TokenPurpose


class AddressInUse(DomainError):
    """The address has an account of the team already."""

    message = N_("{name} has an account with this address already.")


class ColleagueChangedMeanwhile(DomainError):
    """Somebody else changed this account since the page was shown."""

    message = N_("{name} changed this account meanwhile ({at}). Look at it again before you save.")


class HasPassword(DomainError):
    """Whoever signs in already needs no invitation."""

    message = N_("{name} signs in already: «New password» sends a new link.")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the team, as another fills it in."""

    name: str
    role: CoordinatorRole = CoordinatorRole.COORDINATOR
    language: Language = Language.DUTCH


def invite(db: Db, actor: Actor, email: str, form: Colleague) -> int:
    """Make an account and mail the link to choose its password; returns its id.

    Raises NotAllowed, OnlyFinance, AddressNotValid, FieldMissing or AddressInUse.
    """
    access.require_coordinator(actor)
    rules.check_finance(actor.coordinator_role, form.role)
    address = account_rules.checked_address(email)
    account = Account(
        role=Role.COORDINATOR,
        email=address,
        name=account_rules.required(form.name, field="name"),
        language=form.language,
        coordinator_role=form.role,
        created_at=clock.now(),
    )
    try:
        with db.begin_nested():
            db.add(account)
            db.flush()
    except IntegrityError as taken:
        known = db.scalars(select(Account.name).where(Account.role == Role.COORDINATOR, Account.email == address)).one()
        raise AddressInUse(field="email", name=known) from taken
    audit.record(db, actor, AuditTag.ACCOUNT_INVITED, account, name=account.name, role=form.role)
    _send_link(db, actor, account)
    return account.id


def invite_again(db: Db, actor: Actor, account_id: int) -> None:
    """Mail the link once more to who has not chosen a password. Raises NotAllowed, NotFound or HasPassword."""
    access.require_coordinator(actor)
    account = _one(db, account_id)
    if account.password_hash is not None or not account.is_active:
        raise HasPassword(name=account.name)
    audit.record(db, actor, AuditTag.ACCOUNT_INVITED, account, name=account.name, role=account.coordinator_role)
    _send_link(db, actor, account)


def change(db: Db, actor: Actor, account_id: int, form: Colleague, *, seen: Colleague) -> None:
    """Change name, role and language, from the next click of its owner on. `seen` is what the page showed.

    Raises NotAllowed, NotFound, OnlyFinance, LastCoordinator, LastFinance, FieldMissing or ColleagueChangedMeanwhile.
    """
    access.require_coordinator(actor)
    account = _one(db, account_id)
    before = _as_form(account)
    if before != seen:
        name, at = audit.latest(db, account) or ("", "")
        raise ColleagueChangedMeanwhile(name=name, at=at)
    form = Colleague(account_rules.required(form.name, field="name"), form.role, form.language)
    if form == before:
        return
    if form.role is not before.role:
        rules.check_finance(actor.coordinator_role, form.role, before.role)
        if account.is_active:
            rules.check_last([*_other_roles(db, account), form.role], before=before.role)
    account.name, account.coordinator_role, account.language = form.name, form.role, form.language
    details = {
        field: {"old": getattr(before, field), "new": getattr(form, field)}
        for field in ("name", "role", "language")
        if getattr(before, field) != getattr(form, field)
    }
    audit.record(db, actor, AuditTag.ACCOUNT_CHANGED, account, **details)
    db.flush()


def close(db: Db, actor: Actor, account_id: int) -> None:
    """Take the right to sign in away; whoever is signed in is out at the next click.

    Raises NotAllowed, NotFound, OwnAccount, OnlyFinance, LastCoordinator or LastFinance.
    """
    access.require_coordinator(actor)
    account = _one(db, account_id)
    if account.id == actor.account_id:
        raise rules.OwnAccount
    if not account.is_active:
        return
    role = _as_form(account).role
    rules.check_finance(actor.coordinator_role, role)
    rules.check_last(_other_roles(db, account), before=role)
    account.is_active = False
    sign_ins.end_all(db, account.id)
    audit.record(db, actor, AuditTag.ACCOUNT_CLOSED, account, name=account.name)
    db.flush()


def open_again(db: Db, actor: Actor, account_id: int) -> None:
    """Give the right to sign in back, with the password of before. Raises NotAllowed, NotFound or OnlyFinance."""
    access.require_coordinator(actor)
    account = _one(db, account_id)
    rules.check_finance(actor.coordinator_role, _as_form(account).role)
    if account.is_active:
        return
    account.is_active = True
    audit.record(db, actor, AuditTag.ACCOUNT_REOPENED, account, name=account.name)
    db.flush()


def _as_form(account: Account) -> Colleague:
    if account.coordinator_role is None:
        raise ValueError("an account of the team has a role")
    return Colleague(account.name, account.coordinator_role, account.language)


def _one(db: Db, account_id: int) -> Account:
    """An account of the team; all of them are locked, in one order, so that two do not close each other."""
    accounts = db.scalars(
        select(Account)
        .where(Account.role == Role.COORDINATOR)
        .order_by(Account.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = next((account for account in accounts if account.id == account_id), None)
    if found is None:
        raise access.NotFound
    return found


def _other_roles(db: Db, account: Account) -> list[CoordinatorRole]:
    """The roles of the other accounts that can sign in now; an invitation that waits does not count."""
    roles = db.scalars(
        select(Account.coordinator_role).where(
            Account.role == Role.COORDINATOR,
            Account.is_active,
            Account.id != account.id,
            Account.password_hash.is_not(None),
        )
    )
    return [role for role in roles if role is not None]


def _send_link(db: Db, actor: Actor, account: Account) -> None:
    days = decisions(db).confirm_link_days
    secret = tokens.make(db, TokenPurpose.NEW_PASSWORD, account, timedelta(days=days))
    mail.queue(
        db,
        "team-invited",
        dedupe=f"token:{tokens.fingerprint(secret)[:16]}",
        account=account,
        secret=secret,
        facts={"invited_by": actor.name, "valid_days": days},
    )
