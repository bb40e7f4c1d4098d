"""Course material («cursusmateriaal»), and the files that are still on their way in."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base


class Material(Base):
    """A file for the participants of a course; its bytes lie in the storage under `storage_key`. `size` is in bytes.

    It belongs to the course, or to one of its days. What was removed stays for a while, so that it can be put back;
    a replaced file is a removed one, and `replaces_id` of the new one names it. `sha256` is empty for old files.
    """

    __tablename__ = "material"
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="RESTRICT"), index=True)
    course_day_id: Mapped[int | None] = mapped_column(ForeignKey("course_day.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    storage_key: Mapped[str] = mapped_column(String(200), unique=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    visible_from: Mapped[date | None]
    visible_until: Mapped[date | None]
    created_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    removed_at: Mapped[datetime | None] = mapped_column(index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("material.id", ondelete="SET NULL"))


class MaterialUpload(Base):
    """A file on its way in, in pieces: `received` of its `size` bytes have come. `owner` alone may go on with it."""

    __tablename__ = "material_upload"
    __table_args__ = (CheckConstraint("received BETWEEN 0 AND size", name="received"),)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(60))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    course_day_id: Mapped[int | None] = mapped_column(ForeignKey("course_day.id", ondelete="SET NULL"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("material.id", ondelete="SET NULL"))
    filename: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    started_at: Mapped[datetime] = mapped_column(index=True)
