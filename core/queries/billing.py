"""Notes: what is due, what a portal shows, and the stored files."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from core import access, clock
from core.db import Db
from core.decisions import decisions
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
    is_held,
    received_for,
)
from core.rules import billing as rules
from core.rules import school_year as years
from core.text import folded
from core.vocabulary import Actor, ComingKind, EnrolmentStatus, FileKind, NoteKind, NoteState, PayerKind


class FileDamaged(RuntimeError):
    """A stored file's bytes no longer have the hash they were stored with."""


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A debit or credit note in a portal. `is_copy`: the reader is the participant, the institution pays (D6).

    `state` is that of a debit note, None for a credit note; `left_cents` is what it still asks, 0 for a credit note.
    An imported note has a file only if one came along.
    """

    note_id: int
    number: str
    kind: NoteKind
    issued_on: date
    due_on: date | None
    total_cents: int
    ogm: str | None
    payer_name: str
    person_name: str
    course_title: str
    course_code: str
    is_copy: bool
    has_file: bool
    corrects_number: str | None
    state: NoteState | None
    left_cents: int
    is_imported: bool
    has_e_invoice: bool


@dataclass(frozen=True, slots=True)
class DueRow:
    """A debit note that will leave."""

    enrolment_id: int
    due_on: date
    person_name: str
    payer_name: str
    course_title: str
    course_code: str
    cents: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to download."""

    filename: str
    media_type: str
    content: bytes


def _billable() -> ColumnElement[bool]:
    return and_(
        Enrolment.billed_on.is_(None),
        Enrolment.price_cents > 0,
        or_(Enrolment.status == EnrolmentStatus.CONFIRMED, Enrolment.cancellation_cents > 0),  # as in its index
        Enrolment.status.in_((EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED)),
    )


def unbilled_enrolments(db: Db, until: date, *, limit: int = 500) -> tuple[int, ...]:
    """The enrolments whose debit note is due: confirmed on or before a day, not billed and not held; oldest first."""
    return tuple(
        db.scalars(
            select(Enrolment.id)
            .where(_billable(), Enrolment.confirmed_on <= until, ~is_held(ComingKind.DEBIT_NOTE, Enrolment.id))
            .order_by(Enrolment.confirmed_on, Enrolment.id)
            .limit(limit)
        )
    )


def count_coming(db: Db, days: int) -> int:
    """How many debit notes leave within so many days."""
    return db.scalar(select(func.count()).select_from(Enrolment).where(_leaves_within(db, days))) or 0


def _leaves_within(db: Db, days: int) -> ColumnElement[bool]:
    until = clock.today() + timedelta(days=days - decisions(db).debit_note_after_days)
    return and_(_billable(), Enrolment.confirmed_on <= until)


def coming_debit_notes(db: Db, days: int, *, page: int = 1, size: int = 25) -> tuple[DueRow, ...]:
    """One page of the debit notes that leave within so many days, the first first."""
    after = decisions(db).debit_note_after_days
    cents = func.coalesce(Enrolment.cancellation_cents, Enrolment.price_cents)
    rows = db.execute(
        select(Enrolment, Person, Institution.name, Course.title, Course.code, cents)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Institution, Institution.id == Enrolment.payer_institution_id)
        .where(_leaves_within(db, days))
        .order_by(Enrolment.confirmed_on, Enrolment.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    return tuple(
        DueRow(
            enrolment_id=enrolment.id,
            due_on=enrolment.confirmed_on + timedelta(days=after),
            person_name=holder(person.name if person else None),
            payer_name=institution or holder(person.name if person else None),
            course_title=title,
            course_code=code,
            cents=amount,
        )
        for enrolment, person, institution, title, code, amount in rows
        if enrolment.confirmed_on is not None
    )


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


def _matching(wanted: WantedNotes) -> ColumnElement[bool]:
    """The condition on the first line's person and course, and on the day of issue."""
    conditions = [Person.search_name.contains(word, autoescape=True) for word in folded(wanted.person).split()]
    conditions += [
        or_(Course.search_text.contains(word, autoescape=True), Course.code.icontains(word, autoescape=True))
        for word in folded(wanted.course).split()
    ]
    if wanted.school_year is not None:
        first, after = years.first_day(wanted.school_year), years.first_day(wanted.school_year + 1)
        conditions.append(and_(Note.issued_on >= first, Note.issued_on < after))
    return and_(true(), *conditions)


def count_notes(db: Db, actor: Actor, wanted: WantedNotes = _EVERYTHING) -> int:
    """How many notes :func:`notes_of` finds in all."""
    return db.scalar(select(func.count()).select_from(_found(actor, wanted).subquery())) or 0


def _found(actor: Actor, wanted: WantedNotes) -> Select[Any]:
    found = select(Note.id).where(_visible(actor), _matching(wanted))
    return _joined(found) if wanted.person or wanted.course else found


def _joined(found: Select[Any]) -> Select[Any]:
    """Notes with the person, enrolment and course of their first line."""
    return (
        found.join(NoteLine, and_(NoteLine.note_id == Note.id, NoteLine.position == 1))
        .outerjoin(Person, Person.id == NoteLine.person_id)
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
    )


def notes_of(
    db: Db, actor: Actor, wanted: WantedNotes = _EVERYTHING, *, limit: int = 500, offset: int = 0
) -> tuple[NoteRow, ...]:
    """The notes an actor may see as participant or payer, the newest first."""
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
    page = _found(actor, wanted).order_by(*order).limit(limit).offset(offset).subquery()
    columns = (Institution.name, Course.title, Course.code, corrected.c.number, has_file, has_ubl, credited, paid)
    rows = db.execute(
        _joined(select(Note, Person, *columns).select_from(page).join(Note, Note.id == page.c.id))
        .outerjoin(Institution, Institution.id == Note.payer_institution_id)
        .outerjoin(corrected, corrected.c.id == Note.corrects_id)
        .outerjoin(PaidBefore, PaidBefore.note_id == Note.id)
        .order_by(*order)
    )
    return tuple(
        NoteRow(
            note_id=note.id,
            number=note.number,
            kind=note.kind,
            issued_on=note.issued_on,
            due_on=note.due_on,
            total_cents=note.total_cents,
            ogm=note.ogm,
            payer_name=institution or holder(person.name if person else None),
            person_name=holder(person.name if person else None),
            course_title=title,
            course_code=code,
            is_copy=_gets_copy(note, actor),
            has_file=is_rendered,
            corrects_number=corrects,
            state=rules.note_state(note.total_cents, credit_cents, paid_cents) if is_debit else None,
            left_cents=note.total_cents - credit_cents - paid_cents if is_debit else 0,
            is_imported=note.is_imported,
            has_e_invoice=is_sent and not _gets_copy(note, actor),
        )
        for note, person, institution, title, code, corrects, is_rendered, is_sent, credit_cents, paid_cents in rows
        for is_debit in (note.kind is NoteKind.DEBIT,)
    )


def _gets_copy(note: Note, actor: Actor) -> bool:
    return note.payer_kind is PayerKind.INSTITUTION and actor.person_id is not None


def note_file(db: Db, actor: Actor, note_id: int, *, is_e_invoice: bool = False) -> StoredFile:
    """The stored PDF of a note: the original for who pays it, the marked copy for the participant (D6).

    Or its e-invoice (UBL), which only who pays it and the team may have.

    An imported note has no marked copy: the list beside it says who pays. Raises NotFound, also while it is not
    rendered yet, and FileDamaged.
    """
    note = db.scalar(select(Note).where(Note.id == note_id, _visible(actor)))
    if note is None:
        raise access.NotFound
    kind = FileKind.COPY if _gets_copy(note, actor) and not note.is_imported else FileKind.ORIGINAL
    if is_e_invoice:
        if kind is FileKind.COPY:
            raise access.NotFound
        kind = FileKind.UBL
    stored = db.scalar(select(NoteFile).where(NoteFile.note_id == note.id, NoteFile.kind == kind))
    if stored is None:
        raise access.NotFound
    if hashlib.sha256(stored.content).hexdigest() != stored.sha256:
        raise FileDamaged(note.number)
    return StoredFile(filename(note.number, "xml" if is_e_invoice else "pdf"), stored.media_type, stored.content)


def filename(number: str, ending: str = "pdf") -> str:
    """The name a document is downloaded under: numbers of other systems may hold slashes."""
    return f"{re.sub(r'[^A-Za-z0-9.-]+', '-', number)}.{ending}"
