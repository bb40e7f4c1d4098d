"""A note once more: the stored PDF to the address that the notes of its payer go to, at most once a week (D3, R35)."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from core import access, audit, clock, mail
from core.db import Db
from core.mail import Attachment
from core.models import Enrolment, Note, OutgoingMail
from core.queries import billing
from core.services import note_files
from core.vocabulary import Actor, AuditTag

AGAIN = "note-again"
ONCE_A_WEEK = timedelta(days=7)


def send_again(db: Db, actor: Actor, note_id: int, *, since: datetime) -> bool:
    """Mail the original of an issued note to its payer again; False when that happened after `since`.

    Raises NotFound (also while it has no file), NotAllowed for whoever does not act for CNO, or FileDamaged.
    """
    access.require_staff(actor)
    file = billing.note_file(db, actor, note_id)
    note = db.scalars(select(Note).where(Note.id == note_id).with_for_update()).one()
    lately = exists().where(
        OutgoingMail.name == AGAIN,
        OutgoingMail.subject_type == Note.__tablename__,
        OutgoingMail.subject_id == note.id,
        OutgoingMail.created_at > since,
    )
    if note.is_imported or db.scalar(select(lately)):
        return False
    is_of_several = len(note.lines) > 1
    queued = mail.queue(
        db,
        AGAIN,
        dedupe=f"note:{note.number}:{clock.now().isoformat()}",
        note=note,
        enrolment=None if is_of_several else db.get_one(Enrolment, note.lines[0].enrolment_id),
        institution=note_files.payer_of(db, note) if is_of_several else None,
        attachments=[Attachment(file.filename, file.content)],
        facts=note_files.about(note) if is_of_several else None,
    )
    audit.record(db, actor, AuditTag.NOTE_SENT_AGAIN, note, number=note.number)
    return bool(queued)
