"""The balances that triggers keep agree with the books, whatever is written and in whichever order."""

import random
from datetime import datetime

import pytest
from sqlalchemy import func, select

from core import access
from core.db import Db, read, write
from core.demo.bank_files import Movement, camt_053
from core.migrations import balances
from core.models import Allocation, BankTransaction, Enrolment, Note, NoteBalance, PaidBefore, WaitingTransaction
from core.queries import paying
from core.rules.billing import note_state
from core.rules.proposals import Part
from core.services import bank_files, billing, payments
from core.vocabulary import CLOCK, Actor, CoordinatorRole, NoteKind, NoteState, PlacedAs
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution

OURS = "BE71096123456769"
Reckoned = dict[int, tuple[int, int, int, NoteState]]


def kept(db: Db) -> Reckoned:
    """Every balance as the triggers keep it: credited, paid, left, state."""
    rows = db.execute(select(NoteBalance))
    return {row.note_id: (row.credited_cents, row.paid_cents, row.left_cents, row.state) for (row,) in rows}


def reckoned(db: Db) -> Reckoned:
    """Every balance, reckoned once more from the books in plain Python."""
    found = {}
    for note in db.scalars(select(Note).where(Note.kind == NoteKind.DEBIT)):
        credited = sum(db.scalars(select(Note.total_cents).where(Note.corrects_id == note.id)))
        paid = sum(db.scalars(select(PaidBefore.cents).where(PaidBefore.note_id == note.id)))
        placed = Allocation.placed_as == PlacedAs.NOTE
        paid += sum(db.scalars(select(Allocation.cents).where(Allocation.note_id == note.id, placed)))
        left = note.total_cents - credited - paid
        found[note.id] = (credited, paid, left, note_state(note.total_cents, credited, paid))
    return found


def step(db: Db, actor: Actor, chance: random.Random, number: int) -> None:
    """One thing that happens to the books."""
    seats = db.scalars(select(Enrolment).order_by(Enrolment.id)).all()
    notes = db.scalars(select(Note).where(Note.kind == NoteKind.DEBIT).order_by(Note.id)).all()
    match chance.randrange(5):
        case 0 | 1:
            seat = chance.choice(seats)
            billing.issue_early(db, actor, seat.id)
        case 2 if notes:
            note = chance.choice(notes)
            left = note.total_cents - billing.credited(db, note.id)
            if left:
                billed = [seat for seat in seats if billing.line_of(db, note, seat.seat) is not None]
                billing.issue_credit_note(db, CLOCK, note.id, chance.choice(billed), chance.randrange(1, left + 1))
        case 3 if notes:
            note = chance.choice(notes)
            left = max(paying.open_cents(db, note), 500)
            cents = chance.choice([left, left, left // 3, left + 700])
            line = Movement(billing.clock.today(), cents, f"R{number}", name="X", ogm=note.ogm or "")
            bank_files.take_in(db, actor, f"{number}.xml", camt_053(OURS, [line]))
            waiting = db.scalars(select(WaitingTransaction)).first()
            if waiting is not None:
                payments.place(db, actor, waiting.transaction_id, [Part(note.id, waiting.left_cents, is_kept=True)])
        case 4:
            lines = db.scalars(select(BankTransaction.id).order_by(BankTransaction.id)).all()
            live = [each for each in lines if db.scalar(_placed(each))]
            if live:
                payments.undo(db, actor, chance.choice(live))


def _placed(transaction_id: int):  # type: ignore[no-untyped-def]
    return select(func.sum(Allocation.cents)).where(Allocation.transaction_id == transaction_id)


@pytest.fixture
def finance(database: str, noon: datetime) -> Actor:
    """Somebody of finance, and ten seats of a school and of persons."""
    with write() as db:
        account = an_account(db, None, "financien@cno.example", coordinator_role=CoordinatorRole.FINANCE)
        school, course = an_institution(db), a_course(db, price_cents=9_500)
        for number in range(10):
            an_enrolment(db, course, a_person(db, f"An{number}"), school if number % 2 else None)
        return access.acting(account)


def test_balances_agree_with_the_books_after_a_random_history(finance: Actor) -> None:
    chance = random.Random(6)
    for number in range(60):
        try:
            with write() as db:
                step(db, finance, chance, number)
        except payments.CreditSpent:
            continue
    with write() as db:
        found = kept(db)
        assert found == reckoned(db)
        assert {state for *_rest, state in found.values()} >= {NoteState.PAID, NoteState.PARTLY_CREDITED}
        assert set(db.scalars(select(NoteBalance.course_id))) == set(db.scalars(select(Enrolment.course_id)))
        balances.rebuild(db.connection())
    with read() as db:
        assert kept(db) == found
