"""Questions asked at enrolment, and the answers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import QuestionKind


class CourseQuestion(Base):
    """A question asked of who enrols in a course. `options` holds one choice a line.

    One that has answers is never deleted: it is no longer asked (`is_asked`).
    """

    __tablename__ = "course_question"
    __table_args__ = (Index("ix_course_question_course", "course_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    kind: Mapped[QuestionKind] = mapped_column(word(QuestionKind))
    is_required: Mapped[bool] = mapped_column(default=False)
    options: Mapped[str] = mapped_column(Text, default="")
    is_asked: Mapped[bool] = mapped_column(default=True)


class EnrolmentAnswer(Base):
    """What a participant answered: a text, one of the options, or `yes` or `no`.

    `institution_id` is the institution that filled it in for its colleague, and may see it again; an answer that the
    participant or a coordinator gave has none.
    """

    __tablename__ = "enrolment_answer"
    __table_args__ = (UniqueConstraint("enrolment_id", "question_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("course_question.id", ondelete="RESTRICT"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id", ondelete="RESTRICT"), index=True)
    answer: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
