"""Issuing in bulk: eight workers that fail and are killed, stopping half-way, going on, and rendering in processes."""

import logging
import os
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import clock, issuing, jobs
from core.access import NotAllowed, NotFound
from core.db import read, write
from core.documents.notes import Rendered
from core.documents.presses import NotRendered, Presses
from core.models import ComingChange, Note, NoteFile
from core.queries import due_notes
from core.services import billing, held_notes, note_files
from core.services.held_notes import HoldNeedsReason
from core.vocabulary import CLOCK, ComingKind, CoordinatorRole, FileKind, NoteGrouping
from tests.builders import a_coordinator, a_course, a_person, acting, an_account, an_enrolment, an_institution
from tests.services import racing


def test_eight_workers_that_fail_and_die_leave_no_gap_no_double_one_file_and_one_mail(
    database: str, noon: datetime
) -> None:
    seats = racing.ready(schools=9)
    killed = racing.race(racing.quickly, kill_every=0.15, most_kills=6, limit=120)
    with read() as db:
        assert racing.faults(db) == []
        issued = db.scalar(select(func.count()).select_from(Note))
    assert killed >= 1
    assert (seats, issued) == (54, 27)  # 16 of schools with a note for each, six schools that share, five persons


def put_ready(count: int) -> None:
    with write() as db:
        course = a_course(db, in_days=20)
        for number in range(count):
            person = a_person(db, f"An{number}")
            an_account(db, person, f"an{number}@school.example")
            an_enrolment(db, course, person, confirmed_on=clock.today() - timedelta(days=7))


class Plain(Presses):
    """Renders nothing, at once; fails for one note when told so."""

    def __init__(self, fails: int = 0) -> None:
        super().__init__(0)
        self._fails = fails

    def rendered(self, work: object) -> Iterator[tuple[int, Rendered | Exception]]:
        for place, (identity, payload) in enumerate(work, start=1):  # type: ignore[arg-type]
            yield identity, NotRendered("on purpose") if place == self._fails else racing.quickly(payload)


def due() -> tuple[int, ...]:
    with read() as db:
        return due_notes.due(db)


def stored() -> int:
    with read() as db:
        return db.scalar(select(func.count()).select_from(NoteFile)) or 0


def test_a_batch_that_is_stopped_goes_on_where_it_was(database: str, noon: datetime) -> None:
    put_ready(7)
    with Plain() as press:
        run = issuing.run(CLOCK, due(), issuing.waiting(), press)
        assert [next(run).rendered for _ in range(3)] == [1, 2, 3]
        run.close()  # what a click on «Stop» does to the page
    assert (stored(), len(due()), issuing.waiting()) == (3, 4, ())
    with write() as db:  # issued, and the process died before its PDF
        billing.issue_debit_note(db, CLOCK, due()[0])
    left, waits = due(), issuing.waiting()
    assert (len(left), len(waits)) == (3, 1)
    with Plain() as press:
        *_others, last = issuing.run(CLOCK, left, waits, press)
    assert (last.total, last.issued, last.rendered, last.failed) == (4, 3, 4, 0)
    assert (stored(), due(), issuing.waiting()) == (7, (), ())
    with read() as db:
        assert db.scalars(select(Note.nr).order_by(Note.nr)).all() == list(range(1, 8))


def test_a_note_that_cannot_be_rendered_stops_no_other_and_is_tried_again(
    database: str, noon: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    put_ready(4)
    with Plain(fails=2) as press, caplog.at_level(logging.ERROR):
        *_others, last = issuing.run(CLOCK, due(), (), press)
    assert (last.issued, last.rendered, last.failed, len(issuing.waiting())) == (4, 3, 1, 1)
    assert "on purpose" in caplog.text
    assert jobs.run_due().rendered == 1


def test_whoever_only_reads_issues_nothing(sqlite_database: str, noon: datetime) -> None:
    put_ready(2)
    with write() as db:
        reader = acting(an_account(db, None, "lezer@cno.example", coordinator_role=CoordinatorRole.READER))
    with Plain() as press:
        *_others, last = issuing.run(reader, due(), (), press)
    assert (last.issued, last.failed, stored(), len(due())) == (0, 2, 0, 2)


@pytest.mark.renders
def test_processes_render_the_same_bytes_and_one_that_dies_is_replaced(sqlite_database: str, noon: datetime) -> None:
    put_ready(1)
    with write() as db:
        note_id = billing.issue_debit_note(db, CLOCK, due()[0])
        payload = db.get_one(Note, note_id).payload
    with Presses(0) as here:
        ((_place, expected),) = here.rendered([(1, payload)])
    with Presses(1) as press:
        found = dict(press.rendered([(1, payload), (2, "{}"), (3, payload)]))
        assert found[1] == found[3] == expected
        assert isinstance(found[2], NotRendered)
        os.kill(press.process_ids[0], signal.SIGKILL)
        died, after = press.rendered([(4, payload), (5, payload)])
        assert isinstance(died[1], OSError)
        assert after == (5, expected)


def test_the_list_names_each_note_once_and_what_is_kept_back_with_its_reason(database: str, noon: datetime) -> None:
    with write() as db:
        team = a_coordinator(db)
        course = a_course(db, in_days=60)
        daily = an_institution(db, "Dagschool", note_grouping=NoteGrouping.DAY)
        monthly = an_institution(db, "Maandschool", note_grouping=NoteGrouping.MONTH)
        seats = [
            an_enrolment(
                db, course, a_person(db, f"An{number}"), payer, confirmed_on=on, billing_reference=reference
            ).id
            for number, (payer, on, reference) in enumerate(
                (
                    (None, clock.today() - timedelta(days=7), ""),
                    (daily, clock.today() - timedelta(days=9), "A"),
                    (daily, clock.today() - timedelta(days=7), "A"),
                    (daily, clock.today() - timedelta(days=7), "B"),
                    (daily, clock.today() - timedelta(days=6), "A"),
                    (monthly, clock.today() - timedelta(days=20), ""),
                    (monthly, clock.today(), ""),
                )
            )
        ]
    with read() as db:
        rows = due_notes.leaving(db, team, 31).rows
        shown = [(row.leaves_on.day, row.payer_name, row.seats, row.reference) for row in rows]
        assert shown[:3] == [(23, "An0 Peeters", 1, ""), (23, "Dagschool", 2, "A"), (23, "Dagschool", 1, "B")]
        assert shown[3:] == [(24, "Dagschool", 1, "A"), (30, "Maandschool", 2, "")]
        assert [due_notes.leaving(db, team, days).total for days in (0, 1, 6, 7)] == [3, 4, 4, 5]
        assert due_notes.leaving(db, team, 0).cents == 4 * 19_000
        assert len(due_notes.due(db)) == 3
        assert due_notes.leaving(db, team, 31, page=2, size=4).rows == rows[4:]
    with write() as db:
        assert held_notes.hold(db, team, seats[5], " Wacht op de bestelbon ") == 2
        with pytest.raises(HoldNeedsReason):
            held_notes.hold(db, team, seats[0], " ")
        with pytest.raises(NotAllowed):
            held_notes.hold(db, CLOCK, seats[0], "x")
    with read() as db:
        assert due_notes.leaving(db, team, 31).total == 4
        kept = due_notes.kept(db, team)
        assert (kept.total, kept.cents) == (2, 2 * 19_000)
        assert {(row.payer_name, row.reason, row.kept_by, row.leaves_on.day) for row in kept.rows} == {
            ("Maandschool", "Wacht op de bestelbon", "Bo Claes", 30)
        }
        assert db.scalar(select(func.count()).where(ComingChange.kind == ComingKind.DEBIT_NOTE)) == 2
    with write() as db, pytest.raises(NotFound):
        held_notes.hold(db, team, -1, "x")


def test_files_of_a_note_are_stored_once_whoever_is_second(database: str, noon: datetime) -> None:
    put_ready(1)
    with write() as db:
        note_id = billing.issue_debit_note(db, CLOCK, due()[0]) or 0
        assert note_files.store_and_mail(db, CLOCK, note_id, {FileKind.ORIGINAL: b"%PDF"}) is True
        assert note_files.store_and_mail(db, CLOCK, note_id, {FileKind.ORIGINAL: b"%PDF"}) is False
