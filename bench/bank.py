"""Bank files: 20,000 movements of one file in camt.053 and in CODA, read, and taken into the books.

Of the movements that are taken in 85 % pay a note of their own exactly (half of those by a reference that is typed),
the others name no note of ours and wait. SQLite and this process work on one core; a PostgreSQL server on another.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert

from bench.ground import Figure, postgresql, sqlite
from core import clock
from core.db import write
from core.demo.bank_files import Movement, camt_053, coda
from core.documents import bank
from core.models import Note
from core.rules import billing as rules
from core.services import bank_files
from core.services.bank_files import Taken
from core.vocabulary import Actor, ActorKind, CoordinatorRole, NoteKind, PayerKind
from deploy import postgres
from tests.builders import an_institution

ACCOUNT = "BE71096123456769"
COUNT = 20_000
FIRST_DAY = date(2026, 1, 5)
DURABLE = ("listen_addresses=127.0.0.1",)
WRITERS = {"camt.053": camt_053, "CODA": coda}


def _movements(count: int) -> list[Movement]:
    """Payments of many payers: half with a structured reference, half with it retyped in the text."""
    return [
        Movement(
            FIRST_DAY + timedelta(days=number % 5),
            9_500 + number % 7 * 1_000,
            f"REF{number:09}",
            f"SCHOOL NUMMER {number % 900}",
            f"BE10{number % 900:012}",
            ogm="202600012320" if number % 2 else "",
            text="" if number % 2 else "betaling 202/6000/12320 nascholing",
        )
        for number in range(count)
    ]


def _cpu_seconds(action: Callable[[], object]) -> float:
    """How long this process itself works on it, whatever else the machine does."""
    started = time.process_time()
    action()
    return time.process_time() - started


def _paying(count: int) -> list[Movement]:
    """Movements of which 85 % pay a note of their own with exactly its amount."""
    return [
        replace(
            movement,
            cents=_cents(number),
            ogm=rules.ogm(FIRST_DAY, number + 1) if number % 2 else "",
            text="" if number % 2 else f"betaling {rules.printed_ogm(rules.ogm(FIRST_DAY, number + 1))} nascholing",
        )
        if number % 20 < 17
        else movement
        for number, movement in enumerate(_movements(count))
    ]


def _cents(number: int) -> int:
    return 9_500 + number % 7 * 1_000


def _notes(count: int) -> None:
    """As many notes of 900 schools, straight into the table: how they are issued is measured elsewhere."""
    with write() as db:
        schools = [an_institution(db, f"School nummer {number}").id for number in range(900)]
        db.execute(
            insert(Note),
            [
                {
                    "kind": NoteKind.DEBIT,
                    "series": "DN-2026",
                    "nr": number + 1,
                    "number": rules.number_text("DN-2026", number + 1),
                    "ogm": rules.ogm(FIRST_DAY, number + 1),
                    "issued_on": FIRST_DAY,
                    "due_on": FIRST_DAY + timedelta(days=30),
                    "payer_kind": PayerKind.INSTITUTION,
                    "payer_institution_id": schools[number % 900],
                    "total_cents": _cents(number),
                    "payload": "{}",
                    "payload_sha256": f"{number:064}",
                    "created_at": clock.now(),
                }
                for number in range(count)
            ],
        )


def _take_in(content: bytes) -> Taken:
    actor = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.FINANCE, name="bench")
    with write() as db:
        return bank_files.take_in(db, actor, "bench.cod", content)


def _taken_in(name: str, ground: AbstractContextManager[Path]) -> Iterator[Figure]:
    with ground:
        _notes(COUNT)
        content = coda(ACCOUNT, _paying(COUNT))
        started, worked = time.perf_counter(), time.process_time()
        taken = _take_in(content)
        lasted, worked = time.perf_counter() - started, time.process_time() - worked
        yield Figure(f"movements taken into the books, CODA, {name}", taken.added / lasted, "a second", "≥ 5,000")
        yield Figure(f"… the same by the time this process works, {name}", taken.added / worked, "per CPU s")
        yield Figure(f"… of which placed by themselves, {name}", 100 * taken.placed / taken.added, "%", "= 85")


def figures() -> Iterator[Figure]:
    """All figures of this file."""
    for name, make in WRITERS.items():
        content = make(ACCOUNT, _movements(COUNT))
        bank.read(content)
        taken = _cpu_seconds(lambda content=content: bank.read(content))
        yield Figure(f"movements read, {name}", COUNT / taken, "per CPU s", "≥ 5,000")
    yield from _taken_in("SQLite", sqlite())
    with postgres.running(DURABLE) as server:
        yield from _taken_in("PostgreSQL", postgresql(server))
