"""Reminders of debit notes: the ladder (data), what was sent (insert-only), what is held, and the run of each day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import HoldReason, PayerKind, ReminderText


class ReminderStep(Base):
    """A step of the ladder of a kind of payer: what happens so many days after the due date, and its cost in cents."""

    __tablename__ = "reminder_step"
    __table_args__ = (
        CheckConstraint("step >= 1", name="step"),
        CheckConstraint("after_days >= 1", name="after"),
        CheckConstraint("cost_cents >= 0", name="cost"),
    )
    payer_kind: Mapped[PayerKind] = mapped_column(word(PayerKind), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    after_days: Mapped[int]
    text: Mapped[ReminderText] = mapped_column(word(ReminderText))
    cost_cents: Mapped[int] = mapped_column(default=0)


class Reminder(Base):
    """A reminder that was sent, with its letter as it left; never changed, one a step of a note.

    `open_cents` is what the note asked at that moment; `pay_by` the day the letter names.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        Index("uq_reminder_step", "note_id", "step", unique=True),
        Index("ix_reminder_sent", "sent_on"),
        CheckConstraint("open_cents > 0", name="open"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="RESTRICT"))
    step: Mapped[int]
    text: Mapped[ReminderText] = mapped_column(word(ReminderText))
    sent_on: Mapped[date]
    pay_by: Mapped[date]
    open_cents: Mapped[int]
    cost_cents: Mapped[int]
    payload: Mapped[str] = mapped_column(Text, deferred=True)
    letter: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    letter_sha256: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class ReminderHold(Base):
    """A note of which no reminder leaves until a day (that day included). The audit trail keeps what was before."""

    __tablename__ = "reminder_hold"
    note_id: Mapped[int] = mapped_column(
        ForeignKey("note.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    reason: Mapped[HoldReason] = mapped_column(word(HoldReason))
    remark: Mapped[str] = mapped_column(String(300), default="")
    until: Mapped[date]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]


class ReminderRun(Base):
    """That the reminders of a day were gone through: until which day the bank was known then, and what came of it."""

    __tablename__ = "reminder_run"
    day: Mapped[date] = mapped_column(primary_key=True)
    bank_until: Mapped[date | None]
    was_fresh: Mapped[bool]
    sent: Mapped[int]
    kept_back: Mapped[int]
    to_follow_up: Mapped[int]
    made_at: Mapped[datetime]
