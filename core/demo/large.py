"""The large data set, for measuring only: 60,000 persons and eight years of courses beside the demo's own."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from core import clock
from core.db import Db, write
from core.models import (
    Account,
    Affiliation,
    Base,
    Course,
    CourseDay,
    CourseLevel,
    CourseSubject,
    CourseTheme,
    Enrolment,
    IncomingMail,
    Institution,
    MailThread,
    OutgoingMail,
    Person,
    PersonLevel,
)
from core.text import folded, slug
from core.vocabulary import (
    ActorKind,
    CourseStatus,
    CourseType,
    EnrolmentStatus,
    IncomingState,
    Language,
    Level,
    MailKind,
    OutgoingState,
    PayerKind,
    Role,
    Subject,
    Theme,
    ThreadState,
)

PERSONS = 60_000
INSTITUTIONS = 3_000
COURSES_A_YEAR = 500
YEARS = 8
ENROLMENTS = 90_000
MAILS = 100_000
THREADS = 20_000
_FIRST = ("An", "Bert", "Charlotte", "Dirk", "Els", "Filip", "Griet", "Hannes", "Ine", "Joris", "Katrien", "Lore")
_LAST = ("Aerts", "Bogaert", "Claes", "De Wit", "Everaert", "Feys", "Goossens", "Hermans", "Ivens", "Janssens", "Kok")
_CHUNK = 5_000


def grow(seed: int = 2026) -> None:
    """Grow a filled demo on SQLite to the large size, with plain inserts, one transaction a kind."""
    chance = random.Random(seed)
    for step in (_institutions, _persons, _courses, _enrolments, _mail):
        with write() as db:
            step(db, chance)


def _put(db: Db, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            db.execute(insert(table), chunk)
            chunk = []
    if chunk:
        db.execute(insert(table), chunk)


def _last(db: Db, table: Any) -> int:
    return db.scalar(select(func.max(table.id))) or 0


def _accounts(db: Db, role: Role, owners: Iterable[tuple[int, str]]) -> None:
    now = clock.now()
    owner = "person_id" if role is Role.PERSON else "institution_id"
    _put(
        db,
        Account,
        (
            {
                "role": role,
                "email": f"{role}{identity}@groot.example",
                "name": name,
                "language": Language.DUTCH,
                "is_active": True,
                "created_at": now,
                "confirmed_at": now,
                owner: identity,
            }
            for identity, name in owners
        ),
    )


def _institutions(db: Db, _chance: random.Random) -> None:
    first = _last(db, Institution) + 1
    names = {identity: f"Basisschool De Grote Beer {identity}" for identity in range(first, INSTITUTIONS + 1)}
    _put(
        db,
        Institution,
        (
            {
                "id": identity,
                "name": name,
                "search_name": folded(f"{name} Gent"),
                "city": "Gent",
                "created_at": clock.now(),
            }
            for identity, name in names.items()
        ),
    )
    _accounts(db, Role.INSTITUTION, names.items())


def _persons(db: Db, chance: random.Random) -> None:
    first = _last(db, Person) + 1
    names = {each: (chance.choice(_FIRST), f"{chance.choice(_LAST)} {each}") for each in range(first, PERSONS + 1)}
    now = clock.now()
    _put(
        db,
        Person,
        (
            {
                "id": identity,
                "first_name": given,
                "last_name": family,
                "search_name": folded(f"{given} {family}"),
                "created_at": now,
            }
            for identity, (given, family) in names.items()
        ),
    )
    _accounts(db, Role.PERSON, ((identity, " ".join(name)) for identity, name in names.items()))
    _put(db, PersonLevel, ({"person_id": each, "level": chance.choice(list(Level))} for each in names))
    _put(
        db,
        Affiliation,
        (
            {"person_id": each, "institution_id": chance.randint(1, INSTITUTIONS), "started_on": date(2020, 9, 1)}
            for each in names
        ),
    )


def _courses(db: Db, chance: random.Random) -> None:
    first = _last(db, Course) + 1
    count = COURSES_A_YEAR * (YEARS + 1)
    today = clock.today()
    held = {
        first + index: today + timedelta(days=round((index - COURSES_A_YEAR * YEARS) * 365 / COURSES_A_YEAR) + 1)
        for index in range(count)
    }
    _put(db, Course, (_course(identity, on) for identity, on in held.items()))
    _put(
        db,
        CourseDay,
        (
            {"course_id": each, "held_on": on, "starts_at": time(9, 30), "ends_at": time(16), "minutes": 330}
            for each, on in held.items()
        ),
    )
    _put(db, CourseLevel, ({"course_id": each, "level": chance.choice(list(Level))} for each in held))
    _put(db, CourseSubject, ({"course_id": each, "subject": chance.choice(list(Subject))} for each in held))
    _put(db, CourseTheme, ({"course_id": each, "theme": chance.choice(list(Theme))} for each in held))


def _course(identity: int, on: date) -> dict[str, Any]:
    title = f"Nascholing {identity}: een grote reeks"
    return {
        "id": identity,
        "code": f"{on.year % 100}/GRT/{identity}",
        "slug": slug(title),
        "title": title,
        "intro": "Een korte inleiding.",
        "description": "Een beschrijving.",
        "search_text": folded(f"{title} gent"),
        "course_type": CourseType.ONE_DAY,
        "status": CourseStatus.PUBLISHED,
        "price_cents": 15_000,
        "capacity": 25,
        "first_day": on,
        "last_day": on,
        "total_minutes": 330,
        "place": "Campus Coupure",
        "city": "Gent",
        "created_at": clock.now(),
        "published_at": clock.now(),
    }


def _enrolments(db: Db, chance: random.Random) -> None:
    found = db.execute(select(Course.id, Course.first_day).where(Course.code.like("%/GRT/%"))).all()
    courses = [(identity, held) for identity, held in found if held is not None]
    seen: set[tuple[int, int]] = set()

    def rows() -> Iterator[dict[str, Any]]:
        while len(seen) < ENROLMENTS:
            course_id, first_day = courses[chance.randrange(len(courses))]
            person_id = chance.randint(601, PERSONS)
            if (course_id, person_id) in seen:
                continue
            seen.add((course_id, person_id))
            on = min(first_day - timedelta(days=20), clock.today() - timedelta(days=chance.randint(0, 40)))
            by_school = chance.random() < 0.6
            yield {
                "course_id": course_id,
                "person_id": person_id,
                "status": EnrolmentStatus.CONFIRMED,
                "payer_kind": PayerKind.INSTITUTION if by_school else PayerKind.PERSON,
                "payer_institution_id": chance.randint(1, INSTITUTIONS) if by_school else None,
                "price_cents": 15_000,
                "enrolled_by": ActorKind.PERSON,
                "created_at": clock.at(on, time(10)),
                "confirmed_at": clock.at(on, time(10)),
                "confirmed_on": on,
                "billed_on": on + timedelta(days=7) if on + timedelta(days=7) <= clock.today() else None,
            }

    _put(db, Enrolment, rows())


def _mail(db: Db, chance: random.Random) -> None:
    now = clock.now()
    first = _last(db, MailThread) + 1
    threads = range(first, first + THREADS)
    at = {each: now - timedelta(minutes=30 * (first + THREADS - each)) for each in threads}
    _put(
        db,
        MailThread,
        (
            {
                "id": each,
                "subject": f"Vraag {each}",
                "address": f"person{chance.randint(601, PERSONS)}@groot.example",
                "state": ThreadState.CLOSED if each < first + THREADS - 60 else ThreadState.OPEN,
                "created_at": at[each],
                "last_mail_at": at[each],
            }
            for each in threads
        ),
    )
    _put(
        db,
        IncomingMail,
        (
            {
                "sha256": f"{each:064}",
                "raw": b"raw",
                "size": 3,
                "from_address": "x@groot.example",
                "subject": f"Vraag {each}",
                "arrived_at": at[each],
                "state": IncomingState.HELD,
                "thread_id": each,
            }
            for each in threads
        ),
    )
    _put(db, OutgoingMail, (_sent(number, now - timedelta(minutes=number)) for number in range(MAILS)))


def _sent(number: int, at: Any) -> dict[str, Any]:
    return {
        "dedupe_key": f"large:{number}",
        "name": "enrolment-confirmed",
        "kind": MailKind.NOTICE,
        "language": Language.DUTCH,
        "recipient": f"person{601 + number % 50_000}@groot.example",
        "subject": "U bent ingeschreven",
        "body": "Uw plaats is bevestigd.",
        "ref": f"{number:016x}",
        "mid": f"<large.{number}@cno.example>",
        "envelope_from": "cno@cno.example",
        "raw": b"",
        "state": OutgoingState.SENT,
        "not_before": at,
        "created_at": at,
        "sent_at": at,
    }
