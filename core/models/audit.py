"""The audit trail: who did what, when, to what («gebeurtenis»)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import ActorKind, AuditTag


class AuditEvent(Base):
    """One trace of one change. `details` is a JSON object of what changed."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_type", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    tag: Mapped[AuditTag] = mapped_column(word(AuditTag), index=True)
    actor_kind: Mapped[ActorKind] = mapped_column(word(ActorKind))
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    subject_type: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int | None]
    details: Mapped[str] = mapped_column(Text, default="{}")
