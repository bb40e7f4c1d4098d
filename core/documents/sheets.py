"""Tables as XLSX. Text stays text: a name that begins with «=» is never a formula."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = PatternFill("solid", fgColor="123A66")
_WIDEST = 60
_FORMATS = {"date": "DD/MM/YYYY", "euro": "#,##0.00 €", "hours": "0.0", "percent": "0.0%"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, and how its cells are shown: `text`, `number`, `date`, `euro` (from cents), `hours` (from
    minutes) or `percent` (from a part of one)."""

    heading: str
    kind: str = "text"


def workbook(sheets: Mapping[str, tuple[Sequence[Column], Iterable[Sequence[object]]]]) -> bytes:
    """An XLSX file of named sheets, each with its columns and rows; euros come as cents, hours as minutes."""
    book = Workbook()
    book.remove(book.active)
    for name, (columns, rows) in sheets.items():
        sheet = book.create_sheet(name[:31])
        widths = [len(column.heading) for column in columns]
        sheet.append([column.heading for column in columns])
        for cell in sheet[1]:
            cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        for number, row in enumerate(rows, start=2):
            for index, (column, value) in enumerate(zip(columns, row, strict=True)):
                cell = sheet.cell(number, index + 1)
                _fill(cell, column, value)
                widths[index] = max(widths[index], len(str(value or "")))
        for index, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = min(width + 3, _WIDEST)
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(cell: Any, column: Column, value: object) -> None:
    if value is None or value == "":
        return
    if column.kind == "euro" and isinstance(value, int):
        cell.value = value / 100
    elif column.kind == "hours" and isinstance(value, int):
        cell.value = round(value / 60, 2)
    elif isinstance(value, (int, float, date)):
        cell.value = value
    else:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))
        cell.data_type = "s"  # else «=…» becomes a formula
        cell.alignment = Alignment(vertical="top", wrap_text=len(str(value)) > _WIDEST)
    if column.kind in _FORMATS:
        cell.number_format = _FORMATS[column.kind]
