"""What a merge would do, before the click; and the merges that can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from core import access
from core.db import Db
from core.labels import label
from core.models import Account, Affiliation, Course, Enrolment, Institution, Merge, Person
from core.vocabulary import ACTIVE, Actor, Party


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of which the two have different values."""

    name: str
    kept: str
    absorbed: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What goes where. `conflicts` are the courses in which both hold a place: one must be cancelled first."""

    kept_id: int
    absorbed_id: int
    kept_name: str
    absorbed_name: str
    fields: tuple[FieldRow, ...]
    kept_email: str | None
    absorbed_email: str | None
    enrolments: int
    links: int
    conflicts: tuple[str, ...]


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


def _conflicts(db: Db, kept_id: int, absorbed_id: int) -> tuple[str, ...]:
    own, other = aliased(Enrolment), aliased(Enrolment)
    both = and_(other.course_id == own.course_id, other.person_id == absorbed_id, other.status.in_(ACTIVE))
    return tuple(
        db.scalars(
            select(Course.title)
            .join(own, own.course_id == Course.id)
            .join(other, both)
            .where(own.person_id == kept_id, own.status.in_(ACTIVE))
            .order_by(Course.first_day)
        )
    )


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
