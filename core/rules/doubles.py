"""Which persons and institutions are likely one and the same (D12), without comparing each with each."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from core.rules.accounts import phone_key
from core.text import folded
from core.vocabulary import Alike

Pair = tuple[int, int]
#: As many of one name with one year (or telephone, or school) are a fault in the data, not doubles.
MOST_ALIKE = 12


@dataclass(slots=True)
class Namesake:
    """What of a person is compared with others of the same name."""

    person_id: int
    birth_year: int | None = None
    phone: str = ""
    institution_ids: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Place:
    """What of an institution is compared."""

    institution_id: int
    search_name: str
    kbo: str | None = None
    street: str = ""
    postcode: str = ""


def new_place(name: str, city: str, *, kbo: str = "", street: str = "", postcode: str = "") -> Place:
    """An institution that is not known yet, as typed."""
    digits = "".join(filter(str.isdigit, kbo)) or None
    return Place(0, folded(f"{name} {city}"), digits, street, postcode)


def among_namesakes(namesakes: Iterable[Namesake]) -> dict[Pair, frozenset[Alike]]:
    """Pairs of the same name that share a birth year, a telephone or a school; the lower id first."""
    shared: dict[tuple[Alike, Hashable], list[int]] = defaultdict(list)
    for each in namesakes:
        if each.birth_year is not None:
            shared[Alike.YEAR, each.birth_year].append(each.person_id)
        if key := phone_key(each.phone):
            shared[Alike.PHONE, key].append(each.person_id)
        for school in each.institution_ids:
            shared[Alike.SCHOOL, school].append(each.person_id)
    return _pairs(shared)


def among_institutions(places: Iterable[Place]) -> dict[Pair, frozenset[Alike]]:
    """Pairs of the same name and town, or of one company at one address (schools of one board share its number)."""
    shared: dict[tuple[Alike, Hashable], list[int]] = defaultdict(list)
    for each in places:
        if each.search_name:
            shared[Alike.NAME, each.search_name].append(each.institution_id)
        if each.kbo and each.street and each.postcode:
            shared[Alike.KBO, (each.kbo, folded(each.street), each.postcode)].append(each.institution_id)
    return _pairs(shared)


def _pairs(shared: Mapping[tuple[Alike, Hashable], list[int]]) -> dict[Pair, frozenset[Alike]]:
    found: dict[Pair, set[Alike]] = defaultdict(set)
    for (why, _value), ids in shared.items():
        if 1 < len(ids) <= MOST_ALIKE:
            for pair in combinations(sorted(ids), 2):
                found[pair].add(why)
    return {pair: frozenset(reasons) for pair, reasons in found.items()}
