"""Schools of one to three hundred persons, and the persons, of the large data."""

from collections.abc import Iterator
from itertools import accumulate

from faker.providers.person.nl_BE import Provider
from sqlalchemy import func, select

from core.db import Db
from core.demo.large.bulk import Loader, Row, Tell, instant, iso
from core.demo.large.ground import (
    BIG_SCHOOL_ADDRESS,
    BIG_SCHOOL_NAME,
    BIG_SCHOOL_PERSONS,
    Ground,
    Human,
    School,
)
from core.demo.large.texts import LEVEL_WEIGHTS, STREETS, TOWNS
from core.demo.texts import KINDS, NAMES
from core.migrations import search
from core.models import (
    Account,
    Affiliation,
    BillingAddress,
    FormerAddress,
    Institution,
    Person,
    PersonLevel,
    PersonSubject,
)
from core.text import folded, slug
from core.vocabulary import JobFunction, Network, PayerPolicy, Role, Subject

_ACCOUNT = (
    *("id", "role", "email", "name", "password_hash", "person_id", "institution_id"),
    *("created_at", "confirmed_at", "password_set_at", "last_sign_in_at", "undeliverable_since"),
)


def institutions(db: Db, ground: Ground, tell: Tell) -> None:
    """Schools in all towns; the first one is the big one."""
    chance, today = ground.chance, ground.today
    first = (db.scalar(select(func.max(Institution.id))) or 0) + 1
    account = (db.scalar(select(func.max(Account.id))) or 0) + 1
    towns = chance.choices(TOWNS, [town[2] for town in TOWNS], k=ground.size.institutions)
    load = Loader(db, tell)
    rows = load.sink(
        Institution,
        *("id", "name", "search_name", "number", "kbo", "network", "street", "postcode", "city", "phone"),
        *("payer_policy", "billing_name", "asked_links_on", "created_at"),
    )
    billing = load.sink(BillingAddress, "institution_id", "email")
    accounts = load.sink(Account, *_ACCOUNT)
    created = instant(today - 365 * ground.size.years, 36_000)
    policies = (PayerPolicy.ALLOWED.value,) * 18 + (PayerPolicy.APPROVAL.value, PayerPolicy.FORBIDDEN.value)
    networks = chance.choices(list(Network), (20, 19, 58, 3), k=ground.size.institutions)
    ground.big = first
    for index, identity in enumerate(range(first, ground.size.institutions + 1)):
        is_big = identity == ground.big
        postcode, city, _weight = towns[index]
        name = f"{KINDS[index % len(KINDS)]} {NAMES[index // len(KINDS) % len(NAMES)]} {city} {identity} (demo)"
        name, base = (BIG_SCHOOL_NAME if is_big else name), f"1999{index // 3 % 10_000:04}"
        email = BIG_SCHOOL_ADDRESS if is_big else f"secretariaat@school{identity}.example"
        policy = PayerPolicy.ALLOWED.value if is_big else policies[index % len(policies)]
        street, number = f"{STREETS[index % len(STREETS)]} {index % 180 + 1}", f"{min(990_000 + identity, 999_999)}"
        kbo = None if index % 10 in (3, 6, 9) else f"{base}{97 - int(base) % 97:02}"
        asked = iso(today - chance.randint(10, 300))
        rows.add(
            (
                *(identity, name, folded(f"{name} {city}"), number, kbo, networks[index].value, street, postcode, city),
                *("03 000 00 00", policy, f"Boekhouding {name}" if index % 10 == 5 else "", asked, created),
            )
        )
        if index % 10 == 5:
            billing.add((identity, f"boekhouding@school{identity}.example"))
        seen = instant(today - chance.randint(0, 400), 36_000)
        accounts.add(
            (
                *(account + index, Role.INSTITUTION.value, email, name, ground.password_hash, None, identity),
                *(created, created, created, seen, None),
            )
        )
        ground.schools[identity] = School(
            identity, name, (street, f"{postcode} {city}"), kbo, number, email, policy == PayerPolicy.ALLOWED.value
        )
        load.spill()
    load.flush()


def persons(db: Db, ground: Ground, tell: Tell) -> None:
    """Teachers with an account each, most with one school; some stay three years, some twenty."""
    with search.in_bulk(db.connection()):
        _persons(db, ground, tell)


def _persons(db: Db, ground: Ground, tell: Tell) -> None:
    first = (db.scalar(select(func.max(Person.id))) or 0) + 1
    identities = range(first, ground.size.persons + 1)
    places = _places(ground, len(identities))
    load = Loader(db, tell)
    rows = load.sink(
        Person,
        *("id", "first_name", "last_name", "search_name", "birth_year", "phone", "street", "postcode", "city"),
        *("function", "created_at"),
    )
    accounts = load.sink(Account, *_ACCOUNT)
    account = (db.scalar(select(func.max(Account.id))) or 0) + 1
    former = load.sink(FormerAddress, "account_id", "email", "until_at")
    levels = load.sink(PersonLevel, "person_id", "level")
    subjects = load.sink(PersonSubject, "person_id", "subject")
    links = load.sink(Affiliation, "person_id", "institution_id", "started_on", "ended_on", "kept_on")
    chance, names = ground.chance, _names(ground, len(identities))
    for index, identity in enumerate(identities):
        human, row, started = _person(ground, identity, next(names), places[index])
        ground.people[identity] = human
        rows.add(row)
        accounts.add(_account(ground, account + index, identity, human, row[-1]))
        if index % 30 == 7:
            former.add(
                (account + index, f"oud.{human.email}", instant(ground.today - chance.randint(30, 2000), 40_000))
            )
        for level in set(chance.choices(list(LEVEL_WEIGHTS), list(LEVEL_WEIGHTS.values()), k=1 + (index % 4 == 0))):
            levels.add((identity, level.value))
        for subject in chance.sample(_SUBJECTS, chance.choices((0, 1, 2, 3), (25, 40, 25, 10))[0]):
            subjects.add((identity, subject))
        for link in _links(ground, identity, human, started):
            links.add(link)
        load.spill()
    load.flush()


_SUBJECTS = [subject.value for subject in Subject]
_FUNCTIONS = [function.value for function in JobFunction]


def _person(
    ground: Ground, identity: int, name: tuple[str, str, str, str], school: int | None
) -> tuple[Human, Row, int]:
    chance, years = ground.chance, ground.size.years
    given, family, search, email = name
    start = min(years, int(years * chance.random() ** 0.8))
    human = Human(
        f"{given} {family}",
        (),
        f"{email}.{identity}@example.org",
        school,
        range(start, start + 1 + int(chance.expovariate(1 / 6))),
    )
    postcode, city, _weight = _TOWNS[chance.randrange(len(_TOWNS))]
    street = f"{STREETS[identity % len(STREETS)]} {identity % 190 + 1}"
    human.address = (street, f"{postcode} {city}")
    started = min(ground.today - 1, ground.today - 365 * (years - start) - chance.randint(0, 360))
    function = _FUNCTIONS[2 if chance.random() < 0.5 else chance.randrange(len(_FUNCTIONS))]
    phone = f"0470 00 {identity // 100 % 100:02} {identity % 100:02}"
    row = (identity, given, family, search, chance.randint(1955, 2002), phone, street, postcode, city, function)
    return human, (*row, instant(started, chance.randrange(20_000, 75_000))), started


#: Each town as often as people live there.
_TOWNS = [town for town in TOWNS for _ in range(town[2])]


def _account(ground: Ground, account: int, identity: int, human: Human, created: str) -> Row:
    chance = ground.chance
    is_confirmed = chance.random() > 0.01
    seen = instant(ground.today - int(chance.expovariate(1 / 500)) - 1, 60_000) if is_confirmed else None
    bounced = instant(ground.today - chance.randint(1, 900), 50_000) if chance.random() < 0.004 else None
    return (
        *(account, Role.PERSON.value, human.email, human.name, ground.password_hash, identity, None),
        *(created, created if is_confirmed else None, created, seen, bounced),
    )


def _links(ground: Ground, identity: int, human: Human, started: int) -> Iterator[Row]:
    """The link to the own school, sometimes one that ended, sometimes a second one."""
    if human.school is None:
        return
    ground.schools[human.school].staff.append(identity)
    kept = iso(max(started, ground.today - ground.chance.randint(10, 350)))
    yield identity, human.school, iso(started), None, kept
    other = ground.big + 1 + (identity * 7919) % (len(ground.schools) - 1)
    if identity % 10 in (1, 4) and other != human.school:
        ended = iso(max(started, ground.today - 400)) if identity % 10 == 4 else None
        yield identity, other, iso(started), ended, kept


def _names(ground: Ground, count: int) -> Iterator[tuple[str, str, str, str]]:
    """First name, last name, both folded for searching, and the beginning of an address."""
    chance = ground.chance
    given = [(name, folded(name), slug(name)) for name in Provider.first_names]
    family = [(name, folded(name), slug(name)) for name in Provider.last_names]
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(family))))
    firsts = chance.choices(given, k=count)
    lasts = chance.choices(family, cum_weights=weights, k=count)
    seconds = chance.choices(family, k=count)
    for first, last, second in zip(firsts, lasts, seconds, strict=True):
        double = f" {second[1]}" if chance.random() < 0.06 else ""
        shown = f"{last[0]}-{second[0]}" if double else last[0]
        yield first[0], shown, f"{first[1]} {last[1]}{double}", f"{first[2]}.{last[2]}"


def _places(ground: Ground, count: int) -> list[int | None]:
    """The own school of each person, shuffled: 8 % have none; the big school has exactly its number."""
    chance = ground.chance
    others = [identity for identity in ground.schools if identity != ground.big]
    weights = [min(1.0, chance.lognormvariate(-3, 1.1)) for _ in others]
    linked = int(count * 0.92) - BIG_SCHOOL_PERSONS
    places: list[int | None] = [ground.big] * BIG_SCHOOL_PERSONS
    places += _spread(others, weights, linked)
    places += [None] * (count - len(places))
    chance.shuffle(places)
    return places


def _spread(schools: list[int], weights: list[float], persons: int) -> list[int]:
    """At least one person a school, at most the big one's number, the rest by weight."""
    factor = persons / sum(weights)
    counts = [max(1, min(BIG_SCHOOL_PERSONS, round(weight * factor))) for weight in weights]
    left, index = persons - sum(counts), 0
    while left:
        step = 1 if left > 0 else -1
        if 1 <= counts[index % len(counts)] + step <= BIG_SCHOOL_PERSONS:
            counts[index % len(counts)] += step
            left -= step
        index += 1
    return [school for school, count in zip(schools, counts, strict=True) for _ in range(count)]
