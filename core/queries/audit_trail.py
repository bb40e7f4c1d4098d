"""The audit trail: who did what, when, to what; the latest first, a page at a time from a given event back."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core import access, clock
from core.db import Db
from core.models import AuditEvent
from core.queries.audit_names import read_events
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
    """One event; `subject` names what it is about; the course, person and institution whose pages tell more, if any.

    In `details` the names of rows stand instead of their numbers.
    """

    event_id: int
    at: datetime
    tag: AuditTag
    kind: ActorKind
    who: str
    subject_type: str
    subject_id: int | None
    subject: str
    course_id: int | None
    person_id: int | None
    institution_id: int | None
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
    rows = tuple(
        TraceRow(
            event_id=each.event.id,
            at=each.event.at,
            tag=each.event.tag,
            kind=each.event.actor_kind,
            who=each.event.actor_name,
            subject_type=each.about[0],
            subject_id=each.about[1],
            subject=each.named.name,
            course_id=each.named.course_id,
            person_id=each.named.person_id,
            institution_id=each.named.institution_id,
            details=each.details,
        )
        for each in read_events(db, events)
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
