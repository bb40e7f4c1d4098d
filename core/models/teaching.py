"""The mailed links by which a teacher reaches the own courses."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base
from core.models.courses import Course, Teacher


class TeacherLink(Base):
    """A link that was mailed to a teacher about a course. Only the hash of its secret is kept.

    It works until some weeks after that course, while the teacher's address is the one it was mailed to (`state`).
    """

    __tablename__ = "teacher_link"
    __table_args__ = (Index("ix_teacher_link_course_id_teacher_id", "course_id", "teacher_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    teacher: Mapped[Teacher] = relationship()
    course: Mapped[Course] = relationship()
