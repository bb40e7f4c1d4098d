"""Placing bank lines: on notes, as credit of a payer, or aside; and undoing it. Nothing is changed, only added."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select

from core import access, audit, clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import Allocation, BankTransaction, Note, PaidBefore, WaitingTransaction, received_for
from core.queries import matching
from core.queries.bank_payers import in_batches
from core.rules.proposals import OpenNote, Part
from core.vocabulary import Actor, AuditTag, NoteKind, PlacedAs


class AlreadyPlaced(DomainError):
    """Somebody was quicker, or the line never waited."""

    message = N_("This line does not wait any more: it has been placed meanwhile.")


class NothingPlaced(DomainError):
    """There is nothing to undo."""

    message = N_("Nothing of this line is placed.")


class WrongSum(DomainError):
    """More was divided than the line holds, nothing at all, or with the wrong sign."""

    message = N_("Divide {left} euro at most, and each part must be more than 0.")


class MoreThanOpen(DomainError):
    """A part is more than its note asks, or gives back more than was paid too much."""

    message = N_("Of note {number} {left} euro is open: the rest can be kept as credit.")


class MoreThanPaid(DomainError):
    """More would be given back than the payer has to good."""

    message = N_("For note {number} only {left} euro can be given back.")


class TakenBack(DomainError):
    """Undoing would leave less than nothing paid: money was paid back, or taken back by the bank, since."""

    message = N_("Of note {number} money was paid back or taken back since. Undo that first.")


class CreditSpent(DomainError):
    """Undoing would leave credit below zero: it was used or paid back since."""

    message = N_("The credit with note {number} has been used or paid back since. Undo that first.")


def _euros(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")


def lock_notes(db: Db, condition: ColumnElement[bool] | Any) -> None:
    """Lock debit notes whose balance is about to be read and changed, in one order for everybody."""
    db.execute(select(Note.id).where(Note.kind == NoteKind.DEBIT, condition).order_by(Note.id).with_for_update())


def lock_lines(db: Db, ids: Sequence[int]) -> None:
    """Lock bank lines whose placing is about to be read and changed, in one order for everybody, before their notes."""
    for some in in_batches(sorted(ids)):
        lines = select(BankTransaction.id).where(BankTransaction.id.in_(some))
        db.execute(lines.order_by(BankTransaction.id).with_for_update(key_share=True))


def automatically(actor: Actor) -> Mapping[str, object]:
    """Who placed what is certain, and when: a bank file that this actor read."""
    return _done(actor) | {"is_automatic": True}


def _done(actor: Actor) -> dict[str, object]:
    return {"account_id": actor.account_id, "made_by": actor.name, "made_at": clock.now(), "is_automatic": False}


def allocation(done: Mapping[str, object], transaction_id: int, part: Part) -> dict[str, object]:
    """The row for a part of a line."""
    placed_as = PlacedAs.KEPT if part.is_kept else PlacedAs.NOTE
    return _row(done, transaction_id, placed_as, part.cents) | {"note_id": part.note_id}


def _row(done: Mapping[str, object], transaction_id: int, placed_as: PlacedAs, cents: int) -> dict[str, object]:
    return {"transaction_id": transaction_id, "placed_as": placed_as, "cents": cents, "remark": "", **done}


def place(db: Db, actor: Actor, transaction_id: int, parts: Sequence[Part]) -> int:
    """Place a waiting line, or part of it, on notes or as kept credit. Returns the cents that still wait.

    Raises NotAllowed, FinanceOnly, AlreadyPlaced, WrongSum, MoreThanOpen, MoreThanPaid or NotFound.
    """
    access.require_finance(actor)
    waiting = _waiting(db, transaction_id)
    left, sign = waiting.left_cents, 1 if waiting.left_cents > 0 else -1
    placed = sum(part.cents for part in parts)
    if not parts or abs(placed) > abs(left) or any(part.cents * sign <= 0 for part in parts):
        raise WrongSum(left=_euros(abs(left)))
    known = _locked(db, {part.note_id for part in parts})
    line = db.get_one(BankTransaction, transaction_id)
    for note_id, note in known.items():
        _check_note(db, note, [part for part in parts if part.note_id == note_id], line)
    db.execute(insert(Allocation), [allocation(_done(actor), transaction_id, part) for part in parts])
    _take(db, waiting, placed)
    told = [[known[part.note_id].number, part.cents, part.is_kept] for part in parts]
    audit.record(db, actor, AuditTag.PAYMENT_PLACED, line, parts=told, left=left - placed)
    return left - placed


def set_aside(db: Db, actor: Actor, transaction_id: int, remark: str) -> None:
    """What is left of a waiting line is not ours: bank costs, a transfer within the university, a reversed payment.

    Raises NotAllowed, FinanceOnly or AlreadyPlaced.
    """
    access.require_finance(actor)
    waiting = _waiting(db, transaction_id)
    cents = waiting.left_cents
    db.execute(
        insert(Allocation),
        [{**_row(_done(actor), transaction_id, PlacedAs.ASIDE, cents), "remark": remark.strip()[:200]}],
    )
    _take(db, waiting, cents)
    line = db.get_one(BankTransaction, transaction_id)
    audit.record(db, actor, AuditTag.PAYMENT_SET_ASIDE, line, cents=cents, remark=remark.strip())


def undo(db: Db, actor: Actor, transaction_id: int) -> None:
    """Take back all that a line was placed as: it waits again, whole.

    Raises NotAllowed, FinanceOnly, NotFound, NothingPlaced, CreditSpent when its kept credit was used elsewhere, or
    TakenBack when the money went back since.
    """
    access.require_finance(actor)
    line = _locked_line(db, transaction_id)
    undone = select(Allocation.undoes_id).where(Allocation.undoes_id.is_not(None))
    rows = db.scalars(
        select(Allocation).where(
            Allocation.transaction_id == transaction_id,
            Allocation.undoes_id.is_(None),
            Allocation.id.not_in(undone),
        )
    ).all()
    if not rows:
        raise NothingPlaced
    known = _locked(db, {row.note_id for row in rows if row.note_id is not None})
    for row in rows:
        opposite = _row(_done(actor), transaction_id, row.placed_as, -row.cents)
        db.execute(insert(Allocation), [{**opposite, "note_id": row.note_id, "undoes_id": row.id}])
    for note in known.values():
        if _kept(db, note.note_id) < 0:
            raise CreditSpent(number=note.number)
        if line.cents > 0 and _paid(db, note.note_id) < 0:
            raise TakenBack(number=note.number)
    waiting = db.get(WaitingTransaction, transaction_id)
    if waiting is None:
        db.add(WaitingTransaction(transaction_id=transaction_id, left_cents=line.cents))
    else:
        waiting.left_cents = line.cents
    audit.record(db, actor, AuditTag.PAYMENT_UNDONE, line, cents=line.cents)


def spend(db: Db, actor: Actor, kept_with: int, note_id: int, cents: int) -> None:
    """Pay a note with credit that is kept with another note of the same payer.

    Raises NotAllowed, FinanceOnly, NotFound, WrongSum or MoreThanOpen.
    """
    access.require_finance(actor)
    known = _locked(db, {kept_with, note_id})
    source, note = known[kept_with], known[note_id]
    if source.payer != note.payer:
        raise access.NotFound
    if not 0 < cents <= _kept(db, kept_with):
        raise WrongSum(left=_euros(max(0, _kept(db, kept_with))))
    if cents > note.left_cents:
        raise MoreThanOpen(number=note.number, left=_euros(max(0, note.left_cents)))
    rest = cents
    for transaction_id, available in _kept_of(db, kept_with):
        taken = min(rest, available)
        if taken:
            parts = (Part(kept_with, -taken, is_kept=True), Part(note_id, taken))
            db.execute(insert(Allocation), [allocation(_done(actor), transaction_id, part) for part in parts])
            line = db.get_one(BankTransaction, transaction_id)
            audit.record(db, actor, AuditTag.CREDIT_SPENT, line, number=note.number, cents=taken)
            rest -= taken


def _waiting(db: Db, transaction_id: int) -> WaitingTransaction:
    _locked_line(db, transaction_id)
    waiting = db.scalar(
        select(WaitingTransaction)
        .where(WaitingTransaction.transaction_id == transaction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if waiting is None:
        raise AlreadyPlaced
    return waiting


def _locked_line(db: Db, transaction_id: int) -> BankTransaction:
    asked = select(BankTransaction).where(BankTransaction.id == transaction_id)
    line = db.scalar(asked.with_for_update(key_share=True))  # who spends its credit refers to it, holding notes
    if line is None:
        raise access.NotFound
    return line


def _locked(db: Db, note_ids: set[int]) -> dict[int, OpenNote]:
    """Debit notes as they stand, locked. Raises NotFound."""
    lock_notes(db, Note.id.in_(note_ids))
    known = {note.note_id: note for note in matching.notes(db, Note.id.in_(note_ids))}
    if set(known) != note_ids:
        raise access.NotFound
    return known


def _check_note(db: Db, note: OpenNote, parts: Sequence[Part], line: BankTransaction) -> None:
    """Refuse what is more than a note asks, or gives back more than there is; the bank may take back what was paid."""
    for_note = sum(part.cents for part in parts if not part.is_kept)
    kept = sum(part.cents for part in parts if part.is_kept)
    to_give = _paid(db, note.note_id) if line.is_reversal else max(0, -note.left_cents)
    if for_note > max(0, note.left_cents):
        raise MoreThanOpen(number=note.number, left=_euros(max(0, note.left_cents)))
    if for_note < -to_give:
        raise MoreThanPaid(number=note.number, left=_euros(to_give))
    if kept < 0 and -kept > _kept(db, note.note_id):
        raise MoreThanPaid(number=note.number, left=_euros(max(0, _kept(db, note.note_id))))


def _paid(db: Db, note_id: int) -> int:
    """What was paid of a note, here and before the bank files."""
    before = db.scalar(select(PaidBefore.cents).where(PaidBefore.note_id == note_id)) or 0
    return before + (db.scalar(select(received_for(note_id))) or 0)


def _kept(db: Db, note_id: int) -> int:
    return sum(cents for _line, cents in _kept_rows(db, note_id))


def _kept_of(db: Db, note_id: int) -> list[tuple[int, int]]:
    """The lines whose money is kept with a note, and how many cents of each are left to use, the oldest first.

    What was paid back stands on a line of its own: it is taken from the oldest first.
    """
    rows = _kept_rows(db, note_id)
    given_back = -sum(cents for _line, cents in rows if cents < 0)
    found = []
    for transaction_id, cents in rows:
        if cents > 0:
            gone = min(given_back, cents)
            given_back -= gone
            found.append((transaction_id, cents - gone))
    return found


def _kept_rows(db: Db, note_id: int) -> list[tuple[int, int]]:
    rows = db.execute(
        select(Allocation.transaction_id, func.sum(Allocation.cents))
        .where(Allocation.note_id == note_id, Allocation.placed_as == PlacedAs.KEPT)
        .group_by(Allocation.transaction_id)
        .order_by(Allocation.transaction_id)
    )
    return [(transaction_id, int(cents)) for transaction_id, cents in rows]


def _take(db: Db, waiting: WaitingTransaction, cents: int) -> None:
    """Take placed cents off a waiting line; it leaves the queue with the last one."""
    waiting.left_cents -= cents
    if not waiting.left_cents:
        db.delete(waiting)
    db.flush()
