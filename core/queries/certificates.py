"""Certificates: their stored files, and the public check of a code."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import access
from core.db import Db
from core.models import Certificate, CertificateFile
from core.queries import billing
from core.queries.billing import FileDamaged, StoredFile
from core.rules.billing import read_code
from core.vocabulary import Actor, CertificateStatus


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check page says of a code (`billing.md` §11): nothing that is not on the certificate itself."""

    code: str
    status: CertificateStatus
    person: str
    course_title: str
    course_code: str
    days: tuple[date, ...]
    followed_minutes: int
    given_minutes: int
    issued_on: date


def checked(db: Db, text: str) -> Checked | None:
    """What stands behind a code; None for an unknown and for a malformed one alike."""
    code = read_code(text)
    row = db.scalar(select(Certificate).where(Certificate.code == (code or "")))
    if row is None:
        return None
    facts = json.loads(row.payload)
    return Checked(
        code=row.code,
        status=row.status,
        person=facts["person"],
        course_title=facts["course_title"],
        course_code=facts["course_code"],
        days=tuple(date.fromisoformat(meeting["date"]) for meeting in facts["days"]),
        followed_minutes=facts["followed_minutes"],
        given_minutes=facts["given_minutes"],
        issued_on=row.issued_on,
    )


def payload(db: Db, actor: Actor, certificate_id: int) -> str:
    """What a certificate says, to render it from. Raises NotFound."""
    return _visible(db, actor, certificate_id).payload


def file(db: Db, actor: Actor, certificate_id: int) -> StoredFile | None:
    """The stored PDF of a certificate; None while it was not rendered. Raises NotFound and FileDamaged."""
    certificate = _visible(db, actor, certificate_id)
    stored = db.get(CertificateFile, certificate_id)
    if stored is None:
        return None
    if hashlib.sha256(stored.content).hexdigest() != stored.sha256:
        raise FileDamaged(certificate.number)
    return StoredFile(filename(certificate.number), "application/pdf", stored.content)


def filename(number: str) -> str:
    """The name a certificate is downloaded under."""
    return f"attest-{billing.filename(number)}"


def _visible(db: Db, actor: Actor, certificate_id: int) -> Certificate:
    certificate = db.get(Certificate, certificate_id)
    if certificate is None:
        raise access.NotFound
    access.enrolment(db, actor, certificate.enrolment_id)
    return certificate
