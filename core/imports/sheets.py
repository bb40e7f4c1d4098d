"""One table of an import at work: its kind, its cells read, what is wrong with them, what was accepted as proposed."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from core.documents.encodings import BLEMISH, shown, unmarked
from core.documents.tables import EXCEL_ERROR, Table
from core.i18n import N_
from core.rules import import_cells as rules
from core.rules.import_cells import Limits
from core.rules.import_columns import Column, Shape
from core.rules.import_faults import CellWrong, Fault
from core.rules.import_kinds import COLUMNS, FILE_NAMES
from core.text import folded
from core.vocabulary import ImportKind, Mending

MIXED_ENCODINGS = N_("These signs were saved in another way than the rest of the file: is it «{proposal}»?")
LOST_CHARACTER = N_("A sign of this text was lost (\ufffd). Type it again.")
NO_HEADING = N_("There is no heading above this cell.")


class Sheet:
    """A table of one kind. Rows go by their position from 0; `rows` gives the number that a spreadsheet shows.

    `values` has a list a column of :data:`COLUMNS`, None where nothing (readable) stands. `refs` says what each row
    stands for; `attached` are the positions of rows that stand for something known, of which nothing new is made.
    """

    def __init__(self, table: Table, kind: ImportKind, mendings: frozenset[Mending]) -> None:
        self.file, self.name, self.kind = table.file, table.sheet, kind
        self.columns = {column.name: column for column in COLUMNS[kind]}
        self.faults: list[Fault] = []
        self.accepted: list[Fault] = []
        self.attached: set[int] = set()
        self.refs: list[int] = []
        self.rows = [int(row) for row in table.cells.index]
        self.values: dict[str, list[Any]] = {name: [None] * len(self.rows) for name in self.columns}
        found = matched(table.headings, kind)
        self.missing = [column for column in COLUMNS[kind] if column.is_required and column.name not in found]
        known = set(found.values())
        self.ignored = [text for index, text in enumerate(table.headings) if text and index not in known]
        self._stray = [table.cells[index] for index, text in enumerate(table.headings) if not text]
        self._texts: dict[str, pd.Series] = {
            name: table.cells[index].reset_index(drop=True) for name, index in found.items()
        }
        self._mendings = mendings
        self._blamed: set[tuple[int, str]] = set()

    def __len__(self) -> int:
        return len(self.rows)

    def read(self, limits: Limits) -> None:
        """Read every cell; what cannot be read is a fault."""
        for stray in self._stray:
            for at, text in enumerate(stray):
                if text.strip():
                    self.blame(at, "", NO_HEADING, value=text)
        for name in self._texts:
            column = self.columns[name]
            self._tidy(column)
            self._refuse_formulas(column)
            self._read(column, limits)

    def new(self) -> Iterator[dict[str, Any]]:
        """The rows that something is made of."""
        for at in range(len(self)):
            if at not in self.attached:
                yield {name: values[at] for name, values in self.values.items()}

    def of(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Each row's position, with its values of some columns."""
        return zip(range(len(self)), *(self.values[name] for name in names), strict=True)

    def text(self, at: int, name: str) -> str:
        """A cell as it stands in the file."""
        return str(self._texts[name].iat[at]) if name in self._texts else ""

    def is_blamed(self, at: int, *names: str) -> bool:
        """Whether something is wrong with one of these cells already: one fault a cell is enough."""
        return any((at, name) in self._blamed for name in names)

    def blame(
        self,
        at: int,
        cell: str,
        reason: str,
        /,
        *,
        value: str | None = None,
        mending: Mending | None = None,
        proposal: str = "",
        **fields: object,
    ) -> bool:
        """Write a fault down, once a cell; True when a coordinator accepted what is proposed, so that it is none."""
        if self.is_blamed(at, cell):
            return False
        heading = self.columns[cell].heading if cell else ""
        text = self.text(at, cell) if value is None else value
        if proposal:
            fields["proposal"] = proposal
        fault = Fault(self.file, self.name, self.rows[at], heading, text, reason, fields, mending, proposal)
        if mending in self._mendings:
            self.accepted.append(fault)
            return True
        self._blamed.add((at, cell))
        self.faults.append(fault)
        return False

    def _tidy(self, column: Column) -> None:
        """Spaces trimmed, runs of them one; signs of another encoding mended or blamed."""
        texts = self._texts[column.name]
        if column.shape is not Shape.LONG:
            texts = texts.str.replace(r"[\s\u200b\ufeff]+", " ", regex=True)
        texts = self._texts[column.name] = texts.str.strip()
        for at in texts.index[texts.str.contains(BLEMISH, regex=True)]:
            text, meant = texts[at], unmarked(texts[at])
            if "\ufffd" in meant:
                self.blame(at, column.name, LOST_CHARACTER, value=shown(text))
            elif meant != text:
                mended = Mending.FIX_CHARACTERS
                if self.blame(at, column.name, MIXED_ENCODINGS, value=shown(text), mending=mended, proposal=meant):
                    texts[at] = meant

    def _refuse_formulas(self, column: Column) -> None:
        texts = self._texts[column.name]
        for at in texts.index[texts.str.match("[=+@-]")]:
            if rules.is_formula(column, texts[at]):
                self.blame(at, column.name, rules.FORMULA)
        for at in texts.index[texts == EXCEL_ERROR]:
            self.blame(at, column.name, rules.ERROR_OF_EXCEL)

    def _read(self, column: Column, limits: Limits) -> None:
        """Each different text of a column is read once."""
        texts, values = self._texts[column.name], self.values[column.name]
        readings: dict[str, Any] = {text: _reading(column, text, limits) for text in texts.unique() if text}
        for at, text in enumerate(texts):
            if self.is_blamed(at, column.name):
                continue
            reading = readings.get(text)
            if isinstance(reading, CellWrong):
                values[at] = self._mended(at, column, reading, limits)
            elif reading is None and column.is_required:
                self.blame(at, column.name, rules.EMPTY)
            else:
                values[at] = reading

    def _mended(self, at: int, column: Column, wrong: CellWrong, limits: Limits) -> Any:
        is_accepted = self.blame(
            at, column.name, wrong.reason, mending=wrong.mending, proposal=wrong.proposal, **wrong.fields
        )
        return rules.read(column, wrong.proposal, limits) if is_accepted else None


def _reading(column: Column, text: str, limits: Limits) -> Any:
    try:
        return rules.read(column, text, limits)
    except CellWrong as wrong:
        return wrong


def matched(headings: tuple[str, ...], kind: ImportKind) -> dict[str, int]:
    """Which column of a kind stands where, by its heading; of two with one heading the first counts."""
    places: dict[str, int] = {}
    for index, heading in enumerate(headings):
        places.setdefault(folded(heading), index)
    found: dict[str, int] = {}
    for column in COLUMNS[kind]:
        own = [folded(column.heading), *sorted(column.names)]
        free = [places[name] for name in own if name in places and places[name] not in found.values()]
        if free:
            found[column.name] = free[0]
    return found


def kind_of(table: Table, kinds: tuple[ImportKind, ...]) -> ImportKind | None:
    """Which of these kinds a table holds, by its headings, and by the name of the sheet or file when several fit."""
    hint = folded(f"{table.sheet} {table.file}")
    best, kind = 0, None
    for candidate in kinds:
        found = matched(table.headings, candidate)
        needed = [column.name for column in COLUMNS[candidate] if column.is_required]
        is_complete = all(name in found for name in needed)
        is_named = folded(FILE_NAMES[candidate]) in hint
        score = len(found) + 100 * is_complete + 120 * is_named if len(found) > 1 or is_complete else 0
        if score > best:
            best, kind = score, candidate
    return kind
