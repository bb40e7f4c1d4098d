"""What a coordinator decides beforehand about something that leaves by itself: hold it, or add a text to its mail."""

from sqlalchemy import select

from core import access, audit, clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import ComingChange, Enrolment
from core.vocabulary import Actor, AuditTag, ComingKind

LONGEST_ADDITION = 2_000


class AdditionTooLong(DomainError):
    """More than anybody reads above a mail."""

    message = N_("Keep this text under {most} characters.")


class HasLeft(DomainError):
    """The debit note was issued before it could be kept back."""

    message = N_("The debit note has left meanwhile: it can no longer be kept back.")


def hold(db: Db, actor: Actor, kind: ComingKind, subject_id: int, *, reason: str = "") -> None:
    """Keep something from leaving by itself until it is released; `reason` is for colleagues.

    Raises NotAllowed, or HasLeft when the debit note was issued meanwhile.
    """
    access.require_coordinator(actor)
    if kind is ComingKind.DEBIT_NOTE and not _still_to_bill(db, subject_id):
        raise HasLeft
    change = _set_held(db, actor, kind, subject_id, held=True)
    change.reason = reason.strip()[:200]
    why = {"reason": change.reason} if change.reason else {}
    audit.record(db, actor, AuditTag.COMING_HELD, change, kind=kind, of=subject_id, **why)


def release(db: Db, actor: Actor, kind: ComingKind, subject_id: int) -> None:
    """Let it leave on its day again, or at the next tick when that day is over. Raises NotAllowed."""
    change = _set_held(db, actor, kind, subject_id, held=False)
    audit.record(db, actor, AuditTag.COMING_RELEASED, change, kind=kind, of=subject_id)


def add_text(db: Db, actor: Actor, kind: ComingKind, subject_id: int, text: str) -> None:
    """Put a text of one's own above the usual one in the mail to come; empty takes it away again.

    Raises NotAllowed or AdditionTooLong.
    """
    text = text.strip()
    if len(text) > LONGEST_ADDITION:
        raise AdditionTooLong(field="addition", most=LONGEST_ADDITION)
    change = _change(db, actor, kind, subject_id)
    change.addition = text
    audit.record(db, actor, AuditTag.COMING_ADDED_TO, change, kind=kind, of=subject_id, text=text)


def addition(db: Db, kind: ComingKind, subject_id: int) -> str:
    """The text that a coordinator put above a mail to come."""
    change = db.get(ComingChange, (kind, subject_id))
    return change.addition if change else ""


def is_kept(db: Db, kind: ComingKind, subject_id: int) -> bool:
    """Whether a coordinator holds it."""
    change = db.get(ComingChange, (kind, subject_id))
    return change is not None and change.is_held


def hand_on(db: Db, kind: ComingKind, from_id: int, to_id: int) -> None:
    """Let what was decided about one holder's note hold for the next holder of the seat too."""
    change = db.get(ComingChange, (kind, from_id), with_for_update=True)
    if change is not None and db.get(ComingChange, (kind, to_id)) is None:
        change.subject_id = to_id
        db.flush()


def settle(db: Db, actor: Actor, kind: ComingKind, subject_id: int) -> None:
    """Note that something was sent before its day; what was held is so no longer. Raises NotAllowed."""
    change = _change(db, actor, kind, subject_id)
    change.is_held = False
    audit.record(db, actor, AuditTag.COMING_SENT, change, kind=kind, of=subject_id)


def _still_to_bill(db: Db, enrolment_id: int) -> bool:
    """Whether a seat has no debit note yet; it is locked, so that none is issued before this transaction ends."""
    unbilled = select(Enrolment.id).where(Enrolment.id == enrolment_id, Enrolment.billed_on.is_(None))
    return db.scalar(unbilled.with_for_update()) is not None


def _set_held(db: Db, actor: Actor, kind: ComingKind, subject_id: int, *, held: bool) -> ComingChange:
    change = _change(db, actor, kind, subject_id)
    change.is_held, change.reason = held, ""
    return change


def _change(db: Db, actor: Actor, kind: ComingKind, subject_id: int) -> ComingChange:
    access.require_coordinator(actor)
    change = db.get(ComingChange, (kind, subject_id), with_for_update=True)
    if change is None:
        change = ComingChange(kind=kind, subject_id=subject_id, is_held=False, reason="", addition="")
        db.add(change)
    change.changed_at, change.account_id = clock.now(), actor.account_id
    return change
