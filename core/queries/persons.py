"""A person's own details and links."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import access
from core.db import Db
from core.models import Affiliation, Institution, Person, PersonLevel, PersonSubject
from core.vocabulary import Actor, JobFunction, Level, PayerPolicy, Subject


@dataclass(frozen=True, slots=True)
class OwnDetails:
    """What «Mijn gegevens» shows and changes."""

    first_name: str
    last_name: str
    phone: str
    street: str
    postcode: str
    city: str
    function: JobFunction | None
    levels: tuple[Level, ...]
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class LinkedInstitution:
    """An institution a person is attached to."""

    affiliation_id: int
    institution_id: int
    name: str
    city: str
    payer_policy: PayerPolicy
    started_on: date


def own_details(db: Db, actor: Actor) -> OwnDetails:
    """The actor's own details. Raises NotFound for whoever is no person."""
    person = db.get_one(Person, access.own_person_id(actor))
    levels = db.scalars(select(PersonLevel.level).where(PersonLevel.person_id == person.id))
    subjects = db.scalars(select(PersonSubject.subject).where(PersonSubject.person_id == person.id))
    return OwnDetails(
        first_name=person.first_name,
        last_name=person.last_name,
        phone=person.phone,
        street=person.street,
        postcode=person.postcode,
        city=person.city,
        function=person.function,
        levels=tuple(levels),
        subjects=tuple(subjects),
    )


def own_institutions(db: Db, actor: Actor) -> tuple[LinkedInstitution, ...]:
    """The institutions the actor is attached to now, by name. Raises NotFound for whoever is no person."""
    rows = db.execute(
        select(
            Affiliation.id,
            Institution.id,
            Institution.name,
            Institution.city,
            Institution.payer_policy,
            Affiliation.started_on,
        )
        .join(Institution, Institution.id == Affiliation.institution_id)
        .where(Affiliation.person_id == access.own_person_id(actor), Affiliation.ended_on.is_(None))
        .order_by(Institution.search_name)
    )
    return tuple(LinkedInstitution(*row) for row in rows)
