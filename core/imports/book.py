"""All tables of one import together, and who stands for what: the way from a cell to the row it names.

A reference is a number: positive for a row of the database (its id), negative for one that this import will make (−1 is
the first of its kind).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from core.db import Db
from core.documents.tables import Table
from core.i18n import N_
from core.imports.parcel import Parcel, Tell
from core.imports.sheets import Sheet, kind_of
from core.rules import import_cells as rules
from core.rules.course_days import DayValues
from core.rules.import_cells import Limits
from core.rules.import_faults import Fault, Remark
from core.rules.import_kinds import EXAMPLE_SHEET, EXPLANATION_SHEET, FILE_NAMES
from core.text import folded
from core.vocabulary import EnrolmentStatus, ImportKind, Mending

Ref = int
_FIRST_DAY = date(2000, 1, 1)

NO_TABLE = N_("This table is not recognised: its headings are those of no template.")
COLUMN_MISSING = N_("The column «{heading}» is missing in this table of {kind}.")
IN_ROW = N_("This also stands in row {row}.")
IN_FILE = N_("This also stands in row {row} of {file}.")
UNKNOWN_SCHOOL = N_("No institution is known by this number or name.")
SEVERAL_SCHOOLS = N_("Several institutions have this name: give the number.")
UNKNOWN_PERSON = N_("No participant is known by this address.")
UNKNOWN_COURSE = N_("No course is known by this code.")
NO_PDF = N_("No PDF of this name came along in a ZIP.")
UNNAMED_PDFS = N_("{count} PDFs that came along are named by no row, such as «{name}».")
IN_FUTURE = N_("This date lies in the future.")


class Seen:
    """What came by already, and where: the second time is blamed."""

    def __init__(self) -> None:
        self._places: dict[object, tuple[Sheet, int]] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def is_double(self, sheet: Sheet, at: int, name: str, key: object) -> bool:
        """Whether a key came by before; then its cell is blamed."""
        if key is None:
            return False
        first, row = self._places.setdefault(key, (sheet, sheet.rows[at]))
        if first is sheet and row == sheet.rows[at]:
            return False
        if first.file == sheet.file and first.name == sheet.name:
            sheet.blame(at, name, IN_ROW, row=str(row))
        else:
            place = f"{first.file} · {first.name}" if first.name else first.file
            sheet.blame(at, name, IN_FILE, row=str(row), file=place)
        return True


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """What enrolments, notes and certificates need of a course; a price that cannot be read is None."""

    code: str
    title: str
    price_cents: int | None
    first_day: date | None


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """What notes and certificates need of an enrolment; `payer` is an institution, None the person."""

    ref: Ref
    course: Ref
    person: Ref
    status: EnrolmentStatus
    payer: Ref | None


@dataclass
class Book:
    """An import at work. `persons`, `courses`, … say which reference each address, code, … stands for.

    `kinds` are the tables that belong to it. `schools` goes by number and by comparable name; None: several have that
    name.
    """

    db: Db
    today: date
    history_since: date
    mendings: frozenset[Mending]
    parcel: Parcel
    kinds: tuple[ImportKind, ...]
    sheets: dict[ImportKind, list[Sheet]] = field(default_factory=lambda: {kind: [] for kind in ImportKind})
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    schools: dict[str, Ref | None] = field(default_factory=dict)
    school_names: dict[Ref, str] = field(default_factory=dict)
    persons: dict[str, Ref] = field(default_factory=dict)
    person_names: dict[Ref, str] = field(default_factory=dict)
    courses: dict[str, Ref] = field(default_factory=dict)
    course_facts: dict[Ref, CourseFacts] = field(default_factory=dict)
    days: dict[Ref, list[DayValues]] = field(default_factory=lambda: defaultdict(list))
    pdfs: Seen = field(default_factory=Seen)
    seats: dict[tuple[Ref, Ref], list[SeatFacts]] = field(default_factory=lambda: defaultdict(list))

    def __iter__(self) -> Iterator[Sheet]:
        for kind in ImportKind:
            yield from self.sheets[kind]

    def open(self, tell: Tell) -> None:
        """Recognise each table and read its cells."""
        limits = Limits(self.today, _FIRST_DAY)
        for position, table in enumerate(self.parcel.tables, start=1):
            sheet = self._recognised(table)
            if sheet is not None:
                sheet.read(limits)
                self.sheets[sheet.kind].append(sheet)
            tell(position / len(self.parcel.tables))

    def _recognised(self, table: Table) -> Sheet | None:
        if folded(table.sheet).startswith((folded(EXPLANATION_SHEET), folded(EXAMPLE_SHEET))):
            return None
        kind = kind_of(table, self.kinds)
        first = table.cells.index[0] - 1 if len(table.cells) else 1
        if kind is None:
            headings = "; ".join(text for text in table.headings if text)
            self.faults.append(Fault(table.file, table.sheet, int(first), "", headings[:200], NO_TABLE))
            return None
        sheet = Sheet(table, kind, self.mendings)
        for column in sheet.missing:
            about = {"heading": column.heading, "kind": FILE_NAMES[kind]}
            self.faults.append(Fault(table.file, table.sheet, int(first), column.heading, "", COLUMN_MISSING, about))
        for heading in sheet.ignored:
            text = N_("The column «{heading}» is not taken in.")
            self.remarks.append(Remark(table.file, table.sheet, text, {"heading": heading}))
        return None if sheet.missing else sheet

    def texts(self, kind: ImportKind, name: str) -> set[str]:
        """What stands in a column, over all tables of a kind."""
        return {value for sheet in self.sheets[kind] for value in sheet.values[name] if value is not None}

    def school(self, sheet: Sheet, at: int, name: str, key: str) -> Ref | None:
        """The institution a cell names; an unknown one, or a number without its zeros, is blamed."""
        if key in self.schools:
            ref = self.schools[key]
            if ref is None:
                sheet.blame(at, name, SEVERAL_SCHOOLS)
            return ref
        padded = key.zfill(6)
        if key.isdigit() and self.schools.get(padded) is not None:
            mending = Mending.PAD_NUMBERS
            is_accepted = sheet.blame(at, name, rules.LEADING_ZEROS, value=key, mending=mending, proposal=padded)
            return self.schools[padded] if is_accepted else None
        sheet.blame(at, name, UNKNOWN_SCHOOL, value=key if key.isdigit() else None)
        return None

    def person(self, sheet: Sheet, at: int, name: str) -> Ref | None:
        """The person whose address stands in a cell; nobody known is blamed."""
        address = sheet.values[name][at]
        if address is None:
            return None
        ref = self.persons.get(address)
        if ref is None:
            sheet.blame(at, name, UNKNOWN_PERSON)
        return ref

    def course(self, sheet: Sheet, at: int, name: str = "code") -> Ref | None:
        """The course whose code stands in a cell; an unknown one is blamed."""
        code = sheet.values[name][at]
        if code is None:
            return None
        ref = self.courses.get(code)
        if ref is None:
            sheet.blame(at, name, UNKNOWN_COURSE)
        return ref

    def check_pdf(self, sheet: Sheet, at: int) -> None:
        """Blame a PDF that did not come along, or that another row names too."""
        name = sheet.values["file"][at]
        if name is None:
            return
        if not self.parcel.has_pdf(name):
            sheet.blame(at, "file", NO_PDF)
        else:
            self.pdfs.is_double(sheet, at, "file", self.parcel.key(name))

    def note_unnamed_pdfs(self) -> None:
        """Remark the PDFs that nobody asked for."""
        left = [name for name in self.parcel.pdf_names() if name not in self.pdfs]
        if left:
            about = {"count": len(left), "name": left[0]}
            self.remarks.append(Remark("", "", UNNAMED_PDFS, about))

    def past(self, sheet: Sheet, at: int, name: str) -> None:
        """Blame a date after today."""
        on = sheet.values[name][at]
        if on is not None and on > self.today:
            sheet.blame(at, name, IN_FUTURE)
