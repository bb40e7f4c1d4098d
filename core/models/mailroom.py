"""What helps coordinators answer, and what the bot is measured by: text modules, shadow answers, examples, replays."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import ExampleState, Intent, Language


class TextModule(Base):
    """A piece of text that coordinators use again and again («tekstblok»); {words} in it are filled in."""

    __tablename__ = "text_module"
    __table_args__ = (UniqueConstraint("language", "title"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[Language] = mapped_column(word(Language))
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]


class ShadowAnswer(Base):
    """What the bot would have answered while its intent was in shadow, and what a coordinator made of that mail.

    `answered_intent` is what the coordinator took the question for, where that is known; `likeness` is how much of the
    draft's words stand in the answer that left, 0–1.
    """

    __tablename__ = "shadow_answer"
    mail_id: Mapped[int] = mapped_column(ForeignKey("incoming_mail.id", ondelete="CASCADE"), primary_key=True)
    intent: Mapped[Intent] = mapped_column(word(Intent), index=True)
    score: Mapped[float]
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    answered_intent: Mapped[Intent | None] = mapped_column(word(Intent))
    likeness: Mapped[float | None]


class ProposedExample(Base):
    """A message that was understood wrongly, without names and addresses; the model learns it once it is accepted."""

    __tablename__ = "proposed_example"
    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("incoming_mail.id", ondelete="SET NULL"), index=True)
    was_intent: Mapped[Intent | None] = mapped_column(word(Intent))
    intent: Mapped[Intent] = mapped_column(word(Intent))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[ExampleState] = mapped_column(word(ExampleState), default=ExampleState.PROPOSED, index=True)
    proposed_by: Mapped[str] = mapped_column(String(200))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None]
    refused_because: Mapped[str] = mapped_column(Text, default="")


class Replay(Base):
    """Old mail run through the bot (`mailbot.replay`): per intent what it would have answered, without any text."""

    __tablename__ = "replay"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    mails: Mapped[int]
    results: Mapped[str] = mapped_column(Text)
