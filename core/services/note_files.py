"""The files of a note: stored once, and mailed to who pays it and to the participant (R31–R33, R35, D3)."""

import hashlib

from sqlalchemy import delete, select

from core import access, audit, clock, mail
from core.db import Db
from core.documents import notes
from core.mail import Addressee, Attachment
from core.models import Enrolment, Note, NoteFile, NoteLine, NoteToRender
from core.services import coming_changes
from core.vocabulary import Actor, AuditTag, ComingKind, FileKind, NoteKind


def store_and_mail(db: Db, actor: Actor, note_id: int, files: dict[FileKind, bytes]) -> bool:
    """Keep the rendered files and queue their mails, once; False when another worker was first.

    Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    note = db.scalars(select(Note).where(Note.id == note_id).with_for_update()).one()
    if db.scalar(select(NoteFile.id).where(NoteFile.note_id == note.id).limit(1)) is not None:
        return False
    for kind, content in files.items():
        db.add(
            NoteFile(
                note_id=note.id,
                kind=kind,
                media_type=notes.media_type(kind),
                sha256=hashlib.sha256(content).hexdigest(),
                content=content,
                created_at=clock.now(),
            )
        )
    db.flush()
    db.execute(delete(NoteToRender).where(NoteToRender.note_id == note.id))
    audit.record(db, actor, AuditTag.NOTE_RENDERED, note, number=note.number)
    enrolment = db.scalars(select(Enrolment).join(NoteLine).where(NoteLine.note_id == note.id).limit(1)).one()
    attachments = [
        Attachment(f"{note.number}.pdf", files[FileKind.ORIGINAL], only_for=addressee)
        for addressee in (Addressee.PAYER, Addressee.INSTITUTION)
    ]
    if FileKind.COPY in files:
        attachments.append(Attachment(f"{note.number}-kopie.pdf", files[FileKind.COPY], only_for=Addressee.PERSON_COPY))
    corrects = db.get(Note, note.corrects_id) if note.corrects_id else None
    mail.queue(
        db,
        "debit-note" if note.kind is NoteKind.DEBIT else "credit-note",
        dedupe=f"note:{note.number}",
        note=note,
        enrolment=enrolment,
        attachments=attachments,
        facts={
            "corrects_number": corrects.number if corrects else "",
            "addition": coming_changes.addition(db, ComingKind.DEBIT_NOTE, enrolment.id)
            if note.kind is NoteKind.DEBIT
            else "",
        },
    )
    return True
