"""Notes as the lists of finance show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select

from core.db import Db
from core.labels import holder
from core.models import Course, Enrolment, Institution, Note, NoteBalance, NoteLine, Person
from core.vocabulary import NoteKind, NoteState


@dataclass(frozen=True, slots=True)
class NoteFound:
    """A note in a list. `state` and `left_cents` are those of a debit note; of several `lines` the first is named."""

    note_id: int
    number: str
    kind: NoteKind
    issued_on: date
    due_on: date | None
    total_cents: int
    left_cents: int
    state: NoteState | None
    payer_name: str
    person_name: str
    course_title: str
    course_code: str
    lines: int


def rows(db: Db, ids: Sequence[int]) -> tuple[NoteFound, ...]:
    """These notes, in this order; one query."""
    if not ids:
        return ()
    found = db.execute(
        select(
            *(Note.id, Note.number, Note.kind, Note.issued_on, Note.due_on, Note.total_cents),
            *(NoteBalance.left_cents, NoteBalance.state, NoteBalance.lines),
            *(Institution.name, Person.first_name, Person.last_name, Course.title, Course.code),
        )
        .join(NoteLine, and_(NoteLine.note_id == Note.id, NoteLine.position == 1))
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(NoteBalance, NoteBalance.note_id == Note.id)
        .outerjoin(Person, Person.id == NoteLine.person_id)
        .outerjoin(Institution, Institution.id == Note.payer_institution_id)
        .where(Note.id.in_(ids))
    )
    by_id = {}
    for identity, number, kind, on, due, total, left, state, lines, school, first, last, title, code in found:
        person = holder(f"{first} {last}" if first is not None else None)
        by_id[identity] = NoteFound(
            note_id=identity,
            number=number,
            kind=kind,
            issued_on=on,
            due_on=due,
            total_cents=total,
            left_cents=left or 0,
            state=state,
            payer_name=school or person,
            person_name=person,
            course_title=title,
            course_code=code,
            lines=lines or 1,
        )
    return tuple(by_id[identity] for identity in ids if identity in by_id)
