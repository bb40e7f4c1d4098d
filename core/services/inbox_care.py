"""Who has a conversation, until when it rests, and which ones are one."""

from datetime import date

from sqlalchemy import update

from core import access, audit, clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, IncomingMail, MailThread, OutgoingMail
from core.services.inbox import locked
from core.vocabulary import Actor, AuditTag, CoordinatorRole, Role, ThreadState

_LONGEST_WORDS = 20_000


class NotAComingDay(DomainError):
    """A conversation can only rest until a day that is still to come."""

    message = N_("Choose a day after today.")


class NothingWaits(DomainError):
    """Only a conversation that waits can be put off."""

    message = N_("This conversation is closed.")


class MergedWithItself(DomainError):
    """A conversation cannot be merged with itself."""

    message = N_("Choose another conversation.")


def assign(db: Db, actor: Actor, thread_id: int, account_id: int | None) -> None:
    """Give a conversation to a colleague, or to nobody. Raises NotFound or NotAllowed."""
    thread = locked(db, actor, thread_id)
    holder = db.get(Account, account_id) if account_id is not None else None
    if account_id is not None and not _may_answer(holder):
        raise access.NotFound
    if thread.assigned_to_id == account_id:
        return
    thread.assigned_to_id = account_id
    audit.record(db, actor, AuditTag.MAIL_ASSIGNED, thread, to=holder.name if holder else None)


def _may_answer(account: Account | None) -> bool:
    return (
        account is not None
        and account.is_active
        and account.role is Role.COORDINATOR
        and account.coordinator_role is not CoordinatorRole.READER
    )


def snooze(db: Db, actor: Actor, thread_id: int, until: date | None) -> None:
    """Let a conversation rest until a day, or (None) wait again at once; a new mail in it ends the rest.

    Raises NotFound, NotAllowed, NothingWaits or NotAComingDay.
    """
    thread = locked(db, actor, thread_id)
    if thread.state is not ThreadState.OPEN:
        raise NothingWaits
    if until is not None and until <= clock.today():
        raise NotAComingDay(field="until")
    thread.snoozed_until = until
    audit.record(db, actor, AuditTag.MAIL_SNOOZED, thread, until=until)


def merge(db: Db, actor: Actor, thread_id: int, into_id: int) -> None:
    """Move all mails of a conversation into another one, which then waits if one of both did.

    Each mail keeps its sender, so a reply still goes to who wrote last. Raises NotFound, NotAllowed, MergedWithItself.
    """
    if thread_id == into_id:
        raise MergedWithItself
    first, second = (locked(db, actor, identity) for identity in sorted((thread_id, into_id)))
    gone, kept = (first, second) if first.id == thread_id else (second, first)
    for mails in (IncomingMail, OutgoingMail):
        db.execute(update(mails).where(mails.thread_id == gone.id).values(thread_id=kept.id))
    db.execute(update(MailThread).where(MailThread.merged_into_id == gone.id).values(merged_into_id=kept.id))
    if gone.state is ThreadState.OPEN:
        was_open = kept.state is ThreadState.OPEN
        kept.waiting_since = min(kept.waiting_since, gone.waiting_since) if was_open else gone.waiting_since
        kept.state, kept.closed_at, kept.closed_by_id = ThreadState.OPEN, None, None
        kept.snoozed_until = None
    kept.last_mail_at = max(kept.last_mail_at, gone.last_mail_at)
    kept.assigned_to_id = kept.assigned_to_id or gone.assigned_to_id
    kept.words = f"{kept.words} {gone.words}"[:_LONGEST_WORDS]
    gone.state, gone.closed_at, gone.closed_by_id = ThreadState.CLOSED, clock.now(), actor.account_id
    gone.merged_into_id, gone.snoozed_until = kept.id, None
    audit.record(db, actor, AuditTag.MAIL_MERGED, kept, merged=gone.id)
