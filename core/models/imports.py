"""The history import (D15): each run, and which rows it made, so that it can be undone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.models.billing import IMPORT_SERIES
from core.vocabulary import ImportState


class ImportRun(Base):
    """One import. `files` and `counts` are JSON: the files with their hashes, and how many rows each kind gave.

    Its notes and certificates are numbered in a series of their own, :attr:`series`: the triggers of the insert-only
    tables let rows of that series go while the run is being undone, and no others.
    """

    __tablename__ = "import_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ImportState] = mapped_column(word(ImportState), default=ImportState.DONE)
    files: Mapped[str] = mapped_column(Text)
    counts: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    undone_by: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[datetime | None]

    @property
    def series(self) -> str:
        """The series of its notes and certificates; no counter ever gives it out."""
        return f"{IMPORT_SERIES}{self.id}"


class ImportedRow(Base):
    """A row that an import made. Rows that belong to another as its part (days, levels, lines) are not listed."""

    __tablename__ = "imported_row"
    __table_args__ = (Index("ix_imported_row_import", "import_id", "table_name", "row_id"),)
    table_name: Mapped[str] = mapped_column(String(30), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="RESTRICT"))


class PaidBefore(Base):
    """What was paid of an imported debit note before it came here, in cents: its opening balance."""

    __tablename__ = "paid_before"
    __table_args__ = (CheckConstraint("cents > 0", name="cents"),)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="RESTRICT"), primary_key=True)
    cents: Mapped[int]
