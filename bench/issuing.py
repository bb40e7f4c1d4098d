"""Debit notes in bulk: issued, rendered, stored and their mails queued; and eight workers that fail and are killed."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import func, select

from bench.ground import Figure, memory_mb, postgresql, seconds, sqlite
from core import issuing
from core.db import read
from core.documents import notes as documents
from core.documents.presses import Presses
from core.models import Note
from core.queries import due_notes
from core.vocabulary import CLOCK
from deploy import postgres
from tests.services import racing

DURABLE = ("listen_addresses=127.0.0.1",)
#: Schools of six seats each: about half as many notes as seats, for two thirds of the schools share theirs.
SCHOOLS, RACING_SCHOOLS = 330, 335
KILL_EVERY = 1.0


def _batch(name: str, ground: AbstractContextManager[Path], processes: int, schools: int) -> Iterator[Figure]:
    """What a coordinator's click or the clock does: notes of one line and of six, with their copies and e-invoices."""
    with ground:
        racing.ready(schools)
        with read() as db:
            due = due_notes.due(db, limit=100_000)
        memory: list[float] = []

        def all_of_them() -> None:
            with Presses(processes) as presses:
                for far in issuing.run(CLOCK, due, (), presses):
                    if far.rendered % 100 == 50:
                        memory.append(max(memory_mb(pid) for pid in presses.process_ids))

        took = seconds(all_of_them)
        with read() as db:
            wrong = racing.faults(db)
            files = db.scalar(select(func.count()).select_from(Note))
        assert wrong == [], wrong
        yield Figure(f"batch: {files} notes, {name}, {processes} process(es)", len(due) / took, "notes/s")
        yield Figure(f"batch, {name}, {processes} process(es): memory early", memory[0], "MB")
        yield Figure(f"batch, {name}, {processes} process(es): memory at the end", memory[-1], "MB", "the same")


def _race(name: str, ground: AbstractContextManager[Path], schools: int) -> Iterator[Figure]:
    """Eight workers with real PDFs, a fifth of the transactions rolled back, one worker killed every second."""
    with ground:
        seats = racing.ready(schools)
        killed = 0

        def all_of_it() -> None:
            nonlocal killed
            killed = racing.race(documents.rendered, kill_every=KILL_EVERY, most_kills=100_000, limit=3600)

        took = seconds(all_of_it)
        with read() as db:
            wrong, made = racing.faults(db), db.scalar(select(func.count()).select_from(Note)) or 0
        yield Figure(f"race of 8, {name}: {seats} seats, {made} notes", made / took, "notes/s")
        yield Figure(f"race of 8, {name}: workers killed", killed, "")
        yield Figure(f"race of 8, {name}: faults in the books", len(wrong), "", "0")


def figures(given: dict[str, str]) -> Iterator[Figure]:
    """All figures of this file; `schools=<number>` makes it smaller."""
    yield Figure("load of the machine before", os.getloadavg()[0], "")
    schools = int(given.get("schools", SCHOOLS))
    for processes in (1, 2):
        yield from _batch("SQLite", sqlite(), processes, schools)
    racing_schools = int(given.get("schools", RACING_SCHOOLS))
    yield from _race("SQLite", sqlite(), racing_schools)
    with postgres.running(DURABLE) as server:
        yield from _batch("PostgreSQL", postgresql(server), 2, schools)
        yield from _race("PostgreSQL", postgresql(server), racing_schools)
