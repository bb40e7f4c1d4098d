"""The coordinators' lists of persons and institutions: what was searched, the best first; one page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from core import access
from core.db import Db
from core.models import Account, Affiliation, Institution, LikelyDouble, Person
from core.queries import people_search, sign_in_states
from core.queries.people_search import Ranked
from core.rules.accounts import Likeness, is_likely_double
from core.vocabulary import Actor, Party, SignInState


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in the list."""

    person_id: int
    name: str
    birth_year: int | None
    phone: str
    city: str
    email: str | None
    is_active: bool
    is_confirmed: bool
    undeliverable_since: datetime | None
    schools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """An institution in the list; `persons` are linked to it now."""

    institution_id: int
    name: str
    postcode: str
    city: str
    number: str | None
    kbo: str | None
    email: str | None
    is_active: bool
    persons: int


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One page of persons. `is_cut`: more match than are ranked. Without a text: the newest ones."""

    rows: tuple[PersonRow, ...]
    total: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class InstitutionPage:
    """One page of institutions, as of persons; without a text the first by name."""

    rows: tuple[InstitutionRow, ...]
    total: int
    is_cut: bool


def persons(
    db: Db, actor: Actor, text: str = "", *, state: SignInState | None = None, page: int = 1, size: int = 20
) -> PersonPage:
    """One page of the persons who are found by a text, all or those whose signing in stands so; the newest without one.

    Raises NotFound for all but coordinators.
    """
    access.check_sees_all(actor)
    if people_search.words(text):
        found = people_search.persons(db, text)
        if state is not None:
            standing = set(db.scalars(sign_in_states.persons(state).where(Person.id.in_(found.ids))))
            found = Ranked(tuple(identity for identity in found.ids if identity in standing), found.is_cut)
    elif state is not None:
        found = sign_in_states.newest(db, Party.PERSON, state)
    else:
        newest = select(Person.id).where(Person.merged_into_id.is_(None)).order_by(Person.created_at.desc())
        found = Ranked(tuple(db.scalars(newest.limit(size))), is_cut=False)
    ids = found.ids[(page - 1) * size : page * size]
    rows = persons_by_id(db, ids)
    return PersonPage(tuple(rows[identity] for identity in ids if identity in rows), len(found.ids), found.is_cut)


def persons_by_id(db: Db, ids: Sequence[int]) -> dict[int, PersonRow]:
    """Persons as lists show them; two queries."""
    schools = _schools(db, ids)
    return {
        person.id: PersonRow(
            person_id=person.id,
            name=person.name,
            birth_year=person.birth_year,
            phone=person.phone,
            city=person.city,
            email=account.email if account else None,
            is_active=account is not None and account.is_active,
            is_confirmed=account is not None and account.confirmed_at is not None,
            undeliverable_since=account.undeliverable_since if account else None,
            schools=tuple(schools.get(person.id, ())),
        )
        for person, account in db.execute(
            select(Person, Account).outerjoin(Account, Account.person_id == Person.id).where(Person.id.in_(ids))
        )
    }


def _schools(db: Db, person_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for person_id, name in db.execute(
        select(Affiliation.person_id, Institution.name)
        .join(Institution, Institution.id == Affiliation.institution_id)
        .where(Affiliation.person_id.in_(person_ids), Affiliation.ended_on.is_(None))
        .order_by(Institution.search_name)
    ):
        found.setdefault(person_id, []).append(name)
    return found


def institutions(
    db: Db, actor: Actor, text: str = "", *, state: SignInState | None = None, page: int = 1, size: int = 20
) -> InstitutionPage:
    """One page of the institutions that are found by a text, as of persons; without one the first by name.

    Raises NotFound for all but coordinators.
    """
    access.check_sees_all(actor)
    window = slice((page - 1) * size, page * size)
    if people_search.words(text):
        found = people_search.institutions(db, text)
        if state is not None:
            standing = set(db.scalars(sign_in_states.institutions(state).where(Institution.id.in_(found.ids))))
            found = Ranked(tuple(identity for identity in found.ids if identity in standing), found.is_cut)
        ids, total, is_cut = found.ids[window], len(found.ids), found.is_cut
    elif state is not None:
        found = sign_in_states.newest(db, Party.INSTITUTION, state)
        ids, total, is_cut = found.ids[window], len(found.ids), found.is_cut
    else:
        named = Institution.merged_into_id.is_(None)
        total, is_cut = db.scalar(select(func.count()).select_from(Institution).where(named)) or 0, False
        first = select(Institution.id).where(named).order_by(Institution.search_name, Institution.id)
        ids = tuple(db.scalars(first.limit(size).offset((page - 1) * size)))
    rows = institutions_by_id(db, ids)
    return InstitutionPage(tuple(rows[identity] for identity in ids if identity in rows), total, is_cut)


def institutions_by_id(db: Db, ids: Sequence[int]) -> dict[int, InstitutionRow]:
    """Institutions as lists show them; one query."""
    persons = (
        select(func.count())
        .where(Affiliation.institution_id == Institution.id, Affiliation.ended_on.is_(None))
        .correlate(Institution)
        .scalar_subquery()
    )
    return {
        institution.id: InstitutionRow(
            institution_id=institution.id,
            name=institution.name,
            postcode=institution.postcode,
            city=institution.city,
            number=institution.number,
            kbo=institution.kbo,
            email=email,
            is_active=bool(active),
            persons=count,
        )
        for institution, email, active, count in db.execute(
            select(Institution, Account.email, Account.is_active, persons)
            .outerjoin(Account, Account.institution_id == Institution.id)
            .where(Institution.id.in_(ids))
        )
    }


def doubles_of(db: Db, actor: Actor, person_id: int) -> tuple[PersonRow, ...]:
    """Who is likely the same person (D12): the same name, and the same birth year, telephone or school."""
    access.check_sees_all(actor)
    one = db.get(Person, person_id)
    if one is None:
        raise access.NotFound
    namesakes = db.scalars(
        select(Person)
        .where(Person.search_name == one.search_name, Person.merged_into_id.is_(None))
        .order_by(Person.id)
        .limit(100)
    ).all()
    links: dict[int, set[int]] = {}
    for owner, school in db.execute(
        select(Affiliation.person_id, Affiliation.institution_id).where(
            Affiliation.person_id.in_([each.id for each in namesakes])
        )
    ):
        links.setdefault(owner, set()).add(school)

    def like(each: Person) -> Likeness:
        schools = frozenset(links.get(each.id, ()))
        return Likeness(each.first_name, each.last_name, each.birth_year, each.phone, schools)

    alike = [each for each in namesakes if each.id != one.id and is_likely_double(like(one), like(each))]
    dismissed = {
        first + second - person_id
        for first, second in db.execute(
            select(LikelyDouble.first_id, LikelyDouble.second_id).where(
                LikelyDouble.party == Party.PERSON,
                or_(LikelyDouble.first_id == person_id, LikelyDouble.second_id == person_id),
                LikelyDouble.dismissed_at.is_not(None),
            )
        )
    }
    rows = persons_by_id(db, [each.id for each in alike if each.id not in dismissed])
    return tuple(rows.values())
