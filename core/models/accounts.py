"""Accounts, sign-ins, mailed links and the brake on wrong passwords."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, word
from core.models.institutions import Institution
from core.models.persons import Person
from core.vocabulary import CoordinatorRole, Language, Role, TokenPurpose


class Account(Base):
    """The right to sign in, of a person, an institution or a coordinator (D9: one address may have one of each)."""

    __tablename__ = "account"
    __table_args__ = (
        Index("uq_account_role_email", "role", "email", unique=True),
        Index(
            "ix_account_undeliverable",
            "undeliverable_since",
            sqlite_where=text("undeliverable_since IS NOT NULL"),
            postgresql_where=text("undeliverable_since IS NOT NULL"),
        ),
        CheckConstraint(
            "(role = 'person' AND person_id IS NOT NULL AND institution_id IS NULL)"
            " OR (role = 'institution' AND institution_id IS NOT NULL AND person_id IS NULL)"
            " OR (role = 'coordinator' AND coordinator_role IS NOT NULL"
            " AND person_id IS NULL AND institution_id IS NULL)",
            name="owner",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[Role] = mapped_column(word(Role))
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(100))
    language: Mapped[Language] = mapped_column(word(Language), default=Language.DUTCH)
    coordinator_role: Mapped[CoordinatorRole | None] = mapped_column(word(CoordinatorRole))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), unique=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id", ondelete="RESTRICT"), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    password_set_at: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]
    undeliverable_since: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    institution: Mapped[Institution | None] = relationship()


class FormerAddress(Base):
    """An address somebody was known by earlier: it finds the account, but is not the owner's any more (D10)."""

    __tablename__ = "former_address"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    until_at: Mapped[datetime]


class SignIn(Base):
    """One browser that is signed in. Only the hash of its cookie is kept; ended here, it is ended everywhere."""

    __tablename__ = "sign_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class Token(Base):
    """A single-use secret: a mailed link or a sign-in ticket. Only its hash is kept."""

    __tablename__ = "token"
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[TokenPurpose] = mapped_column(word(TokenPurpose))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(64))
    payload: Mapped[str] = mapped_column(Text, default="{}")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class PasswordBrake(Base):
    """How many wrong passwords came for one account or from one network address, and until when the next must wait."""

    __tablename__ = "password_brake"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime]
    wait_until: Mapped[datetime | None]
