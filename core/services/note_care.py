"""What finance does with one issued note: credit part of it by hand, or mail it once more."""

from datetime import timedelta

from sqlalchemy import select

from core import access, audit, clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import Enrolment, Note, NoteLine
from core.services import billing, note_copies
from core.vocabulary import Actor, AuditTag, NoteKind

#: Of two clicks shortly after each other the second sends nothing.
_ONCE_IN = timedelta(minutes=10)


class NothingToCredit(DomainError):
    """No amount, or one below nothing."""

    message = N_("Fill in an amount above 0.")


class ReasonMissing(DomainError):
    """Nobody could explain this credit note later."""

    message = N_("Say why: it stands in the audit trail.")


class SentJustNow(DomainError):
    """The note left a moment ago, or was issued by another system."""

    message = N_("This note was mailed a moment ago, or it comes from an import and is not mailed by us.")


def credit(db: Db, actor: Actor, note_id: int, position: int, *, cents: int, reason: str) -> int:
    """Credit part of a line of a debit note, because finance decides so; returns the id of the credit note.

    Raises NotAllowed, FinanceOnly, NotFound, NothingToCredit, ReasonMissing or CreditTooHigh.
    """
    access.require_finance(actor)
    row = db.execute(
        select(Note, Enrolment)
        .join(NoteLine, NoteLine.note_id == Note.id)
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .where(Note.id == note_id, Note.kind == NoteKind.DEBIT, NoteLine.position == position)
    ).first()
    if row is None:
        raise access.NotFound
    if cents <= 0:
        raise NothingToCredit(field="cents")
    if not reason.strip():
        raise ReasonMissing(field="reason")
    note, enrolment = row
    made = billing.issue_credit_note(db, actor, note.id, enrolment, cents)
    audit.record(db, actor, AuditTag.NOTE_CREDITED, note, cents=cents, reason=reason.strip()[:300])
    return made


def mail_again(db: Db, actor: Actor, note_id: int) -> None:
    """Mail the stored PDF to its payer again. Raises NotAllowed, NotFound, SentJustNow or FileDamaged."""
    access.require_coordinator(actor)
    if not note_copies.send_again(db, actor, note_id, since=clock.now() - _ONCE_IN):
        raise SentJustNow
