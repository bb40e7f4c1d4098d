"""Who may have paid a bank line: by the account it came from, or by the name on it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice, permutations
from typing import Any, TypeVar

from sqlalchemy import Select, func, or_, select

from core.db import Db
from core.models import Allocation, BankTransaction, Institution, Note, Person
from core.rules.proposals import Payer
from core.text import folded
from core.vocabulary import PayerKind

T = TypeVar("T")
_AT_ONCE, _NAMES_AT_ONCE, _MOST_WORDS = 400, 50, 4


def in_batches(values: Iterable[T], size: int = _AT_ONCE) -> Iterator[list[T]]:
    """The values in lists that a query can hold."""
    left = iter(values)
    while batch := list(islice(left, size)):
        yield batch


def by_iban(db: Db, ibans: set[str]) -> dict[str, set[Payer]]:
    """Who paid from these accounts before, as placed on a note; what was undone teaches nothing."""
    found: dict[str, set[Payer]] = defaultdict(set)
    for some in in_batches(sorted(ibans)):
        live = (
            select(BankTransaction.iban.label("iban"), Allocation.note_id.label("note_id"))
            .join(Allocation, Allocation.transaction_id == BankTransaction.id)
            .where(BankTransaction.iban.in_(some), BankTransaction.cents > 0, Allocation.note_id.is_not(None))
            .group_by(BankTransaction.id, BankTransaction.iban, Allocation.note_id)
            .having(func.sum(Allocation.cents) > 0)
            .subquery()
        )
        for iban, kind, school, person in db.execute(
            _payers(live.c.iban).join(live, live.c.note_id == Note.id).distinct()
        ):
            found[iban].add((kind, school if kind is PayerKind.INSTITUTION else person))
    return found


def _payers(first: Any) -> Select[Any]:
    return (
        select(
            first,
            Note.payer_kind,
            func.coalesce(Institution.merged_into_id, Institution.id),
            func.coalesce(Person.merged_into_id, Person.id),
        )
        .select_from(Note)
        .outerjoin(Institution, Institution.id == Note.payer_institution_id)
        .outerjoin(Person, Person.id == Note.payer_person_id)
    )


def by_name(db: Db, names: set[str]) -> dict[str, set[Payer]]:
    """Institutions and persons of exactly these folded names; a person's words stand in any order on a bank line."""
    found: dict[str, set[Payer]] = defaultdict(set)
    for some in in_batches(sorted(names), _NAMES_AT_ONCE):
        starts = or_(*(Institution.search_name.startswith(name, autoescape=True) for name in some))  # a town follows
        for identity, name in db.execute(
            select(Institution.id, Institution.name).where(starts, Institution.merged_into_id.is_(None))
        ):
            if folded(name) in some:
                found[folded(name)].add((PayerKind.INSTITUTION, identity))
    orders = {order: name for name in names for order in _orders(name)}
    for many in in_batches(sorted(orders)):
        for identity, name in db.execute(
            select(Person.id, Person.search_name).where(Person.search_name.in_(many), Person.merged_into_id.is_(None))
        ):
            found[orders[name]].add((PayerKind.PERSON, identity))
    return found


def _orders(name: str) -> list[str]:
    words = name.split()
    return [" ".join(order) for order in permutations(words)] if len(words) <= _MOST_WORDS else [name]
