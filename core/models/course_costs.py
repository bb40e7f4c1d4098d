"""What giving a course costs CNO, for deciding whether it goes ahead."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base


class CourseCosts(Base):
    """The costs of a course: fixed (teacher, room) and for each participant (lunch, material), in cents."""

    __tablename__ = "course_costs"
    __table_args__ = (CheckConstraint("fixed_cents >= 0 AND person_cents >= 0", name="costs"),)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    fixed_cents: Mapped[int] = mapped_column(default=0)
    person_cents: Mapped[int] = mapped_column(default=0)
