"""Claims on outgoing mails: one short transaction a step, so that no mail is in two hands and none is forgotten."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from core import clock
from core.db import read, write
from core.models import OutgoingMail
from core.settings import settings
from core.vocabulary import MailKind, OutgoingState

IN_FLIGHT = (OutgoingState.CLAIMED, OutgoingState.COMMITTING, OutgoingState.CHECKING)


class Claim(NamedTuple):
    """What delivery needs of a row."""

    id: int
    kind: MailKind
    recipient: str
    envelope_from: str
    mid: str
    raw: bytes
    attempts: int
    since_dot: timedelta


def _alone(states: ColumnElement[bool]) -> ColumnElement[bool]:
    """One mail in flight an address: the same recipient is not claimed beside another worker's."""
    other = aliased(OutgoingMail)
    return and_(
        states,
        ~exists().where(
            other.recipient == OutgoingMail.recipient,
            other.id != OutgoingMail.id,
            other.state.in_(IN_FLIGHT),
            other.lease_until > clock.now(),
        ),
    )


def take(worker: str) -> Claim | None:
    """Claim the next mail that is due, in one short transaction."""
    now = clock.now()
    due = _alone(
        or_(
            and_(OutgoingMail.state == OutgoingState.PENDING, OutgoingMail.not_before <= now),
            and_(OutgoingMail.state == OutgoingState.CLAIMED, OutgoingMail.lease_until < now),
        )
    )
    return _taken(worker, due, OutgoingState.CLAIMED, settings().lease_claimed_seconds)


def take_doubtful(worker: str) -> Claim | None:
    """Claim the next mail of which the dot was sent and no answer came."""
    doubtful = OutgoingMail.state.in_((OutgoingState.COMMITTING, OutgoingState.CHECKING))
    due = and_(doubtful, OutgoingMail.lease_until < clock.now())
    return _taken(worker, due, OutgoingState.CHECKING, settings().lease_checking_seconds)


def _taken(worker: str, due: ColumnElement[bool], to: OutgoingState, lease_seconds: int) -> Claim | None:
    pick = select(OutgoingMail.id).where(due).order_by(OutgoingMail.not_before, OutgoingMail.id).limit(1)
    with read() as db:  # a look first, so that waiting for work keeps no writer waiting
        if db.scalar(pick) is None:
            return None
    with write() as db:
        identity = db.scalar(pick.with_for_update(skip_locked=True))
        if identity is None:
            return None
        now = clock.now()
        row = db.get_one(OutgoingMail, identity)
        row.state, row.worker, row.lease_until = to, worker, now + timedelta(seconds=lease_seconds)
        return Claim(
            id=row.id,
            kind=row.kind,
            recipient=row.recipient,
            envelope_from=row.envelope_from,
            mid=row.mid,
            raw=row.raw,
            attempts=row.attempts,
            since_dot=now - (row.dot_at or now),
        )


def move(claim: Claim, worker: str, start: OutgoingState, to: OutgoingState, **values: object) -> bool:
    """Bring a row from one state to another; False when the lease was lost."""
    with write() as db:
        moved = db.execute(
            update(OutgoingMail)
            .where(OutgoingMail.id == claim.id, OutgoingMail.worker == worker, OutgoingMail.state == start)
            .values(state=to, **values)
            .returning(OutgoingMail.id)
        )
        return moved.first() is not None
