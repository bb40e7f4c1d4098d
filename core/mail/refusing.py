"""Addresses that refuse our mail: automatic mail to them waits until they work again, or 60 days have gone by."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, select, update

from core import clock
from core.db import Db
from core.i18n import N_
from core.models import Account, BillingAddress, OutgoingMail
from core.vocabulary import MailKind, OutgoingState

#: What is shown with a mail that waits for it.
REASON = N_("This address refuses our mail.")
LAPSES = timedelta(days=60)
#: What waited longer is old news: a coordinator decides whether it still leaves.
STILL_NEWS = timedelta(days=14)
#: An answer goes to somebody who just wrote; a coordinator knows to whom he or she writes.
_AUTOMATIC = (MailKind.NOTICE, MailKind.NOTE)


def waits(row: OutgoingMail, refusing: Collection[str]) -> bool:
    """Whether a new mail waits; a link never does, since it is how its owner shows that the address works."""
    return row.kind in _AUTOMATIC and not row.is_sensitive and row.recipient in refusing


def among(db: Db, addresses: Collection[str]) -> set[str]:
    """Those of some addresses that refuse our mail."""
    since = clock.now() - LAPSES
    return set(
        db.scalars(select(Account.email).where(Account.email.in_(addresses), Account.undeliverable_since > since))
    )


def billing_refuses() -> ColumnElement[bool]:
    """Whether a billing address refuses our mail; notes then go to the institution's other addresses."""
    return BillingAddress.undeliverable_since > clock.now() - LAPSES


def is_refused(billing: BillingAddress) -> bool:
    """The same of one that was read."""
    return billing.undeliverable_since is not None and billing.undeliverable_since > clock.now() - LAPSES


def mark(db: Db, address: str) -> None:
    """An address refused a mail for good: it is marked wherever it stands, and what is to leave to accounts waits."""
    now = clock.now()
    db.execute(update(BillingAddress).where(BillingAddress.email == address).values(undeliverable_since=now))
    is_account = Account.email == address
    if not db.scalar(select(exists().where(is_account))):
        return
    db.execute(update(Account).where(is_account, Account.undeliverable_since.is_(None)).values(undeliverable_since=now))
    db.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.recipient == address,
            OutgoingMail.state == OutgoingState.PENDING,
            OutgoingMail.kind.in_(_AUTOMATIC),
            OutgoingMail.is_sensitive.is_(False),
        )
        .values(state=OutgoingState.HELD, error=REASON)
    )


def lapsed(db: Db) -> list[int]:
    """The accounts whose mark is over: mail to them is tried again."""
    return list(db.scalars(select(Account.id).where(Account.undeliverable_since <= clock.now() - LAPSES)))


def works(db: Db, account: Account) -> None:
    """The address of an account works (again): what waited for it leaves, unless it is old news."""
    if account.undeliverable_since is None:
        return
    account.undeliverable_since = None
    db.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.recipient == account.email,
            OutgoingMail.state == OutgoingState.HELD,
            OutgoingMail.error == REASON,
            OutgoingMail.created_at > clock.now() - STILL_NEWS,
        )
        .values(state=OutgoingState.PENDING, error="", not_before=clock.now())
    )
