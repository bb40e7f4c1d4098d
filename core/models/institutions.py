"""Institutions and the dated links of persons to them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, word
from core.models.persons import Person
from core.vocabulary import Network, PayerPolicy


class Institution(Base):
    """A school or other organisation («instelling»)."""

    __tablename__ = "institution"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(300), index=True)
    number: Mapped[str | None] = mapped_column(String(6), unique=True)
    kbo: Mapped[str | None] = mapped_column(String(10), index=True)
    network: Mapped[Network] = mapped_column(word(Network), default=Network.OTHER)
    street: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(12), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    payer_policy: Mapped[PayerPolicy] = mapped_column(word(PayerPolicy), default=PayerPolicy.ALLOWED)
    billing_name: Mapped[str] = mapped_column(String(200), default="")
    billing_email: Mapped[str | None] = mapped_column(String(254))
    billing_reference: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]


class Affiliation(Base):
    """The dated link person–institution, made by the person alone («verbondenheid», R13, R44)."""

    __tablename__ = "affiliation"
    __table_args__ = (
        Index(
            "uq_affiliation_standing",
            "person_id",
            "institution_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id", ondelete="RESTRICT"), index=True)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    person: Mapped[Person] = relationship()
    institution: Mapped[Institution] = relationship()
