"""Bank files: 20,000 movements of one file in camt.053 and in CODA read; of a CODA file taken into the books."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bench.ground import Figure, sqlite
from core.db import write
from core.demo.bank_files import Movement, camt_053, coda
from core.documents import bank
from core.services import bank_files
from core.vocabulary import Actor, ActorKind, CoordinatorRole

ACCOUNT = "BE71096123456769"
COUNT = 20_000
FIRST_DAY = date(2026, 1, 5)
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


def _take_in(content: bytes) -> None:
    actor = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.FINANCE, name="bench")
    with write() as db:
        bank_files.take_in(db, actor, "bench.cod", content)


def figures() -> Iterator[Figure]:
    """All figures of this file."""
    for name, make in WRITERS.items():
        content = make(ACCOUNT, _movements(COUNT))
        bank.read(content)
        taken = _cpu_seconds(lambda content=content: bank.read(content))
        yield Figure(f"movements read, {name}", COUNT / taken, "per CPU s", "≥ 5,000")
    with sqlite():
        content = coda(ACCOUNT, _movements(COUNT))
        taken = _cpu_seconds(lambda: _take_in(content))
        yield Figure("movements taken into the books, all queued, CODA, SQLite", COUNT / taken, "per CPU s")
