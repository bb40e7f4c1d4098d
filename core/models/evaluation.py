"""The evaluation after a course: what is asked, who was invited, and the answers, which name nobody."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import EvaluationKind


class EvaluationQuestion(Base):
    """A question of the evaluation: of every course, or of one that has questions of its own.

    `origin_id` is the general question that a course's own one was copied from: their results count together.
    One that has answers is never deleted: it is no longer asked (`is_asked`). `options` holds one choice a line.
    """

    __tablename__ = "evaluation_question"
    __table_args__ = (Index("ix_evaluation_question_course_id_position", "course_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation_question.id", ondelete="RESTRICT"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    text_en: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[EvaluationKind] = mapped_column(word(EvaluationKind))
    options: Mapped[str] = mapped_column(Text, default="")
    is_asked: Mapped[bool] = mapped_column(default=True)


class EvaluationInvitation(Base):
    """Who was asked for an evaluation, once: whether the link was used, not when, and not what was answered."""

    __tablename__ = "evaluation_invitation"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_on: Mapped[date]
    is_used: Mapped[bool] = mapped_column(default=False)


class EvaluationForm(Base):
    """A filled-in evaluation of a course. Its number is random, and it holds no moment: it names nobody."""

    __tablename__ = "evaluation_form"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)


class EvaluationAnswer(Base):
    """One answer of a filled-in evaluation: a number of stars, or a text or choice."""

    __tablename__ = "evaluation_answer"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("(stars IS NULL) = (text <> '')", name="answer"),
    )
    form_id: Mapped[str] = mapped_column(ForeignKey("evaluation_form.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("evaluation_question.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    stars: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
