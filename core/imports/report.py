"""What a dry run found, and how a fault is said."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.i18n import _, shown
from core.imports.book import Book
from core.money import euro
from core.rules.import_faults import Fault, Remark
from core.vocabulary import ImportKind, Mending


@dataclass(frozen=True, slots=True)
class KindCount:
    """The rows of one kind: how many there are, how many stand for something known, how many are faulty."""

    kind: ImportKind
    rows: int
    attached: int
    faulty: int


@dataclass(frozen=True, slots=True)
class Report:
    """A dry run. `accepted` are the proposals that a coordinator accepted: no faults any more, but worth a look."""

    counts: tuple[KindCount, ...]
    faults: tuple[Fault, ...]
    accepted: tuple[Fault, ...]
    remarks: tuple[Remark, ...]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(count.rows for count in self.counts)

    @property
    def is_clean(self) -> bool:
        """Whether everything can be taken in."""
        return not self.faults and self.rows > 0

    def proposed(self) -> dict[Mending, int]:
        """How many faults each proposal would mend, and how many it mends already."""
        found: dict[Mending, int] = {}
        for fault in (*self.faults, *self.accepted):
            if fault.mending is not None:
                found[fault.mending] = found.get(fault.mending, 0) + 1
        return {mending: found[mending] for mending in Mending if mending in found}


def of(book: Book) -> Report:
    """The report of a checked book: the faults in the order of the files, their rows and columns."""
    faults, accepted = list(book.faults), []
    for sheet in book:
        places = {column.heading: place for place, column in enumerate(sheet.columns.values())}
        faults += sorted(sheet.faults, key=lambda fault: (fault.row, places.get(fault.column, -1)))
        accepted += sorted(sheet.accepted, key=lambda fault: (fault.row, places.get(fault.column, -1)))
    counts = [
        KindCount(
            kind,
            sum(len(sheet) for sheet in sheets),
            sum(len(sheet.attached) for sheet in sheets),
            sum(len({fault.row for fault in sheet.faults}) for sheet in sheets),
        )
        for kind, sheets in book.sheets.items()
        if sheets
    ]
    return Report(tuple(counts), tuple(faults), tuple(accepted), tuple(book.remarks))


def said(fault: Fault | Remark) -> str:
    """Why a cell cannot be taken in, or what there is to know of a file, in the language of the moment."""
    text = fault.reason if isinstance(fault, Fault) else fault.text
    return _(text).format(**{name: _shown(name, value) for name, value in fault.fields.items()})


def _shown(name: str, value: object) -> str:
    return euro(value) if name.endswith("_cents") and isinstance(value, int) else shown(value)


def lines_of(faults: Sequence[Fault]) -> list[tuple[str, str, int, str, str, str, str]]:
    """Faults as rows of a table: file, sheet, row, column, value, reason, proposal."""
    return [
        (fault.file, fault.sheet, fault.row, fault.column, fault.value, said(fault), fault.proposal) for fault in faults
    ]
