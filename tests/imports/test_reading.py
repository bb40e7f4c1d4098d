"""Tables out of files as they really come: encodings, separators, workbooks, and what is no table at all."""

import io
import zipfile
from datetime import datetime, time

import pytest
from openpyxl import Workbook

from core.documents import tables
from core.documents.encodings import unmarked
from core.documents.tables import FileUnreadable, OldWorkbook, QuoteNotClosed, Table, TooMuch
from core.imports import parcel
from core.imports.parcel import ArchiveTooLarge, PdfTwice
from tests.imports.files import upload, xlsx_of, zip_of

TEXT = "Naam;Nummer\r\nZoë;007\r\nJosé;1\r\n"


def read(content: bytes, name: str = "bestand.csv") -> list[Table]:
    return list(tables.read(name, io.BytesIO(content)))


def rows(table: Table) -> list[list[str]]:
    return [list(row) for row in table.cells.to_numpy()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_file_is_read_whatever_its_encoding_and_separator(encoding: str, delimiter: str) -> None:
    (table,) = read(TEXT.replace(";", delimiter).encode(encoding))
    assert table.headings == ("Naam", "Nummer")
    assert rows(table) == [["Zoë", "007"], ["José", "1"]]
    assert list(table.cells.index) == [2, 3]


def test_rows_keep_the_number_that_a_spreadsheet_shows() -> None:
    (table,) = read(b'\n;;\nNaam;Nummer\n\n"twee\nregels";5\n;\nBert;6\n')
    assert table.headings == ("Naam", "Nummer")
    assert dict(zip(table.cells.index, rows(table), strict=True)) == {5: ["twee\nregels", "5"], 7: ["Bert", "6"]}


def test_the_rows_of_another_encoding_are_known_whichever_has_the_upper_hand() -> None:
    lines = [f"Zoë {number};{number}\n" for number in range(5)]
    mostly_utf = b"Naam;Nummer\n" + "".join(lines).encode() + "Chloë;9\n".encode("cp1252")
    mostly_windows = b"Naam;Nummer\n" + "".join(lines).encode("cp1252") + "Chloë;9\n".encode()
    for content in (mostly_utf, mostly_windows):
        (table,) = read(content)
        names = [row[0] for row in rows(table)]
        assert names[:5] == [f"Zoë {number}" for number in range(5)]
        assert names[5] != "Chloë"
        assert unmarked(names[5]) == "Chloë"


@pytest.mark.parametrize("text", ["Zoë", "Ã la carte", "Łukasz", "«aanhaling»", "prijs: € 5", "ÂÃ"])
def test_what_is_no_misread_text_stays_as_it_is(text: str) -> None:
    assert unmarked(text) == text


def test_a_workbook_gives_every_sheet_as_text_and_leaves_formulas_to_be_refused() -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Cursisten"
    sheet.append(["Naam", "Nummer", "Datum", "Uur", "Ja", "Formule", "Fout"])
    sheet.append(["007", 12345, datetime(2019, 3, 1), time(9, 30), True, "=A1", None])  # noqa: DTZ001 - a spreadsheet's
    sheet["G2"] = "#REF!"
    sheet["G2"].data_type = "e"
    book.create_sheet("Leeg")
    stream = io.BytesIO()
    book.save(stream)
    (table,) = read(stream.getvalue(), "boek.xlsx")
    assert table.sheet == "Cursisten"
    assert rows(table) == [["007", "12345", "2019-03-01", "09:30", "ja", "=A1", tables.EXCEL_ERROR]]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileUnreadable),
        (b"\x00\x01\x02\x03", FileUnreadable),
        (b"PK\x03\x04 no archive", FileUnreadable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OldWorkbook),
        (b'Naam;Nummer\n"open;1\n', QuoteNotClosed),
        (b"\xff\xfeN", FileUnreadable),
        (b"Naam\n" + b"x\n" * (tables.MOST_ROWS + 1), TooMuch),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal, match=r"x\.csv"):
        read(content, "x.csv")


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 1000)
    with pytest.raises(TooMuch):
        read(xlsx_of({"Blad": (["Naam"], [["x"]] * 50)}), "x.xlsx")


def test_a_zip_gives_its_pdfs_by_name_and_the_tables_within() -> None:
    content = zip_of({"map/Nota 1.PDF": b"%PDF-1.7 nota", "lijst.csv": TEXT.encode(), "geen.pdf": b"tekst"})
    opened = parcel.opened([upload("alles.zip", content), upload("blad.xlsx", xlsx_of({"A": (["Naam"], [["x"]])}))])
    assert [table.file for table in opened.tables] == ["lijst.csv", "blad.xlsx"]
    assert opened.has_pdf("nota 1.pdf")
    assert not opened.has_pdf("geen.pdf")
    assert not opened.has_pdf("Nota 2.pdf")
    assert opened.pdf("Nota 1.pdf") == b"%PDF-1.7 nota"
    opened.close()


def test_an_archive_with_two_files_of_one_name_or_a_giant_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PdfTwice, match=r"1\.pdf"):
        parcel.opened([upload("x.zip", zip_of({"a/1.pdf": b"%PDF-", "b/1.pdf": b"%PDF-"}))])
    monkeypatch.setattr(parcel, "MOST_PDF_BYTES", 100)
    with pytest.raises(ArchiveTooLarge):
        parcel.opened([upload("x.zip", zip_of({"a.csv": b"x" * 200}))])
    assert not parcel.opened([upload("x.zip", zip_of({"a.pdf": b"%PDF-" * 200}))]).has_pdf("a.pdf")


def test_a_locked_archive_is_refused() -> None:
    content = bytearray(zip_of({"a.pdf": b"%PDF-"}))
    for at in (content.index(b"PK\x03\x04") + 6, content.index(b"PK\x01\x02") + 8):
        content[at] |= 1
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.infolist()[0].flag_bits & 1
    with pytest.raises(FileUnreadable):
        parcel.opened([upload("x.zip", bytes(content))])
