"""Bank files and their placing by several at once, and killed halfway: nothing double, nothing lost."""

import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from types import ModuleType

import pytest
from sqlalchemy import func, select

from core import audit
from core.db import read, write
from core.demo.bank_files import Movement, camt_053
from core.errors import DomainError
from core.models import Allocation, BankFile, BankTransaction, Enrolment, Note, WaitingTransaction
from core.rules.proposals import Part
from core.services import bank_placing, billing, payments
from core.vocabulary import CLOCK, PlacedAs
from tests.services.dying import die, ended
from tests.services.payers import OURS, World, a_world, paid, place, queue, state, take


@pytest.fixture
def world(database: str, noon: datetime) -> World:
    return a_world()


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each gave: its result, or its refusal. Anything else fails the test."""
    found: list[object] = [None] * len(actions)
    start = threading.Barrier(len(actions))

    def run(position: int, action: Callable[[], object]) -> None:
        start.wait()
        try:
            found[position] = action()
        except DomainError as refused:
            found[position] = type(refused)
        except Exception as broken:
            found[position] = broken

    workers = [threading.Thread(target=run, args=each) for each in enumerate(actions)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [each for each in found if isinstance(each, Exception)] == []
    return found


def check_books(lines: int) -> None:
    """Every line once; all its cents are placed or wait; no note was paid more than it asks, or less than nothing."""
    with read() as db:
        assert db.scalar(select(func.count()).select_from(BankTransaction)) == lines
        of_line = Allocation.transaction_id
        sums = db.execute(select(of_line, func.sum(Allocation.cents)).group_by(of_line)).all()
        placed = {line: int(cents) for line, cents in sums}
        waits = {row.transaction_id: row.left_cents for row in db.scalars(select(WaitingTransaction))}
        for line in db.scalars(select(BankTransaction)):
            assert placed.get(line.id, 0) + waits.get(line.id, 0) == line.cents
        for note, total, received in db.execute(
            select(Note.id, Note.total_cents, func.sum(Allocation.cents))
            .join(Allocation, Allocation.note_id == Note.id)
            .where(Allocation.placed_as == PlacedAs.NOTE)
            .group_by(Note.id, Note.total_cents)
        ):
            assert 0 <= received <= total, note


def lines_of(ref: str) -> int:
    with read() as db:
        return db.scalars(select(BankTransaction.id).where(BankTransaction.bank_ref == ref)).one()


def undo(world: World, line: int) -> None:
    with write() as db:
        payments.undo(db, world.finance, line)


def test_overlapping_files_by_four_coordinators_at_once(world: World) -> None:
    movements = [paid(9_500, f"R{number}", ogm=world.ogms[number % 3]) for number in range(12)]
    movements += [paid(19_000, "R12", ogm=world.persons_ogm), paid(-9_500, "R0", is_reversal=True)]

    def file(part: Sequence[Movement], number: int) -> Callable[[], object]:
        return lambda: take(world, content=camt_053(OURS, part, number=number))

    found = at_once(
        file(movements[:9], 1), file(movements[5:][::-1], 2), file(movements[3:12], 3), file(movements[::-1], 4)
    )
    assert sum(taken.added for taken in found) == 14  # type: ignore[attr-defined]
    check_books(14)
    assert state(world, world.persons_note)[1] == 0


def test_two_coordinators_place_the_same_line_at_once(world: World) -> None:
    take(world, paid(9_500, "R1", text="?"))
    ((line, _left),) = queue()
    found = at_once(*(lambda note=note: place(world, line, Part(note, 9_500)) for note in world.notes))  # type: ignore[misc]
    assert sorted(map(str, found)) == sorted(map(str, [0, payments.AlreadyPlaced, payments.AlreadyPlaced]))
    check_books(1)


def test_three_lines_for_the_same_note_at_once(world: World) -> None:
    take(world, *(paid(9_500, f"R{number}", text="?") for number in range(3)))
    found = at_once(*(lambda line=line: place(world, line, Part(world.notes[0], 9_500)) for line, _left in queue()))  # type: ignore[misc]
    assert sorted(map(str, found)) == sorted(map(str, [0, payments.MoreThanOpen, payments.MoreThanOpen]))
    check_books(3)


def test_a_line_is_undone_by_two_while_a_file_pays_its_note_again(world: World) -> None:
    take(world, paid(9_500, "R1", ogm=world.ogms[0]))
    line = lines_of("R1")
    again = camt_053(OURS, [paid(9_500, "R2", ogm=world.ogms[0])], number=2)
    found = at_once(lambda: undo(world, line), lambda: undo(world, line), lambda: take(world, content=again))
    assert found.count(payments.NothingPlaced) == 1
    check_books(2)
    assert len(queue()) + found[2].placed == 2  # type: ignore[attr-defined]


def test_a_payment_is_undone_while_the_bank_takes_it_back(world: World) -> None:
    take(world, paid(9_500, "R1", ogm=world.ogms[0]))
    line = lines_of("R1")
    back = camt_053(OURS, [paid(-9_500, "R1", is_reversal=True)], number=2)
    undone, taken = at_once(lambda: undo(world, line), lambda: take(world, content=back))
    assert (undone is payments.TakenBack) == (taken.placed == 1)  # type: ignore[attr-defined]
    check_books(2)
    assert state(world, world.notes[0])[1] == 9_500


def test_a_payment_that_went_back_cannot_be_undone_and_a_second_reversal_waits(world: World) -> None:
    take(world, paid(9_500, "R1", ogm=world.ogms[0]))
    assert take(world, paid(-9_500, "R1", is_reversal=True)).placed == 1
    with pytest.raises(payments.TakenBack):
        undo(world, lines_of_paid())
    taken = take(world, paid(-9_500, "R2", end_to_end="", is_reversal=True), name="b.xml")
    assert (taken.placed, state(world, world.notes[0])[1]) == (0, 9_500)
    check_books(3)


def lines_of_paid() -> int:
    with read() as db:
        return db.scalars(select(BankTransaction.id).where(BankTransaction.cents > 0)).one()


def test_a_reversal_of_two_that_can_be_meant_is_placed_by_hand(world: World) -> None:
    take(world, paid(9_500, "R1", ogm=world.ogms[0]), paid(9_500, "R2", ogm=world.ogms[1]))
    assert take(world, paid(-9_500, "R3", is_reversal=True), name="b.xml").waiting == 1
    ((line, _left),) = queue()
    with pytest.raises(payments.MoreThanPaid):
        place(world, line, Part(world.notes[2], -9_500))
    assert place(world, line, Part(world.notes[1], -9_500)) == 0
    assert state(world, world.notes[1])[1] == 9_500
    check_books(3)


def test_credit_is_spent_by_two_at_once_only_once(world: World) -> None:
    take(world, paid(19_000, "R1", text="?"))
    ((line, _left),) = queue()
    place(world, line, Part(world.notes[0], 9_500), Part(world.notes[0], 9_500, is_kept=True))

    def spend(note: int) -> None:
        with write() as db:
            payments.spend(db, world.finance, world.notes[0], note, 9_500)

    found = at_once(*(lambda note=note: spend(note) for note in world.notes[1:]), lambda: undo(world, line))  # type: ignore[misc]
    assert found.count(None) == 1
    check_books(1)


@pytest.mark.parametrize(("module", "name"), [(bank_placing, "place_certain"), (audit, "record")])
def test_a_worker_that_is_killed_leaves_nothing_and_the_next_takes_all(
    world: World, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str
) -> None:
    content = camt_053(OURS, [paid(9_500, f"R{number}", ogm=ogm) for number, ogm in enumerate(world.ogms)])
    with monkeypatch.context() as patch:
        patch.setattr(module, name, die)
        assert ended(lambda: take(world, content=content)) == -signal.SIGKILL
    with read() as db:
        for table in (BankFile, BankTransaction, Allocation, WaitingTransaction):
            assert db.scalar(select(func.count()).select_from(table)) == 0
    assert (take(world, content=content).placed, take(world, content=content).is_known) == (3, True)
    check_books(3)


def test_notes_are_issued_and_credited_while_files_are_read(world: World) -> None:
    def credit() -> None:
        with write() as db:
            seat = db.scalars(select(Enrolment).order_by(Enrolment.id)).first()
            assert seat is not None
            billing.issue_credit_note(db, CLOCK, world.notes[0], seat, 4_000)

    taken, credited = at_once(lambda: take(world, paid(9_500, "R1", ogm=world.ogms[0])), credit)
    assert credited is None
    assert state(world, world.notes[0])[1] == (-4_000 if taken.placed else 5_500)  # type: ignore[attr-defined]
    check_books(1)
