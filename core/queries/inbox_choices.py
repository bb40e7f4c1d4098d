"""What a coordinator chooses from in the inbox: colleagues to give a conversation to, conversations to merge with."""

from dataclasses import dataclass

from sqlalchemy import false, or_, select

from core import access
from core.db import Db
from core.models import Account, MailThread
from core.vocabulary import Actor, ActorKind, CoordinatorRole, Role, ThreadState

_MOST = 30


@dataclass(frozen=True, slots=True)
class AlikeRow:
    """A conversation that another one may belong to."""

    thread_id: int
    subject: str
    address: str


def holders(db: Db, actor: Actor) -> tuple[tuple[int, str], ...]:
    """Who can be given a conversation: id and name of everybody in the team who may answer."""
    _check(actor)
    rows = db.execute(
        select(Account.id, Account.name)
        .where(Account.role == Role.COORDINATOR, Account.is_active, Account.coordinator_role != CoordinatorRole.READER)
        .order_by(Account.name, Account.id)
    )
    return tuple((identity, name) for identity, name in rows)


def alike(db: Db, actor: Actor, thread_id: int) -> tuple[AlikeRow, ...]:
    """Other conversations of the same address or subject, open ones first, then the latest. Raises NotFound."""
    _check(actor)
    thread = db.get(MailThread, thread_id)
    if thread is None:
        raise access.NotFound
    same = [MailThread.address == thread.address] if thread.address else []
    same += [MailThread.subject == thread.subject] if thread.subject else []
    rows = db.execute(
        select(MailThread.id, MailThread.subject, MailThread.address)
        .where(MailThread.id != thread_id, MailThread.merged_into_id.is_(None), or_(false(), *same))
        .order_by(MailThread.state == ThreadState.CLOSED, MailThread.last_mail_at.desc(), MailThread.id)
        .limit(_MOST)
    )
    return tuple(AlikeRow(*row) for row in rows)


def _check(actor: Actor) -> None:
    if actor.kind is not ActorKind.COORDINATOR:
        raise access.NotFound
