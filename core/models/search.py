"""The index by which coordinators find persons and institutions; triggers in the database keep it right.

Each word is kept once with all its parts, so that a part of it is found by the beginning of a part, and a mistyped
word by the half that was typed right: plain indexes, the same on SQLite and PostgreSQL.
"""

from enum import IntEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base

# Compared byte by byte, so that «everything that begins with» is a range on both databases.
_WORD = String(60).with_variant(String(60, collation="C"), "postgresql")


class FoundBy(IntEnum):
    """What of a person or an institution a word stands in (`core/migrations/search.py`)."""

    NAME = 1
    ADDRESS = 2
    FORMER_ADDRESS = 3
    NUMBER = 4
    BILLING_ADDRESS = 5
    CONTACT = 6


class SearchPlace(Base):
    """The numbers from 1 on: a text is cut into words by joining it with them."""

    __tablename__ = "search_place"
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class SearchWord(Base):
    """A word that stands somewhere. Two writers at once may keep it twice, which harms nothing."""

    __tablename__ = "search_word"
    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(_WORD, index=True)


class SearchPart(Base):
    """The end of a word from a place on: «zonnewimpel», «onnewimpel», … «el»."""

    __tablename__ = "search_part"
    __table_args__ = ({"sqlite_with_rowid": False},)
    part: Mapped[str] = mapped_column(_WORD, primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    word_id: Mapped[int] = mapped_column(primary_key=True, index=True)


class PersonWord(Base):
    """A word that a person is found by."""

    __tablename__ = "person_word"
    __table_args__ = (Index("ix_person_word_word", "word", "person_id"), {"sqlite_with_rowid": False})
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    word: Mapped[str] = mapped_column(_WORD, primary_key=True)


class InstitutionWord(Base):
    """A word that an institution is found by."""

    __tablename__ = "institution_word"
    __table_args__ = (Index("ix_institution_word_word", "word", "institution_id"), {"sqlite_with_rowid": False})
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    word: Mapped[str] = mapped_column(_WORD, primary_key=True)
