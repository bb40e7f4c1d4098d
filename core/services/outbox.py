"""Coordinators hold, change, release and retry outgoing mails."""

from sqlalchemy import select

from core import access, audit, clock, mail
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import OutgoingMail
from core.vocabulary import Actor, AuditTag, OutgoingState


class TooLate(DomainError):
    """The mail is in another state by now."""

    message = N_("This is no longer possible: the mail has moved on meanwhile.")


class MailHoldsLink(DomainError):
    """A mail with a personal link is never shown, so its text is not changed either."""

    message = N_("This mail holds a personal link: it can be held and sent, not changed.")


class NothingWritten(DomainError):
    """A mail without subject or text."""

    message = N_("Fill in a subject and a text.")


def hold(db: Db, actor: Actor, mail_id: int) -> None:
    """Keep a waiting mail back. Raises NotFound, NotAllowed or TooLate."""
    row = _locked(db, actor, mail_id, OutgoingState.PENDING)
    row.state = OutgoingState.HELD
    audit.record(db, actor, AuditTag.MAIL_HELD, row)


def release(db: Db, actor: Actor, mail_id: int) -> None:
    """Let a held, failed or uncertain mail leave (again), now. Raises NotFound, NotAllowed or TooLate."""
    row = _locked(db, actor, mail_id, OutgoingState.HELD, OutgoingState.FAILED, OutgoingState.UNCERTAIN)
    row.state, row.not_before, row.attempts, row.error = OutgoingState.PENDING, clock.now(), 0, ""
    audit.record(db, actor, AuditTag.MAIL_RELEASED, row)


def edit(db: Db, actor: Actor, mail_id: int, *, subject: str, text: str) -> None:
    """Change subject and text of a mail that is held; addressee and attachments stay.

    Raises NotFound, NotAllowed, TooLate, MailHoldsLink or NothingWritten.
    """
    row = _locked(db, actor, mail_id, OutgoingState.HELD)
    if row.is_sensitive:
        raise MailHoldsLink
    subject, text = " ".join(subject.split())[:300], text.strip().replace("\r\n", "\n")
    if not subject or not text:
        raise NothingWritten(field="subject" if not subject else "text")
    before, row.subject, row.body = row.subject, subject, f"{text}\n"
    row.raw = mail.edited(row.raw, subject=subject, text=row.body, html=mail.as_html(subject, text, row.language))
    audit.record(db, actor, AuditTag.MAIL_EDITED, row, subject_before=before, subject_after=subject)


def _locked(db: Db, actor: Actor, mail_id: int, *states: OutgoingState) -> OutgoingMail:
    access.require_coordinator(actor)
    row = db.scalar(select(OutgoingMail).where(OutgoingMail.id == mail_id).with_for_update())
    if row is None:
        raise access.NotFound
    if row.state not in states or not row.raw:
        raise TooLate
    return row
