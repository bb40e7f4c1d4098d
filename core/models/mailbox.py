"""Mail: what came in, what leaves, the conversations they form, and the embedded server's own store."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.text import folded
from core.vocabulary import (
    IncomingState,
    Intent,
    IntentMode,
    Language,
    MailKind,
    OutgoingState,
    Screening,
    ThreadState,
    Verdict,
)


def _last_mail(context: Any) -> datetime:
    at: datetime = context.get_current_parameters()["last_mail_at"]
    return at


def _first_words(context: Any) -> str:
    values = context.get_current_parameters()
    return folded(f"{values['subject']} {values['address']}")


class MailThread(Base):
    """A conversation in the coordinators' inbox.

    `waiting_since` is when the oldest mail came that nobody answered yet; `words` is what a search looks in, folded.
    One that was merged into another keeps its row, so that links to it lead there.
    """

    __tablename__ = "mail_thread"
    __table_args__ = (
        *(
            Index(
                f"ix_mail_thread_state_{name}",
                "state",
                column,
                "id",
                sqlite_where=text("merged_into_id IS NULL"),
                postgresql_where=text("merged_into_id IS NULL"),
            )
            for name, column in (("last", "last_mail_at"), ("waiting", "waiting_since"))
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(300), index=True)
    address: Mapped[str] = mapped_column(String(254), index=True)
    state: Mapped[ThreadState] = mapped_column(word(ThreadState), default=ThreadState.OPEN)
    created_at: Mapped[datetime]
    last_mail_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    waiting_since: Mapped[datetime] = mapped_column(default=_last_mail)
    snoozed_until: Mapped[date | None]
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("mail_thread.id", ondelete="SET NULL"), index=True)
    words: Mapped[str] = mapped_column(Text, default=_first_words)


class IncomingMail(Base):
    """A mail as it came («postvak in»), stored before anything is done with it; unique on the hash of its bytes.

    `guesses` are the three likeliest intents with their probability, as in «certificate:0.62 payment:0.2».
    """

    __tablename__ = "incoming_mail"
    __table_args__ = (
        Index("ix_incoming_mail_state_id", "state", "id"),
        Index("ix_incoming_mail_arrived", "arrived_at", "state", "intent", "thread_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    message_id: Mapped[str] = mapped_column(String(1000), default="", index=True)
    from_address: Mapped[str] = mapped_column(String(320), default="", index=True)
    from_name: Mapped[str] = mapped_column(String(320), default="")
    subject: Mapped[str] = mapped_column(String(1000), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    uidvalidity: Mapped[int | None] = mapped_column(BigInteger)  # both are unsigned 32 bits (RFC 9051)
    uid: Mapped[int | None] = mapped_column(BigInteger)
    arrived_at: Mapped[datetime]
    state: Mapped[IncomingState] = mapped_column(word(IncomingState), default=IncomingState.RECEIVED)
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[Screening | None] = mapped_column(word(Screening))
    reason: Mapped[str] = mapped_column(String(300), default="")
    verdict: Mapped[Verdict | None] = mapped_column(word(Verdict))
    language: Mapped[Language | None] = mapped_column(word(Language))
    intent: Mapped[Intent | None] = mapped_column(word(Intent))
    score: Mapped[float | None]
    guesses: Mapped[str] = mapped_column(String(200), default="")
    handled_at: Mapped[datetime | None]
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("mail_thread.id", ondelete="SET NULL"), index=True)


class MailAttachment(Base):
    """What hangs on a received mail; its bytes stay in the mail, at this place among the attached parts (from 0)."""

    __tablename__ = "mail_attachment"
    __table_args__ = (UniqueConstraint("mail_id", "position"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("incoming_mail.id", ondelete="CASCADE"))
    position: Mapped[int]
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]


class OutgoingMail(Base):
    """A mail that leaves («uitgaande mail»): frozen bytes, stored in the transaction of its cause, then delivered.

    `dedupe_key` is the business fact that causes it; a second row for the same fact cannot exist. `ref` is the random
    part of its Message-ID and bounce address. A sensitive row is blanked once it is sent.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index("ix_outgoing_mail_due", "state", "not_before", "id"),
        Index("ix_outgoing_mail_name_state", "name", "state"),
        Index("ix_outgoing_mail_thread", "thread_id", "kind", "created_at"),
        Index("ix_outgoing_mail_recipient", "recipient", "created_at"),
        Index("ix_outgoing_mail_subject", "subject_type", "subject_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[MailKind] = mapped_column(word(MailKind))
    language: Mapped[Language] = mapped_column(word(Language))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    ref: Mapped[str] = mapped_column(String(32), unique=True)
    mid: Mapped[str] = mapped_column(String(200), unique=True)
    envelope_from: Mapped[str] = mapped_column(String(254))
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    state: Mapped[OutgoingState] = mapped_column(word(OutgoingState), default=OutgoingState.PENDING)
    worker: Mapped[str | None] = mapped_column(String(60))
    lease_until: Mapped[datetime | None]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    code: Mapped[int | None]
    error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    dot_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("mail_thread.id", ondelete="SET NULL"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    subject_type: Mapped[str] = mapped_column(String(30), default="")
    subject_id: Mapped[int | None]


class MailboxLease(Base):
    """Which collector may read a mailbox now: one at a time."""

    __tablename__ = "mailbox_lease"
    mailbox: Mapped[str] = mapped_column(String(254), primary_key=True)
    worker: Mapped[str] = mapped_column(String(60))
    until: Mapped[datetime]


class BotHealth(Base):
    """What the mail bot last said of itself, one row a counter, for «Vandaag» and for the operations page."""

    __tablename__ = "bot_health"
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]


class IntentSetting(Base):
    """Whether the bot answers an intent by itself, and how sure it must be (0–1), as a coordinator set it."""

    __tablename__ = "intent_setting"
    intent: Mapped[Intent] = mapped_column(word(Intent), primary_key=True)
    mode: Mapped[IntentMode] = mapped_column(word(IntentMode))
    threshold: Mapped[float | None]


class LocalMail(Base):
    """The embedded mail server's own mailboxes, for trying out: kept here, since its server forgets at its end."""

    __tablename__ = "local_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    box: Mapped[str] = mapped_column(String(254), index=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    arrived_at: Mapped[datetime]
