"""The reminders that were sent, for the team and for who got them, with their letters as they left."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from core import access
from core.db import Db
from core.i18n import _
from core.labels import holder
from core.models import Institution, Note, NoteBalance, Person, Reminder
from core.queries.billing import FileDamaged, StoredFile, filename
from core.queries.reminders import Found
from core.text import folded
from core.vocabulary import Actor, PayerKind, ReminderText

#: The reminders of a note, as id and day.
Reminded = Sequence[tuple[int, date]]


@dataclass(frozen=True, slots=True)
class SentReminder:
    """A reminder that was sent, with its note and payer."""

    reminder_id: int
    note_id: int
    number: str
    payer_name: str
    step: int
    text: ReminderText
    sent_on: date
    open_cents: int
    left_cents: int
    made_by: str


def sent(db: Db, actor: Actor, text: str = "", *, page: int = 1, size: int = 25) -> Found:
    """One page of the reminders that were sent, the latest first; found by part of a number or a payer.

    Raises NotFound for whoever is not a coordinator.
    """
    access.check_sees_all(actor)
    words = [_mentions(word) for word in text.split()]
    joined = (
        select(Reminder.id)
        .join(Note, Note.id == Reminder.note_id)
        .outerjoin(Institution, Institution.id == Note.payer_institution_id)
        .outerjoin(Person, Person.id == Note.payer_person_id)
        .where(*words)
    )
    rows = db.execute(
        joined.with_only_columns(Reminder, Note, Institution.name, Person, NoteBalance.left_cents)
        .join(NoteBalance, NoteBalance.note_id == Note.id)
        .order_by(Reminder.id.desc())
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    found = tuple(
        SentReminder(
            reminder_id=reminder.id,
            note_id=note.id,
            number=note.number,
            payer_name=name or holder(person.name if person else None),
            step=reminder.step,
            text=reminder.text,
            sent_on=reminder.sent_on,
            open_cents=reminder.open_cents,
            left_cents=int(left),
            made_by=reminder.made_by,
        )
        for reminder, note, name, person, left in rows
    )
    return Found(found, db.scalar(select(func.count()).select_from(joined.subquery())) or 0)


def _mentions(word: str) -> ColumnElement[bool]:
    return or_(
        Note.number.icontains(word, autoescape=True),
        Institution.search_name.contains(folded(word), autoescape=True),
        and_(Note.payer_kind == PayerKind.PERSON, Person.search_name.contains(folded(word), autoescape=True)),
    )


def reminded(db: Db, actor: Actor, note_ids: Sequence[int]) -> dict[int, tuple[tuple[int, date], ...]]:
    """Of these notes the reminders that their payer got, as id and day, the first first; nobody else sees them."""
    if not note_ids:
        return {}
    rows = db.execute(
        select(Reminder.note_id, Reminder.id, Reminder.sent_on)
        .join(Note, Note.id == Reminder.note_id)
        .where(Reminder.note_id.in_(note_ids), access.notes_paid_by(actor))
        .order_by(Reminder.note_id, Reminder.step)
    )
    found: dict[int, tuple[tuple[int, date], ...]] = {}
    for note_id, reminder_id, on in rows:
        found[note_id] = (*found.get(note_id, ()), (reminder_id, on))
    return found


def letter(db: Db, actor: Actor, reminder_id: int) -> StoredFile:
    """The letter of a reminder as it left, for who pays the note and for the team. Raises NotFound or FileDamaged."""
    row = db.execute(
        select(Reminder.letter, Reminder.letter_sha256, Reminder.step, Note.number)
        .join(Note, Note.id == Reminder.note_id)
        .where(Reminder.id == reminder_id, access.notes_paid_by(actor))
    ).one_or_none()
    if row is None:
        raise access.NotFound
    if hashlib.sha256(row.letter).hexdigest() != row.letter_sha256:
        raise FileDamaged(row.number)
    name = filename(f"{_('Reminder')}-{row.step}-{row.number}")
    return StoredFile(name, "application/pdf", row.letter)
