"""Made-up files of the history: tables of any kind, and 5,000 participants with 37 planted faults."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from openpyxl import Workbook

from core.imports.book import IN_FUTURE, IN_ROW, UNKNOWN_SCHOOL
from core.imports.parcel import Upload
from core.imports.sheets import MIXED_ENCODINGS
from core.rules import import_cells as cells
from core.rules.accounts import AddressNotValid, BirthYearNotValid
from core.rules.import_kinds import COLUMNS
from core.vocabulary import ImportKind

Row = Mapping[str, str]
FIRST = ("An", "Zoë", "José", "Noor", "Bert", "Élise", "Çelik", "Tom", "Greet", "Iñaki")
LAST = ("Peeters", "D'Hondt", "De Wolf", "Van de Voorde", "Janssens", "Claes-Maes", "Müller", "Aerts", "Wouters")
#: What is wrong with a cell in itself, not with what it names.
NOT_A_DATE = "This is not a date. Write it as 03/12/2019 or 2019-12-03."
NO_SUCH_DAY = "This day does not exist."
UNKNOWN_WORD = "«{word}» is not known here. Choose from: {words}."


def headings(kind: ImportKind) -> list[str]:
    return [column.heading for column in COLUMNS[kind]]


def csv_of(kind: ImportKind, rows: Iterable[Row], *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """A CSV file with all headings of a kind; the rows go by the names of the columns."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headings(kind))
    names = [column.name for column in COLUMNS[kind]]
    for row in rows:
        assert set(row) <= set(names), set(row) - set(names)
        writer.writerow([row.get(name, "") for name in names])
    return text.getvalue().encode(encoding)


def xlsx_of(tables: Mapping[str, tuple[list[str], Iterable[Iterable[object]]]]) -> bytes:
    """A workbook: sheet → headings and rows."""
    book = Workbook(write_only=True)
    for name, (heads, rows) in tables.items():
        sheet = book.create_sheet(name)
        sheet.append(heads)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zip_of(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def upload(name: str, content: bytes) -> Upload:
    return Upload(name, io.BytesIO(content))


def school(number: int) -> str:
    """The number of a made-up institution; those below 100,000 have a leading zero."""
    return f"{12_000 + number if number % 2 else 980_000 + number:06}"


def institutions(count: int) -> list[dict[str, str]]:
    return [
        {
            "number": school(each),
            "name": f"Basisschool De Zevende Beer {each}",
            "postcode": "2018",
            "city": "Antwerpen",
            "email": f"secretariaat@beer{each}.example",
        }
        for each in range(count)
    ]


def persons(count: int, schools: int) -> list[dict[str, str]]:
    """Participants without fault, their dates in all three ways."""
    return [
        {
            "email": f"cursist{each}@school{each % 400}.example",
            "first_name": FIRST[each % len(FIRST)],
            "last_name": f"{LAST[each % len(LAST)]} {each}",
            "birth_year": str(1960 + each % 40),
            "phone": f"0470 00 {each // 100 % 100:02} {each % 100:02}",
            "street": f"Schoolstraat {each}",
            "postcode": "9000",
            "city": "Gent",
            "function": "leraar" if each % 3 else "directeur",
            "levels": "LO; SO" if each % 2 else "KO",
            "schools": school(each % schools),
            "linked_on": ("01/09/2018", "2019-09-01", "43709")[each % 3],
        }
        for each in range(count)
    ]


@dataclass
class Planted:
    """A file with faults as bytes, the same mended, and the faults: row of the spreadsheet, heading, reason."""

    broken: bytes
    mended: bytes
    faults: list[tuple[int, str, str]] = field(default_factory=list)


_WRONG_ADDRESS, _TOO_LATE = AddressNotValid.message, BirthYearNotValid.message
#: Which row (from 0) gets what in which column, and why that is refused.
PLANTED: tuple[tuple[int, str, str, str], ...] = (
    (11, "email", "jan.peeters-at-school.example", _WRONG_ADDRESS),
    (411, "email", "jan@@school.example", _WRONG_ADDRESS),
    (812, "email", "jan peeters@school.example", _WRONG_ADDRESS),
    (1213, "email", "jan..peeters@school.example", _WRONG_ADDRESS),
    (1614, "email", "jan@school", _WRONG_ADDRESS),
    (2015, "email", "zoë@school.example", _WRONG_ADDRESS),
    (120, "schools", "777777", UNKNOWN_SCHOOL),
    (521, "schools", "Basisschool Bestaat Niet", UNKNOWN_SCHOOL),
    (922, "schools", "980000; 888888", UNKNOWN_SCHOOL),
    (1323, "schools", "7", UNKNOWN_SCHOOL),
    (1724, "schools", "999999", UNKNOWN_SCHOOL),
    (1001, "email", "cursist1000@school200.example", IN_ROW),
    (1502, "email", "CURSIST3@school3.example", IN_ROW),
    (2503, "email", " cursist2000@school0.example ", IN_ROW),
    (3504, "email", "cursist4@school4.example", IN_ROW),
    (4999, "email", "cursist0@school0.example", IN_ROW),
    (230, "linked_on", "31/02/2019", NO_SUCH_DAY),
    (631, "linked_on", "2019-13-01", NO_SUCH_DAY),
    (1032, "linked_on", "begin september", NOT_A_DATE),
    (1433, "linked_on", "09/25/2019", NO_SUCH_DAY),
    (1834, "linked_on", "01/09/2099", IN_FUTURE),
    (340, "schools", "12001", cells.LEADING_ZEROS),
    (741, "schools", "12003", cells.LEADING_ZEROS),
    (1142, "schools", "980002; 12005", cells.LEADING_ZEROS),
    (1543, "phone", "470001234", cells.LEADING_ZEROS),
    (450, "first_name", "Chloë", MIXED_ENCODINGS),
    (851, "last_name", "Bouché", MIXED_ENCODINGS),
    (1252, "city", "Liège", MIXED_ENCODINGS),
    (560, "last_name", '=HYPERLINK("http://x.example";"klik")', cells.FORMULA),
    (961, "first_name", "@SUM(A1:A9)", cells.FORMULA),
    (1362, "last_name", "+32 Peeters", cells.FORMULA),
    (670, "last_name", "Van den Eynde " * 9, cells.TOO_LONG),
    (1071, "first_name", "A" * 101, cells.TOO_LONG),
    (780, "first_name", "", cells.EMPTY),
    (1181, "last_name", "", cells.EMPTY),
    (890, "birth_year", "1885", _TOO_LATE),
    (991, "function", "tovenaar", UNKNOWN_WORD),
)


def planted(count: int = 5_000, schools: int = 300) -> Planted:
    """Participants with the 37 faults of :data:`PLANTED`; three cells are of another encoding than the file."""
    good = persons(count, schools)
    bad = [dict(row) for row in good]
    for at, name, value, _reason in PLANTED:
        bad[at][name] = value
    broken = csv_of(ImportKind.PERSONS, bad)
    for text in ("Chloë", "Bouché", "Liège"):
        broken = broken.replace(text.encode(), text.encode("cp1252"))
    heads = {column.name: column.heading for column in COLUMNS[ImportKind.PERSONS]}
    faults = sorted((at + 2, heads[name], reason) for at, name, _value, reason in PLANTED)
    return Planted(broken, csv_of(ImportKind.PERSONS, good), faults)
