"""Notes: due, numbered without gaps, frozen; rendered and mailed once (`billing.md` §2–§4)."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain, count, repeat

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from core import clock, jobs
from core.access import NotFound
from core.db import read, write
from core.i18n import say
from core.migrations.triggers import INSERT_ONLY
from core.models import Base, BillingAddress, Counter, Enrolment, Note, NoteFile, OutgoingMail, Person
from core.queries import billing as queries
from core.rules.billing import number_text, series
from core.services import billing, certificates, note_files
from core.services.billing import ClockWentBack, CreditTooHigh
from core.vocabulary import CLOCK, EnrolmentStatus, FileKind, Language, NoteKind
from tests.builders import a_coordinator, a_course, a_person, acting, an_account, an_enrolment, an_institution, queued


class OnPurpose(Exception):
    """A transaction that a test rolls back."""


def seats(count: int, *, by_school: bool = False) -> list[int]:
    """Confirmed seats of today, of different persons."""
    with write() as db:
        course = a_course(db)
        school = (
            an_institution(db, billing_addresses=[BillingAddress(email="boekhouding@school.example")])
            if by_school
            else None
        )
        if school is not None:
            an_account(db, school, "secretariaat@school.example")
        made = []
        for number in range(count):
            person = a_person(db, f"An{number}")
            an_account(db, person, f"an{number}@school.example")
            made.append(an_enrolment(db, course, person, school).id)
        return made


def issue(enrolment_id: int) -> int | None:
    with write() as db:
        return billing.issue_debit_note(db, CLOCK, enrolment_id)


def test_a_note_leaves_on_the_seventh_calendar_day_not_before(database: str, noon: datetime) -> None:
    (seat,) = seats(1)
    with clock.frozen(noon + timedelta(days=6)):
        assert issue(seat) is None
        assert jobs.run_due().issued == 0
    with clock.frozen(noon + timedelta(days=7)):
        assert issue(seat) is not None
        assert issue(seat) is None
    with read() as db:
        note = db.scalars(select(Note)).one()
    assert (note.number, note.ogm, note.issued_on, note.due_on, note.total_cents) == (
        "DN-2026-000001",
        "202600000192",
        date(2026, 11, 30),
        date(2026, 12, 30),
        19_000,
    )


def test_the_clocks_run_bills_renders_and_mails_to_the_billing_address_and_the_staff(
    database: str, noon: datetime
) -> None:
    seats(2, by_school=True)
    with clock.frozen(noon + timedelta(days=7)):
        done = jobs.run_due()
        assert (done.issued, done.rendered, done.failed) == (2, 2, 0)
        again = jobs.run_due()
        assert (again.issued, again.rendered) == (0, 0)
    with read() as db:
        mails = queued(db, "debit-note")
        kinds = db.scalars(select(NoteFile.kind)).all()
    assert sorted(mail.recipient for mail in mails) == [
        "an0@school.example",
        "an1@school.example",
        *["boekhouding@school.example"] * 2,
    ]
    assert sorted(kinds) == [FileKind.COPY] * 2 + [FileKind.ORIGINAL] * 2


def test_before_the_day_begins_nothing_is_issued(database: str, noon: datetime) -> None:
    seats(1)
    with clock.frozen(datetime(2026, 12, 1, 5, 30, tzinfo=noon.tzinfo)):
        assert jobs.run_due().issued == 0
    with clock.frozen(datetime(2026, 12, 1, 6, 0, tzinfo=noon.tzinfo)):
        assert jobs.run_due().issued == 1


def test_days_that_were_missed_are_caught_up(database: str, noon: datetime) -> None:
    seats(3)
    with clock.frozen(noon + timedelta(days=20)):
        assert jobs.run_due().issued == 3


def test_a_seat_cancelled_within_the_week_is_not_billed_but_its_cost_is(database: str, noon: datetime) -> None:
    free, costly = seats(2)
    with write() as db:
        for seat, cents in ((free, 0), (costly, 2_500)):
            row = db.get_one(Enrolment, seat)
            row.status, row.cancellation_cents = EnrolmentStatus.CANCELLED, cents
    with clock.frozen(noon + timedelta(days=7)):
        assert jobs.run_due().issued == 1
    with read() as db:
        assert db.scalars(select(Note.total_cents)).all() == [2_500]


def test_a_crash_between_rendering_and_storing_renders_again_and_mails_once(
    database: str, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    seats(1)

    def dies(*_arguments: object) -> bool:
        raise OnPurpose

    with clock.frozen(noon + timedelta(days=7)):
        with monkeypatch.context() as broken:
            broken.setattr(note_files, "store_and_mail", dies)
            assert jobs.run_due().failed == 1
        with read() as db:
            assert queries.notes_without_file(db) != ()
        assert jobs.run_due().rendered == 1
    with read() as db:
        assert len(queued(db, "debit-note")) == 1
        assert db.scalar(select(func.count()).select_from(NoteFile)) == 1


def test_a_note_that_fails_stops_no_other(database: str, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_others = seats(3)
    plain = billing.issue_debit_note

    def fails_for_one(db: object, actor: object, enrolment_id: int) -> int | None:
        if enrolment_id == first:
            raise OnPurpose
        return plain(db, actor, enrolment_id)  # type: ignore[arg-type]

    monkeypatch.setattr(billing, "issue_debit_note", fails_for_one)
    with clock.frozen(noon + timedelta(days=7)):
        done = jobs.run_due()
    assert (done.issued, done.failed) == (2, 1)


def test_eight_workers_and_transactions_rolled_back_leave_no_gap_and_no_double(database: str, noon: datetime) -> None:
    waiting = seats(60)
    chance = random.Random(11)
    fails = {seat: chance.random() < 0.2 for seat in waiting}
    problems: list[BaseException] = []

    def fail_once(seat: int) -> None:
        if fails.pop(seat, False):
            raise OnPurpose

    def work() -> None:
        mine = list(waiting)
        random.shuffle(mine)
        for seat in mine:
            try:
                with write() as db:
                    billing.issue_debit_note(db, CLOCK, seat)
                    fail_once(seat)
            except OnPurpose:
                mine.append(seat)
            except BaseException as problem:  # a thread has no other way to tell
                problems.append(problem)
                return

    with clock.frozen(noon + timedelta(days=7)):
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
    assert problems == []
    with read() as db:
        numbers = sorted(db.scalars(select(Note.number)).all())
        last = db.scalar(select(Counter.last).where(Counter.series == "DN-2026"))
    assert numbers == [number_text("DN-2026", nr) for nr in range(1, 61)]
    assert last == 60


def test_workers_over_new_year_in_brussels_give_each_year_its_numbers_in_the_order_of_the_days(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look at the clock takes a second, and midnight in Brussels, 23:00 UTC, comes half-way."""
    with clock.frozen(datetime(2026, 12, 1, 12, tzinfo=UTC)):
        waiting = seats(40)
    looks = count()
    begin = datetime(2026, 12, 31, 22, 58, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: begin + timedelta(seconds=next(looks)))
    with ThreadPoolExecutor(8) as workers:
        assert None not in list(workers.map(issue, waiting))
    with read() as db:
        found = db.execute(select(Note.series, Note.nr, Note.issued_on).order_by(Note.series, Note.nr)).all()
        last = {row.series: row.last for row in db.execute(select(Counter.series, Counter.last))}
    old, new = ([note for note in found if note.series == year] for year in ("DN-2026", "DN-2027"))
    assert (len(old) + len(new), min(len(old), len(new)) > 0) == (40, True)
    assert [note.nr for note in old] == list(range(1, len(old) + 1))
    assert [note.nr for note in new] == list(range(1, len(new) + 1))
    assert {note.issued_on for note in old} == {date(2026, 12, 31)}
    assert {note.issued_on for note in new} == {date(2027, 1, 1)}
    assert last == {"DN-2026": len(old), "DN-2027": len(new)}


@pytest.mark.parametrize(
    ("midnight", "expected"),
    [
        (datetime(2026, 12, 9, 23, tzinfo=UTC), (date(2026, 12, 10), "DN-2026", 2)),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), (date(2027, 1, 1), "DN-2027", 1)),
    ],
)
def test_who_waits_for_a_number_over_midnight_gets_the_new_day(
    database: str, noon: datetime, monkeypatch: pytest.MonkeyPatch, midnight: datetime, expected: tuple[object, ...]
) -> None:
    """It is before midnight when it asks, and after when it has the counter."""
    (seat,) = seats(1)
    with clock.frozen(noon + timedelta(days=7)):
        issue(seat)
    second = timedelta(seconds=1)
    looks = chain([midnight - second], repeat(midnight + second))
    monkeypatch.setattr(clock, "now", lambda: next(looks))
    with write() as db:
        assert billing.next_number(db, partial(series, NoteKind.DEBIT)) == expected


def test_a_clock_that_went_back_is_refused_and_takes_no_number(database: str, noon: datetime) -> None:
    first, second = seats(2)
    with clock.frozen(noon + timedelta(days=9)):
        issue(first)
    with clock.frozen(noon + timedelta(days=8)), pytest.raises(ClockWentBack) as refused:
        issue(second)
    assert "2 december 2026" in say(refused.value)
    with read() as db:
        assert db.scalars(select(Counter.last)).all() == [1]
    with clock.frozen(noon + timedelta(days=9)):
        issue(second)
    with read() as db:
        assert list(db.scalars(select(Note.nr).order_by(Note.nr))) == [1, 2]


def kept() -> dict[str, list[object]]:
    """What never changes, as it is now."""
    with read() as db:
        tables = [Base.metadata.tables[name] for name in INSERT_ONLY]
        return {table.name: [tuple(row) for row in db.execute(select(table))] for table in tables}


REPLACED = {
    "sqlite": [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}" for table in INSERT_ONLY],  # noqa: S608 - ours
    "postgresql": [f"TRUNCATE {table} CASCADE" for table in INSERT_ONLY]
    + ["INSERT INTO note SELECT * FROM note ON CONFLICT (id) DO UPDATE SET total_cents = 1"],
}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE note SET total_cents = 1",
        "DELETE FROM note",
        "UPDATE note_line SET amount_cents = 1",
        "DELETE FROM note_line",
        "UPDATE note_file SET position = 9",
        "DELETE FROM note_file",
    ],
)
def test_the_database_refuses_to_change_what_was_issued(database: str, noon: datetime, statement: str) -> None:
    seats(1)
    with clock.frozen(noon + timedelta(days=7)):
        assert jobs.run_due().rendered == 1
    with pytest.raises(IntegrityError, match="immutable"), write() as db:
        db.execute(text(statement))


@pytest.mark.parametrize(
    ("database", "statement"),
    [(backend, statement) for backend, statements in REPLACED.items() for statement in statements],
    indirect=["database"],
)
def test_what_was_issued_cannot_be_replaced_nor_emptied(database: str, noon: datetime, statement: str) -> None:
    (seat,) = seats(1)
    with clock.frozen(noon + timedelta(days=7)):
        assert jobs.run_due().rendered == 1
    with clock.frozen(noon + timedelta(days=60)), write() as db:
        clerk = a_coordinator(db)
        made = certificates.issue(db, clerk, seat, Language.DUTCH)
        certificates.store_file(db, clerk, made, b"%PDF")
    before = kept()
    assert all(before.values()), "else there is nothing to lose"
    with pytest.raises(IntegrityError, match="immutable"), write() as db:
        db.execute(text(statement))
    assert kept() == before


def test_more_than_a_note_is_never_credited(database: str, noon: datetime) -> None:
    (seat,) = seats(1)
    with clock.frozen(noon + timedelta(days=7)):
        debit = issue(seat)
        assert debit is not None
        with write() as db:
            billing.issue_credit_note(db, CLOCK, debit, db.get_one(Enrolment, seat), 15_000)
        with pytest.raises(CreditTooHigh), write() as db:
            billing.issue_credit_note(db, CLOCK, debit, db.get_one(Enrolment, seat), 4_001)
    with read() as db:
        assert billing.credited(db, debit) == 15_000
        assert db.scalar(select(func.count()).where(Note.kind == NoteKind.CREDIT)) == 1


def test_a_person_sees_the_own_notes_a_stranger_none(database: str, noon: datetime) -> None:
    mine, _other = seats(2, by_school=True)
    with clock.frozen(noon + timedelta(days=7)):
        jobs.run_due()
        with write() as db:
            seat = db.get_one(Enrolment, mine)
            actor = acting(next(iter(db.scalars(select_account(seat.person_id)))))
            stranger = acting(an_account(db, a_person(db, "Bo"), "bo@school.example"))
        with read() as db:
            (row,) = queries.notes_of(db, actor)
            assert (row.is_copy, row.has_file, row.person_name) == (True, True, db.get_one(Person, seat.person_id).name)
            assert queries.notes_of(db, stranger) == ()
            copy = queries.note_file(db, actor, row.note_id)
            with pytest.raises(NotFound):
                queries.note_file(db, stranger, row.note_id)
    assert copy.content.startswith(b"%PDF")


def select_account(person_id: int | None):  # type: ignore[no-untyped-def]
    from core.models import Account

    return select(Account).where(Account.person_id == person_id)


def test_the_mail_of_a_note_and_its_file_are_one_transaction(database: str, noon: datetime) -> None:
    (seat,) = seats(1)
    with clock.frozen(noon + timedelta(days=7)):
        note_id = issue(seat)
        with pytest.raises(OnPurpose), write() as db:
            note_files.store_and_mail(db, CLOCK, note_id or 0, {FileKind.ORIGINAL: b"%PDF"})
            raise OnPurpose
        with read() as db:
            assert db.scalar(select(func.count()).select_from(NoteFile)) == 0
            assert db.scalar(select(func.count()).select_from(OutgoingMail)) == 0
