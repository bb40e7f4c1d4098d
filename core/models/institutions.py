"""Institutions and the dated links of persons to them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.models.base import Base, word
from core.models.persons import Person
from core.vocabulary import Network, NoteGrouping, PayerPolicy


class Institution(Base):
    """A school or other organisation («instelling»). `asked_links_on`: when it was last asked who is still linked.

    `search_name` holds the folded name and town. `merged_into_id` is set when this row was a double, as of a person.
    """

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
    billing_reference: Mapped[str] = mapped_column(String(100), default="")
    note_grouping: Mapped[NoteGrouping] = mapped_column(word(NoteGrouping), default=NoteGrouping.ENROLMENT)
    asked_links_on: Mapped[date | None]
    created_at: Mapped[datetime]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id", ondelete="RESTRICT"), index=True)

    billing_addresses: Mapped[list["BillingAddress"]] = relationship(
        cascade="all, delete-orphan", order_by="BillingAddress.id"
    )
    contacts: Mapped[list["ContactPerson"]] = relationship(cascade="all, delete-orphan", order_by="ContactPerson.name")


class BillingAddress(Base):
    """An e-mail address that the notes of an institution go to instead of its account's; several all get them (R35).

    `undeliverable_since` is when it last refused a mail of ours for good.
    """

    __tablename__ = "billing_address"
    __table_args__ = (
        Index("uq_billing_address_email", "institution_id", "email", unique=True),
        Index(
            "ix_billing_address_undeliverable",
            "undeliverable_since",
            sqlite_where=text("undeliverable_since IS NOT NULL"),
            postgresql_where=text("undeliverable_since IS NOT NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254), index=True)
    undeliverable_since: Mapped[datetime | None]


class ContactPerson(Base):
    """Somebody of an institution whom CNO can call or write to («contactpersoon»)."""

    __tablename__ = "contact_person"
    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    function: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")


class Affiliation(Base):
    """The dated link person–institution, made by the person alone («verbondenheid», R13, R44).

    `kept_on` is the day the institution last said that it still holds; the yearly question counts from it.
    """

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
        Index("ix_affiliation_person", "person_id", "ended_on", "institution_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id", ondelete="RESTRICT"), index=True)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    kept_on: Mapped[date | None]

    person: Mapped[Person] = relationship()
    institution: Mapped[Institution] = relationship()
