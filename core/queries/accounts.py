"""Who signs in: the account behind an address, a cookie or a sign-in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import bcrypt
from sqlalchemy import ColumnElement, exists, select

from core import clock, tokens
from core.db import Db
from core.mail import refusing
from core.models import Account, BillingAddress, SignIn
from core.rules import passwords
from core.settings import settings
from core.text import address_key
from core.tokens import fingerprint
from core.vocabulary import Actor, ActorKind, CoordinatorRole, Language, Role, TokenPurpose

_TOUCH_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, as pages see it. `needs_touch`: the sign-in was last seen over an hour ago.

    `has_refusing_billing`: an institution's notes cannot be brought to one of its billing addresses.
    """

    sign_in_id: int
    account_id: int
    role: Role
    name: str
    email: str
    language: Language
    is_confirmed: bool
    person_id: int | None
    institution_id: int | None
    coordinator_role: CoordinatorRole | None
    is_undeliverable: bool
    has_refusing_billing: bool
    needs_touch: bool

    @property
    def actor(self) -> Actor:
        """On whose behalf this sign-in acts."""
        return Actor(
            kind=ActorKind(self.role.value),
            account_id=self.account_id,
            person_id=self.person_id,
            institution_id=self.institution_id,
            coordinator_role=self.coordinator_role,
            name=self.name,
        )


@dataclass(frozen=True, slots=True)
class Credentials:
    """What checking a password needs of one account."""

    account_id: int
    name: str
    password_hash: str | None


def credentials(db: Db, role: Role, email: str) -> Credentials | None:
    """The account of this kind that owns an address, for checking its password."""
    row = db.execute(
        select(Account.id, Account.name, Account.password_hash).where(
            Account.role == role, Account.email == address_key(email), Account.is_active
        )
    ).first()
    return Credentials(*row) if row else None


@lru_cache(maxsize=1)
def dummy_hash() -> str:
    """A hash nobody has the password of: an unknown address takes as long as a known one."""
    return bcrypt.hashpw(b"no account has this password", bcrypt.gensalt(passwords.ROUNDS)).decode()


def address_of_link(db: Db, purpose: TokenPurpose, secret: str) -> str:
    """The address of the account that a mailed link is for, without using the link up. Raises LinkNotValid."""
    account, _payload = tokens.look(db, purpose, secret)
    return account.email


def by_cookie(db: Db, secret: str) -> SignedIn | None:
    """Who this browser's cookie belongs to, if its sign-in still stands."""
    return _signed_in(db, SignIn.token_hash == fingerprint(secret))


def still_stands(db: Db, sign_in_id: int) -> SignedIn | None:
    """Who a sign-in belongs to, unless it was ended, ran out or its account was closed."""
    return _signed_in(db, SignIn.id == sign_in_id)


def _signed_in(db: Db, condition: ColumnElement[bool]) -> SignedIn | None:
    now = clock.now()
    row = db.execute(
        select(SignIn.id, SignIn.last_seen_at, Account, _billing_refuses())
        .join(Account)
        .where(
            condition,
            SignIn.ended_at.is_(None),
            SignIn.last_seen_at > now - timedelta(days=settings().sign_in_days),
            Account.is_active,
        )
    ).first()
    if row is None:
        return None
    identity, seen_at, account, billing_refuses = row
    return _row(identity, seen_at, account, now, has_refusing_billing=billing_refuses)


def _billing_refuses() -> ColumnElement[bool]:
    """Whether notes cannot be brought to a billing address of the institution whose account it is."""
    return exists().where(BillingAddress.institution_id == Account.institution_id, refusing.billing_refuses())


def _row(identity: int, seen_at: datetime, account: Account, now: datetime, *, has_refusing_billing: bool) -> SignedIn:
    return SignedIn(
        sign_in_id=identity,
        account_id=account.id,
        role=account.role,
        name=account.name,
        email=account.email,
        language=account.language,
        is_confirmed=account.confirmed_at is not None,
        person_id=account.person_id,
        institution_id=account.institution_id,
        coordinator_role=account.coordinator_role,
        is_undeliverable=account.undeliverable_since is not None,
        has_refusing_billing=has_refusing_billing,
        needs_touch=now - seen_at > _TOUCH_AFTER,
    )
