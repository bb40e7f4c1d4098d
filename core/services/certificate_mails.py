"""«Uw attest staat klaar»: told once to each participant on the day it appears (R22), unless it was switched off.

Derived from dates: a stopped server catches up for a week, and no further, so that switching it on floods nobody.
"""

from datetime import timedelta

from sqlalchemy import select

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.mail.routing import is_on
from core.models import Certificate, Course, Enrolment
from core.queries.followed import followed
from core.vocabulary import CALLED_OFF, Actor, Addressee, AuditTag, CertificateStatus, EnrolmentStatus

NAME = "certificate-ready"
_CATCH_UP_DAYS = 7


def to_announce(db: Db) -> tuple[int, ...]:
    """The courses whose certificates appeared today, or in the days that a stopped server may have missed."""
    if not is_on(db, NAME, Addressee.PERSON):
        return ()
    last = clock.today() - timedelta(days=decisions(db).certificate_after_days)
    found = select(Course.id).where(
        Course.last_day <= last,
        Course.last_day > last - timedelta(days=_CATCH_UP_DAYS),
        Course.status.not_in(CALLED_OFF),
    )
    return tuple(db.scalars(found.order_by(Course.id)))


def announce(db: Db, actor: Actor, course_id: int) -> int:
    """Tell each participant of a course with a right to a certificate, once for ever; returns how many mails leave.

    Raises NotFound or NotAllowed.
    """
    access.require_staff(actor)
    course = db.get(Course, course_id)
    if course is None:
        raise access.NotFound
    seats = select(Enrolment.id).where(
        Enrolment.course_id == course_id,
        Enrolment.status == EnrolmentStatus.CONFIRMED,
        Enrolment.person_id.is_not(None),
    )
    has_right = {seat for seat, part in followed(db, seats).items() if part is not None}
    withdrawn = set(
        db.scalars(
            select(Certificate.enrolment_id).where(
                Certificate.enrolment_id.in_(seats), Certificate.status == CertificateStatus.WITHDRAWN
            )
        )
    )
    told = 0
    rows = db.scalars(select(Enrolment).where(Enrolment.id.in_(seats)).order_by(Enrolment.id)).all()
    for row in rows:
        if row.id in has_right - withdrawn:
            told += len(mail.queue(db, NAME, dedupe=f"enrolment:{row.id}", enrolment=row))
    if told:
        audit.record(db, actor, AuditTag.CERTIFICATE_ANNOUNCED, course, recipients=told)
    return told
