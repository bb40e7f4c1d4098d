"""Changing the address of an account: a link to the new one, a word to the old one, which stays findable (D10)."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from core import access, audit, clock, mail, tokens
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, FormerAddress
from core.rules import accounts as rules
from core.rules import passwords
from core.services import accounts
from core.vocabulary import Actor, AuditTag, TokenPurpose


class AddressTaken(DomainError):
    """Another account of the same kind owns the address."""

    message = N_("This address cannot be used for this account. Write to us if you think it can.")


class AddressSame(DomainError):
    """The new address is the present one."""

    message = N_("This already is your address.")


@dataclass(frozen=True, slots=True)
class AddressChange:
    """What a link for another address would do."""

    old: str
    new: str


def request_change(db: Db, actor: Actor, new_email: str, password: str) -> None:
    """Mail a link to the new address; nothing changes before it is clicked.

    An address that another account owns gets no link but a word about it: the screen says the same either way.
    Raises PasswordWrong, AddressNotValid, AddressSame or TooManyLinks.
    """
    account = access.own_account(db, actor)
    if not passwords.matches(password, account.password_hash):
        raise accounts.PasswordWrong(field="password")
    email = rules.checked_address(new_email)
    if email == account.email:
        raise AddressSame(field="email")
    if accounts.has_enough_links(db, account, TokenPurpose.CHANGE_ADDRESS):
        raise accounts.TooManyLinks(field="email")
    lifetime = timedelta(days=decisions(db).confirm_link_days)
    secret = tokens.make(db, TokenPurpose.CHANGE_ADDRESS, account, lifetime, email=email)
    audit.record(db, actor, AuditTag.ACCOUNT_ADDRESS_REQUESTED, account)
    owner = accounts.account_by_address(db, account.role, email)
    if owner is not None:
        mail.queue(db, "address-taken", dedupe=f"account:{owner.id}:{clock.today()}", account=owner)
        return
    mail.queue(
        db,
        "confirm-address",
        dedupe=f"token:{tokens.fingerprint(secret)[:16]}",
        account=account,
        address=email,
        secret=secret,
        facts={"new_address": email, "valid_days": decisions(db).confirm_link_days},
    )


def look_at_change(db: Db, secret: str) -> AddressChange:
    """What a link would change, without changing it. Raises LinkNotValid."""
    account, payload = tokens.look(db, TokenPurpose.CHANGE_ADDRESS, secret)
    return AddressChange(old=account.email, new=str(payload["email"]))


def confirm_change(db: Db, actor: Actor, secret: str) -> str:
    """The new address works: it replaces the old one. Returns it. Raises LinkNotValid or AddressTaken.

    The old address stays findable and is told, unless nobody ever showed that it was the account's own.
    """
    account, payload = tokens.use(db, TokenPurpose.CHANGE_ADDRESS, secret)
    old, new = account.email, str(payload["email"])
    try:
        with db.begin_nested():
            account.email = new
            db.flush()
    except IntegrityError as taken:
        raise AddressTaken from taken
    if account.confirmed_at is not None:
        _leave(db, account, old)
    account.confirmed_at = clock.now()
    account.undeliverable_since = None
    audit.record(db, actor, AuditTag.ACCOUNT_ADDRESS_CHANGED, account)
    return new


def _leave(db: Db, account: Account, old: str) -> None:
    db.add(FormerAddress(account_id=account.id, email=old, until_at=clock.now()))
    mail.queue(
        db,
        "address-changed",
        dedupe=f"account:{account.id}:{clock.now().isoformat()}",
        account=account,
        address=old,
        facts={"name": account.name},
    )
