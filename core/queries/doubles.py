"""Who is likely known twice: found among all once a night, and the list for coordinators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from core import access
from core.db import Db
from core.models import Account, Affiliation, FormerAddress, Institution, LikelyDouble, Person
from core.queries import people
from core.queries.people import InstitutionRow, PersonRow
from core.rules import doubles as rules
from core.rules.accounts import Likeness, alike
from core.rules.doubles import Namesake, Pair, Place
from core.text import folded
from core.vocabulary import Actor, Alike, Party, Role

_AT_ONCE = 5_000  # rows fetched from the database at once
_MOST_SHOWN = 20  # to somebody who makes a new one
Found = dict[tuple[Party, int, int], frozenset[Alike]]


@dataclass(frozen=True, slots=True)
class DoubleRow:
    """Two that are likely the same; `dismissed_by` says who found that they are not."""

    double_id: int
    first: PersonRow | InstitutionRow
    second: PersonRow | InstitutionRow
    reasons: tuple[Alike, ...]
    dismissed_at: datetime | None
    dismissed_by: str

    @property
    def kept_id(self) -> int:
        """Which of the two a merge would rather keep: the one that can sign in, else the elder."""
        first, second = _identity(self.first), _identity(self.second)
        return second if self.second.is_active and not self.first.is_active else first

    @property
    def absorbed_id(self) -> int:
        """The other of the two."""
        first, second = _identity(self.first), _identity(self.second)
        return first + second - self.kept_id


@dataclass(frozen=True, slots=True)
class DoublePage:
    """One page of likely doubles, the latest found first."""

    rows: tuple[DoubleRow, ...]
    total: int


def _identity(row: PersonRow | InstitutionRow) -> int:
    return row.person_id if isinstance(row, PersonRow) else row.institution_id


def search(db: Db) -> Found:
    """Every pair that is likely one and the same, with the reasons; three queries, whatever the size."""
    found: Found = {}
    for namesakes in _of_one_name(db):
        for (first, second), reasons in rules.among_namesakes(namesakes).items():
            found[Party.PERSON, first, second] = reasons
    for first, second in _by_former_address(db):
        key = (Party.PERSON, first, second)
        found[key] = found.get(key, frozenset()) | {Alike.ADDRESS}
    places = db.execute(
        select(
            Institution.id, Institution.search_name, Institution.kbo, Institution.street, Institution.postcode
        ).where(Institution.merged_into_id.is_(None))
    )
    for (first, second), reasons in rules.among_institutions(Place(*row) for row in places).items():
        found[Party.INSTITUTION, first, second] = reasons
    return found


def _of_one_name(db: Db) -> Iterator[list[Namesake]]:
    """The persons who share a name, name by name, with the institutions they are or were linked to."""
    rows = db.execute(
        select(Person.search_name, Person.id, Person.birth_year, Person.phone, Affiliation.institution_id)
        .outerjoin(Affiliation, Affiliation.person_id == Person.id)
        .where(Person.merged_into_id.is_(None), Person.search_name != "")
        .order_by(Person.search_name, Person.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for _name, same in groupby(rows, key=itemgetter(0)):
        known: dict[int, Namesake] = {}
        for _search_name, identity, year, phone, school in same:
            one = known.get(identity)
            if one is None:
                one = known[identity] = Namesake(identity, year, phone)
            if school is not None:
                one.institution_ids.add(school)
        if len(known) > 1:
            yield list(known.values())


def _by_former_address(db: Db) -> set[Pair]:
    """Two persons, one of whom signs in with an address that was earlier the other's."""
    earlier, now = aliased(Account), aliased(Account)
    rows = db.execute(
        select(earlier.person_id, now.person_id)
        .select_from(FormerAddress)
        .join(earlier, and_(earlier.id == FormerAddress.account_id, earlier.role == Role.PERSON))
        .join(now, and_(now.role == Role.PERSON, now.email == FormerAddress.email, now.id != earlier.id))
        .where(*(_stands(Person, each.person_id) for each in (earlier, now)))
    )
    pairs = {(first, second) for first, second in rows if first is not None and second is not None}
    return {(min(pair), max(pair)) for pair in pairs}


def _stands(owner: type[Person] | type[Institution], identity: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    row = aliased(owner)
    return exists().where(row.id == identity, row.merged_into_id.is_(None))


def _listed(party: Party, *, is_dismissed: bool) -> ColumnElement[bool]:
    """Pairs of which neither was merged or removed since the night they were found."""
    owner = Person if party is Party.PERSON else Institution
    return and_(
        LikelyDouble.party == party,
        LikelyDouble.dismissed_at.is_not(None) if is_dismissed else LikelyDouble.dismissed_at.is_(None),
        _stands(owner, LikelyDouble.first_id),
        _stands(owner, LikelyDouble.second_id),
    )


def count(db: Db, actor: Actor) -> dict[Party, int]:
    """How many likely doubles wait for somebody to look at them."""
    access.check_sees_all(actor)
    return {party: _count(db, _listed(party, is_dismissed=False)) for party in Party}


def _count(db: Db, condition: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).select_from(LikelyDouble).where(condition)) or 0


def page(
    db: Db, actor: Actor, party: Party, *, is_dismissed: bool = False, page: int = 1, size: int = 20
) -> DoublePage:
    """One page of the likely doubles, or of those somebody found to be none; a handful of queries."""
    access.check_sees_all(actor)
    condition = _listed(party, is_dismissed=is_dismissed)
    found = db.scalars(
        select(LikelyDouble)
        .where(condition)
        .order_by(LikelyDouble.found_at.desc(), LikelyDouble.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    ids = tuple({identity for each in found for identity in (each.first_id, each.second_id)})
    known = people.persons_by_id(db, ids) if party is Party.PERSON else people.institutions_by_id(db, ids)
    rows = tuple(
        DoubleRow(
            double_id=each.id,
            first=known[each.first_id],
            second=known[each.second_id],
            reasons=tuple(Alike(word) for word in each.reasons.split()),
            dismissed_at=each.dismissed_at,
            dismissed_by=each.dismissed_by,
        )
        for each in found
    )
    return DoublePage(rows, _count(db, condition))


def like_person(db: Db, actor: Actor, new: Likeness, *, email: str = "") -> dict[int, frozenset[Alike]]:
    """Whom a new participant is like, with the reasons; every namesake while the year of birth is not known."""
    access.check_sees_all(actor)
    found: dict[int, frozenset[Alike]] = {}
    name = folded(f"{new.first_name} {new.last_name}")
    namesakes = select(Person).where(Person.search_name == name, Person.merged_into_id.is_(None))
    for each in db.scalars(namesakes.order_by(Person.id).limit(_MOST_SHOWN)):
        reasons = alike(new, Likeness(each.first_name, each.last_name, each.birth_year, each.phone))
        if reasons or new.birth_year is None or each.birth_year is None:
            found[each.id] = reasons
    if email:
        earlier = select(Account.person_id).join(FormerAddress, FormerAddress.account_id == Account.id)
        for identity in db.scalars(earlier.where(FormerAddress.email == email, Account.person_id.is_not(None))):
            if identity is not None:
                found[identity] = found.get(identity, frozenset()) | {Alike.ADDRESS}
    return found


def like_institution(db: Db, actor: Actor, new: Place) -> dict[int, frozenset[Alike]]:
    """Which institutions a new one is like, with the reasons."""
    access.check_sees_all(actor)
    known = select(
        Institution.id, Institution.search_name, Institution.kbo, Institution.street, Institution.postcode
    ).where(
        Institution.merged_into_id.is_(None),
        or_(Institution.search_name == new.search_name, Institution.kbo == new.kbo),
    )
    places = [Place(*row) for row in db.execute(known.limit(_MOST_SHOWN))]
    pairs = [rules.among_institutions((new, place)) for place in places]
    return {max(pair): reasons for found in pairs for pair, reasons in found.items()}
