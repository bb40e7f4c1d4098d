"""One course as its coordinator sees it: who has a seat, who waits and why in that order, who left."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from core import access
from core.db import Db
from core.labels import holder, label
from core.models import Account, Affiliation, AuditEvent, Course, Enrolment, Institution, Person
from core.queries import people_search
from core.queries.enrolments import EnrolmentRow, rows
from core.rules import seats
from core.text import folded
from core.vocabulary import ACTIVE, SEATED, Actor, AuditTag, EnrolmentStatus, JobFunction


class Part(StrEnum):
    """Which enrolments of the course are looked at; the value stands in the page's address."""

    SEATED = "deelnemers"
    WAITING = "wachtlijst"
    GONE = "geannuleerd"


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody can be reached, and what he or she does."""

    email: str
    phone: str
    function: JobFunction | None
    is_undeliverable: bool


@dataclass(frozen=True, slots=True)
class ParticipantPage:
    """One page of enrolments with the contacts of their holders, by person; `total` counts all pages."""

    rows: tuple[EnrolmentRow, ...]
    contacts: dict[int, Contact]
    total: int


@dataclass(frozen=True, slots=True)
class Offered:
    """A seat that was offered from the waiting list: when, to whom, by whom, why, until when."""

    at: datetime
    person_name: str
    by: str
    why: str
    until: str


@dataclass(frozen=True, slots=True)
class ListLine:
    """A participant on a list to print or to open in a spreadsheet."""

    enrolment_id: int
    name: str
    email: str
    phone: str
    function: JobFunction | None
    payer_name: str
    billing_reference: str
    status: EnrolmentStatus
    price_cents: int


def counts(db: Db, actor: Actor, course_id: int) -> dict[Part, int]:
    """How many enrolments each part holds."""
    _check(actor)
    found = dict(
        db.execute(
            select(Enrolment.status, func.count())
            .where(Enrolment.course_id == course_id, ~_undone())
            .group_by(Enrolment.status)
        ).all()
    )
    return {part: sum(found.get(status, 0) for status in statuses) for part, statuses in _STATUSES.items()}


def participants(
    db: Db, actor: Actor, course_id: int, part: Part, text: str = "", *, page: int = 1, size: int = 25
) -> ParticipantPage:
    """One page of a part: participants by name, the waiting list in its order, the latest to leave first."""
    _check(actor)
    condition = and_(
        Enrolment.course_id == course_id,
        Enrolment.status.in_(_STATUSES[part]),
        ~_undone(),
        *[_names(word) for word in folded(text).split()],
    )
    orders: dict[Part, tuple[ColumnElement[Any], ...]] = {
        Part.SEATED: (Person.search_name.asc(), Enrolment.id.asc()),
        Part.WAITING: (Enrolment.created_at.asc(), Enrolment.id.asc()),
        Part.GONE: (Enrolment.cancelled_at.desc(), Enrolment.id.desc()),
    }
    total = db.scalar(
        select(func.count()).select_from(Enrolment).outerjoin(Person, Person.id == Enrolment.person_id).where(condition)
    )
    found = rows(db, condition, order=orders[part], limit=size, offset=(max(page, 1) - 1) * size)
    people = [row.person_id for row in found if row.person_id is not None]
    return ParticipantPage(found, _contacts(db, people), total or 0)


def chosen(db: Db, actor: Actor, enrolment_id: int) -> EnrolmentRow | None:
    """One enrolment, for a dialog about it."""
    _check(actor)
    found = rows(db, Enrolment.id == enrolment_id, order=(Enrolment.id.asc(),), limit=1)
    return found[0] if found else None


def offers(db: Db, actor: Actor, course_id: int, *, limit: int = 50) -> tuple[Offered, ...]:
    """Who was offered a seat of this course and why, the latest first: the waiting list explained."""
    _check(actor)
    found = db.execute(
        select(AuditEvent, Person)
        .join(
            Enrolment,
            and_(AuditEvent.subject_type == Enrolment.__tablename__, AuditEvent.subject_id == Enrolment.id),
        )
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id == course_id, AuditEvent.tag == AuditTag.ENROLMENT_OFFERED)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return tuple(_offered(event, person) for event, person in found)


def _offered(event: AuditEvent, person: Person | None) -> Offered:
    details = json.loads(event.details)
    return Offered(
        at=event.at,
        person_name=holder(person.name if person else None),
        by=event.actor_name,
        why=str(details.get("why", "next in line")),
        until=str(details.get("until", "")),
    )


def lines(db: Db, actor: Actor, course_id: int, *, limit: int = 2_000) -> tuple[ListLine, ...]:
    """Everybody with a seat, by name, for a list on paper or in a spreadsheet; one query."""
    _check(actor)
    found = db.execute(
        select(Enrolment, Person, Account.email, Institution.name)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(Institution, Institution.id == Enrolment.payer_institution_id)
        .where(Enrolment.course_id == course_id, Enrolment.status.in_(SEATED))
        .order_by(Person.search_name, Enrolment.id)
        .limit(limit)
    )
    return tuple(
        ListLine(
            enrolment_id=enrolment.id,
            name=holder(person.name if person else None),
            email=email or "",
            phone=person.phone if person else "",
            function=person.function if person else None,
            payer_name=institution or holder(person.name if person else None),
            billing_reference=enrolment.billing_reference,
            status=enrolment.status,
            price_cents=enrolment.price_cents,
        )
        for enrolment, person, email, institution in found
    )


def facts(found: Sequence[ListLine], answers: Mapping[int, Sequence[str]]) -> list[dict[str, Any]]:
    """A list as plain values, for its PDF and its workbook, in the language of the moment.

    `answers` holds what each answered, by enrolment, one for each question of the list.
    """
    return [
        {
            "name": line.name,
            "email": line.email,
            "phone": line.phone,
            "function": label(line.function) if line.function else "",
            "payer": line.payer_name,
            "reference": line.billing_reference,
            "state": label(line.status),
            "cents": line.price_cents,
            "answers": list(answers.get(line.enrolment_id, ())),
        }
        for line in found
    ]


def title_of(db: Db, actor: Actor, course_id: int) -> tuple[str, str]:
    """Title and code of a course. Raises NotFound."""
    _check(actor)
    found = db.execute(select(Course.title, Course.code).where(Course.id == course_id)).first()
    if found is None:
        raise access.NotFound
    return found[0], found[1]


_STATUSES: dict[Part, tuple[EnrolmentStatus, ...]] = {
    Part.SEATED: (EnrolmentStatus.CONFIRMED,),
    Part.WAITING: (EnrolmentStatus.OFFERED, EnrolmentStatus.WAITLISTED),
    Part.GONE: (EnrolmentStatus.CANCELLED, EnrolmentStatus.REPLACED),
}


def _undone() -> ColumnElement[bool]:
    return and_(Enrolment.status == EnrolmentStatus.CANCELLED, Enrolment.cancellation_reason == seats.UNDONE)


def _names(word: str) -> ColumnElement[bool]:
    """A word in the name of who holds the seat, or of the institution that pays it."""
    payer = select(Institution.id).where(Institution.search_name.contains(word, autoescape=True))
    return or_(Person.search_name.contains(word, autoescape=True), Enrolment.payer_institution_id.in_(payer))


def _contacts(db: Db, person_ids: Sequence[int]) -> dict[int, Contact]:
    found = db.execute(
        select(Person, Account.email, Account.undeliverable_since)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_(person_ids))
    )
    return {
        person.id: Contact(email or "", person.phone, person.function, undeliverable is not None)
        for person, email, undeliverable in found
    }


def _check(actor: Actor) -> None:
    if not access.is_staff(actor):
        raise access.NotFound


@dataclass(frozen=True, slots=True)
class Possible:
    """Somebody who can be enrolled by hand; `standing` when he or she has a place in the course already."""

    person_id: int
    name: str
    email: str
    school: str
    standing: EnrolmentStatus | None = None


def possible_participants(
    db: Db, actor: Actor, text: str, *, course_id: int | None = None, limit: int = 20
) -> tuple[Possible, ...]:
    """Persons found by a text as in the list of persons, the best first; none for under three characters."""
    _check(actor)
    if len("".join(people_search.words(text))) < 3:
        return ()
    ids = people_search.persons(db, text).ids[:limit]
    linked = (
        select(func.min(Institution.name))
        .join(Affiliation, Affiliation.institution_id == Institution.id)
        .where(Affiliation.person_id == Person.id, Affiliation.ended_on.is_(None))
        .correlate(Person)
        .scalar_subquery()
    )
    standing = (
        select(Enrolment.status)
        .where(Enrolment.course_id == course_id, Enrolment.person_id == Person.id, Enrolment.status.in_(ACTIVE))
        .correlate(Person)
        .limit(1)
        .scalar_subquery()
    )
    found = db.execute(
        select(Person, Account.email, linked, standing)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(Person.id.in_(ids))
    ).all()
    by_id = {
        person.id: Possible(person.id, person.name, email or "", school or "", status)
        for person, email, school, status in found
    }
    return tuple(by_id[identity] for identity in ids if identity in by_id)
