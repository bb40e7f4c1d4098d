"""What the events of the audit trail are about, by name; and the names of what their details point to."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, SQLColumnExpression, func, null, select

from core.db import Db
from core.labels import holder
from core.models import (
    Account,
    Affiliation,
    AuditEvent,
    CancellationTerms,
    Certificate,
    Course,
    Enrolment,
    IncomingMail,
    Institution,
    MailThread,
    Note,
    OutgoingMail,
    PayerRequest,
    Person,
    Remark,
    Teacher,
)
from core.vocabulary import AuditTag, ComingKind

Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Named:
    """A name, and the course, person and institution whose page tells more."""

    name: str = ""
    course_id: int | None = None
    person_id: int | None = None
    institution_id: int | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """An event with what it is about and its details, in which numbers of rows became their names."""

    event: AuditEvent
    about: Key
    named: Named
    details: dict[str, Any]


#: What a change beforehand is about.
_COMING = {
    ComingKind.DEBIT_NOTE: "enrolment",
    ComingKind.PAYER_REMINDER: "payer_request",
    ComingKind.NAME_REMINDER: "course",
    ComingKind.OFFER_END: "enrolment",
    ComingKind.LINK_QUESTION: "institution",
}
#: Details that point to a row of this kind; "": of the same kind as the event is about.
_REFERENCES: dict[AuditTag, dict[str, str]] = {
    AuditTag.ENROLMENT_PAYER_CHANGED: {"before": "institution", "after": "institution"},
    AuditTag.ENROLMENT_NAMED: {"person_id": "person"},
    AuditTag.ENROLMENT_REPLACED: {"person_id": "person"},
    AuditTag.PAYER_REQUEST_MADE: {"institution_id": "institution"},
    AuditTag.AFFILIATION_ENDED: {"by_link_of_account": "account"},
    AuditTag.MERGE_MADE: {"absorbed": ""},
    AuditTag.MERGE_UNDONE: {"absorbed": ""},
    AuditTag.DOUBLE_DISMISSED: {"other": ""},
    AuditTag.DOUBLE_REOPENED: {"other": ""},
}


def read_events(db: Db, events: Iterable[AuditEvent]) -> tuple[Read, ...]:
    """The events in words: one query a kind of row, however many they are."""
    opened = [(event, json.loads(event.details)) for event in events]
    abouts = [_about(event, details) for event, details in opened]
    pointed = [_pointed(event, details) for event, details in opened]
    found = _found(db, [*abouts, *(key for each in pointed for key in each.values())])
    return tuple(
        Read(
            event,
            about,
            found.get(about, Named()),
            details | {name: found.get(key, Named()).name or f"#{key[1]}" for name, key in points.items()},
        )
        for (event, details), about, points in zip(opened, abouts, pointed, strict=True)
    )


def _about(event: AuditEvent, details: Mapping[str, Any]) -> Key:
    if event.subject_type == "coming_change" and details.get("kind") in _COMING:
        return _COMING[ComingKind(details["kind"])], details.get("of")
    return event.subject_type, event.subject_id


def _pointed(event: AuditEvent, details: Mapping[str, Any]) -> dict[str, Key]:
    return {
        name: (kind or event.subject_type, details[name])
        for name, kind in _REFERENCES.get(event.tag, {}).items()
        if isinstance(details.get(name), int)
    }


def _found(db: Db, keys: Iterable[Key]) -> dict[Key, Named]:
    wanted: dict[str, set[int]] = {}
    for kind, identity in keys:
        if identity is not None:
            wanted.setdefault(kind, set()).add(identity)
    found: dict[Key, Named] = {}
    for kind, ids in wanted.items():
        if kind in _NAMES:
            for identity, name, *pages in db.execute(_NAMES[kind](ids)):
                found[kind, identity] = Named(holder(name), *pages)
    return found


_PERSON: SQLColumnExpression[str] = Person.first_name + " " + Person.last_name
_NONE = null()
_NAMES: dict[str, Callable[[set[int]], Executable]] = {
    "account": lambda ids: select(Account.id, Account.name, _NONE, Account.person_id, Account.institution_id).where(
        Account.id.in_(ids)
    ),
    "person": lambda ids: select(Person.id, _PERSON, _NONE, Person.id, _NONE).where(Person.id.in_(ids)),
    "institution": lambda ids: select(Institution.id, Institution.name, _NONE, _NONE, Institution.id).where(
        Institution.id.in_(ids)
    ),
    "course": lambda ids: select(Course.id, Course.title, Course.id, _NONE, _NONE).where(Course.id.in_(ids)),
    "note": lambda ids: select(Note.id, Note.number, _NONE, Note.payer_person_id, Note.payer_institution_id).where(
        Note.id.in_(ids)
    ),
    "certificate": lambda ids: (
        select(Certificate.id, Certificate.number + " · " + _PERSON, Enrolment.course_id, Enrolment.person_id, _NONE)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Certificate.id.in_(ids))
    ),
    "enrolment": lambda ids: (
        select(Enrolment.id, _PERSON + " · " + Course.title, Course.id, Enrolment.person_id, _NONE)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.id.in_(ids))
    ),
    "payer_request": lambda ids: (
        select(
            PayerRequest.id,
            _PERSON + " · " + Course.title,
            Course.id,
            Enrolment.person_id,
            PayerRequest.institution_id,
        )
        .join(Enrolment, Enrolment.id == PayerRequest.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(PayerRequest.id.in_(ids))
    ),
    "affiliation": lambda ids: (
        select(Affiliation.id, _PERSON + " · " + Institution.name, _NONE, Person.id, Institution.id)
        .join(Person, Person.id == Affiliation.person_id)
        .join(Institution, Institution.id == Affiliation.institution_id)
        .where(Affiliation.id.in_(ids))
    ),
    "remark": lambda ids: (
        select(Remark.id, func.coalesce(_PERSON, Institution.name), _NONE, Remark.person_id, Remark.institution_id)
        .outerjoin(Person, Person.id == Remark.person_id)
        .outerjoin(Institution, Institution.id == Remark.institution_id)
        .where(Remark.id.in_(ids))
    ),
    "teacher": lambda ids: select(Teacher.id, Teacher.name, _NONE, _NONE, _NONE).where(Teacher.id.in_(ids)),
    "cancellation_terms": lambda ids: select(CancellationTerms.id, CancellationTerms.name, _NONE, _NONE, _NONE).where(
        CancellationTerms.id.in_(ids)
    ),
    "mail_thread": lambda ids: select(MailThread.id, MailThread.subject, _NONE, _NONE, _NONE).where(
        MailThread.id.in_(ids)
    ),
    "incoming_mail": lambda ids: select(IncomingMail.id, IncomingMail.subject, _NONE, _NONE, _NONE).where(
        IncomingMail.id.in_(ids)
    ),
    "outgoing_mail": lambda ids: select(OutgoingMail.id, OutgoingMail.subject, _NONE, _NONE, _NONE).where(
        OutgoingMail.id.in_(ids)
    ),
}
