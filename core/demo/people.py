"""Made-up institutions, persons and accounts; reserved mail domains only."""

import random
from datetime import date, timedelta

from faker import Faker

from core import clock
from core.db import Db
from core.demo.texts import KINDS, NAMES, TOWNS
from core.models import (
    Account,
    Affiliation,
    BillingAddress,
    ContactPerson,
    Institution,
    Person,
    PersonLevel,
    PersonSubject,
)
from core.text import folded, slug
from core.vocabulary import JobFunction, Level, Network, PayerPolicy, Role, Subject


def institutions(db: Db, chance: random.Random, count: int, password_hash: str) -> list[Institution]:
    """Schools of every kind: 10 % with a billing address of their own, 5 % that forbid being named, 30 % without KBO."""
    made = []
    for index in range(count):
        name = f"{KINDS[index % len(KINDS)]} {NAMES[index % len(NAMES)]}"
        name += f" {index // len(NAMES) + 1} (demo)" if index >= len(NAMES) else " (demo)"
        postcode, city = TOWNS[index % len(TOWNS)] if index else TOWNS[2]
        base = f"1999{index:04}"
        made.append(
            Institution(
                name=name,
                search_name=folded(f"{name} {city}"),
                number=f"{990001 + index:06}",
                kbo=None if chance.random() < 0.3 else f"{base}{97 - int(base) % 97:02}",
                network=chance.choices((Network.PRIVATE, Network.GO, Network.PUBLIC), (60, 20, 20))[0],
                street=f"Schoolstraat {index + 1}",
                postcode=postcode,
                city=city,
                payer_policy=PayerPolicy.FORBIDDEN if index % 20 == 7 else PayerPolicy.ALLOWED,
                billing_name=f"Boekhouding {name}" if index % 10 == 0 else "",
                billing_addresses=[BillingAddress(email=f"boekhouding@school{index + 1}.example")]
                if index % 10 == 0
                else [],
                asked_links_on=clock.today() - timedelta(days=chance.randint(10, 300)),
                created_at=clock.now(),
            )
        )
    first = made[0]
    first.name = "Basisschool De Zonnewimpel (demo)"
    first.search_name = folded(f"{first.name} {first.city}")
    first.kbo = "1999000051"  # so that its notes come as an e-invoice too
    first.asked_links_on = None  # the yearly question goes to the demo's own school on the first day
    first.billing_name = "Scholengroep De Wimpel – boekhouding"
    first.billing_addresses = [BillingAddress(email="boekhouding@zonnewimpel.example")]
    first.billing_reference = "Bestelbon 2026-014"
    first.contacts = [
        ContactPerson(
            name="Greet Somers", function="secretariaat", email="greet@zonnewimpel.example", phone="03 000 00 01"
        )
    ]
    made[1].payer_policy = PayerPolicy.APPROVAL
    first.street = "Schoolstraat 1\nt.a.v. het secretariaat\nGebouw B, tweede verdieping"
    db.add_all(made)
    db.flush()
    for index, institution in enumerate(made):
        email = "secretariaat@zonnewimpel.example" if index == 0 else f"secretariaat@school{index + 1}.example"
        db.add(_account(Role.INSTITUTION, email, institution.name, password_hash, institution_id=institution.id))
    return made


def persons(db: Db, chance: random.Random, count: int, schools: list[Institution], password_hash: str) -> list[Person]:
    """Teachers with an account each; most with one school, some with two, a few with none."""
    faker = Faker("nl_BE")
    faker.seed_instance(chance.randint(0, 2**31))
    names = [("An", "Peeters"), ("Zoë", "D'Hondt-Çelik"), ("Jan", "Janssens"), ("Jan", "Janssens")]
    names += [(faker.first_name(), faker.last_name()) for _index in range(count - len(names))]
    functions = list(JobFunction)
    made = []
    for index, (first_name, last_name) in enumerate(names):
        postcode, city = chance.choice(TOWNS)
        made.append(
            Person(
                first_name=first_name,
                last_name=last_name,
                search_name=folded(f"{first_name} {last_name}"),
                birth_year=chance.randint(1962, 2001),
                phone=f"0470 00 {index // 100:02} {index % 100:02}",
                street=f"{faker.street_name()} {chance.randint(1, 180)}",
                postcode=postcode,
                city=city,
                function=chance.choices(functions, [8 if item is JobFunction.TEACHER else 2 for item in functions])[0],
                created_at=clock.now(),
            )
        )
    db.add_all(made)
    db.flush()
    levels, subjects = list(Level), list(Subject)
    for index, person in enumerate(made):
        email = "an.peeters@example.org" if index == 0 else f"{slug(person.name).replace('-', '.')}.{index}@example.org"
        db.add(_account(Role.PERSON, email, person.name, password_hash, person_id=person.id))
        db.add_all(
            PersonLevel(person_id=person.id, level=level) for level in chance.sample(levels, chance.randint(1, 2))
        )
        db.add_all(
            PersonSubject(person_id=person.id, subject=subject)
            for subject in chance.sample(subjects, chance.randint(0, 3))
        )
        for school in _schools(chance, index, schools):
            db.add(
                Affiliation(
                    person_id=person.id,
                    institution_id=school.id,
                    started_on=max(date(2017, 9, 1), clock.today() - timedelta(days=chance.randint(100, 3000))),
                    kept_on=clock.today() - timedelta(days=chance.randint(10, 300)) if index % 9 else None,
                )
            )
    db.flush()
    return made


def _schools(chance: random.Random, index: int, schools: list[Institution]) -> list[Institution]:
    if index == 0:
        return [schools[0], schools[1]]
    if index == 1:
        return [schools[1], schools[7]]  # the one approves first, the other forbids it
    if index in (2, 3):
        return [schools[0]]
    return chance.sample(schools, chance.choices((0, 1, 2), (8, 78, 14))[0])


def _account(role: Role, email: str, name: str, password_hash: str, **owner: int) -> Account:
    return Account(
        role=role,
        email=email,
        name=name,
        password_hash=password_hash,
        password_set_at=clock.now(),
        confirmed_at=clock.now(),
        created_at=clock.now(),
        **owner,
    )
