"""Doubles: who is likely known twice, what was merged and how to undo it; and what coordinators note of somebody."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import Party


class Merge(Base):
    """Two rows of one person or institution made one («samenvoeging»).

    The absorbed row stays, pointing at the kept one (`merged_into_id`), for the notes that name it and never change.
    `changes` is a JSON list of every change made to other rows, in order: undoing does the opposite, backwards.
    """

    __tablename__ = "merge"
    __table_args__ = (
        Index("ix_merge_kept", "party", "kept_id"),
        Index("ix_merge_absorbed", "party", "absorbed_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    party: Mapped[Party] = mapped_column(word(Party))
    kept_id: Mapped[int]
    absorbed_id: Mapped[int]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(String(200), default="")
    undone_at: Mapped[datetime | None]
    changes: Mapped[str] = mapped_column(Text)


class LikelyDouble(Base):
    """Two persons or institutions that are likely the same (D12); `first_id` is the lower. Dismissed: they are not."""

    __tablename__ = "likely_double"
    __table_args__ = (
        Index("uq_likely_double_pair", "party", "first_id", "second_id", unique=True),
        Index("ix_likely_double_second", "party", "second_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    party: Mapped[Party] = mapped_column(word(Party))
    first_id: Mapped[int]
    second_id: Mapped[int]
    reasons: Mapped[str] = mapped_column(String(100))
    found_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[str] = mapped_column(String(200), default="")


class Remark(Base):
    """What a coordinator noted of a person or an institution («opmerking»); never shown to them."""

    __tablename__ = "remark"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (institution_id IS NULL)", name="subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id", ondelete="RESTRICT"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
