"""Debit and credit notes of the history: what of them can be taken in, beside their own numbers and references."""

import re
from dataclasses import dataclass
from datetime import date

from core.i18n import N_
from core.imports import known
from core.imports.book import Book, SeatFacts, Seen
from core.imports.sheets import Sheet
from core.models import Note
from core.rules.import_cells import EMPTY
from core.vocabulary import ACTIVE, ImportKind, NoteKind

EXISTS = N_("This number exists already.")
OGM_EXISTS = N_("This structured reference exists already.")
OURS = N_("This lies in the series that the platform itself gives out this year or later.")
ONLY_DEBIT = N_("Only a debit note has this.")
NOT_ENROLLED = N_("This participant is not enrolled in this course.")
UNKNOWN_DEBIT = N_("No debit note of an import is known by this number.")
BEFORE_DEBIT = N_("A credit note cannot be older than its debit note.")
TOO_MUCH = N_("The credit notes of {number} together exceed its amount by {excess_cents}.")
ABOVE_ZERO = N_("An amount must be above zero.")
OVERPAID = N_("More was paid than the amount of the note.")
DUE_BEFORE = N_("This is before the date of the note.")
_OWN_NUMBER = re.compile(r"(?:DN|CN|AT)-(\d{4})-\d+")


@dataclass
class Debit:
    """A debit note as its credit notes need it, in cents."""

    total: int
    credited: int
    issued_on: date | None


def is_ours(number: str, this_year: int) -> bool:
    """Whether the platform would give out this number itself, this year or later: it would be blocked for ever."""
    found = _OWN_NUMBER.fullmatch(number)
    return found is not None and int(found[1]) >= this_year


def is_our_ogm(ogm: str, this_year: int) -> bool:
    """The same for a structured reference, which begins with the year (`billing.md` §5)."""
    return this_year <= int(ogm[:4]) <= 2099


def check(book: Book) -> None:
    """Debit notes first, for the credit notes of any table may name them. `seat` then holds what each bills."""
    numbers, references, count = Seen(), Seen(), 0
    taken = known.taken(book.db, Note.number, book.texts(ImportKind.NOTES, "number"))
    taken_ogms = known.taken(book.db, Note.ogm, book.texts(ImportKind.NOTES, "ogm"))
    this_year = book.today.year
    for sheet in book.sheets[ImportKind.NOTES]:
        sheet.values["seat"] = [None] * len(sheet)
        for at, number, ogm, kind in sheet.of("number", "ogm", "note_kind"):
            count += 1
            sheet.refs.append(-count)
            if number is not None and not numbers.is_double(sheet, at, "number", number):
                refuse_taken(sheet, at, "number", is_taken=number in taken, is_ours=is_ours(number, this_year))
            if ogm is not None and not references.is_double(sheet, at, "ogm", ogm):
                refuse_taken(sheet, at, "ogm", is_taken=ogm in taken_ogms, is_ours=is_our_ogm(ogm, this_year))
            _check_row(book, sheet, at)
            if kind is NoteKind.DEBIT:
                sheet.values["seat"][at] = seat_of(book, sheet, at)
    debits = _debits(book)
    for sheet in book.sheets[ImportKind.NOTES]:
        for at, kind in sheet.of("note_kind"):
            if kind is NoteKind.CREDIT:
                _check_credit(sheet, at, debits)


def refuse_taken(sheet: Sheet, at: int, name: str, *, is_taken: bool, is_ours: bool) -> None:
    """Blame a number that exists, or that the platform would give out itself."""
    if is_taken:
        sheet.blame(at, name, EXISTS)
    elif is_ours:
        sheet.blame(at, name, OURS)


def _check_row(book: Book, sheet: Sheet, at: int) -> None:
    kind, amount, paid, issued, due = (
        sheet.values[name][at] for name in ("note_kind", "amount", "paid", "issued_on", "due_on")
    )
    book.past(sheet, at, "issued_on")
    book.check_pdf(sheet, at)
    if amount == 0:
        sheet.blame(at, "amount", ABOVE_ZERO)
    if due is not None and issued is not None and due < issued:
        sheet.blame(at, "due_on", DUE_BEFORE)
    if kind is NoteKind.CREDIT:
        for name in ("ogm", "paid"):
            if sheet.values[name][at] is not None:
                sheet.blame(at, name, ONLY_DEBIT)
    elif paid is not None and amount is not None and paid > amount:
        sheet.blame(at, "paid", OVERPAID)


def seat_of(book: Book, sheet: Sheet, at: int) -> SeatFacts | None:
    """The enrolment that a row names by course and participant, the standing one first; none is blamed."""
    for name in ("code", "email"):
        if sheet.values[name][at] is None:
            sheet.blame(at, name, EMPTY)
    course, person = book.course(sheet, at), book.person(sheet, at, "email")
    if course is None or person is None:
        return None
    seats = book.seats.get((course, person), [])
    if not seats:
        sheet.blame(at, "email", NOT_ENROLLED)
        return None
    return next((seat for seat in seats if seat.status in ACTIVE), seats[-1])


def _debits(book: Book) -> dict[str, Debit]:
    """Every debit note that a credit note can name, by its number."""
    earlier = known.debit_notes(book.db, book.texts(ImportKind.NOTES, "corrects"))
    found = {number: Debit(one.total_cents, one.credited_cents, one.issued_on) for number, one in earlier.items()}
    for sheet in book.sheets[ImportKind.NOTES]:
        for _at, number, kind, amount, issued in sheet.of("number", "note_kind", "amount", "issued_on"):
            if kind is NoteKind.DEBIT and number is not None and amount is not None:
                found.setdefault(number, Debit(amount, 0, issued))
    return found


def _check_credit(sheet: Sheet, at: int, debits: dict[str, Debit]) -> None:
    number, amount, issued = (sheet.values[name][at] for name in ("corrects", "amount", "issued_on"))
    if number is None:
        sheet.blame(at, "corrects", EMPTY)
        return
    debit = debits.get(number)
    if debit is None:
        sheet.blame(at, "corrects", UNKNOWN_DEBIT)
        return
    if issued is not None and debit.issued_on is not None and issued < debit.issued_on:
        sheet.blame(at, "issued_on", BEFORE_DEBIT)
    debit.credited += amount or 0
    if amount is not None and debit.credited > debit.total:
        sheet.blame(at, "amount", TOO_MUCH, number=number, excess_cents=debit.credited - debit.total)
