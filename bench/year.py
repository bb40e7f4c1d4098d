"""A year of payments: notes, credits and bank files in step, payers with their habits, a colleague who works the queue.

The payers know what they mean; the platform only sees the bank files. Counted is what it books by itself (and whether
that is what was meant), what it proposes, what it leaves, and whether its books agree with the payers' own to the cent.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bench.ground import Figure, postgresql, sqlite
from bench.year_payers import Payers, Told
from core import clock
from core.access import acting
from core.db import Db, read, write
from core.decisions import decisions
from core.demo.bank_files import Movement, camt, coda
from core.demo.payers import Owed
from core.models import Allocation, BankTransaction, Enrolment, Note, WaitingTransaction
from core.queries import matching, reversals
from core.rules.proposals import Part, Payer, Proposal
from core.services import bank_files, billing, payments
from core.text import folded
from core.vocabulary import CLOCK, CoordinatorRole, PayerKind
from deploy import postgres
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution

FIRST_DAY = date(2025, 12, 1)
DURABLE = ("listen_addresses=127.0.0.1",)
PRICES = (9_500, 9_500, 12_000, 14_500, 19_000, 19_000, 24_000, 28_500)
CREDITED, IN_PART = 0.06, 0.3
FORMATS = (("CODA", 2), ("camt.053", 2), ("camt.053", 8), ("camt.052", 6), ("camt.054", 4), ("camt.053", 10))
FILES_A_FORMAT = 8


@dataclass(frozen=True, slots=True)
class Size:
    """How large the year is."""

    notes: int
    files: int
    schools: int
    persons: int
    courses: int = 60


WHOLE = Size(notes=11_000, files=250, schools=700, persons=2_000)


@dataclass(slots=True)
class Result:
    """What the year gave. `wrong`: lines that were booked by themselves as something else than was meant."""

    lines: int = 0
    came_in: int = 0
    placed: int = 0
    wrong: list[Told] = field(default_factory=list)
    proposed: Counter[str] = field(default_factory=Counter)
    by_habit: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    differing: list[str] = field(default_factory=list)


class Year:
    """One year, in a database that is ready and empty."""

    def __init__(self, size: Size, seed: int = 2026) -> None:
        self.size, self.chance, self.payers = size, random.Random(seed), Payers(seed)
        self.told: dict[tuple[str, int], Told] = {}
        self.result = Result()
        self.balance = 0
        self.seats: set[tuple[int, int]] = set()
        self.credits: dict[date, list[tuple[int, int]]] = defaultdict(list)
        with write() as db:
            account = an_account(db, None, "financien@cno.example", coordinator_role=CoordinatorRole.FINANCE)
            self.actor, self.iban = acting(account), decisions(db).payee_iban
            self.schools = [self._school(db, number) for number in range(size.schools)]
            self.persons = [a_person(db, f"Voornaam{number}", f"Naam{number}") for number in range(size.persons)]
            self.courses = [
                a_course(db, f"Nascholing {number}", price_cents=self.chance.choice(PRICES), in_days=400)
                for number in range(size.courses)
            ]
        for school in self.schools:
            self.payers.know((PayerKind.INSTITUTION, school.id), school.name)
        for person in self.persons:
            self.payers.know((PayerKind.PERSON, person.id), person.name)

    def _school(self, db: Db, number: int) -> Any:
        school = an_institution(db, f"Basisschool De Regenboog {number}", city="Gent")
        school.search_name = folded(f"{school.name} {school.city}")
        return school

    def run(self) -> Result:
        """Day after day: notes, credits, the bank's file, the queue; in the end the books are compared."""
        days = [day for day in (FIRST_DAY + timedelta(days=n) for n in range(self.size.files * 2)) if day.weekday() < 5]
        notes, files = self.size.notes, self.size.files
        for index, day in enumerate(days[:files]):
            with clock.frozen(datetime.combine(day, time(9), clock.BRUSSELS)):
                self._issue(day, notes * (index + 1) // files - notes * index // files)
                self._credit(day)
            with clock.frozen(datetime.combine(day, time(18), clock.BRUSSELS)):
                self._bank(day, index)
                self._work_the_queue()
        self._compare()
        return self.result

    def _issue(self, day: date, number: int) -> None:
        with write() as db:
            for _ in range(number):
                person, course = self._pair()
                school = self.chance.choice(self.schools) if self.chance.random() < 0.75 else None
                seat = an_enrolment(db, course, person, school)
                note = db.get_one(Note, billing.issue_early(db, self.actor, seat.id) or 0)
                owed = Owed(note.id, note.number, note.ogm or "", note.total_cents, person.name, course.title)
                human = (PayerKind.PERSON, person.id)
                payer: Payer = (PayerKind.INSTITUTION, school.id) if school else human
                self.payers.issued(owed, payer, day, human)
                if self.chance.random() < CREDITED:
                    later = day + timedelta(days=self.chance.randint(3, 60))
                    self.credits[later].append((note.id, seat.id))
            for kept_with, note_id, cents in self.payers.spending:
                payments.spend(db, self.actor, kept_with, note_id, cents)
            self.payers.spending.clear()

    def _pair(self) -> tuple[Any, Any]:
        """Somebody and a course that this person has not followed yet."""
        while True:
            person, course = self.chance.choice(self.persons), self.chance.choice(self.courses)
            if (person.id, course.id) not in self.seats:
                self.seats.add((person.id, course.id))
                return person, course

    def _credit(self, day: date) -> None:
        with write() as db:
            for due in sorted(due for due in self.credits if due <= day):
                for note_id, seat_id in self.credits.pop(due):
                    total = db.get_one(Note, note_id).total_cents
                    cents = total // 2 if self.chance.random() < IN_PART else total
                    billing.issue_credit_note(db, CLOCK, note_id, db.get_one(Enrolment, seat_id), cents)
                    self.payers.credited(note_id, cents, day)

    def _bank(self, day: date, index: int) -> None:
        found = self.payers.on(day)
        for told in found:
            self.told[told.movement.bank_ref, told.movement.cents] = told
        movements = [told.movement for told in found]
        content = self._file(movements, index)
        self.balance += sum(movement.cents for movement in movements)
        with write() as db:
            taken = bank_files.take_in(db, self.actor, f"{day}", content)
        self.result.lines += taken.added
        self.result.placed += taken.placed
        self.result.came_in += sum(told.movement.cents > 0 and bool(told.parts) for told in found)
        self.result.differing += [f"{day}: {doubt.message}" for doubt in taken.doubts]

    def _file(self, movements: Sequence[Movement], index: int) -> bytes:
        kind, version = FORMATS[index // FILES_A_FORMAT % len(FORMATS)]
        head = {"opened": self.balance, "number": index % 999 + 1}
        if kind == "CODA":
            return coda(self.iban, movements, **head)
        return camt(kind, self.iban, movements, version=version, **head)

    def _work_the_queue(self) -> None:
        with read() as db:
            rows = db.execute(
                select(BankTransaction, WaitingTransaction.left_cents)
                .join(WaitingTransaction, WaitingTransaction.transaction_id == BankTransaction.id)
                .order_by(BankTransaction.id)
            ).all()
            for line, left in rows:
                told = self.told[line.bank_ref, line.cents]
                proposal = reversals.proposals(db, [(line, left)])[line.id]
                said = self._judged(proposal, told)
                self.result.proposed[said] += 1
                self.result.by_habit[told.habit][said] += 1
                self._settle(line.id, told)

    def _settle(self, transaction_id: int, told: Told) -> None:
        with write() as db:
            if told.parts:
                payments.place(db, self.actor, transaction_id, told.parts)
            else:
                payments.set_aside(db, self.actor, transaction_id, told.habit)

    def _judged(self, proposal: Proposal, told: Told) -> str:
        if not proposal.parts:
            return "nothing proposed, rightly" if not told.parts else "nothing proposed"
        if _as_sums(proposal.parts) == _as_sums(told.parts):
            return "proposed, right"
        payers = {self.payers.payer_of[part.note_id] for part in (*proposal.parts, *told.parts)}
        return "proposed, right payer, another note" if told.parts and len(payers) == 1 else "proposed, wrong"

    def _compare(self) -> None:
        with read() as db:
            booked: dict[int, list[Part]] = defaultdict(list)
            lines = {line.id: line for line in db.scalars(select(BankTransaction))}
            for row in db.scalars(select(Allocation).where(Allocation.is_automatic)):
                booked[row.transaction_id].append(Part(row.note_id or 0, row.cents, row.placed_as == "kept"))
            for identity, parts in booked.items():
                told = self.told[lines[identity].bank_ref, lines[identity].cents]
                self.result.by_habit[told.habit]["booked"] += 1
                if _as_sums(parts) != _as_sums(told.parts):
                    self.result.wrong.append(told)
            self.result.differing += self._differences(db)

    def _differences(self, db: Db) -> Iterator[str]:
        """Where the platform's books and the payers' own differ."""
        for note in matching.notes(db, Note.id > 0):
            if note.left_cents != self.payers.left[note.note_id]:
                yield f"{note.number}: {note.left_cents} is not {self.payers.left[note.note_id]}"
        if matching.kept_by_note(db) != {each: cents for each, cents in self.payers.kept.items() if cents}:
            yield "kept credit"
        came = db.scalar(select(func.sum(BankTransaction.cents)))
        went = db.scalar(select(func.sum(Allocation.cents))) or 0
        waits = db.scalar(select(func.sum(WaitingTransaction.left_cents))) or 0
        if not came == went + waits == self.balance:
            yield f"the lines are {came}, placed {went}, waiting {waits}, the bank's balance {self.balance}"


def _as_sums(parts: Sequence[Part]) -> dict[tuple[int, bool], int]:
    sums: Counter[tuple[int, bool]] = Counter()
    for part in parts:
        sums[part.note_id, part.is_kept] += part.cents
    return dict(sums)


def _of(name: str, ground: AbstractContextManager[Path]) -> Iterator[Figure]:
    with ground:
        result = Year(WHOLE).run()
    waited = sum(result.proposed.values())
    yield Figure(f"a year: bank lines, {name}", result.lines, "lines")
    yield Figure(f"… of which payments of notes, {name}", result.came_in, "lines", "~ 9,800")
    yield Figure(f"… booked by themselves, {name}", result.placed, "lines")
    yield Figure(f"… share of all lines, {name}", 100 * result.placed / result.lines, "%")
    yield Figure(f"… booked as something else than meant, {name}", len(result.wrong), "lines", "= 0")
    yield Figure(f"… waited for a colleague, {name}", waited, "lines")
    for said, number in sorted(result.proposed.items()):
        yield Figure(f"…… {said}, {name}", number, "lines")
    yield Figure(f"… differences from the payers' books, {name}", len(result.differing), "", "= 0")
    for habit, counted in sorted(result.by_habit.items()):
        for said, number in sorted(counted.items()):
            yield Figure(f"…… {habit}: {said}, {name}", number, "lines")


def figures(given: dict[str, str]) -> Iterator[Figure]:
    """A year on each database, or on one: `on=sqlite`, `on=postgresql`."""
    on = given.get("on", "")
    if on in ("", "sqlite"):
        yield from _of("SQLite", sqlite())
    if on in ("", "postgresql"):
        with postgres.running(DURABLE) as server:
            yield from _of("PostgreSQL", postgresql(server))
