"""Notes for finance: found by number, reference, amount, payer, person, school or course; one page at a time."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union

from core import access, clock
from core.db import Db
from core.mail import refusing
from core.models import (
    IS_CREDITED,
    IS_OPEN,
    IS_TOO_MUCH,
    Course,
    Enrolment,
    Institution,
    Note,
    NoteBalance,
    NoteLine,
    OutgoingMail,
    Person,
    Reminder,
    ReminderHold,
)
from core.queries import people_search
from core.queries.note_rows import NoteFound, rows
from core.queries.outbox import TROUBLED
from core.rules import ageing, note_words
from core.text import folded
from core.vocabulary import Actor, NoteKind, NoteState, OutgoingState

#: Counted no further: nobody pages through more.
MOST = 10_000
MOST_COURSES = 200


class Show(StrEnum):
    """Which notes; the value stands in the page's address."""

    ALL = "alle"
    OPEN = "openstaand"
    OVERDUE = "te-laat"
    PAID = "betaald"
    CREDITED = "gecrediteerd"
    TOO_MUCH = "te-veel-betaald"
    REMINDED = "herinnerd"
    ON_HOLD = "niet-herinneren"
    HELD = "mail-tegengehouden"
    REFUSED = "mail-mislukt"
    CREDIT_NOTES = "creditnotas"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which notes are looked for. `band` is one of `core.rules.ageing`, of what is open; the ids narrow it down."""

    show: Show = Show.ALL
    text: str = ""
    band: int | None = None
    institution_id: int | None = None
    person_id: int | None = None
    course_id: int | None = None


@dataclass(frozen=True, slots=True)
class NotePage:
    """One page of notes. `total` stops at :data:`MOST`; `left_cents` is what all that were found still ask together.

    `is_cut`: more persons, schools or courses answer to the words than were looked at.
    """

    rows: tuple[NoteFound, ...]
    total: int
    left_cents: int | None
    is_cut: bool

    @property
    def is_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.total >= MOST


_OPEN = frozenset({Show.OPEN, Show.OVERDUE, Show.TOO_MUCH})
#: Which balances a choice shows, and in which order.
_BALANCES: dict[Show, ColumnElement[bool]] = {
    Show.OPEN: IS_OPEN,
    Show.OVERDUE: IS_OPEN,
    Show.PAID: NoteBalance.state == NoteState.PAID,
    Show.CREDITED: IS_CREDITED,
    Show.TOO_MUCH: IS_TOO_MUCH,
}

#: The notes that another table lists.
_LISTED = {Show.REMINDED: Reminder.note_id, Show.ON_HOLD: ReminderHold.note_id}


def search(db: Db, actor: Actor, asked: Asked, *, page: int = 1, size: int = 25) -> NotePage:
    """One page of notes: what is open by its due day, the rest from the newest on. Raises NotFound for outsiders."""
    access.check_sees_all(actor)
    named, is_cut = _named(db, asked.text)
    found = _on_balances(asked) if _is_about_balances(asked) else _on_notes(asked)
    identity = found.selected_columns[0]
    if named is not None:
        found = found.where(identity.in_(named))
    total = db.scalar(select(func.count()).select_from(found.order_by(None).limit(MOST).subquery())) or 0
    ids = found.limit(size).offset((max(page, 1) - 1) * size)
    return NotePage(rows(db, list(db.scalars(ids))), total, _left(db, asked, found), is_cut)


def _left(db: Db, asked: Asked, found: Select[Any]) -> int | None:
    if asked.show not in _OPEN:
        return None
    cents = found.with_only_columns(func.coalesce(func.sum(NoteBalance.left_cents), 0)).order_by(None)
    return int(db.scalar(cents) or 0)


def _is_about_balances(asked: Asked) -> bool:
    return asked.show in _BALANCES or asked.course_id is not None


def _on_balances(asked: Asked) -> Select[Any]:
    conditions = [_BALANCES[asked.show]] if asked.show in _BALANCES else []
    if asked.show is Show.OVERDUE:
        conditions.append(NoteBalance.due_on < clock.today())
    if asked.band is not None:
        conditions += _in_band(asked.band, clock.today())
    if asked.institution_id is not None:
        conditions.append(NoteBalance.payer_institution_id.in_(access.known_as(Institution, asked.institution_id)))
    if asked.person_id is not None:
        conditions.append(_paid_by_person(NoteBalance, asked.person_id))
    if asked.course_id is not None:
        conditions.append(or_(NoteBalance.course_id == asked.course_id, _of_several(asked.course_id)))
    order: tuple[Any, ...] = (NoteBalance.issued_on.desc(), NoteBalance.note_id.desc())
    if asked.show in (Show.OPEN, Show.OVERDUE):
        order = (NoteBalance.due_on, NoteBalance.note_id)
    return select(NoteBalance.note_id).where(*conditions).order_by(*order)


def _of_several(course_id: int) -> ColumnElement[bool]:
    """The notes of several courses that this one is among."""
    mixed = (
        select(NoteLine.note_id)
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .where(Enrolment.course_id == course_id)
    )
    return and_(NoteBalance.course_id.is_(None), NoteBalance.note_id.in_(mixed))


def _in_band(band: int, today: date) -> list[ColumnElement[bool]]:
    first, last = ageing.bounds(today)[band]
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        due = NoteBalance.due_on >= first
        conditions.append(or_(due, NoteBalance.due_on.is_(None)) if last is None else due)
    if last is not None:
        conditions.append(NoteBalance.due_on <= last)
    return conditions


def _paid_by_person(table: type[Note] | type[NoteBalance], person_id: int) -> ColumnElement[bool]:
    mine = table.payer_person_id.in_(access.known_as(Person, person_id))
    return and_(mine, table.payer_institution_id.is_(None))


def _on_notes(asked: Asked) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if asked.show is Show.CREDIT_NOTES:
        conditions.append(Note.kind == NoteKind.CREDIT)
    if asked.show in _LISTED:
        conditions.append(Note.id.in_(select(_LISTED[asked.show])))
    if asked.show in (Show.REFUSED, Show.HELD):
        conditions.append(Note.id.in_(_with_mail(asked.show)))
    if asked.institution_id is not None:
        conditions.append(Note.payer_institution_id.in_(access.known_as(Institution, asked.institution_id)))
    if asked.person_id is not None:
        conditions.append(_paid_by_person(Note, asked.person_id))
    return select(Note.id).where(*conditions).order_by(Note.issued_on.desc(), Note.id.desc())


def _with_mail(show: Show) -> Select[Any]:
    """Notes with a mail that did not arrive, or that somebody keeps back."""
    about = select(OutgoingMail.subject_id).where(OutgoingMail.subject_type == Note.__tablename__)
    refused = and_(OutgoingMail.state == OutgoingState.HELD, OutgoingMail.error == refusing.REASON)
    if show is Show.REFUSED:
        return about.where(or_(OutgoingMail.state.in_(TROUBLED), refused))
    return about.where(OutgoingMail.state == OutgoingState.HELD, OutgoingMail.error != refusing.REASON)


def _named(db: Db, text: str) -> tuple[Any, bool]:
    """The ids of the notes that a text means (None: no text), and whether more answer to it than were looked at."""
    meant = note_words.read(text)
    if not meant:
        return None, False
    parts: list[Select[Any]] = []
    if meant.number:
        parts.append(select(Note.id).where(or_(Note.number == meant.number, Note.number == text.strip())))
    if meant.nr is not None:
        parts.append(select(Note.id).where(Note.nr == meant.nr))
    if meant.ogm:
        lowest, highest = (meant.ogm.ljust(12, filler) for filler in "09")
        parts.append(select(Note.id).where(Note.ogm.between(lowest, highest)))
    if meant.cents is not None:
        parts.append(select(Note.id).where(Note.total_cents == meant.cents))
        is_left = and_(NoteBalance.left_cents == meant.cents, IS_OPEN)
        parts.append(select(NoteBalance.note_id).where(is_left))
    is_cut = False
    if meant.words:
        found, is_cut = _by_name(db, meant.words)
        parts += found
    return union(*parts) if len(parts) > 1 else parts[0], is_cut


def _by_name(db: Db, text: str) -> tuple[list[Select[Any]], bool]:
    """By who pays, who takes part, and by the title or code of a course."""
    persons, schools = people_search.persons(db, text), people_search.institutions(db, text)
    person_ids, school_ids = (
        [*ids, *db.scalars(select(owner.id).where(owner.merged_into_id.in_(ids)))] if ids else []
        for owner, ids in ((Person, persons.ids), (Institution, schools.ids))
    )
    words = folded(text).split()
    courses = db.scalars(
        select(Course.id)
        .where(
            *(
                or_(Course.search_text.contains(word, autoescape=True), Course.code.icontains(word, autoescape=True))
                for word in words
            )
        )
        .order_by(Course.first_day.desc(), Course.id.desc())
        .limit(MOST_COURSES + 1)
    ).all()
    balances = select(NoteBalance.note_id)
    parts: list[Select[Any]] = [
        select(NoteLine.note_id).where(NoteLine.person_id.in_(person_ids)),
        select(Note.id).where(Note.payer_institution_id.in_(school_ids)),
        balances.where(NoteBalance.course_id.in_(courses[:MOST_COURSES])),
    ]
    return parts, persons.is_cut or schools.is_cut or len(courses) > MOST_COURSES
