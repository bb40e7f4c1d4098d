"""Bank files into the books, and placing what is not certain (`billing.md` §9, §12.4)."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from core import access, clock
from core.db import read, write
from core.demo.bank_files import camt_053, coda
from core.migrations.triggers import BANK_BOOKS
from core.models import Allocation, AuditEvent, BankFile, BankTransaction, Enrolment
from core.queries import matching, paying
from core.queries.reports.money import open_amounts
from core.rules.billing import printed_ogm
from core.rules.periods import Span
from core.rules.proposals import Part
from core.services import bank_files, billing, payments
from core.services.bank_files import MixedFormats, Taken
from core.vocabulary import CLOCK, Actor, ActorKind, AuditTag, CoordinatorRole, MatchKind, NoteState
from tests.services.payers import DAY, OURS, World, a_world, paid, place, proposal, queue, state, take


@pytest.fixture
def world(database: str, noon: datetime) -> World:
    return a_world()


def test_only_the_right_reference_with_the_open_balance_is_booked_by_itself(world: World) -> None:
    free = f"betaling {printed_ogm(world.ogms[1]).replace('+', '*')} nascholing"
    taken = take(
        world,
        paid(9_500, "R1", ogm=world.ogms[0]),
        paid(9_500, "R2", text=free),
        paid(5_000, "R3", ogm=world.ogms[2]),
        paid(19_000, "R4", ogm="202600099903"),
    )
    assert (taken.lines, taken.added, taken.placed, taken.waiting) == (4, 4, 2, 2)
    assert [state(world, each) for each in world.notes] == [
        (NoteState.PAID, 0),
        (NoteState.PAID, 0),
        (NoteState.OPEN, 9_500),
    ]
    with read() as db:
        assert {row.made_by for row in db.scalars(select(Allocation)) if row.is_automatic} == {world.finance.name}


def test_a_second_payment_of_the_same_note_waits_even_in_the_same_file(world: World) -> None:
    taken = take(world, paid(9_500, "R1", ogm=world.ogms[0]), paid(9_500, "R2", ogm=world.ogms[0]))
    assert (taken.placed, taken.waiting) == (1, 1)
    assert proposal(queue()[0][0]).kind is MatchKind.SETTLED


@pytest.mark.parametrize("write_file", [camt_053, coda])
def test_the_same_or_an_overlapping_file_adds_nothing(world: World, write_file: object) -> None:
    first = [paid(9_500, "R1", ogm=world.ogms[0]), paid(9_500, "R2", ogm=world.ogms[1])]
    second = [*first[1:], paid(9_500, "R3", ogm=world.ogms[2])]
    content = write_file(OURS, first)  # type: ignore[operator]
    assert take(world, content=content).added == 2
    again = take(world, name="nog-eens", content=content)
    assert (again.is_known, again.added) == (True, 0)
    over = take(world, content=write_file(OURS, second, number=2))  # type: ignore[operator]
    assert (over.lines, over.added, over.placed) == (2, 1, 1)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Allocation)) == 3
        assert db.scalar(select(func.count()).select_from(BankFile)) == 2


def test_equal_payments_of_one_day_are_both_taken_once(world: World) -> None:
    twice = [paid(1_000, "R1", text="koffie"), paid(1_000, "R1", text="koffie")]
    assert take(world, *twice).added == 2
    assert take(world, *twice, paid(1_000, "R9")).added == 1


def test_two_formats_of_one_account_may_not_overlap(world: World) -> None:
    take(world, paid(9_500, "R1", ogm=world.ogms[0]))
    with pytest.raises(MixedFormats):
        take(world, content=coda(OURS, [paid(9_500, "X1", ogm=world.ogms[0])]))
    later = replace(paid(9_500, "X2", ogm=world.ogms[1]), booked_on=DAY + timedelta(days=1))
    assert take(world, content=coda(OURS, [later])).placed == 1


def test_two_workers_read_the_same_file_at_once(world: World) -> None:
    content = camt_053(OURS, [paid(9_500, f"R{number}", ogm=ogm) for number, ogm in enumerate(world.ogms)])
    found: list[Taken] = []
    workers = [threading.Thread(target=lambda: found.append(take(world, content=content))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken.added for taken in found) == [0, 0, 0, 3]
    assert [state(world, each)[1] for each in world.notes] == [0, 0, 0]


def test_these_285_euro_are_three_notes_of_the_same_school(world: World) -> None:
    take(world, paid(28_500, "R1", text="drie nascholingen"))
    ((line, left),) = queue()
    found = proposal(line)
    assert (left, found.kind) == (28_500, MatchKind.SAME_NAME)
    assert [part.note_id for part in found.parts] == world.notes
    assert place(world, line, *found.parts) == 0
    assert queue() == []
    assert {state(world, each) for each in world.notes} == {(NoteState.PAID, 0)}


def test_the_account_of_a_payer_is_learned_and_unlearned(world: World) -> None:
    unknown = {"name": "SCHOLENGROEP ZUID", "iban": "BE90000000000505"}
    take(world, paid(9_500, "R1", ogm=world.ogms[0], **unknown))
    take(world, paid(19_000, "R2", **unknown))
    (line, _left) = queue()[0]
    found = proposal(line)
    assert (found.kind, [part.note_id for part in found.parts]) == (MatchKind.KNOWN_PAYER, world.notes[1:])
    with read() as db:
        first = db.scalars(select(BankTransaction.id).order_by(BankTransaction.id)).first()
    assert first
    with write() as db:
        payments.undo(db, world.finance, first)
    assert proposal(line).kind is MatchKind.UNKNOWN


def test_a_persons_name_is_known_in_any_order(world: World) -> None:
    take(world, paid(19_000, "R1", name="DE WOLF ZOE", iban=""))
    found = proposal(queue()[0][0])
    assert (found.kind, [part.note_id for part in found.parts]) == (MatchKind.SAME_NAME, [world.persons_note])


def test_a_part_leaves_the_rest_waiting_and_too_much_is_refused(world: World) -> None:
    take(world, paid(20_000, "R1", text="?"))
    ((line, _left),) = queue()
    for wrong in ((), (Part(world.notes[0], 30_000),), (Part(world.notes[0], -1),), (Part(world.notes[0], 0),)):
        with pytest.raises(payments.WrongSum):
            place(world, line, *wrong)
    with pytest.raises(payments.MoreThanOpen):
        place(world, line, Part(world.notes[0], 9_501))
    with pytest.raises(access.NotFound):
        place(world, line, Part(999_999, 100))
    assert place(world, line, Part(world.notes[0], 4_000)) == 16_000
    assert (state(world, world.notes[0]), queue()) == ((NoteState.PARTLY_PAID, 5_500), [(line, 16_000)])
    assert place(world, line, Part(world.notes[0], 5_500), Part(world.notes[1], 9_500)) == 1_000
    with write() as db:
        payments.set_aside(db, world.finance, line, "fooi")
    assert queue() == []
    with pytest.raises(payments.AlreadyPlaced):
        place(world, line, Part(world.notes[2], 1))


def test_too_much_is_kept_spent_on_another_note_and_paid_back(world: World) -> None:
    take(world, paid(12_000, "R1", ogm=world.ogms[0]))
    ((line, _left),) = queue()
    place(world, line, *proposal(line).parts)
    with write() as db:
        with pytest.raises(payments.WrongSum):
            payments.spend(db, world.finance, world.notes[0], world.notes[1], 2_501)
        with pytest.raises(access.NotFound):
            payments.spend(db, world.finance, world.notes[0], world.persons_note, 100)
        payments.spend(db, world.finance, world.notes[0], world.notes[1], 1_500)
    assert state(world, world.notes[1]) == (NoteState.PARTLY_PAID, 8_000)
    take(world, paid(-1_000, "R2", text="terugbetaling"))
    ((back, _left),) = queue()
    found = proposal(back)
    assert (found.kind, found.parts) == (MatchKind.REFUND, (Part(world.notes[0], -1_000, is_kept=True),))
    place(world, back, *found.parts)
    with pytest.raises(payments.CreditSpent), write() as db:
        payments.undo(db, world.finance, line)
    with write() as db:
        assert matching.kept_by_note(db) == {}
        payments.undo(db, world.finance, back)
        payments.undo(db, world.finance, line)
    assert [state(world, each)[1] for each in world.notes] == [9_500] * 3
    assert queue() == [(line, 12_000), (back, -1_000)]


def test_a_credited_note_that_was_paid_is_paid_back(world: World) -> None:
    take(world, paid(9_500, "R1", ogm=world.ogms[0]))
    with write() as db:
        seat = db.scalars(select(Enrolment).order_by(Enrolment.id)).first()
        assert seat
        billing.issue_credit_note(db, CLOCK, world.notes[0], seat, 4_000)
    assert state(world, world.notes[0])[1] == -4_000
    take(world, paid(-4_000, "R2"))
    ((line, _left),) = queue()
    found = proposal(line)
    assert (found.kind, found.parts) == (MatchKind.REFUND, (Part(world.notes[0], -4_000),))
    with pytest.raises(payments.WrongSum):
        place(world, line, Part(world.notes[0], -4_001))
    place(world, line, *found.parts)
    assert state(world, world.notes[0])[1] == 0


def test_a_reversal_undoes_the_payment_it_takes_back(world: World) -> None:
    take(world, paid(9_500, "R1", ogm=world.ogms[0]))
    taken = take(world, paid(-9_500, "R1", is_reversal=True))
    assert (taken.placed, state(world, world.notes[0])) == (1, (NoteState.OPEN, 9_500))
    both = take(world, paid(9_500, "R5", ogm=world.ogms[1], iban=""), paid(-9_500, "R5", iban="", is_reversal=True))
    assert (both.placed, state(world, world.notes[1])[1]) == (2, 9_500)


def test_undoing_puts_the_line_back_whole_and_what_stood_stays_readable(world: World) -> None:
    take(world, paid(9_500, "R1", ogm=world.ogms[0]))
    with read() as db:
        line = db.scalars(select(BankTransaction.id)).one()
    with write() as db:
        payments.undo(db, world.finance, line)
    assert (state(world, world.notes[0]), queue()) == ((NoteState.OPEN, 9_500), [(line, 9_500)])
    with pytest.raises(payments.NothingPlaced), write() as db:
        payments.undo(db, world.finance, line)
    place(world, line, Part(world.notes[1], 9_500))
    with write() as db:
        payments.undo(db, world.finance, line)
    with read() as db:
        assert [row.cents for row in db.scalars(select(Allocation).order_by(Allocation.id))] == [9_500, -9_500] * 2
        tags = set(db.scalars(select(AuditEvent.tag)))
    assert {AuditTag.BANK_FILE_READ, AuditTag.PAYMENT_PLACED, AuditTag.PAYMENT_UNDONE} <= tags


def test_the_books_cannot_be_changed_even_past_the_services(world: World) -> None:
    take(world, paid(9_500, "R1", ogm=world.ogms[0]))
    for table in BANK_BOOKS:
        for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608 - our own names
            with pytest.raises(IntegrityError), write() as db:
                db.execute(text(change))


def test_a_file_that_breaks_halfway_leaves_nothing(world: World) -> None:
    content = camt_053(OURS, [paid(9_500, "R1", ogm=world.ogms[0])])
    broken = content.replace(b"</Stmt>", b"<Ntry><Amt>x</Amt><Sts>BOOK</Sts></Ntry></Stmt>")
    with pytest.raises(Exception, match=r"a\.xml"):
        take(world, content=broken)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(BankFile)) == 0


@pytest.mark.parametrize("role", [CoordinatorRole.COORDINATOR, CoordinatorRole.READER])
def test_only_finance_touches_money(world: World, role: CoordinatorRole) -> None:
    other = Actor(ActorKind.COORDINATOR, coordinator_role=role, name="Bo")
    content = camt_053(OURS, [paid(9_500)])
    with write() as db, pytest.raises(access.NotAllowed):
        bank_files.take_in(db, other, "a.xml", content)


def test_the_clock_dates_what_was_placed(world: World, noon: datetime) -> None:
    with clock.frozen(noon + timedelta(days=2)):
        take(world, paid(9_500, "R1", ogm=world.ogms[0]))
    with read() as db:
        assert clock.day_of(db.scalars(select(Allocation.made_at)).one()) == DAY + timedelta(days=2)


def test_the_dialog_betalen_asks_what_is_left_after_a_part_was_paid(world: World) -> None:
    take(world, paid(5_000, "R1", ogm=world.ogms[2]))
    ((line, left),) = queue()
    place(world, line, Part(world.notes[2], left))
    with read() as db:
        found = paying.how_to_pay(db, world.school, world.notes[2])
        assert found is not None and found.open_cents == 4_500
    take(world, paid(4_500, "R2", ogm=world.ogms[2]), name="b.xml")
    with read() as db:
        assert paying.how_to_pay(db, world.school, world.notes[2]) is None


def test_the_report_of_open_amounts_counts_what_the_bank_brought_and_not_what_is_kept(world: World) -> None:
    def report() -> tuple[int, tuple[int, ...]]:
        with read() as db:
            found = open_amounts(db, Span(DAY, DAY + timedelta(days=1)), DAY)
            return sum(found.totals.now.ages), tuple(debtor.total for debtor in found.debtors)

    assert report() == (47_500, (28_500,))
    take(world, paid(9_500, "R1", ogm=world.ogms[0]), paid(12_000, "R2", ogm=world.ogms[1]))
    ((line, _left),) = queue()
    place(world, line, *proposal(line).parts)
    assert report() == (28_500, (9_500,))
