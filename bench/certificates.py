"""Certificates as a click or a ZIP makes them: numbered, frozen, rendered as PDF/A-2a, stored."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import func, select

from bench.ground import Figure, memory_mb, postgresql, seconds, sqlite
from core.db import read, write
from core.models import Certificate, CertificateFile
from core.vocabulary import Actor, Language
from deploy import postgres
from pages.http import downloads
from tests.builders import a_coordinator, a_course, a_person, an_enrolment

CERTIFICATES, EARLY = 1_000, 100
DURABLE = ("listen_addresses=127.0.0.1",)


def _ready(count: int) -> tuple[Actor, list[int]]:
    """A coordinator, and the seats of a course of three days that ended two months ago."""
    with write() as db:
        course = a_course(db, in_days=-60, days=3, capacity=count)
        seats = [an_enrolment(db, course, a_person(db, f"An{number}", "Vandenbroeck")).id for number in range(count)]
        return a_coordinator(db), seats


def _make(actor: Actor, seats: Sequence[int]) -> tuple[float, float]:
    """The memory (MB) of this process after so many certificates, and the seconds it worked on them."""
    started = time.process_time()
    for seat in seats:
        downloads.certificate_file(actor, seat, Language.DUTCH)
    return memory_mb(os.getpid()), time.process_time() - started


def _whole() -> None:
    with read() as db:
        made = db.scalar(select(func.count()).select_from(Certificate))
        numbers = set(db.scalars(select(Certificate.nr)))
        files = db.scalar(select(func.count()).select_from(CertificateFile))
    if (made, files, numbers) != (CERTIFICATES, CERTIFICATES, set(range(1, CERTIFICATES + 1))):
        raise RuntimeError(f"{made} certificates, {files} files, {len(numbers)} numbers")


def _alone(name: str, ground: AbstractContextManager[Path]) -> Iterator[Figure]:
    with ground, ProcessPoolExecutor(1, get_context("spawn")) as pool:
        actor, seats = _ready(CERTIFICATES)
        pool.submit(_make, actor, seats[:3]).result()  # warm
        before, _worked = pool.submit(_make, actor, seats[3:EARLY]).result()
        found: list[tuple[float, float]] = []
        took = seconds(lambda: found.append(pool.submit(_make, actor, seats[EARLY:]).result()))
        after, worked = found[0]
        _whole()
    left = CERTIFICATES - EARLY
    yield Figure(f"certificates made and stored, {name}, one process", left / took, "a second")
    yield Figure("… by the time the process works", left / worked, "per CPU s")
    yield Figure(f"memory after {EARLY} certificates", before, "MB")
    yield Figure(f"memory after {CERTIFICATES} certificates", after, "MB", "flat")


def _two(name: str, ground: AbstractContextManager[Path]) -> Figure:
    with ground, ProcessPoolExecutor(2, get_context("spawn")) as pool:
        actor, seats = _ready(CERTIFICATES)
        list(pool.map(_make, [actor] * 2, (seats[:3], seats[3:6])))
        halves = (seats[6::2], seats[7::2])
        took = seconds(lambda: list(pool.map(_make, [actor] * 2, halves)))
        _whole()
    return Figure(f"certificates made and stored, {name}, two processes", (CERTIFICATES - 6) / took, "a second")


def figures() -> Iterator[Figure]:
    """All figures of this file."""
    yield from _alone("SQLite", sqlite())
    yield _two("SQLite", sqlite())
    with postgres.running(DURABLE) as server:
        yield _two("PostgreSQL", postgresql(server))
