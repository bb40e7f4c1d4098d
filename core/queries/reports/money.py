"""Turnover (issued less credited) and what is still open, in cents."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Case, ColumnElement, and_, case, desc, func, select
from sqlalchemy.orm import aliased

from core.db import Db
from core.models import Allocation, BankTransaction, Institution, Note, NoteBalance
from core.queries.reports.spans import Flow, Pair, both, counted, flows, on_days, summed
from core.rules import ageing
from core.rules.periods import Span
from core.vocabulary import NoteKind, PayerKind, PlacedAs

issued_in = on_days(Note.issued_on)
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
    """What is open of the debit notes of a period. `ages`: not yet due, then by `core.rules.ageing`, then longer."""

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
        debtors=_debtors(db, pair.now, debtors),
    )


def _open(db: Db, span: Span, on: date) -> Open:
    """As the books stand now, without what came after that day."""
    is_asked, band = and_(_billed_in(span), NoteBalance.issued_on <= on), band_at(on)
    found = db.execute(
        select(
            band,
            func.count(),
            *(
                func.sum(cents)
                for cents in (NoteBalance.total_cents, NoteBalance.credited_cents, NoteBalance.paid_cents)
            ),
        )
        .where(is_asked)
        .group_by(band)
    ).all()
    notes = sum(row[1] for row in found)
    issued, gone, settled = ({row[0]: int(row[place]) for row in found} for place in (2, 3, 4))
    credit = aliased(Note)
    credited = db.execute(
        select(band, func.sum(credit.total_cents))
        .select_from(credit)
        .join(NoteBalance, NoteBalance.note_id == credit.corrects_id)
        .where(is_asked, credit.issued_on > on)
        .group_by(band)
    )
    received = db.execute(
        select(band, func.sum(Allocation.cents))
        .select_from(BankTransaction)
        .join(Allocation, Allocation.transaction_id == BankTransaction.id)
        .join(NoteBalance, NoteBalance.note_id == Allocation.note_id)
        .where(is_asked, Allocation.placed_as == PlacedAs.NOTE, BankTransaction.booked_on > on)
        .group_by(band)
    )
    for known, after in ((gone, credited), (settled, received)):
        for number, cents in after:
            known[number] -= int(cents)
    ages = tuple(issued.get(number, 0) - gone.get(number, 0) - settled.get(number, 0) for number in range(ageing.BANDS))
    return Open(notes, sum(issued.values()), sum(gone.values()), sum(settled.values()), ages)


def band_at(on: date) -> Case[int]:
    """The number of the band (`core.rules.ageing`) that a debit note is in on a day."""
    due = NoteBalance.due_on
    steps = [(due < on - timedelta(days=days), number) for number, days in enumerate((0, *ageing.OVERDUE_UP_TO), 1)]
    return case(*reversed(steps), else_=0)


def _billed_in(span: Span) -> ColumnElement[bool]:
    return on_days(NoteBalance.issued_on)(span)


def _debtors(db: Db, span: Span, limit: int) -> tuple[Debtor, ...]:
    """Who owes the most: what was billed to each institution, less what was credited and paid of it."""
    payer, left = (
        NoteBalance.payer_institution_id,
        func.sum(NoteBalance.total_cents - NoteBalance.credited_cents - NoteBalance.paid_cents),
    )
    most = (
        select(payer.label("payer"), func.count().label("notes"), left.label("total"))
        .where(_billed_in(span), payer.is_not(None))
        .group_by(payer)
        .having(left > 0)
        .order_by(desc("total"), payer)
        .limit(limit)
        .subquery()
    )
    found = db.execute(
        select(Institution.name, Institution.city, most.c.notes, most.c.total)
        .join(most, most.c.payer == Institution.id)
        .order_by(most.c.total.desc(), Institution.id)
    )
    return tuple(Debtor(name, city, int(notes), int(cents)) for name, city, notes, cents in found)
