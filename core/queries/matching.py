"""What is known around bank lines: the notes they name and the open notes of who paid; few queries for many lines."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from core.db import Db
from core.labels import holder
from core.models import (
    Allocation,
    BankTransaction,
    Institution,
    Note,
    PaidBefore,
    Person,
    received_for,
)
from core.queries import bank_payers as payers
from core.queries.bank_payers import in_batches
from core.rules import matching as rules
from core.rules.proposals import NOTHING, Found, OpenNote, Part, Payer, Proposal, Undone
from core.rules.references import Seen, nearly, numbers, references
from core.text import folded
from core.vocabulary import NoteKind, PayerKind, PlacedAs


def seen(line: BankTransaction, left_cents: int | None = None) -> Seen:
    """A stored line as the rules look at it; of a line that is placed in part, what is left."""
    return Seen(
        cents=line.cents if left_cents is None else left_cents,
        references=tuple(line.references.split()),
        text=line.text,
        is_reversal=line.is_reversal,
        is_euro=line.currency == "EUR",
    )


def notes(db: Db, condition: ColumnElement[bool] | Any) -> tuple[OpenNote, ...]:
    """Debit notes as they stand now, the oldest first; a payer that was merged counts as the one that was kept."""
    credit = aliased(Note)
    credited = (
        select(func.coalesce(func.sum(credit.total_cents), 0))
        .where(credit.corrects_id == Note.id)
        .correlate(Note)
        .scalar_subquery()
    )
    left = Note.total_cents - credited - func.coalesce(PaidBefore.cents, 0) - received_for(Note.id)
    rows: Any = db.execute(
        select(
            *(Note.id, Note.number, Note.ogm, Note.payer_kind, left),
            *(func.coalesce(Institution.merged_into_id, Institution.id), Institution.name),
            *(func.coalesce(Person.merged_into_id, Person.id), Person.first_name, Person.last_name),
        )
        .outerjoin(PaidBefore, PaidBefore.note_id == Note.id)
        .outerjoin(Institution, Institution.id == Note.payer_institution_id)
        .outerjoin(Person, Person.id == Note.payer_person_id)
        .where(Note.kind == NoteKind.DEBIT, condition)
        .order_by(Note.issued_on, Note.id)
    )
    return tuple(
        OpenNote(
            note_id=identity,
            number=number,
            ogm=ogm or "",
            payer=(kind, school if kind is PayerKind.INSTITUTION else person),
            payer_name=name if kind is PayerKind.INSTITUTION else holder(f"{first} {last}" if first else None),
            left_cents=left_cents,
        )
        for identity, number, ogm, kind, left_cents, school, name, person, first, last in rows
    )


@dataclass(slots=True)
class Ground:
    """What is known around some lines. `notes` are kept up to date with :meth:`paid` while lines are placed."""

    notes: dict[int, OpenNote] = field(default_factory=dict)
    by_ogm: dict[str, int] = field(default_factory=dict)
    by_number: dict[str, int] = field(default_factory=dict)
    of_payer: dict[Payer, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_iban: dict[str, set[Payer]] = field(default_factory=dict)
    by_name: dict[str, set[Payer]] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)

    def add(self, found: Iterable[OpenNote]) -> None:
        """Know these notes."""
        for note in found:
            if note.note_id not in self.notes:
                self.by_ogm[note.ogm] = self.by_number[note.number] = note.note_id
                self.of_payer[note.payer].append(note.note_id)
            self.notes[note.note_id] = note

    def paid(self, parts: Iterable[Part]) -> None:
        """These parts were booked: the next line finds the notes as they are now."""
        for part in parts:
            note = self.notes.get(part.note_id)
            if note is not None and not part.is_kept:
                self.notes[part.note_id] = replace(note, left_cents=note.left_cents - part.cents)

    def named(self, ogms: Iterable[str], printed: Iterable[str]) -> tuple[list[OpenNote], list[OpenNote]]:
        """The notes with these references, and those with these numbers."""
        ours = [self.notes[self.by_ogm[each]] for each in ogms if each in self.by_ogm]
        return ours, [self.notes[self.by_number[each]] for each in printed if each in self.by_number]

    def proposal(self, line: BankTransaction, look: Seen, undone: Undone = NOTHING) -> Proposal:
        """What the rules make of a line on this ground."""
        ours, named = self.named(references(look), numbers(look))
        by_iban, by_name = self.by_iban.get(line.iban, set()), self.by_name.get(folded(line.name), set())
        found = Found(
            by_ogm={note.ogm: note for note in ours},
            by_number={note.number: note for note in named},
            of_named=self._of({note.payer for note in (*ours, *named)}),
            of_account=self._of(by_iban),
            of_name=self._of(by_name),
            nearly=self.named(nearly(look), ())[0],
            payers=frozenset(by_iban or by_name),
            kept=self.kept,
            undone=undone,
        )
        return rules.propose(look, found)

    def _of(self, payers: Iterable[Payer]) -> list[OpenNote]:
        own = [self.notes[identity] for payer in payers for identity in self.of_payer[payer]]
        return [note for note in own if note.left_cents or note.note_id in self.kept]


def ground(db: Db, lines: Sequence[BankTransaction]) -> Ground:
    """Look up, in a few queries, all that these lines may be about."""
    looks = [seen(line) for line in lines]
    made = Ground()
    _gather(db, made, Note.ogm, {each for look in looks for each in (*references(look), *nearly(look))})
    _gather(db, made, Note.number, {each for look in looks for each in numbers(look)})
    unnamed = [
        line
        for line, look in zip(lines, looks, strict=True)
        if look.cents < 0 or not any(each in made.by_ogm for each in references(look))
    ]
    made.by_iban = payers.by_iban(db, {line.iban for line in unnamed} - {""})
    made.by_name = payers.by_name(db, {folded(line.name) for line in unnamed} - {""})
    known = {note.payer for note in made.notes.values() if note.left_cents <= 0}
    known |= {payer for found in (made.by_iban, made.by_name) for each in found.values() for payer in each}
    _gather_open(db, made, known)
    if any(line.cents < 0 for line in lines):
        made.kept = kept_by_note(db)
        _gather(db, made, Note.id, set(made.kept) - set(made.notes))
    return made


def _gather(db: Db, made: Ground, column: Any, wanted: set[Any]) -> None:
    for some in in_batches(sorted(wanted)):
        made.add(notes(db, column.in_(some)))


def _gather_open(db: Db, made: Ground, wanted_payers: set[Payer]) -> None:
    """The notes of payers that are not settled; doubles merged into them included."""
    for kind, owner, column in (
        (PayerKind.INSTITUTION, Institution, Note.payer_institution_id),
        (PayerKind.PERSON, Person, Note.payer_person_id),
    ):
        wanted = sorted(identity for payer_kind, identity in wanted_payers if payer_kind is kind)
        for some in in_batches(wanted):
            ids = select(owner.id).where(or_(owner.id.in_(some), owner.merged_into_id.in_(some)))
            found = notes(db, and_(Note.payer_kind == kind, column.in_(ids)))
            made.add(note for note in found if note.left_cents)


def kept_by_note(db: Db) -> dict[int, int]:
    """The credit that is kept for payers, in cents, by the note it hangs on."""
    rows: Any = db.execute(
        select(Allocation.note_id, func.sum(Allocation.cents))
        .where(Allocation.placed_as == PlacedAs.KEPT)
        .group_by(Allocation.note_id)
        .having(func.sum(Allocation.cents) != 0)
    )
    return {note_id: int(cents) for note_id, cents in rows}


def placed(db: Db, transaction_ids: Sequence[int]) -> Mapping[int, tuple[Part, ...]]:
    """What lines are placed as now: their parts for notes and as kept credit; what was undone is no part."""
    rows: Any = db.execute(
        select(Allocation.transaction_id, Allocation.note_id, Allocation.placed_as, func.sum(Allocation.cents))
        .where(Allocation.transaction_id.in_(transaction_ids), Allocation.note_id.is_not(None))
        .group_by(Allocation.transaction_id, Allocation.note_id, Allocation.placed_as)
        .having(func.sum(Allocation.cents) != 0)
        .order_by(Allocation.transaction_id, func.min(Allocation.id))
    )
    found: dict[int, list[Part]] = defaultdict(list)
    for transaction_id, note_id, placed_as, cents in rows:
        found[transaction_id].append(Part(note_id, int(cents), placed_as is PlacedAs.KEPT))
    return {identity: tuple(parts) for identity, parts in found.items()}
