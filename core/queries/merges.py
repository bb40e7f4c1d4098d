"""What a merge would do, before the click; and the merges that can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from core import access
from core.db import Db
from core.labels import label
from core.models import Account, Affiliation, Course, Enrolment, Institution, Merge, Person
from core.vocabulary import ACTIVE, Actor, EnrolmentStatus, Party


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of which the two have different values."""

    name: str
    kept: str
    absorbed: str


@dataclass(frozen=True, slots=True)
class Place:
    """One of two places in a course; `payer` is empty when the person pays."""

    enrolment_id: int
    status: EnrolmentStatus
    payer: str
    billed_on: date | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A course in which both hold a place: one of the two must be given up."""

    course: str
    kept: Place
    absorbed: Place


@dataclass(frozen=True, slots=True)
class Preview:
    """What goes where."""

    kept_id: int
    absorbed_id: int
    kept_name: str
    absorbed_name: str
    fields: tuple[FieldRow, ...]
    kept_email: str | None
    absorbed_email: str | None
    enrolments: int
    links: int
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge that stands."""

    merge_id: int
    name: str
    made_at: datetime
    made_by: str


def preview(db: Db, actor: Actor, party: Party, kept_id: int, absorbed_id: int) -> Preview:
    """What merging these two would do. Raises NotFound."""
    access.check_sees_all(actor)
    kept, absorbed = _row(db, party, kept_id), _row(db, party, absorbed_id)
    if kept is None or absorbed is None:
        raise access.NotFound
    own, other = _texts(kept), _texts(absorbed)
    seats = Enrolment.person_id if party is Party.PERSON else Enrolment.payer_institution_id
    links = Affiliation.person_id if party is Party.PERSON else Affiliation.institution_id
    return Preview(
        kept_id=kept_id,
        absorbed_id=absorbed_id,
        kept_name=kept.name,
        absorbed_name=absorbed.name,
        fields=tuple(FieldRow(name, own[name], other[name]) for name in own if own[name] != other[name]),
        kept_email=_email(db, party, kept_id),
        absorbed_email=_email(db, party, absorbed_id),
        enrolments=db.scalar(select(func.count()).where(seats == absorbed_id)) or 0,
        links=db.scalar(select(func.count()).where(links == absorbed_id)) or 0,
        conflicts=_conflicts(db, kept_id, absorbed_id) if party is Party.PERSON else (),
    )


def _row(db: Db, party: Party, identity: int) -> Person | Institution | None:
    return db.get(Person, identity) if party is Party.PERSON else db.get(Institution, identity)


def _texts(row: Person | Institution) -> dict[str, str]:
    """The fields of `core.services.merges.FIELDS`, as texts to choose from."""
    place = ", ".join(filter(None, (*row.street.splitlines(), f"{row.postcode} {row.city}".strip())))
    if isinstance(row, Person):
        return {
            "name": row.name,
            "birth_year": str(row.birth_year or ""),
            "phone": row.phone,
            "address": place,
            "function": label(row.function) if row.function else "",
            "levels": _labels(each.level for each in row.levels),
            "subjects": _labels(each.subject for each in row.subjects),
        }
    return {
        "name": row.name,
        "number": row.number or "",
        "kbo": row.kbo or "",
        "network": label(row.network),
        "phone": row.phone,
        "address": place,
        "payer_policy": label(row.payer_policy),
        "billing": " · ".join(filter(None, (row.billing_name, row.billing_reference))),
    }


def _labels(members: Iterable[StrEnum]) -> str:
    return ", ".join(sorted(label(each) for each in members))


def _email(db: Db, party: Party, identity: int) -> str | None:
    owner = Account.person_id if party is Party.PERSON else Account.institution_id
    return db.scalar(select(Account.email).where(owner == identity))


def _conflicts(db: Db, kept_id: int, absorbed_id: int) -> tuple[Conflict, ...]:
    own, other = aliased(Enrolment), aliased(Enrolment)
    both = and_(other.course_id == own.course_id, other.person_id == absorbed_id, other.status.in_(ACTIVE))
    payer, other_payer = aliased(Institution), aliased(Institution)
    found = db.execute(
        select(Course.title, own, payer.name, other, other_payer.name)
        .join(own, own.course_id == Course.id)
        .join(other, both)
        .outerjoin(payer, payer.id == own.payer_institution_id)
        .outerjoin(other_payer, other_payer.id == other.payer_institution_id)
        .where(own.person_id == kept_id, own.status.in_(ACTIVE))
        .order_by(Course.first_day, Course.id)
    )
    return tuple(
        Conflict(title, _place(first, pays), _place(second, other_pays))
        for title, first, pays, second, other_pays in found
    )


def _place(enrolment: Enrolment, payer: str | None) -> Place:
    return Place(enrolment.id, enrolment.status, payer or "", enrolment.billed_on)


def standing(db: Db, actor: Actor, party: Party, kept_id: int) -> tuple[MergeRow, ...]:
    """The doubles that were merged into somebody, the last first."""
    access.check_sees_all(actor)
    found = db.scalars(
        select(Merge)
        .where(Merge.party == party, Merge.kept_id == kept_id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
        .limit(20)
    ).all()
    rows = [(each, _row(db, party, each.absorbed_id)) for each in found]
    return tuple(MergeRow(each.id, row.name if row else "", each.made_at, each.made_by) for each, row in rows)
