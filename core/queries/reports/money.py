"""Turnover (issued less credited) and what is still open, in cents."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, desc, func, select
from sqlalchemy.orm import aliased

from core.db import Db
from core.models import Allocation, BankTransaction, Institution, Note, PaidBefore
from core.queries.reports.spans import Flow, Pair, both, counted, flows, on_days, summed
from core.rules.periods import Span
from core.vocabulary import NoteKind, PayerKind, PlacedAs

issued_in = on_days(Note.issued_on)
#: What is open is sorted by how many days it is overdue: not yet, up to each of these, longer.
OVERDUE_UP_TO = (30, 60, 90)
_DEBIT, _CREDIT = Note.kind == NoteKind.DEBIT, Note.kind == NoteKind.CREDIT
_BY_SCHOOL = Note.payer_kind == PayerKind.INSTITUTION


@dataclass(frozen=True, slots=True)
class Turnover:
    """Notes of a period: how many, and cents; `by_school` and `by_person` are net, of notes to each."""

    debit_notes: int
    credit_notes: int
    issued: int
    credited: int
    by_school: int
    by_person: int

    @property
    def net(self) -> int:
        """Issued less credited."""
        return self.issued - self.credited


@dataclass(frozen=True, slots=True)
class TurnoverNumbers:
    """The report «Omzet»."""

    issued: Flow
    credited: Flow
    totals: Pair[Turnover]

    @property
    def net(self) -> Flow:
        """Issued less credited, step by step."""
        return Flow(
            self.issued.step,
            self.issued.spans,
            tuple(plus - minus for plus, minus in zip(self.issued.now, self.credited.now, strict=True)),
            tuple(plus - minus for plus, minus in zip(self.issued.before, self.credited.before, strict=True)),
        )


@dataclass(frozen=True, slots=True)
class Open:
    """What is open of the debit notes of a period. `ages`: not yet due, then by :data:`OVERDUE_UP_TO`, then longer."""

    debit_notes: int
    issued: int
    credited: int
    paid: int
    ages: tuple[int, ...]

    @property
    def total(self) -> int:
        """Issued less what was credited since, and less what was paid."""
        return self.issued - self.credited - self.paid

    @property
    def overdue(self) -> int:
        """The part whose day of payment is over."""
        return sum(self.ages[1:])


@dataclass(frozen=True, slots=True)
class Debtor:
    """An institution with open notes of the period, cents."""

    name: str
    city: str
    debit_notes: int
    total: int


@dataclass(frozen=True, slots=True)
class OpenNumbers:
    """The report «Openstaand»: as it stands on a day, and as it stood a year before that day."""

    on: date
    totals: Pair[Open]
    debtors: tuple[Debtor, ...]


def turnover(db: Db, span: Span) -> TurnoverNumbers:
    """What was billed and credited in a span, and in the year before."""
    amounts = {"issued": summed(Note.total_cents, _DEBIT), "credited": summed(Note.total_cents, _CREDIT)}
    found, pair = flows(db, span, issued_in, amounts), both(span)
    return TurnoverNumbers(
        found["issued"], found["credited"], Pair(_turnover(db, pair.now), _turnover(db, pair.before))
    )


def _turnover(db: Db, span: Span) -> Turnover:
    cents = Note.total_cents
    row = db.execute(
        select(
            counted(_DEBIT),
            counted(_CREDIT),
            summed(cents, _DEBIT),
            summed(cents, _CREDIT),
            summed(cents, _DEBIT & _BY_SCHOOL) - summed(cents, _CREDIT & _BY_SCHOOL),
        ).where(issued_in(span))
    ).one()
    debits, credits_, issued, credited, by_school = (int(value) for value in row)
    return Turnover(debits, credits_, issued, credited, by_school, issued - credited - by_school)


def open_amounts(db: Db, span: Span, today: date, *, debtors: int = 25) -> OpenNumbers:
    """What is open today of the debit notes of a span; a year before, what was open on the same day then."""
    pair, then = both(span), Span(today, today).year_before().first
    return OpenNumbers(
        on=today,
        totals=Pair(_open(db, pair.now, today), _open(db, pair.before, then)),
        debtors=_debtors(db, pair.now, today, debtors),
    )


def _age_bounds(today: date) -> list[tuple[date | None, date | None]]:
    """For each age the first and last due day; None: no bound."""
    ends = [today - timedelta(days=days) for days in (0, *OVERDUE_UP_TO)]
    later = [(older, newer - timedelta(days=1)) for newer, older in pairwise(ends)]
    return [(today, None), *later, (None, ends[-1] - timedelta(days=1))]


def _is_due(bounds: tuple[date | None, date | None]) -> ColumnElement[bool]:
    first, last = bounds
    if first is None:
        return Note.due_on <= last
    return Note.due_on >= first if last is None else and_(Note.due_on >= first, Note.due_on <= last)


def _open(db: Db, span: Span, on: date) -> Open:
    bounds = _age_bounds(on)
    is_debit = and_(issued_in(span), _DEBIT, Note.issued_on <= on)
    paid = func.coalesce(PaidBefore.cents, 0)
    totals, payments = ([summed(cents, _is_due(each)) for each in bounds] for cents in (Note.total_cents, paid))
    billed = db.execute(
        select(counted(), *totals, *payments).outerjoin(PaidBefore, PaidBefore.note_id == Note.id).where(is_debit)
    ).one()
    credit = aliased(Note)
    credited = db.execute(
        select(*(summed(credit.total_cents, _is_due(each)) for each in bounds))
        .select_from(credit)
        .join(Note, Note.id == credit.corrects_id)
        .where(is_debit, _corrects(credit, span, on))
    ).one()
    received = db.execute(
        select(*(summed(Allocation.cents, _is_due(each)) for each in bounds))
        .select_from(Allocation)
        .join(Note, Note.id == Allocation.note_id)
        .join(BankTransaction, BankTransaction.id == Allocation.transaction_id)
        .where(is_debit, *_received_until(on))
    ).one()
    many = len(bounds)
    issued, settled = ([int(cents) for cents in billed[start : start + many]] for start in (1, 1 + many))
    settled = [before + int(cents) for before, cents in zip(settled, received, strict=True)]
    gone = [int(cents) for cents in credited]
    ages = tuple(plus - less - more for plus, less, more in zip(issued, gone, settled, strict=True))
    return Open(int(billed[0]), sum(issued), sum(gone), sum(settled), ages)


def _received_until(on: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What the bank booked for notes until a day; money that is kept as credit paid none."""
    return Allocation.placed_as == PlacedAs.NOTE, BankTransaction.booked_on <= on


def _corrects(credit: type[Note], span: Span, on: date) -> ColumnElement[bool]:
    """A credit note that may correct a debit note of a span, written until a day: never earlier than that note."""
    return and_(credit.kind == NoteKind.CREDIT, credit.issued_on >= span.first, credit.issued_on <= on)


def _debtors(db: Db, span: Span, on: date, limit: int) -> tuple[Debtor, ...]:
    """Who owes the most: what was billed to each institution, less what was credited and paid of it."""
    payer = func.coalesce(Note.payer_institution_id, 0).label("payer")  # bare, it would tempt SQLite to another index
    credit, of_schools = aliased(Note), and_(issued_in(span), _DEBIT, _BY_SCHOOL)
    billed = (
        select(
            payer,
            func.count().label("notes"),
            func.sum(Note.total_cents - func.coalesce(PaidBefore.cents, 0)).label("cents"),
        )
        .outerjoin(PaidBefore, PaidBefore.note_id == Note.id)
        .where(of_schools)
        .group_by(payer)
        .subquery()
    )
    credited = (
        select(payer, func.sum(credit.total_cents).label("cents"))
        .select_from(credit)
        .join(Note, Note.id == credit.corrects_id)
        .where(of_schools, _corrects(credit, span, on))
        .group_by(payer)
        .subquery()
    )
    received = (
        select(payer, func.sum(Allocation.cents).label("cents"))
        .select_from(Allocation)
        .join(Note, Note.id == Allocation.note_id)
        .join(BankTransaction, BankTransaction.id == Allocation.transaction_id)
        .where(of_schools, *_received_until(on))
        .group_by(payer)
        .subquery()
    )
    total = billed.c.cents - func.coalesce(credited.c.cents, 0) - func.coalesce(received.c.cents, 0)
    found = db.execute(
        select(Institution.name, Institution.city, billed.c.notes, total.label("total"))
        .select_from(billed)
        .join(Institution, Institution.id == billed.c.payer)
        .outerjoin(credited, credited.c.payer == billed.c.payer)
        .outerjoin(received, received.c.payer == billed.c.payer)
        .where(total > 0)
        .order_by(desc("total"), Institution.id)
        .limit(limit)
    )
    return tuple(Debtor(name, city, int(notes), int(cents)) for name, city, notes, cents in found)
