"""The files of a note: stored once, and mailed to who pays it and to the participants (R31–R33, R35, D3)."""

import hashlib
from collections.abc import Iterable, Mapping

from sqlalchemy import delete, select

from core import access, audit, clock, mail
from core.db import Db
from core.documents import notes
from core.i18n import ngettext
from core.labels import holder
from core.mail import Addressee, Attachment
from core.models import Enrolment, Institution, Note, NoteFile, NoteLine, NoteToRender, OutgoingMail
from core.money import euro
from core.services import coming_changes
from core.vocabulary import Actor, AuditTag, ComingKind, FileKind, NoteKind

_TO_PAYER = (Addressee.PAYER, Addressee.INSTITUTION)


def store_and_mail(
    db: Db, actor: Actor, note_id: int, files: Mapping[FileKind, bytes], copies: Mapping[int, bytes] | None = None
) -> bool:
    """Keep the rendered files and queue their mails, once; False when another worker was first.

    `copies` are those of single lines, by position. Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    note = db.scalars(select(Note).where(Note.id == note_id).with_for_update()).one()
    if db.scalar(select(NoteFile.id).where(NoteFile.note_id == note.id).limit(1)) is not None:
        return False
    copies = copies or {}
    db.add_all(_file(note, kind, 0, content) for kind, content in files.items())
    db.add_all(_file(note, FileKind.COPY, position, content) for position, content in copies.items())
    db.flush()
    db.execute(delete(NoteToRender).where(NoteToRender.note_id == note.id))
    audit.record(db, actor, AuditTag.NOTE_RENDERED, note, number=note.number)
    if len(note.lines) == 1:
        _mail_one(db, note, files)
    else:
        _mail_several(db, note, files[FileKind.ORIGINAL], copies)
    return True


def _file(note: Note, kind: FileKind, position: int, content: bytes) -> NoteFile:
    return NoteFile(
        note_id=note.id,
        kind=kind,
        position=position,
        media_type=notes.media_type(kind),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        created_at=clock.now(),
    )


def _mail_one(db: Db, note: Note, files: Mapping[FileKind, bytes]) -> None:
    """One seat: the payer gets the note, the participant the copy."""
    enrolment = db.get_one(Enrolment, note.lines[0].enrolment_id)
    attachments = [
        Attachment(f"{note.number}.pdf", files[FileKind.ORIGINAL], only_for=addressee) for addressee in _TO_PAYER
    ]
    if FileKind.COPY in files:
        attachments.append(Attachment(f"{note.number}-kopie.pdf", files[FileKind.COPY], only_for=Addressee.PERSON_COPY))
    corrects = db.get(Note, note.corrects_id) if note.corrects_id else None
    is_debit = note.kind is NoteKind.DEBIT
    facts = {
        "corrects_number": corrects.number if corrects else "",
        "addition": coming_changes.addition(db, ComingKind.DEBIT_NOTE, enrolment.id) if is_debit else "",
    }
    mail.queue(
        db,
        "debit-note" if is_debit else "credit-note",
        dedupe=f"note:{note.number}",
        note=note,
        enrolment=enrolment,
        attachments=attachments,
        facts=facts,
    )


def _mail_several(db: Db, note: Note, original: bytes, copies: Mapping[int, bytes]) -> None:
    """Several seats: the institution gets the note, each participant the copy of the own line and nothing more.

    Whoever reads the institution's mail too has it all in there.
    """
    lines = db.execute(
        select(NoteLine, Enrolment)
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .where(NoteLine.note_id == note.id)
        .order_by(NoteLine.position)
    ).all()
    added = dict.fromkeys(coming_changes.addition(db, ComingKind.DEBIT_NOTE, seat.id) for _line, seat in lines)
    told = mail.queue(
        db,
        "debit-note-group",
        dedupe=f"note:{note.number}",
        note=note,
        institution=payer_of(db, note),
        attachments=[Attachment(f"{note.number}.pdf", original)],
        facts={"lines": lambda: _named(lines), "addition": "\n\n".join(filter(None, added))},
    )
    addresses = set(db.scalars(select(OutgoingMail.recipient).where(OutgoingMail.id.in_(told))))
    for line, seat in lines:
        if line.position not in copies:
            continue
        mail.queue(
            db,
            "debit-note",
            dedupe=f"note:{note.number}:{line.position}",
            note=note,
            enrolment=seat,
            only=Addressee.PERSON_COPY,
            not_to=addresses,
            attachments=[Attachment(f"{note.number}-kopie.pdf", copies[line.position])],
            facts={
                "total": euro(line.amount_cents),
                "corrects_number": "",
                "addition": coming_changes.addition(db, ComingKind.DEBIT_NOTE, seat.id),
            },
        )


def _named(lines: Iterable[tuple[NoteLine, Enrolment]]) -> list[dict[str, str]]:
    return [
        {
            "person_name": holder(seat.person.name if seat.person else None),
            "course_title": seat.course.title,
            "amount": euro(line.amount_cents),
        }
        for line, seat in lines
    ]


def payer_of(db: Db, note: Note) -> Institution:
    """The institution that pays a note; when it was merged since, the one that was kept."""
    payer = db.get_one(Institution, note.payer_institution_id)
    return db.get_one(Institution, payer.merged_into_id) if payer.merged_into_id is not None else payer


def about(note: Note) -> dict[str, object]:
    """What a mail says of a note of several lines where it else names the one participant and the course."""
    count, courses = len(note.lines), len({line.description for line in note.lines})
    return {
        "person_name": lambda: ngettext("{count} participant", "{count} participants", count),
        "course_title": lambda: ngettext("{count} course", "{count} courses", courses),
    }
