"""The secret address of somebody's calendar: made, made anew, stopped."""

import secrets

from core import access, audit, clock, tokens
from core.db import Db
from core.mail.rendering import url
from core.models import Account, CalendarFeed
from core.vocabulary import Actor, AuditTag, Role


def start(db: Db, actor: Actor) -> str:
    """Give the own calendar a new secret address, which ends an earlier one; returns it, for only its hash is kept.

    Raises NotFound for whoever has no portal.
    """
    account = _owner(db, actor)
    secret = secrets.token_urlsafe(24)
    known = db.get(CalendarFeed, account.id)
    if known is None:
        known = CalendarFeed(account_id=account.id)
        db.add(known)
    known.token_hash, known.created_at = tokens.fingerprint(secret), clock.now()
    audit.record(db, actor, AuditTag.CALENDAR_SUBSCRIBED, account)
    return url(f"agenda/{secret}.ics")


def stop(db: Db, actor: Actor) -> None:
    """End the secret address: calendars that read it get nothing more. Raises NotFound."""
    account = _owner(db, actor)
    known = db.get(CalendarFeed, account.id)
    if known is None:
        raise access.NotFound
    db.delete(known)
    audit.record(db, actor, AuditTag.CALENDAR_STOPPED, account)


def _owner(db: Db, actor: Actor) -> Account:
    account = access.own_account(db, actor)
    if account.role is Role.COORDINATOR:
        raise access.NotFound
    return account
