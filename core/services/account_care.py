"""What coordinators do with the account of a person or an institution: links, another address, closing, retrying."""

from sqlalchemy.exc import IntegrityError

from core import access, audit, clock, mail
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.mail import refusing
from core.models import Account, FormerAddress
from core.rules import accounts as rules
from core.services import accounts, sign_ins
from core.services.addresses import AddressSame, AddressTaken
from core.vocabulary import Actor, AuditTag


class NotChecked(DomainError):
    """Another address is given only after checking that whoever asked is the owner."""

    message = N_("First check that the new address belongs to this account, and say so.")


class AccountClosed(DomainError):
    """A closed account gets no links."""

    message = N_("This account is closed. Open it again first.")


def send_password_link(db: Db, actor: Actor, account_id: int) -> str:
    """Mail a link for a new password to the address on file; returns it. Raises AccountClosed or TooManyLinks."""
    account = access.editable_account(db, actor, account_id)
    if not account.is_active:
        raise AccountClosed
    if not accounts.request_new_password(db, actor, account.role, account.email):
        raise accounts.TooManyLinks
    return account.email


def change_address(db: Db, actor: Actor, account_id: int, email: str, *, is_checked: bool) -> str:
    """Give an account another address (D10): the old one is told and stays findable, the new one gets a link.

    The new address must still be confirmed by that link. Returns it. Raises NotFound, NotChecked, AddressNotValid,
    AddressSame or AddressTaken.
    """
    account = access.editable_account(db, actor, account_id)
    new, old = rules.checked_address(email), account.email
    if not is_checked:
        raise NotChecked(field="checked")
    if new == old:
        raise AddressSame(field="email")
    try:
        with db.begin_nested():
            account.email = new
            db.flush()
    except IntegrityError as taken:
        raise AddressTaken(field="email") from taken
    db.add(FormerAddress(account_id=account.id, email=old, until_at=clock.now()))
    account.confirmed_at, account.undeliverable_since = None, None
    sign_ins.end_all(db, account.id)
    audit.record(db, actor, AuditTag.ACCOUNT_ADDRESS_CHANGED, account)
    mail.queue(
        db,
        "address-changed",
        dedupe=f"account:{account.id}:{clock.now().isoformat()}",
        account=account,
        address=old,
        facts={"name": account.name},
    )
    accounts.mail_confirmation(db, account)
    return new


def close(db: Db, actor: Actor, account_id: int) -> None:
    """Nobody can sign in with this account any more; every sign-in ends. Raises NotFound or NotAllowed."""
    account = access.editable_account(db, actor, account_id)
    if account.is_active:
        account.is_active = False
        sign_ins.end_all(db, account.id)
        audit.record(db, actor, AuditTag.ACCOUNT_CLOSED, account)


def reopen(db: Db, actor: Actor, account_id: int) -> None:
    """A closed account works again, unless its owner was merged into another. Raises NotFound or NotAllowed."""
    account = access.editable_account(db, actor, account_id)
    if _is_of_double(account):
        raise access.NotFound
    if not account.is_active:
        account.is_active = True
        audit.record(db, actor, AuditTag.ACCOUNT_REOPENED, account)


def try_address_again(db: Db, actor: Actor, account_id: int) -> None:
    """The address that refused our mail counts as working, until it refuses again. Raises NotFound or NotAllowed."""
    account = access.editable_account(db, actor, account_id)
    refusing.works(db, account)
    audit.record(db, actor, AuditTag.ACCOUNT_ADDRESS_RETRIED, account)


def _is_of_double(account: Account) -> bool:
    owner = account.person or account.institution
    return owner is not None and owner.merged_into_id is not None
