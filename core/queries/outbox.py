"""What left, what waits, what failed and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from core import access
from core.db import Db
from core.models import IncomingMail, OutgoingMail
from core.text import address_key
from core.vocabulary import Actor, ActorKind, IncomingState, MailKind, OutgoingState

WAITING = (
    OutgoingState.PENDING,
    OutgoingState.CLAIMED,
    OutgoingState.COMMITTING,
    OutgoingState.CHECKING,
    OutgoingState.HELD,
)
TROUBLED = (OutgoingState.FAILED, OutgoingState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """An outgoing mail in the list; `error` is what the relay said."""

    mail_id: int
    name: str
    kind: MailKind
    recipient: str
    subject: str
    state: OutgoingState
    created_at: datetime
    not_before: datetime
    sent_at: datetime | None
    attempts: int
    error: str
    is_sensitive: bool


@dataclass(frozen=True, slots=True)
class OutgoingPage:
    """One page of outgoing mails and how many there are in all."""

    rows: tuple[OutgoingRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Health:
    """What «Vandaag» shows of the mail: how much needs somebody, and how much is to leave."""

    waiting: int
    troubled: int
    quarantined: int


def mails(
    db: Db, actor: Actor, states: tuple[OutgoingState, ...], *, text: str = "", page: int = 1, size: int = 25
) -> OutgoingPage:
    """Outgoing mails in some states, the newest first, whose address or subject hold every word of a text."""
    _check(actor)
    conditions = [_in(states)]
    for word in text.split():
        conditions.append(
            or_(
                OutgoingMail.recipient.contains(address_key(word), autoescape=True),
                OutgoingMail.subject.icontains(word, autoescape=True),
            )
        )
    total = db.scalar(select(func.count()).select_from(OutgoingMail).where(*conditions)) or 0
    rows = db.execute(
        select(
            OutgoingMail.id,
            OutgoingMail.name,
            OutgoingMail.kind,
            OutgoingMail.recipient,
            OutgoingMail.subject,
            OutgoingMail.state,
            OutgoingMail.created_at,
            OutgoingMail.not_before,
            OutgoingMail.sent_at,
            OutgoingMail.attempts,
            OutgoingMail.error,
            OutgoingMail.is_sensitive,
        )
        .where(*conditions)
        .order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    return OutgoingPage(tuple(OutgoingRow(*tuple(row)) for row in rows), total)


def _in(states: tuple[OutgoingState, ...]) -> ColumnElement[bool]:
    """Among all that was sent, the newest are found by their day; of the rest there is little, found by its state."""
    if OutgoingState.SENT in states:
        return OutgoingMail.state.in_(states)
    few = aliased(OutgoingMail)
    return OutgoingMail.id.in_(select(few.id).where(few.state.in_(states)))


def body(db: Db, actor: Actor, mail_id: int) -> str:
    """The readable text of an outgoing mail; its secrets were taken out when it was stored. Raises NotFound."""
    _check(actor)
    text = db.scalar(select(OutgoingMail.body).where(OutgoingMail.id == mail_id))
    if text is None:
        raise access.NotFound
    return text


def health(db: Db, actor: Actor) -> Health:
    """How the mail is doing."""
    _check(actor)
    states: dict[OutgoingState, int] = dict(
        db.execute(
            select(OutgoingMail.state, func.count())
            .where(OutgoingMail.state.in_(WAITING + TROUBLED))
            .group_by(OutgoingMail.state)
        ).all()
    )
    quarantined = db.scalar(
        select(func.count()).select_from(IncomingMail).where(IncomingMail.state == IncomingState.QUARANTINED)
    )
    return Health(
        waiting=sum(states.get(state, 0) for state in WAITING),
        troubled=sum(states.get(state, 0) for state in TROUBLED),
        quarantined=quarantined or 0,
    )


def _check(actor: Actor) -> None:
    if actor.kind is not ActorKind.COORDINATOR:
        raise access.NotFound
