"""What a coordinator decides beforehand about something that leaves by itself."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, Text, and_, exists
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import ComingKind


class ComingChange(Base):
    """Something that falls due is held, or its mail gets a text of the coordinator's own above the usual one.

    `subject_id` is the enrolment, payer request, course or institution that the kind is about; `reason` says why it is
    held.
    """

    __tablename__ = "coming_change"
    kind: Mapped[ComingKind] = mapped_column(word(ComingKind), primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    is_held: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    addition: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)


def is_held(kind: ComingKind, subject_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition for what a coordinator keeps from leaving by itself."""
    return exists().where(and_(ComingChange.kind == kind, ComingChange.subject_id == subject_id, ComingChange.is_held))
