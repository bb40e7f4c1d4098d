"""The texts of mails as coordinators edited them, and the copies they switched on or off."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import Language


class MailTemplateVersion(Base):
    """One version of a mail's texts in a language; without texts those of the code hold again. The newest one holds.

    `restored_from` is the older version whose texts came back.
    """

    __tablename__ = "mail_template_version"
    __table_args__ = (UniqueConstraint("name", "language", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    language: Mapped[Language] = mapped_column(word(Language))
    version: Mapped[int]
    subject: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    restored_from: Mapped[int | None]
    created_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(String(200), default="")


class MailSwitch(Base):
    """A copy of a mail that a coordinator switched on or off, otherwise than the routing table has it."""

    __tablename__ = "mail_switch"
    __table_args__ = (UniqueConstraint("name", "addressee"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    addressee: Mapped[str] = mapped_column(String(40))
    is_on: Mapped[bool]
    changed_at: Mapped[datetime]
