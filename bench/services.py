"""Enrolments through the service with their confirmation, notes rendered, the assistant."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

from bench.ground import Figure, median_ms, memory_mb, postgresql, seconds, sqlite
from core import assistant, clock
from core.assistant import corpus, model
from core.db import read, write
from core.documents import notes as documents
from core.models import Note
from core.services import billing, enrolments
from core.vocabulary import CLOCK, Actor, ActorKind, FileKind
from deploy import postgres
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution

ENROLMENTS = 300
NOTES, MANY = 60, 1_000
DURABLE = ("listen_addresses=127.0.0.1",)


def _people(count: int) -> list[Actor]:
    with write() as db:
        made = []
        for number in range(count):
            person = a_person(db, f"An{number}")
            account = an_account(db, person, f"an{number}@bench.example")
            made.append(Actor(ActorKind.PERSON, account.id, person_id=person.id, name=person.name))
        return made


def _enrolments(name: str, ground: AbstractContextManager[Path]) -> Figure:
    """One process, one after the other, each its own durable transaction with its confirmation mail."""
    with ground:
        actors = _people(ENROLMENTS)
        with write() as db:
            course_id = a_course(db, capacity=ENROLMENTS, days=2).id

        def all_of_them() -> None:
            for actor in actors:
                with write() as db:
                    enrolments.enrol(db, actor, course_id)

        return Figure(f"enrolments, {name}", ENROLMENTS / seconds(all_of_them), "a second", ">= 40")


def _payload() -> str:
    """A note to a school with a company number: its PDF/A-3a holds the e-invoice, the QR code and one line."""
    with sqlite():
        with write() as db:
            school = an_institution(db, kbo="0257216482", street="Schoolstraat 1", postcode="9000", city="Gent")
            seat = an_enrolment(db, a_course(db, days=3), a_person(db), school)
            seat.confirmed_on = clock.today() - timedelta(days=365)
            db.flush()
            note_id = billing.issue_debit_note(db, CLOCK, seat.id)
        with read() as db:
            payload = db.get_one(Note, note_id).payload
    if FileKind.UBL not in documents.kinds(payload):
        raise RuntimeError("the note has no e-invoice")
    return payload


def _render(payload: str, count: int) -> tuple[float, float]:
    """Render so many times; the memory (MB) of this process in the end, and the seconds it worked."""
    started = time.process_time()
    for _ in range(count):
        documents.render(payload, FileKind.ORIGINAL)
    return memory_mb(os.getpid()), time.process_time() - started


def _notes(payload: str) -> Iterator[Figure]:
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_render, [payload] * 2, [3] * 2))  # warm both
        one = seconds(lambda: pool.submit(_render, payload, NOTES).result())
        two = seconds(lambda: list(pool.map(_render, [payload] * 2, [NOTES] * 2)))
    yield Figure("notes rendered with UBL and QR, one process", NOTES / one, "a second", ">= 7")
    yield Figure("notes rendered with UBL and QR, two processes", 2 * NOTES / two, "a second", ">= 13")
    with ProcessPoolExecutor(1) as pool:
        before, _worked = pool.submit(_render, payload, MANY // 10).result()
        after, worked = pool.submit(_render, payload, MANY - MANY // 10).result()
    yield Figure("… by the time the process works", (MANY - MANY // 10) / worked, "per CPU s", ">= 7")
    yield Figure(f"memory of a rendering process after {MANY // 10} notes", before, "MB")
    yield Figure(f"memory of a rendering process after {MANY} notes", after, "MB", "flat")


def _assistant() -> Iterator[Figure]:
    assistant.warm_up()
    examples = [(intent, text) for intent, _language, text in corpus.examples()]
    yield Figure("assistant: training", seconds(lambda: model.Model(examples)), "s", "< 2")
    mail = "Dag,\n\nIk ben mijn wachtwoord vergeten. Kunnen jullie mij helpen?\n\nMet vriendelijke groeten,\nAn"
    yield Figure("assistant: one mail", median_ms(lambda: assistant.understand("Wachtwoord", mail), 200), "ms", "< 20")


def figures() -> Iterator[Figure]:
    """All figures of this file."""
    yield _enrolments("SQLite", sqlite())
    with postgres.running(DURABLE) as server:
        yield _enrolments("PostgreSQL", postgresql(server))
    yield from _notes(_payload())
    yield from _assistant()
