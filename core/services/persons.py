"""Persons change their own details (R17)."""

from dataclasses import dataclass

from sqlalchemy import select

from core import access, audit, clock
from core.db import Db
from core.models import Account, Person, PersonLevel, PersonSubject
from core.rules import accounts as rules
from core.services import accounts
from core.text import folded
from core.vocabulary import Actor, AuditTag, JobFunction, Level, Subject


@dataclass(frozen=True, slots=True)
class Details:
    """What a person may change of the own data."""

    first_name: str
    last_name: str
    phone: str
    street: str
    postcode: str
    city: str
    function: JobFunction | None
    levels: frozenset[Level]
    subjects: frozenset[Subject]


def change_details(db: Db, actor: Actor, details: Details, *, person_id: int | None = None) -> None:
    """Save the own data, or those of anybody for a coordinator. Raises NotFound, or FieldMissing for an empty name."""
    person = access.editable_person(db, actor, person_id)
    before = _texts(person)
    person.first_name = rules.required(details.first_name, field="first_name")
    person.last_name = rules.required(details.last_name, field="last_name")
    person.search_name = folded(person.name)
    person.phone = details.phone.strip()[:40]
    person.street = details.street.strip()[:200]
    person.postcode = details.postcode.strip()[:12]
    person.city = details.city.strip()[:100]
    person.function = details.function
    _keep(person, details)
    account = db.scalar(select(Account).where(Account.person_id == person.id).with_for_update(of=Account))
    if account is not None:
        accounts.name_after_owner(account)
    after = _texts(person)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    audit.record(db, actor, AuditTag.PERSON_CHANGED, person, **changed)


def change_birth_year(db: Db, actor: Actor, person_id: int, year: int | None) -> None:
    """A coordinator mends the year of birth. Raises NotFound, NotAllowed or BirthYearNotValid."""
    access.require_coordinator(actor)
    person = access.editable_person(db, actor, person_id)
    before, person.birth_year = person.birth_year, rules.checked_birth_year(year, clock.today().year)
    if before != person.birth_year:
        audit.record(db, actor, AuditTag.PERSON_CHANGED, person, birth_year=[before, person.birth_year])


def _keep(person: Person, details: Details) -> None:
    person.levels = [row for row in person.levels if row.level in details.levels] + [
        PersonLevel(level=level) for level in sorted(details.levels - {row.level for row in person.levels})
    ]
    person.subjects = [row for row in person.subjects if row.subject in details.subjects] + [
        PersonSubject(subject=subject)
        for subject in sorted(details.subjects - {row.subject for row in person.subjects})
    ]


def _texts(person: Person) -> dict[str, object]:
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "phone": person.phone,
        "street": person.street,
        "postcode": person.postcode,
        "city": person.city,
        "function": person.function,
        "levels": sorted(row.level for row in person.levels),
        "subjects": sorted(row.subject for row in person.subjects),
    }
