"""Workbooks of an import: templates with their explanation, and the list of what is at fault."""

import io
from collections.abc import Iterable, Sequence
from datetime import timedelta

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from core import clock
from core.documents.sheets import Column as SheetColumn
from core.documents.sheets import workbook
from core.i18n import _
from core.rules.import_columns import ADVICE, Column, choice_of
from core.rules.import_kinds import COLUMNS, EXAMPLE_SHEET, EXPLANATION_SHEET, FILE_NAMES
from core.vocabulary import ImportKind

_AS_TEXT = "@"  # Excel keeps leading zeros in cells of this format


def template(kinds: Sequence[ImportKind]) -> bytes:
    """An XLSX file with an empty sheet a kind, an example of each, and what every column may hold."""
    sheets = {FILE_NAMES[kind]: (_headings(kind), ()) for kind in kinds}
    examples = {}
    for kind in kinds:
        name = EXAMPLE_SHEET if len(kinds) == 1 else f"{EXAMPLE_SHEET} {FILE_NAMES[kind]}"
        examples[name] = (_headings(kind), [[_example(column) for column in COLUMNS[kind]]])
    explained = [
        SheetColumn(_("Sheet")),
        SheetColumn(_("Column")),
        SheetColumn(_("Required")),
        SheetColumn(_("What to fill in")),
        SheetColumn(_("Example")),
    ]
    lines = [_explained(kind, column) for kind in kinds for column in COLUMNS[kind]]
    made = workbook(sheets | examples | {EXPLANATION_SHEET: (explained, lines)})
    return _kept_as_text(made, [FILE_NAMES[kind] for kind in kinds])


def _headings(kind: ImportKind) -> list[SheetColumn]:
    return [SheetColumn(column.heading) for column in COLUMNS[kind]]


def _explained(kind: ImportKind, column: Column) -> list[str]:
    words = choice_of(column.words, column.only) if column.words else ""
    advice = _(ADVICE[column.shape]).format(words=words)
    if column.remark:
        advice += f" {_(column.remark)}"
    return [FILE_NAMES[kind], column.heading, _("yes") if column.is_required else "", advice, _example(column)]


def _example(column: Column) -> str:
    if column.example_in_days:
        return f"{clock.today() + timedelta(days=column.example_in_days):%d/%m/%Y}"
    return column.example


def _kept_as_text(made: bytes, names: Iterable[str]) -> bytes:
    book = load_workbook(io.BytesIO(made))
    for name in names:
        sheet = book[name]
        for index in range(1, sheet.max_column + 1):
            sheet.column_dimensions[get_column_letter(index)].number_format = _AS_TEXT
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fault_list(rows: Iterable[Sequence[object]]) -> bytes:
    """An XLSX file of faults: file, sheet, row, column, value, reason, proposal."""
    columns = [
        SheetColumn(_("File")),
        SheetColumn(_("Sheet")),
        SheetColumn(_("Row"), "number"),
        SheetColumn(_("Column")),
        SheetColumn(_("Value")),
        SheetColumn(_("What is wrong")),
        SheetColumn(_("Proposal")),
    ]
    return workbook({_("Faults"): (columns, rows)})
