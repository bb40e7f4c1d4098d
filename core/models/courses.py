"""Courses, their days and teachers, and the terms of cancelling."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, word
from core.rules.cancellation import Step, Terms
from core.vocabulary import CourseStatus, CourseType, DayCount, Language, Level, Subject, Theme


class CancellationTerms(Base):
    """A named, ordered table of what cancelling costs (D1), and what not showing up does."""

    __tablename__ = "cancellation_terms"
    __table_args__ = (
        CheckConstraint("absence_percentage BETWEEN 0 AND 100", name="absence_percentage"),
        CheckConstraint("absence_fixed_cents >= 0", name="absence_fee"),
        CheckConstraint("replace_until_days >= 1", name="replace_until"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    course_type: Mapped[CourseType | None] = mapped_column(word(CourseType), unique=True)
    counting: Mapped[DayCount] = mapped_column(word(DayCount), default=DayCount.CALENDAR)
    replace_until_days: Mapped[int] = mapped_column(default=1)
    is_free_when_ill: Mapped[bool] = mapped_column(default=False)
    absence_fixed_cents: Mapped[int] = mapped_column(default=0)
    absence_percentage: Mapped[int] = mapped_column(default=100)
    version: Mapped[int] = mapped_column(default=1)

    steps: Mapped[list["CancellationStep"]] = relationship(
        cascade="all, delete-orphan", order_by="CancellationStep.days_before.desc()", lazy="selectin"
    )

    @property
    def rules(self) -> Terms:
        """These terms as the rules know them."""
        return Terms(
            steps=tuple(Step(step.days_before, step.fixed_cents, step.percentage) for step in self.steps),
            counting=self.counting,
            replace_until_days=self.replace_until_days,
            is_free_when_ill=self.is_free_when_ill,
            absence=Step(0, self.absence_fixed_cents, self.absence_percentage),
        )


class CancellationStep(Base):
    """From this many days before the first day on, cancelling costs a fixed fee plus a percentage of the price."""

    __tablename__ = "cancellation_step"
    __table_args__ = (
        CheckConstraint("percentage BETWEEN 0 AND 100", name="percentage"),
        CheckConstraint("fixed_cents >= 0", name="fee"),
    )
    terms_id: Mapped[int] = mapped_column(ForeignKey("cancellation_terms.id", ondelete="CASCADE"), primary_key=True)
    days_before: Mapped[int] = mapped_column(primary_key=True)
    fixed_cents: Mapped[int] = mapped_column(default=0)
    percentage: Mapped[int] = mapped_column(default=0)


class Course(Base):
    """One edition of a course as offered («nascholing»); a repeat is a course of its own.

    `version` counts every change, so that of two coordinators at once the second hears of the first.
    `cancelled_at` is the moment a coordinator cancelled it as a whole; while its seats are still being taken back its
    status is *cancelling*.
    """

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("price_cents >= 0", name="price"),
        Index("ix_course_status_first_day", "status", "first_day"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    slug: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    subtitle: Mapped[str] = mapped_column(String(200), default="")
    intro: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    target_group: Mapped[str] = mapped_column(Text, default="")
    prerequisites: Mapped[str] = mapped_column(Text, default="")
    to_bring: Mapped[str] = mapped_column(Text, default="", server_default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    course_type: Mapped[CourseType] = mapped_column(word(CourseType), default=CourseType.ONE_DAY)
    status: Mapped[CourseStatus] = mapped_column(word(CourseStatus), default=CourseStatus.DRAFT)
    language: Mapped[Language] = mapped_column(word(Language), default=Language.DUTCH)
    price_cents: Mapped[int]
    capacity: Mapped[int]
    minimum: Mapped[int] = mapped_column(default=0)
    enrolment_deadline: Mapped[date | None]
    first_day: Mapped[date | None] = mapped_column(index=True)
    last_day: Mapped[date | None] = mapped_column(index=True)
    total_minutes: Mapped[int] = mapped_column(default=0)
    is_online: Mapped[bool] = mapped_column(default=False)
    place: Mapped[str] = mapped_column(String(200), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(12), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    repeat_of_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="RESTRICT"), index=True)
    terms_id: Mapped[int | None] = mapped_column(ForeignKey("cancellation_terms.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancellation_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    days: Mapped[list["CourseDay"]] = relationship(
        cascade="all, delete-orphan", order_by="CourseDay.held_on, CourseDay.starts_at", back_populates="course"
    )
    teachers: Mapped[list["Teacher"]] = relationship(secondary="course_teacher", order_by="Teacher.name")
    levels: Mapped[list["CourseLevel"]] = relationship(cascade="all, delete-orphan", order_by="CourseLevel.level")
    subjects: Mapped[list["CourseSubject"]] = relationship(
        cascade="all, delete-orphan", order_by="CourseSubject.subject"
    )
    themes: Mapped[list["CourseTheme"]] = relationship(cascade="all, delete-orphan", order_by="CourseTheme.theme")
    terms: Mapped[CancellationTerms | None] = relationship()


class CourseDay(Base):
    """One meeting of a course («cursusdag»): the unit of attendance. Times are wall-clock times in Brussels."""

    __tablename__ = "course_day"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="times"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), index=True)
    held_on: Mapped[date] = mapped_column(index=True)
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    minutes: Mapped[int]
    room: Mapped[str] = mapped_column(String(200), default="")
    online_url: Mapped[str] = mapped_column(String(500), default="")

    course: Mapped[Course] = relationship(back_populates="days")


class Teacher(Base):
    """Who teaches («docent»)."""

    __tablename__ = "teacher"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))


class CourseTeacher(Base):
    """Which teachers a course has."""

    __tablename__ = "course_teacher"
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    teacher_id: Mapped[int] = mapped_column(ForeignKey("teacher.id", ondelete="RESTRICT"), primary_key=True, index=True)


class CourseLevel(Base):
    """A level a course is meant for."""

    __tablename__ = "course_level"
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[Level] = mapped_column(word(Level), primary_key=True, index=True)


class CourseSubject(Base):
    """A subject a course is about."""

    __tablename__ = "course_subject"
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[Subject] = mapped_column(word(Subject), primary_key=True, index=True)


class CourseTheme(Base):
    """A theme of a course."""

    __tablename__ = "course_theme"
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    theme: Mapped[Theme] = mapped_column(word(Theme), primary_key=True, index=True)
