"""Many workers that issue and store debit notes at once, roll back on purpose and are killed; what must hold then.

Used by a small test and, at full size and with real PDFs, by the bench.
"""

import multiprocessing
import os
import random
import time
from collections import Counter as Tally
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from multiprocessing import connection

from sqlalchemy import func, select

from core import clock
from core.db import Db, engine_for, read, write
from core.documents import notes
from core.documents.notes import Rendered
from core.models import Counter, Enrolment, Note, NoteFile, NoteLine, NoteToRender, OutgoingMail
from core.queries import billing as billing_queries
from core.queries import due_notes
from core.services import billing, note_files
from core.settings import settings
from core.vocabulary import CLOCK, FileKind, NoteGrouping
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution

WORKERS, ROLLED_BACK = 8, 0.2
SEATS_A_SCHOOL = 6
Render = Callable[[str], Rendered]


class OnPurpose(Exception):
    """A transaction that is rolled back."""


def ready(schools: int) -> int:
    """Seats that are due today: of schools of every kind in turn, and as many of persons; returns how many."""
    kinds, made = list(NoteGrouping), 0
    with write() as db:
        on = clock.today() - timedelta(days=70)
        course = a_course(db, in_days=20, capacity=100_000)
        for number in range(schools):
            grouping = kinds[number % len(kinds)]
            school = an_institution(
                db, f"School {number}", note_grouping=grouping, kbo="0257216482", street="Dorp 1", city="Antwerpen"
            )
            an_account(db, school, f"school{number}@race.example")
            for place in range(SEATS_A_SCHOOL):
                person = a_person(db, f"An{number}", f"Deelnemer{place}")
                an_account(db, person, f"an{number}.{place}@race.example")
                payer = school if place or number % 2 else None
                an_enrolment(db, course, person, payer, confirmed_on=on)
                made += 1
    return made


def quickly(payload: str) -> Rendered:
    """Files of no worth, for a test that is about who stores them."""
    files = dict.fromkeys(notes.kinds(payload), b"%PDF")
    return Rendered(files, dict.fromkeys(notes.copied_lines(payload), b"%PDF"))


def _work(seed: int, render: Render) -> None:
    """Issue and store until nothing is left; each transaction fails once in five, by itself."""
    engine_for.cache_clear()
    chance = random.Random(seed)
    while _turn(chance, render):
        pass
    os._exit(0)


def _turn(chance: random.Random, render: Render) -> bool:
    with read() as db:
        due = list(due_notes.due(db, limit=50))
    chance.shuffle(due)
    for seat in due[:8]:
        _once(chance, lambda db, seat=seat: billing.issue_debit_note(db, CLOCK, seat))
    with read() as db:
        waiting = list(billing_queries.notes_without_file(db))
    chance.shuffle(waiting)
    for note_id in waiting[:8]:
        with read() as db:
            payload = db.get_one(Note, note_id).payload
        made = render(payload)
        _once(
            chance,
            lambda db, note_id=note_id, made=made: note_files.store_and_mail(
                db, CLOCK, note_id, made.files, made.copies
            ),
        )
    return bool(due or waiting)


def _once(chance: random.Random, act: Callable[[Db], object]) -> None:
    def then_perhaps_not(db: Db) -> None:
        act(db)
        if chance.random() < ROLLED_BACK:
            raise OnPurpose

    with suppress(OnPurpose), write() as db:
        then_perhaps_not(db)


def race(render: Render, *, kill_every: float, most_kills: int, limit: float) -> int:
    """Eight workers until nothing is left, one of them killed every so many seconds; returns how many were killed.

    Only while something is left to do. Raises AssertionError when one of them breaks or they do not end in time.
    """
    context, seeds = multiprocessing.get_context("fork"), iter(range(100_000))

    def start() -> multiprocessing.process.BaseProcess:
        engine_for(settings().database_url).dispose()  # no connection is shared with a child
        worker = context.Process(target=_work, args=(next(seeds), render), daemon=True)
        worker.start()
        return worker

    workers, killed, now = [start() for _ in range(WORKERS)], 0, time.monotonic()
    chance, until, kill_at = random.Random(7), now + limit, now + kill_every
    while alive := [worker for worker in workers if worker.is_alive()]:
        connection.wait([worker.sentinel for worker in alive], timeout=max(0.0, kill_at - now))
        now = time.monotonic()
        assert now < until, "the workers did not end"
        if now >= kill_at:
            kill_at = now + kill_every
            if killed < most_kills and _something_is_left():
                victim = chance.choice(alive)
                victim.kill()
                victim.join()
                workers[workers.index(victim)] = start()
                killed += 1
    assert {worker.exitcode for worker in workers} == {0}
    return killed


def _something_is_left() -> bool:
    with read() as db:
        return bool(due_notes.due(db, limit=1) or billing_queries.notes_without_file(db))


def faults(db: Db) -> list[str]:
    """What is wrong with the books after all that; nothing when all holds."""
    found = db.scalars(select(Note).order_by(Note.nr)).all()
    said = []
    if [note.nr for note in found] != list(range(1, len(found) + 1)):
        said.append("a gap or a double in the numbers")
    if db.scalars(select(Counter.last)).all() != [len(found)]:
        said.append("the counter is not the last number")
    if any(after.prev_sha256 != before.payload_sha256 for before, after in pairwise(found)):
        said.append("the chain of hashes is broken")
    seats = db.scalar(select(func.count()).select_from(Enrolment))
    billed = db.scalars(select(NoteLine.enrolment_id)).all()
    if len(billed) != seats or len(set(billed)) != seats:
        said.append(f"{len(billed)} lines for {seats} seats, {len(set(billed))} of them different")
    if db.scalar(select(func.count()).where(Enrolment.billed_on.is_(None))):
        said.append("a seat was left unbilled")
    if db.scalar(select(func.count()).select_from(NoteToRender)):
        said.append("a note still waits for its files")
    return [*said, *_split(found), *_files(db, found), *_mails(db, found)]


def _split(found: list[Note]) -> list[str]:
    shared = Tally(note.payer_institution_id for note in found if len(note.lines) > 1)
    return [f"school {school} has {count} notes" for school, count in shared.items() if count > 1]


def _files(db: Db, found: list[Note]) -> list[str]:
    files = Tally(tuple(row) for row in db.execute(select(NoteFile.note_id, NoteFile.kind, NoteFile.position)))
    expected = {(note.id, kind, 0) for note in found for kind in notes.kinds(note.payload)}
    expected |= {(note.id, FileKind.COPY, at) for note in found for at in notes.copied_lines(note.payload)}
    return ["not exactly one of each file"] if files != Tally(expected) else []


def _mails(db: Db, found: list[Note]) -> list[str]:
    """Of each note one mail to who pays it, and one to each participant whose school pays."""
    queued = Tally(db.scalars(select(OutgoingMail.subject_id)))
    is_own = {note.id: note.payer_institution_id is None for note in found}
    expected = Tally({note.id: 1 if is_own[note.id] else 1 + len(note.lines) for note in found})
    to_payers = Tally(
        mail.subject_id
        for mail in db.scalars(select(OutgoingMail))
        if mail.recipient.startswith("school") or is_own[mail.subject_id or 0]
    )
    said = [] if to_payers == Tally(dict.fromkeys(is_own, 1)) else ["not exactly one mail to each payer"]
    return said if queued == expected else [*said, "not exactly one mail to each participant"]
