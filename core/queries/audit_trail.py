"""The audit trail: who did what, when, to what; the latest first, a page at a time from a given event back."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, func, null, select

from core import access, clock
from core.db import Db
from core.labels import holder
from core.models import Account, AuditEvent, Course, Enrolment, Institution, Note, Person
from core.vocabulary import Actor, ActorKind, AuditTag

#: How many events a search in words looks at, from the latest that the other filters leave: no index helps it.
LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class WantedTraces:
    """What of the trail is asked for; `text` stands in the details, `who` in the name; days are in Brussels."""

    who: str = ""
    kind: ActorKind | None = None
    tag: AuditTag | None = None
    text: str = ""
    from_day: date | None = None
    until_day: date | None = None
    subject_type: str = ""
    subject_id: int | None = None


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One event; `subject` names what it is about, `course_id` is the course it belongs to, if any."""

    event_id: int
    at: datetime
    tag: AuditTag
    kind: ActorKind
    who: str
    subject_type: str
    subject_id: int | None
    subject: str
    course_id: int | None
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Traces:
    """A page of the trail; `has_more` when older events match too."""

    rows: tuple[TraceRow, ...]
    has_more: bool


def traces(db: Db, actor: Actor, wanted: WantedTraces, *, before: int | None = None, size: int = 30) -> Traces:
    """The events before a given one (None: from the latest on). Raises NotFound for who does not work for CNO."""
    if not access.is_staff(actor):
        raise access.NotFound
    within = _conditions(wanted) + ([AuditEvent.id < before] if before is not None else [])
    statement = select(AuditEvent).where(*within)
    words = _words(wanted)
    if words:
        latest = select(AuditEvent.id).where(*within).order_by(AuditEvent.id.desc()).limit(LOOKED_AT).subquery()
        statement = select(AuditEvent).where(AuditEvent.id.in_(select(latest.c.id)), *words)
    found = db.scalars(statement.order_by(AuditEvent.id.desc()).limit(size + 1)).all()
    events = found[:size]
    names = _subjects(db, events)
    rows = tuple(
        TraceRow(
            event_id=event.id,
            at=event.at,
            tag=event.tag,
            kind=event.actor_kind,
            who=event.actor_name,
            subject_type=event.subject_type,
            subject_id=event.subject_id,
            subject=names.get((event.subject_type, event.subject_id), ("", None))[0],
            course_id=names.get((event.subject_type, event.subject_id), ("", None))[1],
            details=json.loads(event.details),
        )
        for event in events
    )
    return Traces(rows, len(found) > size)


def _conditions(wanted: WantedTraces) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        conditions.append(AuditEvent.actor_kind == wanted.kind)
    if wanted.tag is not None:
        conditions.append(AuditEvent.tag == wanted.tag)
    if wanted.from_day is not None:
        conditions.append(AuditEvent.at >= clock.at(wanted.from_day, time()))
    if wanted.until_day is not None:
        conditions.append(AuditEvent.at < clock.at(wanted.until_day + timedelta(days=1), time()))
    if wanted.subject_type:
        conditions.append(AuditEvent.subject_type == wanted.subject_type)
    if wanted.subject_id is not None:
        conditions.append(AuditEvent.subject_id == wanted.subject_id)
    return conditions


def _words(wanted: WantedTraces) -> list[ColumnElement[bool]]:
    """What is looked for in the text of events."""
    asked = ((AuditEvent.actor_name, wanted.who), (AuditEvent.details, wanted.text))
    return [
        func.lower(column).contains(text.strip().lower(), autoescape=True) for column, text in asked if text.strip()
    ]


_Key = tuple[str, int | None]
_Named = tuple[str, int | None]


def _subjects(db: Db, events: Iterable[AuditEvent]) -> dict[_Key, _Named]:
    """The names of what the events are about: one query a kind of row, however many there are."""
    wanted: dict[str, set[int]] = {}
    for event in events:
        if event.subject_id is not None:
            wanted.setdefault(event.subject_type, set()).add(event.subject_id)
    found: dict[_Key, _Named] = {}
    for kind, ids in wanted.items():
        if kind in _NAMES:
            for row in db.execute(_NAMES[kind](ids)):
                identity, name, course_id = row
                found[kind, identity] = (holder(name), course_id)
    return found


def _person_name() -> ColumnElement[str]:
    return Person.first_name + " " + Person.last_name


_NAMES: dict[str, Callable[[set[int]], Executable]] = {
    "account": lambda ids: select(Account.id, Account.name, null()).where(Account.id.in_(ids)),
    "person": lambda ids: select(Person.id, _person_name(), null()).where(Person.id.in_(ids)),
    "institution": lambda ids: select(Institution.id, Institution.name, null()).where(Institution.id.in_(ids)),
    "course": lambda ids: select(Course.id, Course.title, Course.id).where(Course.id.in_(ids)),
    "note": lambda ids: select(Note.id, Note.number, null()).where(Note.id.in_(ids)),
    "enrolment": lambda ids: (
        select(Enrolment.id, _person_name() + " · " + Course.title, Course.id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.id.in_(ids))
    ),
}
