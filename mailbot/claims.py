"""Claims on outgoing mails: one short transaction a step, so that no mail is in two hands and none is forgotten."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, text, update
from sqlalchemy.orm import aliased

from core import clock
from core.db import Db, is_sqlite, read, write
from core.decisions import decisions
from core.models import OutgoingMail
from core.settings import settings
from core.vocabulary import MailKind, OutgoingState

IN_FLIGHT = (OutgoingState.CLAIMED, OutgoingState.COMMITTING, OutgoingState.CHECKING)
SHORTEST_POSTPONEMENT = timedelta(minutes=5)
_OLDEST_IN_COUNT = timedelta(days=4)  # later than a mail is given up: what is older did not leave in the last hour
_CLAIMING = 7_205_321  # the advisory lock of whoever claims


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


_POSTPONED = Claim(0, MailKind.NOTICE, "", "", "", b"", 0, timedelta())  # instead of a claim: look for another one


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
    while (found := _taken(worker, due, OutgoingState.CLAIMED, settings().lease_claimed_seconds)) is _POSTPONED:
        pass
    return found


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
        _one_at_a_time(db)
        identity = db.scalar(pick.with_for_update(skip_locked=True))
        if identity is None:
            return None
        now = clock.now()
        row = db.get_one(OutgoingMail, identity)
        if to is OutgoingState.CLAIMED and _is_postponed(db, row):
            return _POSTPONED
        row.state, row.worker, row.lease_until = to, worker, now + timedelta(seconds=lease_seconds)
        return _claim(row, now)


def _claim(row: OutgoingMail, now: datetime) -> Claim:
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


def _one_at_a_time(db: Db) -> None:
    """Whoever claims on PostgreSQL is alone: two at once would not see that the other takes the same recipient."""
    if not is_sqlite(db):
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CLAIMING})


def _is_postponed(db: Db, row: OutgoingMail) -> bool:
    """Whether a recipient has had its share of this hour: then all that waits for it waits on.

    A mail with a link that somebody waits for never waits; services limit those themselves.
    """
    if row.is_sensitive:
        return False
    now, hour = clock.now(), timedelta(hours=1)
    left, first = db.execute(
        select(func.count(), func.min(OutgoingMail.sent_at)).where(
            OutgoingMail.recipient == row.recipient,
            OutgoingMail.created_at > now - _OLDEST_IN_COUNT,
            OutgoingMail.sent_at > now - hour,
        )
    ).one()
    if first is None or left < decisions(db).mails_an_hour_to_recipient:
        return False
    until = max(first + hour, now + SHORTEST_POSTPONEMENT)
    db.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.recipient == row.recipient,
            OutgoingMail.is_sensitive.is_(False),
            or_(OutgoingMail.state == OutgoingState.PENDING, OutgoingMail.id == row.id),
            OutgoingMail.not_before < until,
        )
        .values(state=OutgoingState.PENDING, not_before=until)
    )
    return True


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
