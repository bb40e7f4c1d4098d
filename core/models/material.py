"""Course material («cursusmateriaal»)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base


class Material(Base):
    """A file for the participants of a course; its bytes lie in the storage under `storage_key`. `size` is in bytes."""

    __tablename__ = "material"
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="RESTRICT"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(200), unique=True)
    visible_from: Mapped[date | None]
    visible_until: Mapped[date | None]
    created_at: Mapped[datetime]
