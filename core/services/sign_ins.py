"""Signing in and out on the server: sign-ins, tickets, and the brake on wrong passwords."""

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from core import audit, clock, tokens
from core.db import Db
from core.models import Account, PasswordBrake, SignIn
from core.queries.accounts import by_cookie, still_stands
from core.rules.passwords import wait_seconds
from core.settings import settings
from core.text import address_key
from core.tokens import fingerprint, keyed
from core.vocabulary import Actor, ActorKind, AuditTag, Role, TokenPurpose

__all__ = [
    "by_cookie",
    "check_brake",
    "end",
    "end_everywhere",
    "note_failure",
    "note_success",
    "redeem_ticket",
    "start",
    "still_stands",
    "touch",
]
_FORGOTTEN_AFTER = timedelta(hours=1)


def _actor(account: Account) -> Actor:
    return Actor(
        kind=ActorKind(account.role.value),
        account_id=account.id,
        person_id=account.person_id,
        institution_id=account.institution_id,
        coordinator_role=account.coordinator_role,
        name=account.name,
    )


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
    audit.record(db, _actor(account), AuditTag.ACCOUNT_SIGNED_IN, account)
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
        audit.record(db, _actor(sign_in.account), AuditTag.ACCOUNT_SIGNED_OUT, sign_in.account)


def end_everywhere(db: Db, actor: Actor, *, but_sign_in_id: int | None = None) -> int:
    """«Overal afmelden»: end every sign-in of the actor's account, but one when given; returns how many."""
    account = db.get_one(Account, actor.account_id)
    ended = end_all(db, account.id, but_sign_in_id=but_sign_in_id)
    audit.record(db, actor, AuditTag.ACCOUNT_SIGNED_OUT_EVERYWHERE, account, sign_ins=ended)
    return ended


def end_all(db: Db, account_id: int, *, but_sign_in_id: int | None = None) -> int:
    """End the sign-ins of an account as part of another change; returns how many."""
    statement = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    if but_sign_in_id is not None:
        statement = statement.where(SignIn.id != but_sign_in_id)
    return len(db.execute(statement.values(ended_at=clock.now()).returning(SignIn.id)).all())


def _keys(role: Role, email: str, network: str) -> tuple[str, str]:
    return keyed(f"account|{role}|{address_key(email)}"), keyed(f"network|{network}")


def check_brake(db: Db, role: Role, email: str, network: str) -> int:
    """Seconds this attempt must still wait; 0 when it may go on. Never over `longest_password_wait_seconds`."""
    now = clock.now()
    waits = db.scalars(select(PasswordBrake.wait_until).where(PasswordBrake.key.in_(_keys(role, email, network))))
    return max((int((until - now).total_seconds()) + 1 for until in waits if until and until > now), default=0)


def note_failure(db: Db, role: Role, email: str, network: str) -> None:
    """Count a wrong password for the account and for the network address it came from."""
    own = settings()
    limits = (own.free_password_attempts, own.free_network_attempts)
    now = clock.now()
    for key, free in zip(_keys(role, email, network), limits, strict=True):
        brake = db.scalar(select(PasswordBrake).where(PasswordBrake.key == key).with_for_update())
        if brake is None:
            brake = PasswordBrake(key=key, failures=0, last_failed_at=now)
            db.add(brake)
        if now - brake.last_failed_at > _FORGOTTEN_AFTER:
            brake.failures = 0
        brake.failures += 1
        brake.last_failed_at = now
        wait = wait_seconds(brake.failures, free, own.longest_password_wait_seconds)
        brake.wait_until = now + timedelta(seconds=wait) if wait else None


def note_success(db: Db, role: Role, email: str) -> None:
    """The right password came: the account's own count starts anew (that of the network fades by itself)."""
    key, _network = _keys(role, email, "")
    db.execute(update(PasswordBrake).where(PasswordBrake.key == key).values(failures=0, wait_until=None))
