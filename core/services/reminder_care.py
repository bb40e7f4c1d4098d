"""What the finance office decides of reminders: hold those of a note, release them, set the steps."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import delete, select, text

from core import access, audit, clock
from core.db import Db, is_sqlite
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.models import Note, ReminderHold, ReminderStep
from core.queries import reminders_due
from core.rules import reminders as rules
from core.rules.reminders import Step
from core.vocabulary import Actor, AuditTag, HoldReason, NoteKind, PayerKind

LONGEST_HOLD_DAYS = 366


class HoldEndsTooSoon(DomainError):
    """A hold that ends before today, or in years."""

    message = N_("Choose an end from today on, within a year.")


class NotHeld(DomainError):
    """Nothing holds the reminders of this note (any more)."""

    message = N_("The reminders of this note are not held: somebody released them meanwhile.")


class LadderChangedMeanwhile(DomainError):
    """Somebody else set the steps since the page was shown."""

    message = N_("Somebody changed these steps meanwhile. Look at them again before you save.")


def hold(db: Db, actor: Actor, note_id: int, *, reason: HoldReason, until: date, remark: str = "") -> None:
    """Let no reminder of a note leave until a day, that day included; holding again changes reason and end.

    Raises NotAllowed, FinanceOnly, NotFound or HoldEndsTooSoon.
    """
    access.require_finance(actor)
    note = _locked(db, note_id)
    if not clock.today() <= until <= clock.today() + timedelta(days=LONGEST_HOLD_DAYS):
        raise HoldEndsTooSoon(field="until")
    row = db.get(ReminderHold, note_id) or ReminderHold(note_id=note_id)
    row.reason, row.until, row.remark = reason, until, remark.strip()[:300]
    row.account_id, row.made_by, row.made_at = actor.account_id, actor.name, clock.now()
    db.add(row)
    db.flush()
    audit.record(
        db,
        actor,
        AuditTag.REMINDERS_HELD,
        note,
        number=note.number,
        hold=row.reason.value,
        until=row.until,
        remark=row.remark,
    )


def release(db: Db, actor: Actor, note_id: int) -> None:
    """Let the reminders of a note leave again, from the next run on. Raises NotAllowed, FinanceOnly or NotHeld."""
    access.require_finance(actor)
    note = _locked(db, note_id)
    row = db.get(ReminderHold, note_id)
    if row is None:
        raise NotHeld
    audit.record(
        db,
        actor,
        AuditTag.REMINDERS_RELEASED,
        note,
        number=note.number,
        hold=row.reason.value,
        until=row.until,
        remark=row.remark,
    )
    db.delete(row)
    db.flush()


def change_ladder(db: Db, actor: Actor, payer: PayerKind, steps: Sequence[Step], *, seen: Sequence[Step]) -> None:
    """Set the steps for a kind of payer, `seen` being those that the page showed; none means no reminders.

    Raises NotAllowed, FinanceOnly, LadderChangedMeanwhile or a rules.LadderRefused.
    """
    access.require_finance(actor)
    if not is_sqlite(db):
        db.execute(text("LOCK TABLE reminder_step IN SHARE ROW EXCLUSIVE MODE"))
    if tuple(reminders_due.ladder(db)[payer]) != tuple(seen):
        raise LadderChangedMeanwhile
    rules.check(payer, steps, decisions(db).reminder_gap_days)
    db.execute(delete(ReminderStep).where(ReminderStep.payer_kind == payer))
    rows = [
        ReminderStep(
            payer_kind=payer, step=place, after_days=each.after_days, text=each.text, cost_cents=each.cost_cents
        )
        for place, each in enumerate(steps, start=1)
    ]
    db.add_all(rows)
    db.flush()
    account = access.own_account(db, actor)
    told = [[step.after_days, step.text.value, step.cost_cents] for step in steps]
    audit.record(db, actor, AuditTag.REMINDER_LADDER_CHANGED, account, payer=payer.value, ladder=told)


def _locked(db: Db, note_id: int) -> Note:
    note = db.scalar(select(Note).where(Note.id == note_id, Note.kind == NoteKind.DEBIT).with_for_update())
    if note is None:
        raise access.NotFound
    return note
