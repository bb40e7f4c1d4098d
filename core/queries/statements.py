"""The statement of account of a payer: what a period began and ended with, what moved, and what is open.

A payment counts on the day the bank booked it; what was undone counts no more. So the closing balance is to the cent
what the notes still ask on that day, less what is kept as credit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import aliased

from core import access, clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import (
    Account,
    Allocation,
    BankTransaction,
    Institution,
    Note,
    NoteLine,
    PaidBefore,
    Person,
)
from core.rules.proposals import Payer
from core.vocabulary import Actor, ActorKind, EntryKind, Language, NoteKind, PayerKind, PlacedAs

MOST_ENTRIES = 5_000


class PeriodTooLong(DomainError):
    """More movements than a statement is read for."""

    message = N_("Too much happened in this period for one statement: choose a shorter one.")


class PeriodBackwards(DomainError):
    """A period that ends before it begins."""

    message = N_("The last day comes before the first.")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that moved the balance; `cents` above 0: the payer owes more. `more`: further lines of that note."""

    on: date
    kind: EntryKind
    number: str
    about: str
    more: int
    cents: int


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A debit note that asks something on the last day, or of which too much was paid (`left_cents` below 0)."""

    note_id: int
    number: str
    ogm: str
    issued_on: date
    due_on: date | None
    total_cents: int
    left_cents: int


@dataclass(frozen=True, slots=True)
class Statement:
    """The account of a payer from a day to a day, both included, in the payer's language.

    `kept_cents` is credit that is kept for a next note.
    """

    payer: Payer
    payer_name: str
    language: Language
    address: tuple[str, ...]
    first: date
    last: date
    opening_cents: int
    entries: tuple[Entry, ...]
    items: tuple[OpenItem, ...]
    kept_cents: int

    @property
    def closing_cents(self) -> int:
        """What the payer owes at the end; below 0: what CNO owes."""
        return self.opening_cents + sum(entry.cents for entry in self.entries)

    @property
    def by_age(self) -> dict[int, int]:
        """What is open by days after the due date at the end: 0 (not due), 30, 60, 90, and above that 91."""
        sums = dict.fromkeys(AGES, 0)
        for item in self.items:
            if item.left_cents > 0:
                sums[age(item.due_on, self.last)] += item.left_cents
        return sums


#: Not due, up to 30, 60 and 90 days late, later still.
AGES = (0, 30, 60, 90, 91)


def age(due_on: date | None, on: date) -> int:
    """Which of the :data:`AGES` a note has."""
    days = (on - due_on).days if due_on else 0
    return 0 if days <= 0 else next((most for most in AGES[1:4] if days <= most), AGES[4])


def of(db: Db, actor: Actor, payer: Payer | None, first: date, last: date) -> Statement:
    """The account of a payer, the actor's own when none is given; doubles that were merged into it included.

    Raises NotFound for what is somebody else's, PeriodBackwards or PeriodTooLong.
    """
    kind, identity = _payer_for(actor, payer)
    if last < first:
        raise PeriodBackwards
    owner: Institution | Person | None = (
        db.get(Institution, identity) if kind is PayerKind.INSTITUTION else db.get(Person, identity)
    )
    if owner is None:
        raise access.NotFound
    mine = _mine(kind, identity)
    lines = [*owner.street.splitlines(), f"{owner.postcode} {owner.city}".strip()]
    return Statement(
        payer=(kind, identity),
        payer_name=owner.name,
        language=db.scalar(select(Account.language).where(_account(kind, identity))) or Language.DUTCH,
        address=tuple(line for line in lines if line),
        first=first,
        last=last,
        opening_cents=_balance_before(db, mine, first),
        entries=_entries(db, mine, first, last),
        items=_open_on(db, mine, last),
        kept_cents=_kept_on(db, mine, last),
    )


def _payer_for(actor: Actor, payer: Payer | None) -> Payer:
    """Whose account an actor may see: the own one, or any for who works for CNO. Raises NotFound."""
    if access.is_staff(actor):
        if payer is None:
            raise access.NotFound
        return payer
    own: Payer | None = None
    if actor.kind is ActorKind.INSTITUTION and actor.institution_id is not None:
        own = (PayerKind.INSTITUTION, actor.institution_id)
    if actor.kind is ActorKind.PERSON and actor.person_id is not None:
        own = (PayerKind.PERSON, actor.person_id)
    if own is None or payer not in (None, own):
        raise access.NotFound
    return own


def _mine(kind: PayerKind, identity: int) -> ColumnElement[bool]:
    if kind is PayerKind.INSTITUTION:
        return Note.payer_institution_id.in_(access.known_as(Institution, identity))
    return and_(Note.payer_kind == PayerKind.PERSON, Note.payer_person_id.in_(access.known_as(Person, identity)))


def _account(kind: PayerKind, identity: int) -> ColumnElement[bool]:
    return (Account.institution_id if kind is PayerKind.INSTITUTION else Account.person_id) == identity


_SIGNED = case((Note.kind == NoteKind.DEBIT, Note.total_cents), else_=-Note.total_cents)


def _balance_before(db: Db, mine: ColumnElement[bool], first: date) -> int:
    noted = db.scalar(select(func.sum(_SIGNED)).where(mine, Note.issued_on < first)) or 0
    before = db.scalar(
        select(func.sum(PaidBefore.cents)).join(Note, Note.id == PaidBefore.note_id).where(mine, Note.issued_on < first)
    )
    paid = _placed(db, mine, BankTransaction.booked_on < first, PlacedAs.NOTE, PlacedAs.KEPT)
    return int(noted) - int(before or 0) - paid


def _placed(db: Db, mine: ColumnElement[bool], when: ColumnElement[bool], *placed_as: PlacedAs) -> int:
    """What of the bank's lines was placed so for a payer, in cents; given back counts below 0."""
    found = db.scalar(
        select(func.sum(Allocation.cents))
        .join(BankTransaction, BankTransaction.id == Allocation.transaction_id)
        .join(Note, Note.id == Allocation.note_id)
        .where(mine, when, Allocation.placed_as.in_(placed_as))
    )
    return int(found or 0)


def _kept_on(db: Db, mine: ColumnElement[bool], last: date) -> int:
    """The credit of a payer on a day, in cents: also what only later was used for a note that did not exist yet."""
    until = BankTransaction.booked_on <= last
    ahead = _placed(db, mine, and_(until, Note.issued_on > last), PlacedAs.NOTE)
    return _placed(db, mine, until, PlacedAs.KEPT) + ahead


def _entries(db: Db, mine: ColumnElement[bool], first: date, last: date) -> tuple[Entry, ...]:
    """What moved the balance, day by day: notes before the payments of the same day."""
    within = Note.issued_on.between(first, last)
    found = [*_notes(db, mine, within), *_paid_before(db, mine, within), *_payments(db, mine, first, last)]
    if len(found) > MOST_ENTRIES:
        raise PeriodTooLong
    order = list(EntryKind)
    return tuple(sorted(found, key=lambda entry: (entry.on, order.index(entry.kind), entry.number)))


def _notes(db: Db, mine: ColumnElement[bool], within: ColumnElement[bool]) -> list[Entry]:
    lines = select(func.count()).where(NoteLine.note_id == Note.id).correlate(Note).scalar_subquery()
    rows = db.execute(
        select(Note.issued_on, Note.kind, Note.number, Note.total_cents, NoteLine.description, lines)
        .outerjoin(NoteLine, and_(NoteLine.note_id == Note.id, NoteLine.position == 1))
        .where(mine, within)
        .order_by(Note.issued_on, Note.id)
        .limit(MOST_ENTRIES + 1)
    )
    return [
        Entry(
            on,
            EntryKind.DEBIT if kind is NoteKind.DEBIT else EntryKind.CREDIT,
            number,
            about or "",
            max(0, count - 1),
            cents if kind is NoteKind.DEBIT else -cents,
        )
        for on, kind, number, cents, about, count in rows
    ]


def _paid_before(db: Db, mine: ColumnElement[bool], within: ColumnElement[bool]) -> list[Entry]:
    rows = db.execute(
        select(Note.issued_on, Note.number, PaidBefore.cents)
        .join(PaidBefore, PaidBefore.note_id == Note.id)
        .where(mine, within)
        .limit(MOST_ENTRIES + 1)
    )
    return [Entry(on, EntryKind.BEFORE, number, "", 0, -cents) for on, number, cents in rows]


def _payments(db: Db, mine: ColumnElement[bool], first: date, last: date) -> list[Entry]:
    """A line for each bank line that something of this payer came from or went to, with the notes it is for."""
    cents = func.sum(Allocation.cents)
    rows: Sequence[Any] = db.execute(
        select(BankTransaction.id, BankTransaction.booked_on, Note.number, cents)
        .join(Allocation, Allocation.transaction_id == BankTransaction.id)
        .join(Note, Note.id == Allocation.note_id)
        .where(mine, BankTransaction.booked_on.between(first, last))
        .where(Allocation.placed_as.in_((PlacedAs.NOTE, PlacedAs.KEPT)))
        .group_by(BankTransaction.id, BankTransaction.booked_on, Note.number)
        .having(cents != 0)
        .order_by(BankTransaction.booked_on, BankTransaction.id, Note.number)
        .limit(MOST_ENTRIES + 1)
    ).all()
    parts: dict[tuple[int, date], list[tuple[str, int]]] = {}
    for identity, on, number, amount in rows:
        parts.setdefault((identity, on), []).append((number, int(amount)))
    found = []
    for (_identity, on), each in parts.items():
        total = sum(amount for _number, amount in each)
        kind = EntryKind.PAYMENT if total > 0 else EntryKind.REFUND
        found.append(Entry(on, kind, "", ", ".join(number for number, _amount in each), 0, -total))
    return [entry for entry in found if entry.cents]


def _open_on(db: Db, mine: ColumnElement[bool], last: date) -> tuple[OpenItem, ...]:
    """The notes that were not settled to the cent on a day, the oldest due date first."""
    credit = aliased(Note)
    credited = select(func.sum(credit.total_cents)).where(credit.corrects_id == Note.id, credit.issued_on <= last)
    received = (
        select(func.sum(Allocation.cents))
        .join(BankTransaction, BankTransaction.id == Allocation.transaction_id)
        .where(Allocation.note_id == Note.id, Allocation.placed_as == PlacedAs.NOTE)
        .where(BankTransaction.booked_on <= last)
    )
    gone = [func.coalesce(part.correlate(Note).scalar_subquery(), 0) for part in (credited, received)]
    left = Note.total_cents - gone[0] - gone[1] - func.coalesce(PaidBefore.cents, 0)
    rows = db.execute(
        select(Note.id, Note.number, Note.ogm, Note.issued_on, Note.due_on, Note.total_cents, left)
        .outerjoin(PaidBefore, PaidBefore.note_id == Note.id)
        .where(mine, Note.kind == NoteKind.DEBIT, Note.issued_on <= last, left != 0)
        .order_by(Note.due_on, Note.id)
        .limit(MOST_ENTRIES + 1)
    ).all()
    if len(rows) > MOST_ENTRIES:
        raise PeriodTooLong
    return tuple(
        OpenItem(identity, number, ogm or "", issued_on, due_on, total, int(cents))
        for identity, number, ogm, issued_on, due_on, total, cents in rows
    )


def usual_period() -> tuple[date, date]:
    """What a statement shows when nothing is chosen: this calendar year until today."""
    today = clock.today()
    return date(today.year, 1, 1), today
