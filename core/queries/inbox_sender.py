"""Who writes to us: the persons and institutions of an address, their seats and what the team noted of them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from core import access, clock
from core.db import Db
from core.models import (
    Account,
    Affiliation,
    BillingAddress,
    ContactPerson,
    Course,
    Enrolment,
    FormerAddress,
    Institution,
    Person,
    Remark,
)
from core.queries.enrolments import EnrolmentRow, rows
from core.text import address_key
from core.vocabulary import Actor, ActorKind, Party

_MOST = 5
_SEATS = 8


@dataclass(frozen=True, slots=True)
class Known:
    """A person or an institution that an address leads to; `is_own`: its sign-in address now (else an earlier one)."""

    party: Party
    identity: int
    name: str
    place: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """A remark of the team."""

    name: str
    author: str
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """All that is known of an address. `schools` are those the persons are attached to now."""

    known: tuple[Known, ...]
    schools: tuple[tuple[int, str], ...]
    seats: tuple[EnrolmentRow, ...]
    remarks: tuple[Noted, ...]

    @property
    def facts(self) -> dict[str, str]:
        """What fills in a text module, where exactly one thing can be meant."""
        persons = [each for each in self.known if each.party is Party.PERSON]
        places = [name for _identity, name in self.schools] or [
            each.name for each in self.known if each.party is Party.INSTITUTION
        ]
        ahead = [row for row in self.seats if row.is_coming]
        seat = min(ahead, key=lambda row: row.first_day or date.max, default=None)
        name = persons[0].name if len(persons) == 1 else ""
        return {
            "naam": name,
            "voornaam": name.split()[0] if name else "",
            "school": places[0] if len(set(places)) == 1 else "",
            "nascholing": seat.course_title if seat else "",
        }


def sender(db: Db, actor: Actor, address: str) -> Sender:
    """Who writes from an address: its accounts, those that had it before, institutions billed or reached there.

    Raises NotFound.
    """
    if actor.kind is not ActorKind.COORDINATOR:
        raise access.NotFound
    key = address_key(address)
    if not key:
        return Sender((), (), (), ())
    former = select(FormerAddress.account_id).where(FormerAddress.email == key)
    accounts = db.scalars(select(Account).where(or_(Account.email == key, Account.id.in_(former)))).all()
    own = {account.person_id or account.institution_id for account in accounts if account.email == key}
    persons = _persons(db, [account.person_id for account in accounts if account.person_id], own)
    institutions = _institutions(db, key, [each.institution_id for each in accounts if each.institution_id], own)
    people, places = [each.identity for each in persons], [each.identity for each in institutions]
    return Sender(
        known=(*persons, *institutions),
        schools=_schools(db, people),
        seats=rows(
            db,
            or_(Enrolment.person_id.in_(people), Enrolment.payer_institution_id.in_(places)),
            order=(Course.first_day.desc(), Enrolment.id.desc()),
            limit=_SEATS,
        )
        if people or places
        else (),
        remarks=_remarks(db, people, places),
    )


def _persons(db: Db, ids: list[int], own: set[int | None]) -> list[Known]:
    found = db.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id).limit(_MOST))
    return [Known(Party.PERSON, each.id, each.name, each.city, each.id in own) for each in found]


def _institutions(db: Db, key: str, ids: list[int], own: set[int | None]) -> list[Known]:
    billed = select(BillingAddress.institution_id).where(BillingAddress.email == key)
    reached = select(ContactPerson.institution_id).where(ContactPerson.email == key)
    found = db.scalars(
        select(Institution)
        .where(or_(Institution.id.in_(ids), Institution.id.in_(billed), Institution.id.in_(reached)))
        .order_by(Institution.id)
        .limit(_MOST)
    )
    return [Known(Party.INSTITUTION, each.id, each.name, each.city, each.id in own) for each in found]


def _schools(db: Db, people: list[int]) -> tuple[tuple[int, str], ...]:
    found = db.execute(
        select(Institution.id, Institution.name)
        .join(Affiliation, Affiliation.institution_id == Institution.id)
        .where(
            Affiliation.person_id.in_(people),
            or_(Affiliation.ended_on.is_(None), Affiliation.ended_on > clock.today()),
        )
        .distinct()
        .order_by(Institution.name, Institution.id)
        .limit(_MOST)
    )
    return tuple((identity, name) for identity, name in found)


def _remarks(db: Db, people: list[int], places: list[int]) -> tuple[Noted, ...]:
    found = db.execute(
        select(Remark, Person, Institution.name)
        .outerjoin(Person, Person.id == Remark.person_id)
        .outerjoin(Institution, Institution.id == Remark.institution_id)
        .where(or_(Remark.person_id.in_(people), Remark.institution_id.in_(places)))
        .order_by(Remark.written_at.desc(), Remark.id.desc())
        .limit(_MOST)
    )
    return tuple(
        Noted(person.name if person else place or "", remark.author, remark.text, remark.written_at)
        for remark, person, place in found
    )
