"""Certificates of participation («attesten»)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base, word
from core.vocabulary import CertificateStatus, Language

_VALID = text("status = 'valid'")


class Certificate(Base):
    """A numbered, verifiable certificate. A correction makes a new one; the old code then says «vervangen» (D5)."""

    __tablename__ = "certificate"
    __table_args__ = (
        Index("uq_certificate_series_nr", "series", "nr", unique=True),
        Index(
            "uq_certificate_valid",
            "enrolment_id",
            "language",
            unique=True,
            sqlite_where=_VALID,
            postgresql_where=_VALID,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(20))
    nr: Mapped[int]
    number: Mapped[str] = mapped_column(String(30), unique=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="RESTRICT"), index=True)
    language: Mapped[Language] = mapped_column(word(Language), default=Language.DUTCH)
    status: Mapped[CertificateStatus] = mapped_column(word(CertificateStatus), default=CertificateStatus.VALID)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id", ondelete="RESTRICT"), index=True)
    issued_on: Mapped[date]
    payload: Mapped[str] = mapped_column(Text)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str] = mapped_column(String(500), default="", server_default="")


class CertificateFile(Base):
    """The stored PDF of a certificate."""

    __tablename__ = "certificate_file"
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="RESTRICT"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
