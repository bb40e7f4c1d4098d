"""What a reversal by the bank may take back, and what is proposed for lines that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select

from core.db import Db
from core.models import Allocation, BankTransaction, WaitingTransaction
from core.queries import matching
from core.rules.proposals import NOTHING, Part, Proposal, Undone
from core.vocabulary import PlacedAs

_MOST = 10


@dataclass(frozen=True, slots=True)
class Candidates:
    """Lines that a reversal may take back: of the same payment by the bank's word, or only of the same account."""

    same: Sequence[int]
    alike: Sequence[int]


def candidates(db: Db, line: BankTransaction) -> Candidates:
    """Earlier lines of the opposite amount with the reversal's reference, or only from its account."""
    same = [BankTransaction.bank_ref == line.bank_ref]
    if line.end_to_end:
        same.append(BankTransaction.end_to_end == line.end_to_end)
    by_word = _opposite(db, line, or_(*same))
    return Candidates(by_word, () if by_word else _opposite(db, line, _same_account(line)))


def _same_account(line: BankTransaction) -> ColumnElement[bool]:
    return BankTransaction.iban == line.iban if line.iban else false()


def _opposite(db: Db, line: BankTransaction, condition: ColumnElement[bool]) -> Sequence[int]:
    return db.scalars(
        select(BankTransaction.id)
        .where(
            BankTransaction.account == line.account,
            BankTransaction.cents == -line.cents,
            BankTransaction.booked_on <= line.booked_on,
            BankTransaction.id != line.id,
            condition,
        )
        .order_by(BankTransaction.id)
        .limit(_MOST)
    ).all()


def undone_by(db: Db, line: BankTransaction) -> Undone:
    """What the lines are placed as that a reversal may take back; empty where one waits or was taken back already."""
    found = candidates(db, line)
    return Undone(_as_placed(db, found.same), _as_placed(db, found.alike))


def _as_placed(db: Db, lines: Sequence[int]) -> tuple[tuple[Part, ...], ...]:
    parts = matching.placed(db, lines)
    waits = set(
        db.scalars(select(WaitingTransaction.transaction_id).where(WaitingTransaction.transaction_id.in_(lines)))
    )
    held = _held(db, {part.note_id for each in parts.values() for part in each})
    return tuple(
        () if each in waits or not _is_there(parts[each], held) else parts[each]
        for each in lines
        if each in waits or each in parts
    )


def _is_there(parts: Sequence[Part], held: dict[tuple[int, bool], int]) -> bool:
    """Whether the money still stands where the line was placed: it was not taken or paid back since."""
    return all(held.get((part.note_id, part.is_kept), 0) >= part.cents for part in parts)


def _held(db: Db, note_ids: set[int]) -> dict[tuple[int, bool], int]:
    rows: Any = db.execute(
        select(Allocation.note_id, Allocation.placed_as, func.sum(Allocation.cents))
        .where(Allocation.note_id.in_(note_ids))
        .group_by(Allocation.note_id, Allocation.placed_as)
    )
    return {(note_id, placed_as is PlacedAs.KEPT): int(cents) for note_id, placed_as, cents in rows}


def proposals(db: Db, waiting: Sequence[tuple[BankTransaction, int]]) -> dict[int, Proposal]:
    """What to do with lines that wait, as things stand now: each line with what is left of it, in cents."""
    about = matching.ground(db, [line for line, _left in waiting])
    return {
        line.id: about.proposal(line, matching.seen(line, left), undone_by(db, line) if line.is_reversal else NOTHING)
        for line, left in waiting
    }
