"""The journal as it was handed to bookkeeping: each export of a period, and what of the books stands in it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base


class LedgerExport(Base):
    """A period that was exported. `plan` (JSON) are the accounts it was made with, `controls` (JSON) its totals.

    One that was withdrawn holds nothing any more: its entries go into the next export.
    """

    __tablename__ = "ledger_export"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="days"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    plan: Mapped[str] = mapped_column(Text)
    controls: Mapped[str] = mapped_column(Text)
    lines: Mapped[int]
    debit_cents: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(String(200), default="")


class LedgerPosting(Base):
    """That a row of the books (`note`, `bank_transaction` or `allocation`) stands in an export: in one only."""

    __tablename__ = "ledger_posting"
    __table_args__ = (Index("ix_ledger_posting_export", "export_id"),)
    table_name: Mapped[str] = mapped_column(String(30), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    export_id: Mapped[int] = mapped_column(ForeignKey("ledger_export.id", ondelete="RESTRICT"))
    is_late: Mapped[bool]
