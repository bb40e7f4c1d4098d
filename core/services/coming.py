"""What leaves by itself, looked at beforehand as it would be sent now, or sent before its day."""

from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default

from sqlalchemy import func, select

from core import access
from core.db import Db
from core.documents import notes
from core.models import Note, OutgoingMail
from core.services import affiliations, billing, coming_changes, naming, note_files, payer_requests
from core.vocabulary import Actor, ComingKind


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A mail as it would leave now; `html` is its formatted text."""

    recipient: str
    subject: str
    text: str
    html: str


def send_now(db: Db, actor: Actor, kind: ComingKind, subject_id: int) -> bool:
    """Do before its day what falls due later; False when there is nothing (more) to send.

    An offer of a seat does not end early: it is the person's. Raises NotFound or NotAllowed.
    """
    access.require_coordinator(actor)
    if not _act(db, actor, kind, subject_id):
        return False
    coming_changes.settle(db, actor, kind, subject_id)
    return True


def rendered(db: Db, actor: Actor, kind: ComingKind, subject_id: int) -> tuple[RenderedMail, ...]:
    """The mails as they would leave now; made, read and taken back, so that nothing stays. Needs a writing `db`.

    Raises NotFound or NotAllowed.
    """
    access.require_coordinator(actor)
    last = db.scalar(select(func.max(OutgoingMail.id))) or 0
    attempt = db.begin_nested()
    try:
        _act(db, actor, kind, subject_id)
        if kind is ComingKind.DEBIT_NOTE:
            _queue_note(db, actor)
        found = db.scalars(select(OutgoingMail).where(OutgoingMail.id > last).order_by(OutgoingMail.id)).all()
        return tuple(RenderedMail(mail.recipient, mail.subject, mail.body, _html(mail.raw)) for mail in found)
    finally:
        attempt.rollback()


def _act(db: Db, actor: Actor, kind: ComingKind, subject_id: int) -> bool:
    match kind:
        case ComingKind.DEBIT_NOTE:
            return billing.issue_early(db, actor, subject_id) is not None
        case ComingKind.PAYER_REMINDER:
            return payer_requests.remind(db, actor, subject_id)
        case ComingKind.NAME_REMINDER:
            return naming.remind_now(db, actor, subject_id) > 0
        case ComingKind.LINK_QUESTION:
            return affiliations.ask_now(db, actor, subject_id)
        case ComingKind.OFFER_END:
            raise access.NotFound


def _queue_note(db: Db, actor: Actor) -> None:
    note = db.scalars(select(Note).order_by(Note.id.desc()).limit(1)).one()
    files = dict.fromkeys(notes.kinds(note.payload), b"%PDF")
    copies = dict.fromkeys(notes.copied_lines(note.payload), b"%PDF")
    note_files.store_and_mail(db, actor, note.id, files, copies)


def _html(raw: bytes) -> str:
    part = message_from_bytes(raw, policy=default).get_body(("html",))
    return str(part.get_content()) if part is not None else ""
