"""How each debit note stands: what was credited and paid, kept right by triggers on every way of writing.

Everything here could be derived (billing is insert-only), but among a million notes that takes seconds.
"""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Computed, ForeignKey, Index, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import NoteState

_LEFT = "total_cents - credited_cents - paid_cents"
#: As in `core.rules.billing.note_state`.
_STATE = (
    "CASE WHEN credited_cents >= total_cents THEN 'credited'"
    " WHEN paid_cents >= total_cents - credited_cents THEN 'paid'"
    " WHEN paid_cents > 0 THEN 'partly_paid'"
    " WHEN credited_cents > 0 THEN 'partly_credited' ELSE 'open' END"
)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class NoteBalance(Base):
    """What a debit note still asks; nobody writes here but the triggers of :mod:`core.migrations.balances`.

    `paid_cents` holds what was paid before an import too. `left_cents` is below 0 when something is to be paid back.
    `course_id` is that of its lines, None when they are of several courses.
    """

    __tablename__ = "note_balance"
    __table_args__ = (
        Index("ix_note_balance_state", "state", "issued_on", "note_id"),
        Index(
            "ix_note_balance_issued",
            *("issued_on", "due_on", "total_cents", "credited_cents", "paid_cents", "payer_institution_id"),
        ),
        Index("ix_note_balance_course", "course_id", "issued_on", "note_id"),
        Index(
            "ix_note_balance_open",
            *("due_on", "note_id", "left_cents", "payer_institution_id", "payer_person_id", "course_id"),
            **_where("left_cents > 0"),
        ),
        Index("ix_note_balance_credited", "issued_on", "note_id", **_where("credited_cents > 0")),
        Index("ix_note_balance_too_much", "issued_on", "note_id", "left_cents", **_where("left_cents < 0")),
    )
    note_id: Mapped[int] = mapped_column(
        ForeignKey("note.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    issued_on: Mapped[date]
    due_on: Mapped[date | None]
    payer_institution_id: Mapped[int | None]
    payer_person_id: Mapped[int | None]
    course_id: Mapped[int | None]
    lines: Mapped[int] = mapped_column(default=0)
    total_cents: Mapped[int] = mapped_column(BigInteger)
    credited_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    paid_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    left_cents: Mapped[int] = mapped_column(BigInteger, Computed(_LEFT, persisted=True))
    state: Mapped[NoteState] = mapped_column(word(NoteState), Computed(_STATE, persisted=True))


#: What still asks something, and what was paid too much: as the conditions of their indexes say it, without parameters.
IS_OPEN: ColumnElement[bool] = NoteBalance.left_cents > literal_column("0")
IS_TOO_MUCH: ColumnElement[bool] = NoteBalance.left_cents < literal_column("0")
IS_CREDITED: ColumnElement[bool] = NoteBalance.credited_cents > literal_column("0")
