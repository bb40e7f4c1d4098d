"""Coordinators hold, release and retry outgoing mails."""

from sqlalchemy import select

from core import access, audit, clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import OutgoingMail
from core.vocabulary import Actor, AuditTag, OutgoingState


class TooLate(DomainError):
    """The mail is in another state by now."""

    message = N_("This is no longer possible: the mail has moved on meanwhile.")


def hold(db: Db, actor: Actor, mail_id: int) -> None:
    """Keep a waiting mail back. Raises NotFound, NotAllowed or TooLate."""
    row = _locked(db, actor, mail_id, OutgoingState.PENDING)
    row.state = OutgoingState.HELD
    audit.record(db, actor, AuditTag.MAIL_HELD, row)


def release(db: Db, actor: Actor, mail_id: int) -> None:
    """Let a held, failed or uncertain mail leave (again), now. Raises NotFound, NotAllowed or TooLate."""
    row = _locked(db, actor, mail_id, OutgoingState.HELD, OutgoingState.FAILED, OutgoingState.UNCERTAIN)
    row.state, row.not_before, row.attempts, row.error = OutgoingState.PENDING, clock.now(), 0, ""
    audit.record(db, actor, AuditTag.MAIL_RELEASED, row)


def _locked(db: Db, actor: Actor, mail_id: int, *states: OutgoingState) -> OutgoingMail:
    access.require_coordinator(actor)
    row = db.scalar(select(OutgoingMail).where(OutgoingMail.id == mail_id).with_for_update())
    if row is None:
        raise access.NotFound
    if row.state not in states or not row.raw:
        raise TooLate
    return row
