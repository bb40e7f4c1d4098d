"""A school and a person with notes to pay, bank files about them, and how the books stand."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core import access
from core.db import read, write
from core.demo.bank_files import Movement, camt_053
from core.models import BankTransaction, Note, WaitingTransaction
from core.queries import reversals
from core.queries.billing import notes_of
from core.rules.proposals import Part, Proposal
from core.services import bank_files, billing, payments
from core.services.bank_files import Taken
from core.text import folded
from core.vocabulary import Actor, CoordinatorRole, NoteState
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution

OURS, PAYERS = "BE71096123456769", "BE10000000000404"
DAY = date(2026, 11, 23)


@dataclass(frozen=True)
class World:
    """A school with three notes of € 95 and a person with one of € 190."""

    finance: Actor
    school: Actor
    notes: list[int]
    ogms: list[str]
    persons_note: int
    persons_ogm: str


def a_world() -> World:
    """The school, the person and somebody with the role finance, in an empty database."""
    with write() as db:
        account = an_account(db, None, "financien@cno.example", coordinator_role=CoordinatorRole.FINANCE)
        school = an_institution(db, "Atheneum Voorbeeld", city="Gent")
        school.search_name = folded(f"{school.name} {school.city}")
        school_account = an_account(db, school, "secretariaat@school.example")
        course, dear = a_course(db, price_cents=9_500), a_course(db, "Duur")
        seats = [an_enrolment(db, course, a_person(db, f"An{number}"), school) for number in range(3)]
        seats.append(an_enrolment(db, dear, a_person(db, "Zoë", "De Wolf")))
        ids = [billing.issue_early(db, access.acting(account), seat.id) for seat in seats]
        ogms = [str(db.get_one(Note, each).ogm) for each in ids if each]
        made = [each for each in ids if each]
        return World(access.acting(account), access.acting(school_account), made[:3], ogms[:3], made[3], ogms[3])


def paid(cents: int, ref: str = "R1", **values: object) -> Movement:
    """A movement of the school."""
    return Movement(DAY, cents, ref, **{"name": "ATHENEUM VOORBEELD", "iban": PAYERS, **values})  # type: ignore[arg-type]


def take(world: World, *movements: Movement, name: str = "a.xml", content: bytes = b"") -> Taken:
    """Read movements, or a file, into the books."""
    with write() as db:
        return bank_files.take_in(db, world.finance, name, content or camt_053(OURS, movements))


def state(world: World, note_id: int) -> tuple[NoteState | None, int]:
    """How a note stands, and what is left of it."""
    with read() as db:
        return next((row.state, row.left_cents) for row in notes_of(db, world.finance) if row.note_id == note_id)


def queue() -> list[tuple[int, int]]:
    """The lines that wait, and what is left of each."""
    with read() as db:
        found = db.execute(
            select(WaitingTransaction.transaction_id, WaitingTransaction.left_cents).order_by(
                WaitingTransaction.transaction_id
            )
        )
        return [(identity, cents) for identity, cents in found]


def proposal(transaction_id: int) -> Proposal:
    """What is proposed for a line that waits."""
    with read() as db:
        line = db.get_one(BankTransaction, transaction_id)
        left = db.get_one(WaitingTransaction, transaction_id).left_cents
        return reversals.proposals(db, [(line, left)])[transaction_id]


def place(world: World, transaction_id: int, *parts: Part) -> int:
    """Place parts of a line that waits."""
    with write() as db:
        return payments.place(db, world.finance, transaction_id, parts)
