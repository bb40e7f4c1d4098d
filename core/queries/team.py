"""The accounts of the CNO team."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core import access, clock
from core.db import Db
from core.models import Account, Token
from core.vocabulary import Actor, CoordinatorRole, Language, Role, TokenPurpose


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """An account of the team; `link_until` is until when an unused link to choose a password is valid."""

    account_id: int
    name: str
    email: str
    role: CoordinatorRole
    language: Language
    is_active: bool
    has_password: bool
    last_sign_in_at: datetime | None
    link_until: datetime | None


def team(db: Db, actor: Actor) -> tuple[ColleagueRow, ...]:
    """All accounts of the team, the active ones first; none for who does not work for CNO."""
    if not access.is_staff(actor):
        return ()
    link = (
        select(func.max(Token.expires_at))
        .where(
            Token.account_id == Account.id,
            Token.purpose == TokenPurpose.NEW_PASSWORD,
            Token.used_at.is_(None),
            Token.expires_at > clock.now(),
        )
        .correlate(Account)
        .scalar_subquery()
    )
    rows = db.execute(
        select(Account, link)
        .where(Account.role == Role.COORDINATOR)
        .order_by(Account.is_active.desc(), Account.name, Account.id)
    )
    return tuple(
        ColleagueRow(
            account.id,
            account.name,
            account.email,
            account.coordinator_role,
            account.language,
            account.is_active,
            account.password_hash is not None,
            account.last_sign_in_at,
            until,
        )
        for account, until in rows
        if account.coordinator_role is not None
    )
