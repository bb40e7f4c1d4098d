"""Notes: what is due, what a portal shows, and the stored files."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select, text, true
from sqlalchemy.orm import aliased

from core import access
from core.db import Db
from core.labels import holder
from core.models import (
    Course,
    Enrolment,
    Institution,
    Note,
    NoteFile,
    NoteLine,
    NoteToRender,
    PaidBefore,
    Person,
    received_for,
)
from core.queries import portal_notes
from core.queries.portal_notes import NoteLineRow, NoteRow
from core.rules import school_year as years
from core.text import folded
from core.vocabulary import Actor, FileKind, PayerKind

__all__ = [
    "FileDamaged",
    "NoteRow",
    "StoredFile",
    "WantedNotes",
    "count_notes",
    "filename",
    "note_file",
    "notes_of",
    "notes_without_file",
]


class FileDamaged(RuntimeError):
    """A stored file's bytes no longer have the hash they were stored with."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to download."""

    filename: str
    media_type: str
    content: bytes


def notes_without_file(db: Db, *, limit: int = 100) -> tuple[int, ...]:
    """The issued notes that have not been rendered and mailed yet, the oldest first; those of an import never are."""
    return tuple(db.scalars(select(NoteToRender.note_id).order_by(NoteToRender.note_id).limit(limit)))


def _visible(actor: Actor) -> ColumnElement[bool]:
    if access.is_staff(actor):
        return true()
    if actor.institution_id is not None:
        return Note.payer_institution_id.in_(access.known_as(Institution, actor.institution_id))
    if actor.person_id is not None:
        line = aliased(NoteLine)
        return Note.id.in_(select(line.note_id).where(line.person_id.in_(access.known_as(Person, actor.person_id))))
    return false()


@dataclass(frozen=True, slots=True)
class WantedNotes:
    """Which notes are looked for: part of a name, part of a course's title or code, a school year (its first year)."""

    person: str = ""
    course: str = ""
    school_year: int | None = None


_EVERYTHING = WantedNotes()
_Rows = Select[*tuple[Any, ...]]


def _of_line(wanted: WantedNotes) -> list[ColumnElement[bool]]:
    """The conditions on a line's person and course."""
    conditions = [Person.search_name.contains(word, autoescape=True) for word in folded(wanted.person).split()]
    conditions += [
        or_(Course.search_text.contains(word, autoescape=True), Course.code.icontains(word, autoescape=True))
        for word in folded(wanted.course).split()
    ]
    return conditions


def _in_year(wanted: WantedNotes) -> ColumnElement[bool]:
    if wanted.school_year is None:
        return true()
    first, after = years.first_day(wanted.school_year), years.first_day(wanted.school_year + 1)
    return and_(Note.issued_on >= first, Note.issued_on < after)


def count_notes(db: Db, actor: Actor, wanted: WantedNotes = _EVERYTHING) -> int:
    """How many notes :func:`notes_of` finds in all."""
    return db.scalar(select(func.count()).select_from(_found(actor, wanted).subquery())) or 0


def _found(actor: Actor, wanted: WantedNotes) -> _Rows:
    """Notes with 0, or for a participant each own line with its position; what is looked for stands on one line."""
    conditions = _of_line(wanted)
    if _is_participant(actor):
        own = and_(NoteLine.note_id == Note.id, NoteLine.person_id.in_(access.known_as(Person, actor.person_id or -1)))
        found = select(Note.id, NoteLine.position).join(NoteLine, own).where(_in_year(wanted))
        return _with_facts(found).where(*conditions) if conditions else found
    found = select(Note.id, literal(0).label("position")).where(_visible(actor), _in_year(wanted))
    if not conditions:
        return found
    line = _with_facts(select(NoteLine.id)).where(NoteLine.note_id == Note.id, *conditions)
    return found.where(line.correlate(Note).exists())


def _is_participant(actor: Actor) -> bool:
    return not access.is_staff(actor) and actor.institution_id is None and actor.person_id is not None


def _with_facts(lines: _Rows) -> _Rows:
    """Lines with their person, enrolment and course."""
    return (
        lines.outerjoin(Person, Person.id == NoteLine.person_id)
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
    )


def notes_of(
    db: Db, actor: Actor, wanted: WantedNotes = _EVERYTHING, *, limit: int = 500, offset: int = 0
) -> tuple[NoteRow, ...]:
    """The notes an actor may see as participant or payer, the newest first; two queries, however many there are."""
    corrected = select(Note.id, Note.number).subquery()
    credit = aliased(Note)
    credited = (
        select(func.coalesce(func.sum(credit.total_cents), 0))
        .where(credit.corrects_id == Note.id)
        .correlate(Note)
        .scalar_subquery()
    )
    paid = func.coalesce(PaidBefore.cents, 0) + received_for(Note.id)
    has_file, has_ubl = (
        exists().where(NoteFile.note_id == Note.id, NoteFile.kind == kind) for kind in (FileKind.ORIGINAL, FileKind.UBL)
    )
    order = (Note.issued_on.desc(), Note.id.desc())
    # The page stands first: PostgreSQL joins so many tables in the order written, and would read a million notes.
    page = _found(actor, wanted).order_by(*order, text("position")).limit(limit).offset(offset).subquery()
    columns = (Institution.name, corrected.c.number, has_file, has_ubl, credited, paid)
    found = db.execute(
        select(Note, page.c.position, *columns)
        .select_from(page)
        .join(Note, Note.id == page.c.id)
        .outerjoin(Institution, Institution.id == Note.payer_institution_id)
        .outerjoin(corrected, corrected.c.id == Note.corrects_id)
        .outerjoin(PaidBefore, PaidBefore.note_id == Note.id)
        .order_by(*order, page.c.position)
    ).all()
    lines = _lines(db, [row[0].id for row in found])
    is_participant = _is_participant(actor)
    return tuple(portal_notes.shown(lines[row[0].id], *row, is_participant=is_participant) for row in found)


def _lines(db: Db, note_ids: Sequence[int]) -> dict[int, list[NoteLineRow]]:
    lines: dict[int, list[NoteLineRow]] = defaultdict(list)
    facts = (NoteLine.note_id, NoteLine.position, NoteLine.amount_cents, Person, Course.title, Course.code)
    order = (NoteLine.note_id, NoteLine.position)
    query = _with_facts(select(*facts).select_from(NoteLine)).where(NoteLine.note_id.in_(note_ids)).order_by(*order)
    for note_id, position, cents, person, title, code in db.execute(query):
        name = holder(person.name if person else None)
        lines[note_id].append(NoteLineRow(position, name, title, code, cents))
    return lines


def _gets_copy(note: Note, actor: Actor) -> bool:
    return note.payer_kind is PayerKind.INSTITUTION and actor.person_id is not None


def note_file(db: Db, actor: Actor, note_id: int, *, is_e_invoice: bool = False, line: int | None = None) -> StoredFile:
    """The stored PDF of a note: the original for who pays it, the marked copy for the participant (D6).

    Or its e-invoice (UBL), which only who pays it and the team may have. Of a note of several lines the participant
    has the copy of one own line: the first, or the one at the position `line`.

    An imported note has no marked copy: the list beside it says who pays. Raises NotFound, also while it is not
    rendered yet, and FileDamaged.
    """
    note = db.scalar(select(Note).where(Note.id == note_id, _visible(actor)))
    if note is None:
        raise access.NotFound
    kind, position = FileKind.ORIGINAL, 0
    if _gets_copy(note, actor) and not (note.is_imported and len(note.lines) == 1):
        kind, position = FileKind.COPY, _own_position(db, actor, note, line)
    if is_e_invoice:
        if kind is FileKind.COPY:
            raise access.NotFound
        kind = FileKind.UBL
    where = (NoteFile.note_id == note.id, NoteFile.kind == kind, NoteFile.position == position)
    stored = db.scalar(select(NoteFile).where(*where))
    if stored is None:
        raise access.NotFound
    if hashlib.sha256(stored.content).hexdigest() != stored.sha256:
        raise FileDamaged(note.number)
    name = f"{note.number}-{position}" if position else note.number
    return StoredFile(filename(name, "xml" if is_e_invoice else "pdf"), stored.media_type, stored.content)


def _own_position(db: Db, actor: Actor, note: Note, line: int | None) -> int:
    """Where the copy of a participant's line is kept. Raises NotFound for a line that is somebody else's."""
    own = access.known_as(Person, actor.person_id or -1)
    positions = db.scalars(
        select(NoteLine.position)
        .where(NoteLine.note_id == note.id, NoteLine.person_id.in_(own))
        .order_by(NoteLine.position)
    ).all()
    if line is not None and line not in positions:
        raise access.NotFound
    return (line or positions[0]) if len(note.lines) > 1 else 0


def filename(number: str, ending: str = "pdf") -> str:
    """The name a document is downloaded under: numbers of other systems may hold slashes."""
    return f"{re.sub(r'[^A-Za-z0-9.-]+', '-', number)}.{ending}"
