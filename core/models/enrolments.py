"""Enrolments: seats of a course and who pays for them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, word
from core.models.courses import Course
from core.models.institutions import Institution
from core.models.persons import Person
from core.vocabulary import (
    ENROLMENT_TRANSITIONS,
    ActorKind,
    DayPart,
    EnrolmentStatus,
    NoteGrouping,
    PayerKind,
    PayerRequestState,
)

_STANDING = text("status IN ('confirmed', 'offered', 'waitlisted')")
_UNBILLED = text("billed_on IS NULL AND price_cents > 0 AND (status = 'confirmed' OR cancellation_cents > 0)")
_CANCELLED = text("cancelled_at IS NOT NULL")


class Enrolment(Base):
    """A seat («inschrijving») of one person in one course, and its payer.

    `person_id` is empty while an institution has reserved the seat and not named anybody («nog te bepalen»);
    `name_reminded_on` is the day it was last reminded to do so; `reminded_on` is the day on which the participant was
    reminded of the course.
    `seat_id` is the first enrolment of a chain of replacements (A→B→C), empty in that first one itself.
    `confirmed_on` is the Brussels day on which the seat was confirmed: the debit note counts from it (R31).
    `price_cents` is the price agreed at enrolling. `cancellation_cents` is what cancelling cost, once cancelled.
    `calendar_sequence` counts the calendar messages of this seat: the SEQUENCE of its entries (RFC 5546).
    `billed_on` is set in the transaction that issues the debit note, and handed on when a colleague takes the seat.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_standing",
            "course_id",
            "person_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_enrolment_course_status", "course_id", "status"),
        Index("ix_enrolment_unbilled", "confirmed_on", sqlite_where=_UNBILLED, postgresql_where=_UNBILLED),
        Index("ix_enrolment_payer_status", "payer_institution_id", "status", "course_id"),
        Index("ix_enrolment_made", "created_at", "status", "replaces_id", "payer_kind", "enrolled_by", "person_id"),
        Index(
            "ix_enrolment_cancelled",
            *("cancelled_at", "status", "cancellation_reason", "course_id", "cancellation_cents"),
            sqlite_where=_CANCELLED,
            postgresql_where=_CANCELLED,
        ),
        CheckConstraint("(payer_kind = 'institution') = (payer_institution_id IS NOT NULL)", name="payer"),
        CheckConstraint("price_cents >= 0", name="price"),
        CheckConstraint("person_id IS NOT NULL OR payer_kind = 'institution'", name="named"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="RESTRICT"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    status: Mapped[EnrolmentStatus] = mapped_column(word(EnrolmentStatus))
    payer_kind: Mapped[PayerKind] = mapped_column(word(PayerKind))
    payer_institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id", ondelete="RESTRICT"))
    price_cents: Mapped[int]
    billed_on: Mapped[date | None]
    billing_reference: Mapped[str] = mapped_column(String(100), default="")
    enrolled_by: Mapped[ActorKind] = mapped_column(word(ActorKind))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_on: Mapped[date | None]
    offer_expires_at: Mapped[datetime | None] = mapped_column(index=True)
    cancelled_at: Mapped[datetime | None]
    cancellation_reason: Mapped[str] = mapped_column(Text, default="")
    cancellation_cents: Mapped[int | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"), index=True)
    name_reminded_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    calendar_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"), index=True)

    course: Mapped[Course] = relationship()
    person: Mapped[Person | None] = relationship()
    payer_institution: Mapped[Institution | None] = relationship()

    @property
    def seat(self) -> int:
        """What all holders of one seat share, from the first to the last."""
        return self.seat_id or self.id

    @property
    def note_grouping(self) -> NoteGrouping:
        """What one debit note of its payer bills."""
        payer = self.payer_institution
        return payer.note_grouping if payer is not None else NoteGrouping.ENROLMENT

    def move_to(self, status: EnrolmentStatus) -> None:
        """Go to another state; raises ValueError when the table of states does not allow it (a bug, not a refusal)."""
        if status not in ENROLMENT_TRANSITIONS[self.status]:
            raise ValueError(f"an enrolment does not go from {self.status} to {status}")
        self.status = status


class PayerRequest(Base):
    """The question to an institution whether it pays for an enrolment of its staff, asked once an enrolment.

    While it waits the person is the payer; it lapses on the day the debit note leaves.
    """

    __tablename__ = "payer_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"), unique=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id", ondelete="RESTRICT"), index=True)
    state: Mapped[PayerRequestState] = mapped_column(word(PayerRequestState), index=True)
    asked_at: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    enrolment: Mapped[Enrolment] = relationship()
    institution: Mapped[Institution] = relationship()


class Attendance(Base):
    """Presence of a participant on one course day («aanwezigheid»), with who wrote it down last, and when.

    Of who was there `part` tells which part of the day; `minutes` are given when it is no half and not the whole.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("(part = 'minutes') = (minutes IS NOT NULL)", name="minutes"),
        CheckConstraint("is_present OR part = 'whole'", name="part"),
    )
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True)
    course_day_id: Mapped[int] = mapped_column(
        ForeignKey("course_day.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_present: Mapped[bool]
    part: Mapped[DayPart] = mapped_column(word(DayPart), default=DayPart.WHOLE, server_default=DayPart.WHOLE.value)
    minutes: Mapped[int | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
