"""Persons: the humans known to CNO («cursisten»)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, word
from core.vocabulary import JobFunction, Level, Subject


class Person(Base):
    """A participant. History belongs to the person, whatever the address was (R6, D10).

    `merged_into_id` is set when this row was a double: all of it that may move went to that person (never to another
    double); issued notes still name this row.
    """

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    search_name: Mapped[str] = mapped_column(String(220), index=True)
    birth_year: Mapped[int | None]
    phone: Mapped[str] = mapped_column(String(40), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(12), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    function: Mapped[JobFunction | None] = mapped_column(word(JobFunction))
    created_at: Mapped[datetime] = mapped_column(index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)

    levels: Mapped[list["PersonLevel"]] = relationship(cascade="all, delete-orphan", order_by="PersonLevel.level")
    subjects: Mapped[list["PersonSubject"]] = relationship(
        cascade="all, delete-orphan", order_by="PersonSubject.subject"
    )

    @property
    def name(self) -> str:
        """First and last name, as people say it."""
        return f"{self.first_name} {self.last_name}".strip()


class PersonLevel(Base):
    """A level a person teaches in."""

    __tablename__ = "person_level"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    level: Mapped[Level] = mapped_column(word(Level), primary_key=True)


class PersonSubject(Base):
    """A subject a person teaches."""

    __tablename__ = "person_subject"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[Subject] = mapped_column(word(Subject), primary_key=True)
