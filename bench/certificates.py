"""Certificates as a click or a ZIP makes them (numbered, frozen, rendered as PDF/A-2a, stored); a school's calendar."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import func, select

from bench.ground import Figure, median_ms, memory_mb, postgresql, seconds, sqlite
from core.db import read, write
from core.models import Certificate, CertificateFile
from core.queries import calendar_feeds
from core.services import calendar_feeds as feeds
from core.vocabulary import Actor, Language
from deploy import postgres
from pages.http import downloads
from tests.builders import a_coordinator, a_course, a_person, acting, an_account, an_enrolment, an_institution

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


def _feed() -> Iterator[Figure]:
    """What the calendar of a school with 300 people to come fetches."""
    with sqlite():
        with write() as db:
            school = an_institution(db, "Grote school")
            account = an_account(db, school, "groot@bench.example")
            coming = [a_course(db, f"Nascholing {number}", in_days=number, days=2) for number in range(30)]
            for number in range(300):
                an_enrolment(db, coming[number % 30], a_person(db, f"Collega{number}"), school)
            secret = feeds.start(db, acting(account)).rpartition("/")[2].removesuffix(".ics")
        found: list[calendar_feeds.Feed | None] = []

        def fetch() -> None:
            with read() as db:
                found[:] = [calendar_feeds.feed(db, secret)]

        took = median_ms(fetch, 20)
    feed = found[0]
    if feed is None:
        raise RuntimeError("the feed is not there")
    yield Figure("feed of a school with 300 people to come: size", len(feed.content) / 1000, "kB")
    yield Figure("feed of a school with 300 people to come: made in", took, "ms")


def figures() -> Iterator[Figure]:
    """All figures of this file."""
    yield from _feed()
    yield from _alone("SQLite", sqlite())
    yield _two("SQLite", sqlite())
    with postgres.running(DURABLE) as server:
        yield _two("PostgreSQL", postgresql(server))
