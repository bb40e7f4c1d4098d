"""What is open: by how long it is overdue, by payer and by course; each adds up to the same cent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, desc, func, select
from sqlalchemy.orm import aliased

from core import access, clock
from core.db import Db
from core.labels import holder
from core.models import IS_OPEN, IS_TOO_MUCH, Course, Enrolment, Institution, Note, NoteBalance, NoteLine, Person
from core.queries.reports.money import band_at
from core.rules import ageing
from core.rules.open_parts import open_parts
from core.vocabulary import Actor

_NONE = (0,) * ageing.BANDS


class Kind(StrEnum):
    """What open amounts are gathered by."""

    INSTITUTION = "institution"
    PERSON = "person"
    COURSE = "course"


@dataclass(frozen=True, slots=True)
class Owing:
    """A payer or a course with open notes; `bands` are cents by how long they are overdue (`core.rules.ageing`)."""

    kind: Kind
    identity: int
    name: str
    remark: str
    notes: int
    bands: tuple[int, ...]

    @property
    def cents(self) -> int:
        """All of it."""
        return sum(self.bands)


@dataclass(frozen=True, slots=True)
class Owed:
    """One page of payers or courses, who owes most first; how many there are, and what all of them owe together."""

    rows: tuple[Owing, ...]
    total: int
    cents: int


@dataclass(frozen=True, slots=True)
class Ages:
    """All that is open, by band: cents and notes; and what was paid too much, which is not taken off."""

    bands: tuple[int, ...]
    notes: tuple[int, ...]
    too_much_cents: int
    too_much_notes: int

    @property
    def cents(self) -> int:
        """All that is open."""
        return sum(self.bands)

    @property
    def overdue_cents(self) -> int:
        """What should have been paid."""
        return sum(self.bands[1:])


def ages(db: Db, actor: Actor) -> Ages:
    """All that is open today, by how long it is overdue."""
    access.check_sees_all(actor)
    band = band_at(clock.today())
    rows: Any = db.execute(
        select(band, func.sum(NoteBalance.left_cents), func.count()).where(IS_OPEN).group_by(band)
    ).all()
    back, many = db.execute(
        select(func.coalesce(func.sum(NoteBalance.left_cents), 0), func.count()).where(IS_TOO_MUCH)
    ).one()
    cents, notes = list(_NONE), list(_NONE)
    for number, amount, count in rows:
        cents[number], notes[number] = int(amount), count
    return Ages(tuple(cents), tuple(notes), -int(back), many)


def payers(db: Db, actor: Actor, *, page: int = 1, size: int = 25) -> Owed:
    """One page of who owes; notes of a double that was merged count with whoever was kept."""
    access.check_sees_all(actor)
    schools, persons = _merged(Institution), _merged(Person)
    school = func.coalesce(schools.c.kept, NoteBalance.payer_institution_id)
    key = func.coalesce(school, -func.coalesce(persons.c.kept, NoteBalance.payer_person_id)).label("key")
    found = (
        _gathered(key)
        .outerjoin(schools, schools.c.id == NoteBalance.payer_institution_id)
        .outerjoin(persons, persons.c.id == NoteBalance.payer_person_id)
    )
    rows, total, cents = _most(db, found, page, size)
    schools_of = {row.key for row in rows if row.key > 0}
    named: Any = db.execute(
        select(Institution.id, Institution.name, Institution.city).where(Institution.id.in_(schools_of))
    )
    names = {identity: (name, city) for identity, name, city in named}
    humans: Any = db.execute(
        select(Person.id, Person.first_name, Person.last_name).where(Person.id.in_({-row.key for row in rows}))
    )
    names |= {-identity: (holder(f"{first} {last}"), "") for identity, first, last in humans}
    return Owed(
        tuple(
            Owing(
                Kind.INSTITUTION if row.key > 0 else Kind.PERSON, abs(row.key), *names[row.key], row.notes, _bands(row)
            )
            for row in rows
        ),
        total,
        cents,
    )


def _merged(owner: type[Institution] | type[Person]) -> Any:
    """The few doubles, and whom each was merged into."""
    few = select(owner.id, owner.merged_into_id.label("kept")).where(owner.merged_into_id.is_not(None))
    return few.cte(f"merged_{owner.__tablename__}").prefix_with("MATERIALIZED")


def _gathered(key: ColumnElement[Any]) -> Select[Any]:
    """What is open by a key: how many notes, all of it, and what is late by more than so many days."""
    left, today = NoteBalance.left_cents, clock.today()
    late = [
        func.sum(case((NoteBalance.due_on < today - timedelta(days=days), left), else_=0)).label(f"late_{place}")
        for place, days in enumerate((0, *ageing.OVERDUE_UP_TO), start=1)
    ]
    return (
        select(key, func.count().label("notes"), func.sum(left).label("cents"), *late)
        .select_from(NoteBalance)
        .where(IS_OPEN)
        .group_by(key)
    )


def _most(db: Db, found: Select[Any], page: int, size: int) -> tuple[list[Any], int, int]:
    """One page of what was gathered, the most first; how many there are, and all cents."""
    order: tuple[Any, ...] = (desc("cents"), "key")
    extended = found.add_columns(
        func.count().over().label("many"), func.sum(func.sum(NoteBalance.left_cents)).over().label("all_cents")
    )
    rows = list(db.execute(extended.order_by(*order).limit(size).offset((max(page, 1) - 1) * size)))
    return rows, rows[0].many if rows else 0, int(rows[0].all_cents) if rows else 0


def _bands(row: Any) -> tuple[int, ...]:
    later = [int(row.cents), *(int(getattr(row, f"late_{place}")) for place in range(1, ageing.BANDS)), 0]
    return tuple(more - less for more, less in pairwise(later))


def courses(db: Db, actor: Actor, *, page: int = 1, size: int = 25) -> Owed:
    """One page of the courses of which notes are open; a note of several courses counts with each for its part."""
    access.check_sees_all(actor)
    gathered = _gathered(NoteBalance.course_id.label("key"))
    mixed = list(_mixed(db))
    if not mixed:
        rows, total, cents = _most(db, gathered, page, size)
        shown = [(row.key, row.notes, _bands(row)) for row in rows]
    else:
        found: dict[int, tuple[int, list[int]]] = {
            row.key: (row.notes, list(_bands(row))) for row in db.execute(gathered) if row.key is not None
        }
        for course_id, number, part in mixed:
            notes, bands = found.get(course_id, (0, list(_NONE)))
            bands[number] += part
            found[course_id] = (notes + 1, bands)
        total, cents = len(found), sum(sum(bands) for _notes, bands in found.values())
        order = [key for _cents, key in sorted((-sum(bands), key) for key, (_notes, bands) in found.items())]
        start = (max(page, 1) - 1) * size
        shown = [(each, found[each][0], tuple(found[each][1])) for each in order[start : start + size]]
    named: Any = db.execute(
        select(Course.id, Course.title, Course.code).where(Course.id.in_([identity for identity, *_rest in shown]))
    )
    names = {identity: (title, code) for identity, title, code in named}
    return Owed(tuple(Owing(Kind.COURSE, each, *names[each], *rest) for each, *rest in shown), total, cents)


def _mixed(db: Db) -> Iterator[tuple[int, int, int]]:
    """Of each open note of several courses: the course, the band, and the cents that are open of it there."""
    several = and_(IS_OPEN, NoteBalance.course_id.is_(None))
    asked = _by_course(NoteLine.note_id, func.sum(NoteLine.amount_cents), several)
    credit = aliased(Note)
    gone = (
        _by_course(credit.corrects_id, func.sum(NoteLine.amount_cents), several, credit)
        if db.scalar(select(NoteBalance.note_id).where(several).limit(1))
        else None
    )
    if gone is None:
        return
    credited = {(note_id, course_id): int(cents) for note_id, course_id, cents, *_rest in db.execute(gone)}
    today = clock.today()
    for note_id, parts in groupby(db.execute(asked).all(), key=itemgetter(0)):
        own = list(parts)
        due_on, paid = own[0][4], own[0][5]
        still = [int(cents) - credited.get((note_id, course_id), 0) for _note, course_id, cents, *_rest in own]
        for (_note, course_id, *_more), cents in zip(own, open_parts(still, paid), strict=True):
            if cents:
                yield course_id, ageing.band_of(due_on, today), cents


def _by_course(
    note_id: Any, cents: ColumnElement[Any], condition: ColumnElement[bool], credit: type[Note] | None = None
) -> Select[Any]:
    """The lines of notes by course, in the order in which they stand."""
    found = select(
        note_id, Enrolment.course_id, cents, func.min(NoteLine.position), NoteBalance.due_on, NoteBalance.paid_cents
    ).select_from(NoteLine)
    if credit is not None:
        found = found.join(credit, credit.id == NoteLine.note_id)
    return (
        found.join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .join(NoteBalance, NoteBalance.note_id == note_id)
        .where(condition)
        .group_by(note_id, Enrolment.course_id, NoteBalance.due_on, NoteBalance.paid_cents)
        .order_by(note_id, func.min(NoteLine.position))
    )


def name_of(db: Db, actor: Actor, kind: Kind, identity: int) -> str:
    """What a payer or a course is called. Raises NotFound."""
    access.check_sees_all(actor)
    row = db.execute(
        {
            Kind.INSTITUTION: select(Institution.name).where(Institution.id == identity),
            Kind.PERSON: select(Person.first_name + " " + Person.last_name).where(Person.id == identity),
            Kind.COURSE: select(Course.code + " " + Course.title).where(Course.id == identity),
        }[kind]
    ).first()
    if row is None:
        raise access.NotFound
    return str(row[0])
