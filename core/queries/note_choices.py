"""Debit notes that a bank line can be placed on, for a coordinator to choose from."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select

from core import access
from core.db import Db
from core.models import BankTransaction, Institution, Note, NoteLine, Person
from core.queries import matching
from core.text import folded
from core.vocabulary import Actor

MOST_NOTES = 30


@dataclass(frozen=True, slots=True)
class NoteChoice:
    """A debit note that money can go to, and the cents it still asks."""

    note_id: int
    number: str
    payer_name: str
    left_cents: int


def choices(db: Db, actor: Actor, text: str, *, of_line: int | None = None) -> tuple[NoteChoice, ...]:
    """Debit notes by part of their number, their reference or their payer's name; without text those of who paid.

    Notes that ask nothing more stand last: money can still be kept as credit of their payer.
    """
    access.check_sees_all(actor)
    wanted = folded(text)
    condition = _named(wanted) if wanted else _of_payer(db, of_line)
    if condition is None:
        return ()
    ids = db.scalars(select(Note.id).where(condition).order_by(Note.issued_on.desc(), Note.id.desc()).limit(MOST_NOTES))
    found = sorted(matching.notes(db, Note.id.in_(ids.all())), key=lambda note: (note.left_cents == 0, note.note_id))
    return tuple(NoteChoice(note.note_id, note.number, note.payer_name, note.left_cents) for note in found)


def _named(wanted: str) -> ColumnElement[bool]:
    digits = "".join(sign for sign in wanted if sign.isdigit())
    schools, persons = (
        select(owner.id).where(*(owner.search_name.contains(word, autoescape=True) for word in wanted.split()))
        for owner in (Institution, Person)
    )
    by_number = Note.number.icontains(wanted.replace(" ", "-"), autoescape=True)
    by_ogm = Note.ogm.contains(digits, autoescape=True) if len(digits) > 5 else false()
    return and_(
        Note.ogm.is_not(None),
        or_(
            *(by_number, by_ogm, Note.payer_institution_id.in_(schools), Note.payer_person_id.in_(persons)),
            Note.id.in_(select(NoteLine.note_id).where(NoteLine.person_id.in_(persons))),
        ),
    )


def _of_payer(db: Db, transaction_id: int | None) -> ColumnElement[bool] | None:
    line = db.get(BankTransaction, transaction_id) if transaction_id is not None else None
    if line is None:
        return None
    about = matching.ground(db, [line])
    ids = [note.note_id for note in about.notes.values() if note.left_cents]
    return Note.id.in_(ids)
