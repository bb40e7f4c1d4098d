"""Bank files, their lines, and where the money of each line went. All insert-only but the list of what waits."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, ScalarSelect, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import PlacedAs


class BankFile(Base):
    """A bank file that was read, known by the hash of all its bytes: reading it twice adds nothing.

    `doubts` (JSON: msgid and fields) is what did not add up; `lines` and `added` count all lines and the new ones.
    """

    __tablename__ = "bank_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    lines: Mapped[int]
    doubts: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class BankStatement(Base):
    """A statement in a bank file: one account, from its old to its new balance in cents. `until` is its last day."""

    __tablename__ = "bank_statement"
    __table_args__ = (Index("ix_bank_statement_account", "account", "until"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("bank_file.id", ondelete="RESTRICT"), index=True)
    format: Mapped[str] = mapped_column(String(20))
    account: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(60))
    opened_cents: Mapped[int | None] = mapped_column(BigInteger)
    closed_cents: Mapped[int | None] = mapped_column(BigInteger)
    until: Mapped[date | None]


class BankTransaction(Base):
    """A booked line of a bank file. `cents` is signed: above 0 came in. `references`: structured, spaces between.

    What is equal in account, day, bank reference, amount and sequence is the same line, in whichever file it stands.
    """

    __tablename__ = "bank_transaction"
    __table_args__ = (
        Index(
            "uq_bank_transaction_line",
            *("account", "booked_on", "bank_ref", "cents", "sequence"),
            unique=True,
        ),
        CheckConstraint("cents <> 0", name="cents"),
        Index("ix_bank_transaction_iban", "iban"),
        Index("ix_bank_transaction_booked", "booked_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("bank_statement.id", ondelete="RESTRICT"), index=True)
    account: Mapped[str] = mapped_column(String(40))
    booked_on: Mapped[date]
    valued_on: Mapped[date | None]
    bank_ref: Mapped[str] = mapped_column(String(60))
    cents: Mapped[int] = mapped_column(BigInteger)
    sequence: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3))
    end_to_end: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    iban: Mapped[str] = mapped_column(String(40))
    references: Mapped[str] = mapped_column("refs", Text)
    text: Mapped[str] = mapped_column(Text)
    type_code: Mapped[str] = mapped_column(String(40))
    is_reversal: Mapped[bool]


class WaitingTransaction(Base):
    """A bank line of which `left_cents` (signed as the line) is not placed yet; the row goes with the last cent."""

    __tablename__ = "waiting_transaction"
    transaction_id: Mapped[int] = mapped_column(
        ForeignKey("bank_transaction.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    left_cents: Mapped[int] = mapped_column(BigInteger)


class Allocation(Base):
    """Cents of a bank line that went somewhere, signed as the line; undoing adds the opposite, and nothing changes.

    `note_id` is the debit note that is paid, or, for money kept as credit, the note whose payer it belongs to.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        Index("ix_allocation_note", "note_id", "placed_as", "cents"),
        Index("ix_allocation_made", "made_at"),
        CheckConstraint("cents <> 0", name="cents"),
        CheckConstraint("(placed_as = 'aside') = (note_id IS NULL)", name="note"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(ForeignKey("bank_transaction.id", ondelete="RESTRICT"), index=True)
    placed_as: Mapped[PlacedAs] = mapped_column(word(PlacedAs))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="RESTRICT"))
    cents: Mapped[int] = mapped_column(BigInteger)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("allocation.id", ondelete="RESTRICT"), unique=True)
    remark: Mapped[str] = mapped_column(String(200), default="")
    is_automatic: Mapped[bool] = mapped_column(default=False)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


def received_for(note_id: Any) -> ScalarSelect[int]:
    """What bank lines paid of a note, in cents, refunds taken off; `note_id` is the column of an outer query."""
    return (
        select(func.coalesce(func.sum(Allocation.cents), 0))
        .where(Allocation.note_id == note_id, Allocation.placed_as == PlacedAs.NOTE)
        .correlate_except(Allocation)
        .scalar_subquery()
    )
