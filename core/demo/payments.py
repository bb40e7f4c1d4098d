"""What the bank brought of the demo's notes: most of the old ones paid, of the last ones something of everything."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle, groupby
from random import Random

from sqlalchemy import select

from core import clock
from core.db import read, write
from core.decisions import decisions
from core.demo.bank_files import Movement, camt_053, coda
from core.demo.payers import Habit, Owed, words
from core.models import BankTransaction, Note
from core.queries import matching, reversals
from core.rules.proposals import OpenNote, Payer
from core.services import bank_files, payments
from core.vocabulary import Actor, PayerKind

_LATELY = timedelta(days=100)
_FIRST_CAMT = 2024
_OPENED = 4_210_000
_COSTS = -1_250


@dataclass(frozen=True, slots=True)
class _Due:
    """A note that is open, and the day it was issued on."""

    note: OpenNote
    issued_on: date

    @property
    def owed(self) -> Owed:
        """As its payer has it on the desk."""
        return Owed(self.note.note_id, self.note.number, self.note.ogm, self.note.left_cents, self.note.payer_name)


class _Bank:
    """The movements of the demo's account, and which of them somebody has placed by hand."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.movements: list[Movement] = []
        self.by_hand: set[str] = set()

    def pay(self, due: _Due, habit: Habit, *, cents: int = 0, days: int = 0, by_hand: bool = False) -> None:
        """A payment of a note, some days after it was issued; `by_hand`: a colleague agreed with the proposal."""
        said = words(habit, self.chance, [due.owed])
        ref = self._add(due, cents or due.note.left_cents, days, said.reference, said.text)
        if by_hand:
            self.by_hand.add(ref)

    def _add(self, due: _Due, cents: int, days: int, reference: str, text: str) -> str:
        on = _bank_day(due.issued_on + timedelta(days=days or self.chance.randint(8, 28)))
        ref = f"{on:%y%m%d}{len(self.movements) + 1:05}"
        kind, identity = due.note.payer
        iban = f"BE10{1 if kind is PayerKind.INSTITUTION else 2}{identity:011}"
        self.movements.append(Movement(on, cents, ref, due.note.payer_name.upper(), iban, reference, text, ref))
        return ref

    def together(self, dues: list[_Due]) -> None:
        """One payment for several notes of a payer, which names none of them."""
        self._add(dues[-1], sum(due.note.left_cents for due in dues), 0, "", "vormingen personeel")

    def other(self) -> None:
        """What is no payment of a note: the bank's costs, and money that belongs elsewhere."""
        on = _bank_day(clock.today() - timedelta(days=1))
        self.movements += [
            Movement(on, _COSTS, f"{on:%y%m%d}90001", text="Kosten rekeningbeheer"),
            Movement(on, 4_500, f"{on:%y%m%d}90002", "VANDENBERGHE L", "BE10000000099001", text="reünie oud-studenten"),
        ]


def some_years(finance: Actor, seed: int) -> None:
    """Bank files of every month since the first note, read on the day after, and what had to be placed by hand."""
    with read() as db:
        rows = db.execute(select(Note.id, Note.issued_on))
        days = {note_id: on for note_id, on in rows.all() if on}
        found = [_Due(note, days[note.note_id]) for note in matching.notes(db, Note.id > 0) if note.left_cents > 0]
        account = decisions(db).payee_iban
    bank = _Bank(seed)
    since = clock.today() - _LATELY
    for due in found:
        if due.issued_on < since:
            bank.pay(due, Habit.STRUCTURED if bank.chance.random() < 0.8 else Habit.RETYPED)
    _lately(bank, [due for due in found if due.issued_on >= since])
    bank.other()
    balance = _OPENED
    bank.movements.sort(key=lambda movement: movement.booked_on)
    months = groupby(bank.movements, key=lambda movement: (movement.booked_on.year, movement.booked_on.month))
    for number, ((year, month), group) in enumerate(months, start=1):
        movements = list(group)
        content = (coda if year < _FIRST_CAMT else camt_053)(account, movements, opened=balance, number=number % 999)
        balance += sum(movement.cents for movement in movements)
        name = f"{year}-{month:02}.{'cod' if year < _FIRST_CAMT else 'xml'}"
        morning = datetime.combine(movements[-1].booked_on + timedelta(days=1), time(8, 40), clock.BRUSSELS)
        with clock.frozen(min(morning, clock.now())):
            with write() as db:
                bank_files.take_in(db, finance, name, content)
            _place_by_hand(finance, bank.by_hand & {movement.bank_ref for movement in movements})


def _lately(bank: _Bank, dues: list[_Due]) -> None:
    """Of the last notes: paid, paid in part, paid too much, waiting for a colleague, and open beyond their day."""
    of_payer: dict[Payer, list[_Due]] = defaultdict(list)
    for due in dues:
        of_payer[due.note.payer].append(due)
    groups = sorted(of_payer.values(), key=lambda group: (-len(group), group[0].note.note_id))
    for group, fate in zip(groups, (_school_that_pays_together, _school_that_pays_too_much, _pays_half), strict=False):
        fate(bank, group)
    alone = (due for group in groups[3:] for due in group)
    for due, single in zip(alone, cycle((_by_number, _twice, _a_part)), strict=False):
        single(bank, due)


def _school_that_pays_together(bank: _Bank, dues: list[_Due]) -> None:
    """One paid, one open, the others in one payment that names none of them: it waits."""
    bank.pay(dues[0], Habit.STRUCTURED)
    if len(dues) > 2:
        bank.together(dues[2:])


def _school_that_pays_too_much(bank: _Bank, dues: list[_Due]) -> None:
    """One open beyond its day, one paid too much (the rest is kept), the others with a typing error: they wait."""
    for due in dues[1:2]:
        bank.pay(due, Habit.STRUCTURED, cents=due.note.left_cents + 2_000, by_hand=True)
    for due in dues[2:]:
        bank.pay(due, Habit.TYPO)


def _pays_half(bank: _Bank, dues: list[_Due]) -> None:
    """One paid for a half, the others open beyond their day."""
    bank.pay(dues[0], Habit.RETYPED, cents=dues[0].note.left_cents // 2, by_hand=True)


def _by_number(bank: _Bank, due: _Due) -> None:
    bank.pay(due, Habit.NUMBER)


def _twice(bank: _Bank, due: _Due) -> None:
    bank.pay(due, Habit.STRUCTURED, days=9)
    bank.pay(due, Habit.STRUCTURED, days=21)


def _a_part(bank: _Bank, due: _Due) -> None:
    bank.pay(due, Habit.STRUCTURED, cents=due.note.left_cents // 3)


def _place_by_hand(finance: Actor, refs: set[str]) -> None:
    """A colleague agrees with what is proposed for these lines."""
    for ref in sorted(refs):
        with write() as db:
            line = db.scalars(select(BankTransaction).where(BankTransaction.bank_ref == ref)).one()
            payments.place(db, finance, line.id, reversals.proposals(db, [(line, line.cents)])[line.id].parts)


def _bank_day(day: date) -> date:
    """The last day until then that banks work on, yesterday at the latest."""
    last = clock.today() - timedelta(days=1)
    day = min(day, last)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day
