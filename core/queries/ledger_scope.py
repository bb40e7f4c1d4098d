"""What of the books falls in a period of the journal, and its totals as the database sums them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from core import clock
from core.db import Db
from core.models import (
    Allocation,
    BankFile,
    BankStatement,
    BankTransaction,
    LedgerExport,
    LedgerPosting,
    Note,
    is_imported,
)
from core.queries.reports.spans import summed
from core.rules.ledger import Controls
from core.vocabulary import NoteKind, PlacedAs

DAY = timedelta(days=1)
#: How far back a note or a placing is looked for that was committed after the export of its day: seconds would do.
LOOK_BACK = timedelta(days=62)
Source = type[Note] | type[BankTransaction] | type[Allocation]
SOURCES: tuple[Source, ...] = (Note, BankTransaction, Allocation)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day. `since` is the first day of all exports, `known_at` when the first was made."""

    first: date
    last: date
    since: date
    known_at: datetime | None = None


def next_first_day(db: Db) -> date | None:
    """The day after the last exported period; None as long as nothing was exported."""
    last = db.scalar(select(func.max(LedgerExport.last_day)).where(LedgerExport.withdrawn_at.is_(None)))
    return last + DAY if last else None


def period(db: Db, first: date, last: date) -> Period:
    """A period as the exports before it see it."""
    since, known_at = db.execute(
        select(func.min(LedgerExport.first_day), func.min(LedgerExport.made_at)).where(
            LedgerExport.withdrawn_at.is_(None)
        )
    ).one()
    return Period(first, last, min(since or first, first), known_at)


def to_post(source: Source, own: Period) -> ColumnElement[bool]:
    """What of a table goes into the export of a period: its days, and earlier ones that no export holds."""
    posted = exists().where(LedgerPosting.table_name == source.__tablename__, LedgerPosting.row_id == source.id)
    since = own.since if source is BankTransaction else max(own.since, own.first - LOOK_BACK)
    return and_(~posted, is_until(source, own.last), or_(is_from(source, since), _came_late(source, own)))


def is_from(source: Source, first: date) -> ColumnElement[bool]:
    """Whether a row is dated on a day or later."""
    if source is Note:
        return Note.issued_on >= first
    if source is BankTransaction:
        return BankTransaction.booked_on >= first
    return Allocation.made_at >= clock.at(first, time())


def is_until(source: Source, last: date) -> ColumnElement[bool]:
    """Whether a row is dated on a day or earlier; what was imported is not ours to book."""
    if source is Note:
        return and_(Note.issued_on <= last, ~is_imported(Note.series))
    if source is BankTransaction:
        return BankTransaction.booked_on <= last
    return Allocation.made_at < clock.at(last + DAY, time())


def _came_late(source: Source, own: Period) -> ColumnElement[bool]:
    """Bank lines from before the first export that were read after it; of the others there can be none."""
    if source is not BankTransaction or own.known_at is None:
        return source.id < 0
    read_since = (
        select(BankStatement.id)
        .join(BankFile, BankFile.id == BankStatement.file_id)
        .where(BankFile.made_at >= own.known_at)
    )
    return BankTransaction.statement_id.in_(read_since)


def controls(db: Db, own: Period) -> Controls:
    """The totals of what an export of a period would hold, summed by the database: three queries."""
    return totals(db, {source: (to_post(source, own), is_from(source, own.first)) for source in SOURCES})


def within(source: Source, export_id: int) -> ColumnElement[bool]:
    """What of a table stands in an export."""
    posted = select(LedgerPosting.row_id).where(
        LedgerPosting.export_id == export_id, LedgerPosting.table_name == source.__tablename__
    )
    return source.id.in_(posted)


def totals(db: Db, wanted: dict[Source, tuple[ColumnElement[bool], ColumnElement[bool]]]) -> Controls:
    """The sums of what fits the first condition of each table; what does not fit the second is late."""
    is_debit, is_credit = Note.kind == NoteKind.DEBIT, Note.kind == NoteKind.CREDIT
    fits, on_time = wanted[Note]
    notes, issued, credit_notes, credited, late_notes = db.execute(
        select(
            func.count().filter(is_debit), summed(Note.total_cents, is_debit),
            func.count().filter(is_credit), summed(Note.total_cents, is_credit), func.count().filter(~on_time),
        ).where(fits)
    ).one()  # fmt: skip
    fits, on_time = wanted[BankTransaction]
    cents = BankTransaction.cents
    lines, received, paid_out, late_lines = db.execute(
        select(func.count(), summed(cents, cents > 0), summed(cents, cents < 0), func.count().filter(~on_time)).where(
            fits
        )
    ).one()
    fits, on_time = wanted[Allocation]
    placings, *placed, late = db.execute(
        select(
            func.count(),
            *(summed(Allocation.cents, Allocation.placed_as == kind) for kind in PlacedAs),
            func.count().filter(~on_time),
        ).where(fits)
    ).one()
    on_notes, kept, aside = (int(each) for each in placed)
    return Controls(
        notes, int(issued), credit_notes, int(credited), lines, int(received), -int(paid_out),
        placings, on_notes, kept, aside, late_notes + late_lines + late,
    )  # fmt: skip
