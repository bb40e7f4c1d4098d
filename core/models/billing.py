"""Debit and credit notes: numbered, frozen, insert-only (triggers in the database refuse UPDATE and DELETE)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, word
from core.vocabulary import FileKind, NoteKind, PayerKind

#: What the series of every import begins with; no counter gives such a series out.
IMPORT_SERIES = "IMPORT-"


def is_imported(series: Any) -> ColumnElement[bool]:
    """The condition for a note or certificate of an import, by the column of its series."""
    condition: ColumnElement[bool] = series.startswith(IMPORT_SERIES, autoescape=True)
    return condition


class Counter(Base):
    """The last number given in a series, and the day it was given on (dates never decrease within a series)."""

    __tablename__ = "counter"
    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
    last_date: Mapped[date | None]


class Note(Base):
    """A debit note or a credit note. `payload` (sorted JSON text) is the truth; the columns serve queries.

    `ogm` is the structured reference, twelve digits; only debit notes have one. A credit note corrects one debit note.
    """

    __tablename__ = "note"
    __table_args__ = (
        Index("uq_note_series_nr", "series", "nr", unique=True),
        Index(
            "ix_note_issued",
            *("issued_on", "kind", "payer_kind", "total_cents", "due_on", "payer_institution_id"),
        ),
        Index(
            "ix_note_corrects",
            *("corrects_id", "issued_on", "total_cents"),
            sqlite_where=text("corrects_id IS NOT NULL"),
            postgresql_where=text("corrects_id IS NOT NULL"),
        ),
        Index("ix_note_payer_issued", "payer_institution_id", "issued_on"),
        Index("ix_note_total", "total_cents", "issued_on"),
        Index("ix_note_nr", "nr"),
        CheckConstraint("(kind = 'credit') = (corrects_id IS NOT NULL)", name="corrects"),
        CheckConstraint("total_cents > 0", name="total"),
        CheckConstraint(
            "(payer_kind = 'institution' AND payer_institution_id IS NOT NULL)"
            " OR (payer_kind = 'person' AND payer_person_id IS NOT NULL AND payer_institution_id IS NULL)",
            name="payer",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NoteKind] = mapped_column(word(NoteKind))
    series: Mapped[str] = mapped_column(String(20))
    nr: Mapped[int]
    number: Mapped[str] = mapped_column(String(30), unique=True)
    ogm: Mapped[str | None] = mapped_column(String(12), unique=True)
    issued_on: Mapped[date]
    due_on: Mapped[date | None]
    payer_kind: Mapped[PayerKind] = mapped_column(word(PayerKind))
    payer_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    payer_institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id", ondelete="RESTRICT"))
    total_cents: Mapped[int]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="RESTRICT"))
    payload: Mapped[str] = mapped_column(Text)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    prev_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]

    @property
    def is_imported(self) -> bool:
        """Whether another system issued it (D15): it is never rendered, nor mailed."""
        return self.series.startswith(IMPORT_SERIES)

    lines: Mapped[list["NoteLine"]] = relationship(order_by="NoteLine.position", back_populates="note")


class NoteLine(Base):
    """One line of a note, for queries: which enrolment it bills or corrects, and for how many cents."""

    __tablename__ = "note_line"
    __table_args__ = (Index("uq_note_line_position", "note_id", "position", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="RESTRICT"))
    position: Mapped[int]
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    description: Mapped[str] = mapped_column(Text)
    amount_cents: Mapped[int]
    vat_category: Mapped[str] = mapped_column(String(2), default="E")

    note: Mapped[Note] = relationship(back_populates="lines")


class NoteToRender(Base):
    """An issued note whose files are still to be made; the row goes in the transaction that stores them.

    It could be derived, but among a million notes that takes seconds, and it is asked at every tick of the clock.
    """

    __tablename__ = "note_to_render"
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="RESTRICT"), primary_key=True)


class NoteFile(Base):
    """A rendered file of a note, stored once and served as it is; its hash is checked on reading.

    `position` is the line that the copy of a note of several lines is reduced to (D6); 0: the whole note.
    """

    __tablename__ = "note_file"
    __table_args__ = (Index("uq_note_file_kind", "note_id", "kind", "position", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="RESTRICT"))
    kind: Mapped[FileKind] = mapped_column(word(FileKind))
    position: Mapped[int] = mapped_column(default=0)
    media_type: Mapped[str] = mapped_column(String(100), default="application/pdf")
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
