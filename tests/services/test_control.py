"""The control names what is damaged on purpose, and says so no longer once it is mended."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from core import access, books, clock
from core.db import Db, read, write
from core.models import Note
from core.queries import control as queries
from core.services import billing, control, note_files
from core.vocabulary import CLOCK, Actor, ControlKind, CoordinatorRole, FileKind
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution
from tests.services.test_payments import paid, take


@pytest.fixture
def finance(sqlite_database: str, noon: datetime) -> Actor:
    """Three notes of a school with their files and mails, one paid; all of some hours ago."""
    with clock.frozen(noon - timedelta(hours=5)):
        with write() as db:
            account = an_account(db, None, "financien@cno.example", coordinator_role=CoordinatorRole.FINANCE)
            actor = access.acting(account)
            school, course = an_institution(db), a_course(db, price_cents=9_500)
            an_account(db, school, "secretariaat@school.example")
            for number in range(3):
                seat = an_enrolment(db, course, a_person(db, f"An{number}"), school)
                note_id = billing.issue_early(db, actor, seat.id) or 0
                note_files.store_and_mail(db, CLOCK, note_id, dict.fromkeys(FileKind, b"%PDF"))
            ogm = str(db.get_one(Note, 1).ogm)
        take(_World(actor), paid(9_500, "R1", ogm=ogm), paid(3_000, "R2", text="?"))  # type: ignore[arg-type]
    return actor


class _World:
    def __init__(self, finance: Actor) -> None:
        self.finance = finance


def controlled(actor: Actor, *, is_full: bool = True) -> dict[ControlKind, int]:
    """What a run finds."""
    with write() as db:
        run_id = control.begin(db, actor, is_full=is_full)
    is_finished = False
    while not is_finished:
        with read() as db:
            batch = queries.look(db, run_id)
        with write() as db:
            is_finished = control.keep(db, actor, run_id, batch)
    with read() as db:
        return {kind: count for kind, count in queries.counts(db, actor).items() if count}


def unguarded(db: Db, statement: str) -> None:
    """Change the books past their guards, as only somebody inside the database can; the guards are put back."""
    made = db.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _sql in made:
        db.execute(text(f"DROP TRIGGER {name}"))
    db.execute(text("PRAGMA defer_foreign_keys = on"))
    db.execute(text(statement))
    for _name, sql in made:
        db.connection().exec_driver_sql(sql)


def test_what_is_in_order_is_green(finance: Actor) -> None:
    assert controlled(finance) == {}
    with read() as db:
        _last, full = queries.latest(db, finance)
        assert full is not None and full.finished_at is not None and full.checked == 5


DAMAGE = {
    ControlKind.CHAIN: "UPDATE note SET payload = replace(payload, 'An1', 'Xx1') WHERE id = 2",
    ControlKind.LINES: "UPDATE note_line SET amount_cents = 9400 WHERE note_id = 2",
    ControlKind.NO_FILE: "DELETE FROM note_file WHERE note_id = 2 AND kind = 'original'",
    ControlKind.FILE_HASH: "UPDATE note_file SET content = x'00' WHERE note_id = 2 AND kind = 'copy'",
    ControlKind.NO_MAIL: "DELETE FROM outgoing_mail WHERE subject_type = 'note' AND subject_id = 2",
    ControlKind.BANK_LINE: "UPDATE waiting_transaction SET left_cents = 2900",
    ControlKind.BALANCE: "UPDATE note_balance SET paid_cents = 100 WHERE note_id = 2",
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_each_damage_is_named_and_nothing_else(finance: Actor, kind: ControlKind) -> None:
    with write() as db:
        unguarded(db, DAMAGE[kind])
    assert controlled(finance) == {kind: 1}
    with read() as db:
        (row,) = queries.findings(db, finance, kind)
    if kind is ControlKind.BANK_LINE:
        assert (row.note_id, row.facts["cents"], row.facts["placed"]) == (None, 3_000, 0)
    else:
        assert (row.note_id, row.facts["number"]) == (2, "DN-2026-000002")


def test_a_note_taken_out_leaves_a_gap_and_breaks_no_other(finance: Actor) -> None:
    with write() as db:
        for table in ("note_balance", "note_file", "note_line", "note"):
            column = "id" if table == "note" else "note_id"
            unguarded(db, f"DELETE FROM {table} WHERE {column} = 2")  # noqa: S608 - our own names
    assert controlled(finance) == {ControlKind.GAP: 1}
    with write() as db:
        unguarded(db, "UPDATE counter SET last = 5 WHERE series = 'DN-2026'")
    assert controlled(finance) == {ControlKind.GAP: 2}
    with read() as db:
        gaps = [(row.facts["first"], row.facts["last"]) for row in queries.findings(db, finance, ControlKind.GAP)]
    assert sorted(gaps) == [(2, 2), (4, 5)]


def test_payments_and_credit_notes_above_the_note_are_named(finance: Actor) -> None:
    with write() as db:
        unguarded(db, "INSERT INTO paid_before (note_id, cents) VALUES (1, 1)")
        unguarded(
            db,
            "INSERT INTO note (id, kind, series, nr, number, issued_on, payer_kind, payer_institution_id, total_cents,"
            " corrects_id, payload, payload_sha256, created_at) SELECT 9, 'credit', 'IMPORT-1', 1, 'X1', issued_on,"
            " payer_kind, payer_institution_id, 9501, 2, payload, payload_sha256, created_at FROM note WHERE id = 2",
        )
    found = controlled(finance)
    assert (found[ControlKind.OVER_PAID], found[ControlKind.OVER_CREDITED]) == (1, 1)
    assert found[ControlKind.BALANCE] == 2, "the triggers were away"


def test_a_missing_guard_is_named_and_what_is_mended_goes(finance: Actor) -> None:
    with write() as db:
        made = db.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'note_no_update'"))
        db.execute(text("DROP TRIGGER note_no_update"))
        db.execute(text("UPDATE note_balance SET paid_cents = 100 WHERE note_id = 2"))
    assert controlled(finance) == {ControlKind.GUARD: 1, ControlKind.BALANCE: 1}
    with write() as db:
        db.connection().exec_driver_sql(str(made))
        db.execute(text("UPDATE note_balance SET paid_cents = 0 WHERE note_id = 2"))
    assert controlled(finance, is_full=False) == {}, "what was found is looked at again, also by a run over the new"


def test_a_run_that_was_left_goes_on_and_the_night_looks_at_what_is_new(
    finance: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 1)
    with write() as db:
        run_id = control.begin(db, finance, is_full=True)
    for _step in range(2):
        with read() as db:
            batch = queries.look(db, run_id)
        with write() as db:
            assert not control.keep(db, finance, run_id, batch)
    with write() as db:
        assert control.begin(db, finance, is_full=True) == run_id
        unguarded(db, DAMAGE[ControlKind.BALANCE].replace("= 2", "= 3"))
    books._controlled_on = None
    assert books.control_new()
    with read() as db:
        assert queries.count(db, finance) == 1
        assert queries.counts(db, finance)[ControlKind.BALANCE] == 1
    assert controlled(finance) == {ControlKind.BALANCE: 1}


def test_a_run_works_on_both_databases(database: str, noon: datetime) -> None:
    with write() as db:
        account = an_account(db, None, "financien@cno.example", coordinator_role=CoordinatorRole.FINANCE)
        actor = access.acting(account)
        seat = an_enrolment(db, a_course(db), a_person(db))
        billing.issue_early(db, actor, seat.id)
    assert controlled(actor) == {}, "a note of this hour is not looked at yet"
    with clock.frozen(noon + timedelta(hours=2)):
        assert controlled(actor) == {ControlKind.NO_FILE: 1}
