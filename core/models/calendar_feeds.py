"""Calendars by subscription («agenda-abonnement»)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base


class CalendarFeed(Base):
    """The secret address at which a calendar reads an account's courses, one an account; only its hash is kept."""

    __tablename__ = "calendar_feed"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
