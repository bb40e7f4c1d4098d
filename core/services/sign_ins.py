"""Signing in and out on the server: sign-ins, tickets, and the brake on wrong passwords.

The brake makes guessing slow and locks nobody out for long: waits are short, wrong passwords are forgiven one by one,
and the mailed link for a new password releases it.
"""

import secrets
from datetime import timedelta
from math import ceil

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import access, audit, clock, tokens
from core.db import Db, is_sqlite
from core.models import Account, PasswordBrake, SignIn
from core.queries.accounts import by_cookie, still_stands
from core.rules.passwords import failures_left, wait_seconds
from core.settings import settings
from core.text import address_key
from core.tokens import fingerprint, keyed
from core.vocabulary import Actor, AuditTag, Role, TokenPurpose

__all__ = [
    "by_cookie",
    "end",
    "end_everywhere",
    "note_success",
    "redeem_ticket",
    "release_brake",
    "start",
    "still_stands",
    "take_attempt",
    "touch",
]


def start(db: Db, account_id: int) -> tuple[int, str]:
    """Sign an account in: the sign-in's id for this tab, and the ticket its browser exchanges for a cookie."""
    account = db.get_one(Account, account_id)
    now = clock.now()
    sign_in = SignIn(account_id=account.id, created_at=now, last_seen_at=now)
    db.add(sign_in)
    db.flush()
    account.last_sign_in_at = now
    ticket = tokens.make(
        db,
        TokenPurpose.SIGN_IN_TICKET,
        account,
        timedelta(seconds=settings().ticket_seconds),
        sign_in_id=sign_in.id,
    )
    audit.record(db, access.acting(account), AuditTag.ACCOUNT_SIGNED_IN, account)
    return sign_in.id, ticket


def redeem_ticket(db: Db, ticket: str) -> str | None:
    """The cookie for a ticket, once; None when the ticket is unknown, used or too old."""
    try:
        _account, payload = tokens.use(db, TokenPurpose.SIGN_IN_TICKET, ticket)
    except tokens.LinkNotValid:
        return None
    secret = secrets.token_urlsafe(32)
    redeemed = db.execute(
        update(SignIn)
        .where(SignIn.id == payload["sign_in_id"], SignIn.ended_at.is_(None), SignIn.token_hash.is_(None))
        .values(token_hash=fingerprint(secret))
        .returning(SignIn.id)
    ).first()
    return secret if redeemed else None


def touch(db: Db, sign_in_id: int) -> None:
    """Note that a sign-in is in use: it runs out when it is not."""
    db.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=clock.now()))


def end(db: Db, sign_in_id: int) -> None:
    """Sign one browser out."""
    sign_in = db.scalar(select(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)))
    if sign_in is not None:
        sign_in.ended_at = clock.now()
        audit.record(db, access.acting(sign_in.account), AuditTag.ACCOUNT_SIGNED_OUT, sign_in.account)


def end_everywhere(db: Db, actor: Actor, *, but_sign_in_id: int | None = None) -> int:
    """«Overal afmelden»: end every sign-in of the actor's account, but one when given; returns how many.

    Raises NotFound.
    """
    account = access.own_account(db, actor)
    ended = end_all(db, account.id, but_sign_in_id=but_sign_in_id)
    audit.record(db, actor, AuditTag.ACCOUNT_SIGNED_OUT_EVERYWHERE, account, sign_ins=ended)
    return ended


def end_all(db: Db, account_id: int, *, but_sign_in_id: int | None = None) -> int:
    """End the sign-ins of an account as part of another change; returns how many."""
    statement = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    if but_sign_in_id is not None:
        statement = statement.where(SignIn.id != but_sign_in_id)
    return len(db.execute(statement.values(ended_at=clock.now()).returning(SignIn.id)).all())


def _keys(role: Role, email: str, network: str) -> tuple[str, str, str]:
    """What is counted: the account from this network address, the account from anywhere, the network address.

    The first begins with the second, so that all that brakes an account is found by its beginning.
    """
    account = keyed(f"account|{role}|{address_key(email)}", length=32)
    place = keyed(f"network|{network}", length=32)
    return account + place, account, place


def take_attempt(db: Db, role: Role, email: str, network: str) -> int:
    """Seconds this attempt must still wait, never over `longest_password_wait_seconds`; 0 when it may go on.

    An attempt that may go on counts as a wrong password at once, until :func:`note_success`: so many attempts at the
    same time count too. Somebody's wrong passwords from one network address never brake the account elsewhere.
    """
    own, now = settings(), clock.now()
    brakes = [_locked_brake(db, key) for key in _keys(role, email, network)]
    left = max((brake.wait_until - now).total_seconds() if brake.wait_until else 0 for brake in brakes)
    if left > 0:
        return min(own.longest_password_wait_seconds, ceil(left))
    limits = (own.free_password_attempts, own.free_network_attempts, own.free_network_attempts)
    for brake, free in zip(brakes, limits, strict=True):
        brake.failures = failures_left(brake.failures, (now - brake.last_failed_at).total_seconds()) + 1
        brake.last_failed_at = now
        wait = wait_seconds(brake.failures, free, own.longest_password_wait_seconds)
        brake.wait_until = now + timedelta(seconds=wait) if wait else None
    return 0


def _locked_brake(db: Db, key: str) -> PasswordBrake:
    insert = sqlite.insert(PasswordBrake) if is_sqlite(db) else postgresql.insert(PasswordBrake)
    db.execute(insert.values(key=key, failures=0, last_failed_at=clock.now()).on_conflict_do_nothing())
    return db.scalars(
        select(PasswordBrake)
        .where(PasswordBrake.key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def note_success(db: Db, role: Role, email: str, network: str) -> None:
    """The right password came: this network address starts anew for the account, the other counts give one back."""
    here, *others = (_locked_brake(db, key) for key in _keys(role, email, network))
    here.failures, here.wait_until = 0, None
    for brake in others:
        brake.failures, brake.wait_until = max(0, brake.failures - 1), None


def release_brake(db: Db, role: Role, email: str) -> None:
    """Whoever reads the account's mail set a new password: nothing brakes the account any more."""
    account = _keys(role, email, "")[1]
    db.execute(delete(PasswordBrake).where(PasswordBrake.key.startswith(account)))
