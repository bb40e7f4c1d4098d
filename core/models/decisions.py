"""What coordinators decided otherwise than the default of the installation."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base


class Decision(Base):
    """One decision, by the name of its field in `core.settings.Decisions`; `value` is JSON, None means the default."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    value: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
