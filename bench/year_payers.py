"""The payers of a year: what each owes, when it pays, how it writes and what it means; nothing of the platform."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import count

from core.demo.bank_files import Movement
from core.demo.payers import Habit, Owed, words
from core.rules.proposals import Part, Payer
from core.vocabulary import PayerKind

#: How often each habit is met among payments of one note, in thousandths.
HABITS = {
    Habit.STRUCTURED: 640,
    Habit.RETYPED: 150,
    Habit.RF: 10,
    Habit.TYPO: 25,
    Habit.SWAPPED: 15,
    Habit.NUMBER: 45,
    Habit.WRONG_NUMBER: 6,
    Habit.WRONG_YEAR: 4,
    Habit.PERSON: 35,
    Habit.COURSE: 20,
    Habit.OLD: 10,
    Habit.NOTHING: 40,
}
_TOGETHER = {Habit.RETYPED: 40, Habit.NUMBER: 25, Habit.PERSON: 10, Habit.NOTHING: 25}
_NOT_OURS = (
    (-1_250, "", "kosten rekeningbeheer"),
    (250_000, "VLAAMS AGENTSCHAP", "subsidie 2026"),
    (4_500, "CAFE DE HOEK", "terugbetaling drankbonnen"),
    (9_500, "ANDERE DIENST", "+++090/9337/55493+++"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A movement, and the parts its payer means; without parts it is not for us."""

    movement: Movement
    parts: tuple[Part, ...]
    habit: str


@dataclass(frozen=True, slots=True)
class Account:
    """Where a payer's money comes from, as the bank prints it."""

    iban: str
    name: str


class Payers:
    """All payers, with their own books: `left` of each note, and what is `kept` for them by the note it came with."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.left: dict[int, int] = {}
        self.kept: Counter[int] = Counter()
        self.payer_of: dict[int, Payer] = {}
        self.spending: list[tuple[int, int, int]] = []
        self._kept_of: dict[Payer, list[int]] = defaultdict(list)
        self._accounts: dict[Payer, Account] = {}
        self._old: dict[Payer, Owed] = {}
        self._baskets: dict[Payer, list[Owed]] = defaultdict(list)
        self._agenda: dict[date, list[Callable[[date], Iterator[Told]]]] = defaultdict(list)
        self._refs = count(1)

    def know(self, payer: Payer, name: str) -> None:
        """A payer and its account: some are abroad, some under another name, some shared by two schools."""
        number, roll = len(self._accounts) + 1, self.chance.random()
        iban = f"NL00FICT{number:010}" if roll < 0.02 else f"BE10{number:012}"
        shown = name.upper()
        if payer[0] is PayerKind.PERSON:
            shown = f"DHR-MEVR {name.rsplit(maxsplit=1)[-1]}" if roll > 0.9 else " ".join(reversed(shown.split(" ", 1)))
        elif roll > 0.7:
            shown = f"VZW SCHOLEN {number}"
        if payer[0] is PayerKind.INSTITUTION and 0.02 < roll < 0.06 and self._accounts:
            iban = self.chance.choice([each.iban for each in self._accounts.values()])
        self._accounts[payer] = Account(iban, shown)

    def issued(self, note: Owed, payer: Payer, on: date, participant: Payer) -> None:
        """A note arrived: plan what becomes of it."""
        self.left[note.note_id], self.payer_of[note.note_id] = note.cents, payer
        self._use_credit(note, payer)
        fate = self.chance.random()
        if fate < 0.07:
            return
        due = on + timedelta(days=int(self.chance.triangular(2, 60, 20)))
        by = participant if fate > 0.97 else payer
        if payer[0] is PayerKind.INSTITUTION and fate < 0.16:
            self._baskets[payer].append(note)
            self._at(on + timedelta(days=25), lambda day: self._basket(day, payer))
        elif fate < 0.18:
            self._at(due, lambda day: self._pay(day, by, note, self.left[note.note_id] // 2))
            self._at(due + timedelta(days=20), lambda day: self._pay(day, by, note))
        elif fate < 0.192:
            self._at(due, lambda day: self._pay_over(day, by, note))
        elif fate < 0.204:
            self._at(due, lambda day: self._pay(day, by, note, habit=Habit.STRUCTURED))
            self._at(due + timedelta(days=9), lambda day: self._pay_again(day, by, note))
        elif fate < 0.210:
            self._at(due, lambda day: self._pay_and_lose(day, by, note))
        else:
            self._at(due, lambda day: self._pay(day, by, note))

    def credited(self, note_id: int, cents: int, on: date) -> None:
        """A credit note arrived: what was paid too much is paid back later."""
        self.left[note_id] -= cents
        if self.left[note_id] < 0:
            self._at(on + timedelta(days=20), lambda day: self._refund(day, note_id))

    def on(self, day: date) -> list[Told]:
        """What the bank books until this day, that it did not book before."""
        found = [
            told for due in sorted(self._agenda) if due <= day for make in self._agenda.pop(due) for told in make(day)
        ]
        if self.chance.random() < 0.25:
            cents, name, text = self.chance.choice(_NOT_OURS)
            found.append(Told(Movement(day, cents, self._ref(), name, text=text), (), "not for us"))
        return found

    def _at(self, day: date, make: Callable[[date], Iterator[Told]]) -> None:
        self._agenda[day].append(make)

    def _ref(self) -> str:
        return f"REF{next(self._refs):09}"

    def _told(self, day: date, by: Payer, parts: Sequence[Part], habit: Habit, notes: Sequence[Owed]) -> Told:
        account, old = self._accounts[by], self._old.get(self.payer_of[notes[0].note_id])
        said = words(habit, self.chance, notes, old)
        ref = self._ref()
        cents = sum(part.cents for part in parts)
        movement = Movement(day, cents, ref, account.name, account.iban, said.reference, said.text, f"E2E{ref}")
        for part in parts:
            if part.is_kept:
                self.kept[part.note_id] += part.cents
            else:
                self.left[part.note_id] -= part.cents
        return Told(movement, tuple(parts), habit if len(notes) == 1 else f"several notes: {habit}")

    def _habit(self, habits: dict[Habit, int]) -> Habit:
        return self.chance.choices(list(habits), list(habits.values()))[0]

    def _pay(self, day: date, by: Payer, note: Owed, cents: int = 0, habit: Habit | None = None) -> Iterator[Told]:
        left = self.left[note.note_id]
        if left <= 0:
            return
        habit = habit or self._habit(HABITS)
        if habit is Habit.OLD and self._old.get(self.payer_of[note.note_id]) is None:
            habit = Habit.STRUCTURED
        yield self._told(day, by, [Part(note.note_id, min(cents or left, left))], habit, [note])
        if not self.left[note.note_id]:
            self._old[self.payer_of[note.note_id]] = note

    def _pay_over(self, day: date, by: Payer, note: Owed) -> Iterator[Told]:
        left = self.left[note.note_id]
        if left > 0:
            over = self.chance.choice((500, 1_000, 2_400, 9_500))
            parts = [Part(note.note_id, left), Part(note.note_id, over, is_kept=True)]
            yield self._told(day, by, parts, Habit.STRUCTURED, [note])
            self._keep(day, by, note)

    def _pay_again(self, day: date, by: Payer, note: Owed) -> Iterator[Told]:
        if self.left[note.note_id] <= 0:
            yield self._told(day, by, [Part(note.note_id, note.cents, is_kept=True)], Habit.STRUCTURED, [note])
            self._keep(day, by, note)

    def _keep(self, day: date, by: Payer, note: Owed) -> None:
        payer = self.payer_of[note.note_id]
        if self.chance.random() < 0.5:
            self._kept_of[payer].append(note.note_id)
        else:
            self._at(day + timedelta(days=20), lambda then: self._refund_kept(then, by, note))

    def _refund(self, day: date, note_id: int) -> Iterator[Told]:
        cents, account = self.left[note_id], self._accounts[self.payer_of[note_id]]
        if cents < 0:
            self.left[note_id] = 0
            movement = Movement(day, cents, self._ref(), account.name, account.iban, text="terugbetaling creditnota")
            yield Told(movement, (Part(note_id, cents),), "refund of a credit note")

    def _refund_kept(self, day: date, by: Payer, note: Owed) -> Iterator[Told]:
        cents, account = self.kept[note.note_id], self._accounts[by]
        if cents > 0:
            self.kept[note.note_id] = 0
            movement = Movement(day, -cents, self._ref(), account.name, account.iban, text="terugbetaling")
            yield Told(movement, (Part(note.note_id, -cents, is_kept=True),), "refund of kept credit")

    def _pay_and_lose(self, day: date, by: Payer, note: Owed) -> Iterator[Told]:
        for told in self._pay(day, by, note, habit=Habit.STRUCTURED):
            yield told
            self._at(day + timedelta(days=2), partial(self._taken_back, told=told))
            self._at(day + timedelta(days=12), lambda then: self._pay(then, by, note))

    def _taken_back(self, day: date, told: Told) -> Iterator[Told]:
        was, roll = told.movement, self.chance.random()
        if any(self.left[part.note_id] for part in told.parts):
            return  # credited meanwhile: the bank's mistake was found before
        opposite = tuple(Part(part.note_id, -part.cents) for part in told.parts)
        for part in opposite:
            self.left[part.note_id] -= part.cents
        movement = replace(was, booked_on=day, cents=-was.cents, ogm="", text="", is_reversal=True)
        if roll > 0.6:
            movement = replace(movement, bank_ref=self._ref(), end_to_end=was.end_to_end if roll < 0.8 else "")
        yield Told(movement, opposite, "taken back by the bank")

    def _basket(self, day: date, payer: Payer) -> Iterator[Told]:
        notes = [note for note in self._baskets.pop(payer, []) if self.left[note.note_id] > 0][:5]
        if notes:
            parts = [Part(note.note_id, self.left[note.note_id]) for note in notes]
            habits = _TOGETHER if len(notes) > 1 else HABITS
            habit = self._habit(habits)
            if habit is Habit.OLD:
                habit = Habit.STRUCTURED
            yield self._told(day, payer, parts, habit, notes)

    def _use_credit(self, note: Owed, payer: Payer) -> None:
        """What is kept for this payer goes to its next note: it asks so, and a colleague does it."""
        for kept_with in self._kept_of[payer]:
            cents = min(self.kept[kept_with], self.left[note.note_id])
            if cents > 0:
                self.kept[kept_with] -= cents
                self.left[note.note_id] -= cents
                self.spending.append((kept_with, note.note_id, cents))
