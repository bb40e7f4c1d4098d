"""The control of the books: each run over the notes and bank lines, and what did not add up."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import ControlKind


class ControlRun(Base):
    """A run over everything (`is_full`) or over what is new; until which note and bank line it has come, and goes.

    A run that was left half-way goes on from there.
    """

    __tablename__ = "control_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    is_full: Mapped[bool]
    done_note_id: Mapped[int]
    last_note_id: Mapped[int]
    done_line_id: Mapped[int]
    last_line_id: Mapped[int]
    checked: Mapped[int] = mapped_column(default=0)
    made_by: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ControlFinding(Base):
    """Something that does not add up; it goes when a later run finds it in order. `facts` is JSON for the sentence.

    `about` is the table, for a gap in the numbering the series; `subject_id` the row, there the first missing number.
    """

    __tablename__ = "control_finding"
    __table_args__ = (Index("uq_control_finding", "kind", "about", "subject_id", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ControlKind] = mapped_column(word(ControlKind))
    about: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    facts: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]
