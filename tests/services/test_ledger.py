"""The journal agrees with the books to the cent, whatever happened; what comes late goes into the next period."""

import hashlib
import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import access, clock
from core.db import read, write
from core.demo.bank_files import Movement, camt_053
from core.documents import ledger as documents
from core.models import Allocation, BankTransaction, LedgerPosting, Note, NoteBalance, WaitingTransaction
from core.queries import ledger as queries
from core.queries import matching
from core.queries.ledger import Exported
from core.rules.ledger import LedgerLine
from core.services import bank_files, decisions, ledger, payments
from core.vocabulary import Actor, CoordinatorRole, NoteKind
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution
from tests.queries.test_note_balance import step

OURS = "BE71096123456769"
START = date(2026, 9, 1)


@pytest.fixture
def finance(database: str, noon: datetime) -> Actor:
    """Somebody of finance, and twelve seats."""
    with clock.frozen(datetime(2026, 9, 1, 9, tzinfo=clock.BRUSSELS)), write() as db:
        account = an_account(db, None, "financien@cno.example", coordinator_role=CoordinatorRole.FINANCE)
        school, course = an_institution(db, "=Atheneum"), a_course(db, price_cents=9_500)
        for number in range(12):
            an_enrolment(db, course, a_person(db, f"An{number}"), school if number % 2 else None)
        return access.acting(account)


def happen(finance: Actor, first: date, days: int, chance: random.Random) -> None:
    """Some days of a random history."""
    for number in range(days):
        day = first + timedelta(days=number)
        for time in range(chance.randrange(3)):
            with clock.frozen(datetime(day.year, day.month, day.day, 10 + time, tzinfo=clock.BRUSSELS)):
                try:
                    with write() as db:
                        step(db, finance, chance, day.toordinal() * 10 + time)
                except payments.CreditSpent:
                    continue


def exported(finance: Actor, first: date, last: date) -> Exported:
    with write() as db:
        made = ledger.make(db, finance, first, last)
    with read() as db:
        return queries.export(db, finance, made)


def moved(lines: list[LedgerLine]) -> Counter[str]:
    """What the lines move on each account."""
    found: Counter[str] = Counter()
    for line in lines:
        found[line.account] += line.debit_cents - line.credit_cents
    return found


def test_a_random_history_balances_and_equals_the_books(finance: Actor) -> None:
    chance, lines = random.Random(27), []
    for month in (9, 10, 11):
        first = date(2026, month, 1)
        last = date(2026, month, 22) if month == 11 else (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        happen(finance, first, (last - first).days + 1, chance)
        export = exported(finance, first, last)
        found = export.lines
        assert sum(line.debit_cents for line in found) == sum(line.credit_cents for line in found) == export.debit_cents
        assert all((line.debit_cents == 0) != (line.credit_cents == 0) for line in found)
        assert export.sha256 == hashlib.sha256(documents.to_csv(found)).hexdigest(), "the file is the same again"
        lines += found
    sums = moved(lines)
    with read() as db:
        left = db.scalar(select(func.sum(NoteBalance.left_cents)))
        bank = db.scalar(select(func.sum(BankTransaction.cents)))
        waits = db.scalar(select(func.sum(WaitingTransaction.left_cents))) or 0
        kept = sum(matching.kept_by_note(db).values())
        turnover = {
            kind: db.scalar(select(func.sum(Note.total_cents)).where(Note.kind == kind)) or 0 for kind in NoteKind
        }
        posted = db.scalar(select(func.count()).select_from(LedgerPosting))
        rows = [db.scalar(select(func.count()).select_from(table)) for table in (Note, BankTransaction, Allocation)]
    assert sums["400000"] == left, "customers: all that is open"
    assert sums["550000"] == bank, "the bank: all its lines"
    assert sums["499000"] == -waits, "not placed yet: what waits"
    assert sums["460000"] == -kept, "kept as credit of payers"
    assert sums["700000"] == turnover[NoteKind.CREDIT] - turnover[NoteKind.DEBIT]
    assert sum(sums.values()) == 0
    assert posted == sum(each or 0 for each in rows), "everything once"
    assert min(each or 0 for each in rows) > 3, "else it would prove little"


def test_a_bank_line_that_comes_late_is_shown_and_goes_into_the_next_period(finance: Actor) -> None:
    happen(finance, START, 30, random.Random(1))
    exported(finance, START, date(2026, 9, 30))
    with read() as db:
        before = queries.export(db, finance, 1).lines
        assert queries.exports(db, finance)[0].late == 0
    for number, day in enumerate((date(2026, 9, 15), date(2026, 8, 20))):
        with write() as db:
            line = Movement(day, 12_345, f"LATE{number}", name="Laatkomer")
            bank_files.take_in(db, finance, f"late{number}.xml", camt_053(OURS, [line], number=90 + number))
    with read() as db:
        assert queries.exports(db, finance)[0].late == 1, "of its own days"
        assert queries.preview(db, finance, date(2026, 10, 1), date(2026, 10, 31)).controls.late == 2
        assert queries.export(db, finance, 1).lines == before, "what was handed over stays as it was"
    lines = exported(finance, date(2026, 10, 1), date(2026, 10, 31)).lines
    assert {(line.on, line.debit_cents or line.credit_cents) for line in lines if line.is_late} == {
        (date(2026, 9, 15), 12_345), (date(2026, 8, 20), 12_345),
    }  # fmt: skip
    with read() as db:
        assert [row.late for row in queries.exports(db, finance)] == [0, 0]


def test_periods_follow_one_another_and_only_the_last_can_be_withdrawn(finance: Actor) -> None:
    happen(finance, START, 45, random.Random(2))
    with write() as db:
        for wrong, first, last in (
            (ledger.PeriodNotOver, START, clock.today()),
            (ledger.PeriodWrong, START, START - timedelta(days=1)),
            (ledger.NothingToExport, date(2026, 8, 1), date(2026, 8, 2)),
        ):
            with pytest.raises(wrong):
                ledger.make(db, finance, first, last)
    lines = exported(finance, START, date(2026, 9, 30)).lines
    with pytest.raises(ledger.PeriodWrong):
        exported(finance, START, date(2026, 9, 30))
    second = exported(finance, date(2026, 10, 1), date(2026, 10, 10))
    with pytest.raises(ledger.NotTheLast), write() as db:
        ledger.recall(db, finance, 1)
    with write() as db:
        ledger.recall(db, finance, second.export_id)
        with pytest.raises(access.NotFound):
            ledger.recall(db, finance, second.export_id)
        ledger.recall(db, finance, 1)
    again = exported(finance, START, date(2026, 9, 30))
    assert (again.export_id, again.lines) == (3, lines)


def test_the_accounts_are_those_that_held_at_the_export(finance: Actor) -> None:
    happen(finance, START, 20, random.Random(3))
    with write() as db:
        decisions.decide(db, finance, {"ledger_customers": "411111"}, seen={"ledger_customers": 0})
    export = exported(finance, START, date(2026, 9, 30))
    lines = export.lines
    assert "411111" in moved(list(lines)) and "400000" not in moved(list(lines))
    with write() as db:
        decisions.decide(db, finance, {"ledger_customers": "422222"}, seen={"ledger_customers": 1})
    with read() as db:
        assert queries.export(db, finance, export.export_id).lines == lines
    with write() as db:
        decisions.decide(db, finance, {"ledger_revenue": "422222"}, seen={"ledger_revenue": 0})
    happen(finance, date(2026, 10, 1), 20, random.Random(4))
    with pytest.raises(ledger.BooksDisagree), write() as db:
        ledger.make(db, finance, date(2026, 10, 1), date(2026, 10, 20))


def test_the_file_opens_no_formula_and_has_decimal_commas(finance: Actor) -> None:
    happen(finance, START, 25, random.Random(5))
    lines = exported(finance, START, date(2026, 9, 30)).lines
    text = documents.to_csv(lines).decode("utf-8-sig")
    assert text.startswith("dagboek;document;datum;rekening;")
    assert "'=Atheneum" in text and ";=Atheneum" not in text
    assert ";95,00;" in text
