"""How the mailbox is doing: what came, what became of it, what waits and since when; for «Vandaag» and monitoring."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core import access, clock
from core.db import Db
from core.decisions import decisions
from core.models import BotHealth, IncomingMail, OutgoingMail
from core.vocabulary import Actor, IncomingState, MailKind, OutgoingState

#: The rows in which the bot says that it is alive, and until when it leaves the relay alone.
ALIVE, PAUSED = "alive", "relay paused"
_MOST = 1 << 40
State = TypeVar("State", IncomingState, OutgoingState)
_TO_LEAVE = (OutgoingState.PENDING, OutgoingState.CLAIMED, OutgoingState.COMMITTING, OutgoingState.CHECKING)


@dataclass(frozen=True, slots=True)
class MailFigures:
    """Counts of mails, and since when the oldest waits: to be handled, or to leave although it is due."""

    received: int
    answered: int
    handed_over: int
    ignored: int
    quarantined: int
    sent: int
    failed: int
    to_leave: int
    oldest_received_at: datetime | None
    oldest_to_leave_at: datetime | None

    @property
    def oldest_at(self) -> datetime | None:
        """Since when the oldest mail waits for the bot, in or out."""
        return min((at for at in (self.oldest_received_at, self.oldest_to_leave_at) if at), default=None)


@dataclass(frozen=True, slots=True)
class Operations:
    """The mailbox in the last 24 hours; `paused_until` while the relay is left alone, `is_at_limit` while the bot
    keeps silent because it has answered much in the last hour."""

    figures: MailFigures
    bot_seen_at: datetime | None
    paused_until: datetime | None
    is_at_limit: bool


def of_today(db: Db, actor: Actor) -> Operations:
    """What «Vandaag» shows of the mailbox."""
    if not access.is_staff(actor):
        raise access.NotFound
    hour = clock.now() - timedelta(hours=1)
    answers = db.scalar(
        select(func.count()).where(OutgoingMail.kind == MailKind.ANSWER, OutgoingMail.created_at > hour)
    )
    return Operations(
        figures=mail_figures(db, since=clock.now() - timedelta(days=1)),
        bot_seen_at=seen_at(db),
        paused_until=paused_until(db),
        is_at_limit=(answers or 0) >= decisions(db).answers_an_hour_in_all,
    )


def mail_figures(db: Db, *, since: datetime | None = None) -> MailFigures:
    """All mails, or those that came or were made since a moment; what waits is counted in any case."""
    came = [IncomingMail.arrived_at > since] if since else []
    made = [OutgoingMail.created_at > since] if since else []
    came_in, left = _by_state(db, IncomingMail.state, came), _by_state(db, OutgoingMail.state, made)
    waiting = _by_state(db, OutgoingMail.state, [OutgoingMail.state.in_(_TO_LEAVE)])
    return MailFigures(
        received=sum(came_in.values()),
        answered=came_in.get(IncomingState.HANDLED, 0),
        handed_over=came_in.get(IncomingState.HELD, 0),
        ignored=came_in.get(IncomingState.IGNORED, 0),
        quarantined=came_in.get(IncomingState.QUARANTINED, 0),
        sent=left.get(OutgoingState.SENT, 0),
        failed=left.get(OutgoingState.FAILED, 0) + left.get(OutgoingState.UNCERTAIN, 0),
        to_leave=sum(waiting.values()),
        oldest_received_at=db.scalar(
            select(func.min(IncomingMail.arrived_at)).where(IncomingMail.state == IncomingState.RECEIVED)
        ),
        oldest_to_leave_at=db.scalar(
            select(func.min(OutgoingMail.not_before)).where(
                OutgoingMail.state.in_(_TO_LEAVE), OutgoingMail.not_before <= clock.now()
            )
        ),
    )


def _by_state(
    db: Db, state: InstrumentedAttribute[State], conditions: Iterable[ColumnElement[bool]]
) -> dict[State, int]:
    # The limit keeps the two steps apart: SQLite would else read the whole index on states, in their order.
    found = select(state.label("state")).where(*conditions).limit(_MOST).subquery()
    return dict(db.execute(select(found.c.state, func.count()).group_by(found.c.state)).all())


def seen_at(db: Db) -> datetime | None:
    """When the bot last said that it is alive."""
    return db.scalar(select(BotHealth.at).where(BotHealth.key == ALIVE))


def paused_until(db: Db) -> datetime | None:
    """Until when the bot leaves the relay alone; None when it does not, or when the pause is over."""
    text = db.scalar(select(BotHealth.value).where(BotHealth.key == PAUSED))
    until = datetime.fromisoformat(text) if text else None
    return until if until and until > clock.now() else None
