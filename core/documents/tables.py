"""Tables out of CSV and XLSX files, every cell as the text it is: no leading zero, no comma is lost by us.

A formula stays its own text («=A1+B1»), so that it can be refused; an error of the spreadsheet reads as `#N/A`.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from core.documents.encodings import decoded
from core.errors import DomainError
from core.i18n import N_

MOST_ROWS = 200_000
MOST_BYTES = 400_000_000  # of a workbook, unpacked
EXCEL_ERROR = "#N/A"
_DELIMITERS = ";,\t"
_BROKEN = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, EOFError, OSError)


class FileUnreadable(DomainError):
    """Neither text with separators nor a workbook."""

    message = N_("{file} cannot be read. Save it as «Excel workbook (.xlsx)» or «CSV» and try again.")


class OldWorkbook(DomainError):
    """Excel's format from before 2007."""

    message = N_("{file} is an old Excel file (.xls). Open it in Excel and save it as .xlsx.")


class QuoteNotClosed(DomainError):
    """A quotation mark opens a cell that never ends."""

    message = N_('{file}: a quotation mark (") is opened and never closed. Close it, or leave it out.')


class TooMuch(DomainError):
    """More rows than are taken at once."""

    message = N_("{file} is too large: at most {most} rows at once. Split it.")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file. `cells` has a column a heading (its position), and the row number that Excel shows as index.

    `sheet` is the name of the sheet, empty for CSV.
    """

    file: str
    sheet: str
    headings: tuple[str, ...]
    cells: pd.DataFrame


def read(name: str, source: BinaryIO) -> Iterator[Table]:
    """The tables of a file, one a sheet; empty sheets are passed over.

    Raises FileUnreadable, OldWorkbook, QuoteNotClosed or TooMuch.
    """
    source.seek(0)
    start = source.read(8)
    source.seek(0)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise OldWorkbook(file=name)
    sheets = _workbook(name, source) if start.startswith(b"PK") else {"": _separated(name, source.read())}
    for sheet, frame in sheets.items():
        table = _table(name, sheet, frame)
        if table is not None:
            yield table


def _separated(name: str, raw: bytes) -> pd.DataFrame:
    try:
        text = decoded(raw)
    except UnicodeDecodeError as broken:
        raise FileUnreadable(file=name) from broken
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if len(lines) > MOST_ROWS:
        raise TooMuch(file=name, most=MOST_ROWS)
    if not first or "\x00" in text:
        raise FileUnreadable(file=name)
    delimiter = max(_DELIMITERS, key=first.count)
    width = max(line.count(delimiter) for line in lines) + 1
    try:
        return pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=range(width),
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
        )
    except pd.errors.ParserError as broken:
        raise QuoteNotClosed(file=name) from broken


def _workbook(name: str, source: BinaryIO) -> dict[str, pd.DataFrame]:
    try:
        with zipfile.ZipFile(source) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_BYTES:
            raise TooMuch(file=name, most=MOST_ROWS)
        sheets: dict[str, pd.DataFrame] = pd.read_excel(
            source,
            sheet_name=None,
            header=None,
            dtype=object,
            na_filter=False,
            engine="openpyxl",
            engine_kwargs={"data_only": False},
        )
    except _BROKEN as broken:
        raise FileUnreadable(file=name) from broken
    for sheet, frame in sheets.items():
        if len(frame) > MOST_ROWS:
            raise TooMuch(file=name, most=MOST_ROWS)
        sheets[sheet] = frame.apply(lambda column: column.map(_text)).astype(str) if frame.size else frame
    return sheets


def _text(value: object) -> str:
    """A cell of a workbook as somebody would type it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return EXCEL_ERROR if value != value else repr(value)  # noqa: PLR0124 - only «not a number» differs from itself
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M" if value.time() != time() else "%Y-%m-%d")
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        value = time(minutes // 60 % 24, minutes % 60)
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def _table(name: str, sheet: str, frame: pd.DataFrame) -> Table | None:
    """The first row with anything in it holds the headings; rows without anything are dropped."""
    if frame.empty:
        return None
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    filled = frame.apply(lambda column: column.str.strip() != "").any(axis=1)
    frame = frame[filled]
    if frame.empty:
        return None
    headings = [str(text).strip() for text in frame.iloc[0]]
    cells = frame.iloc[1:]
    holds = cells.apply(lambda column: column.str.strip() != "").any()
    used = [index for index, heading in enumerate(headings) if heading or holds.iloc[index]]
    cells = cells.iloc[:, used]
    cells.columns = pd.RangeIndex(len(used))
    return Table(name, sheet, tuple(headings[index] for index in used), cells)
