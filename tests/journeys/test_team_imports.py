"""A coordinator imports the history: a template, a dry run with its faults, mended and in, undone again."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from core.vocabulary import ImportKind
from tests.imports.files import csv_of, institutions, planted, zip_of
from tests.imports.history import FILES, history
from tests.journeys.conftest import picture, settled
from tests.journeys.platform import Platform


@pytest.fixture
def page_of_imports(platform: Platform, team: Page) -> Page:
    team.goto(f"{platform.url}/invoeren")
    settled(team)
    return team


def give(page: Page, folder: Path, files: dict[str, bytes]) -> None:
    paths = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        paths.append(path)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(paths)
    check = page.get_by_role("button", name="Controleren", exact=True)
    expect(check).to_be_enabled()
    check.click()


def shown(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=60_000)


def test_1_a_template_explains_every_column(page_of_imports: Page) -> None:
    shown(page_of_imports, "Er is nog niets ingevoerd")
    picture(page_of_imports, "invoeren-begin")
    with page_of_imports.expect_download() as download:
        page_of_imports.get_by_role("button", name="Alles in één werkmap").click()
    book = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert book.sheetnames[:2] == ["Instellingen", "Cursisten"]
    words = [[cell.value for cell in row] for row in book["Uitleg"].iter_rows()]
    assert ["Cursisten", "Voornaam", "ja", "Tekst.", "An"] in words


def test_2_the_37_faults_are_listed_and_nothing_is_imported(page_of_imports: Page, tmp_path: Path) -> None:
    page = page_of_imports
    schools = csv_of(ImportKind.INSTITUTIONS, institutions(300))
    give(page, tmp_path, {"instellingen.csv": schools, "cursisten.csv": planted().broken})
    shown(page, "Er zijn 37 fouten gevonden.")
    expect(page.get_by_role("button", name="5.300 rijen invoeren")).to_be_disabled()
    settled(page)
    picture(page, "invoeren-fouten")
    with page.expect_download() as download:
        page.get_by_role("button", name="Alle fouten als Excel").click()
    sheet = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).active
    assert sheet.max_row == 38
    assert [cell.value for cell in sheet[2]][:4] == ["cursisten.csv", None, 13, "E-mailadres"]
    page.get_by_text("Verloren voorloopnullen terugzetten").first.click()
    shown(page, "Er zijn 33 fouten gevonden.")
    shown(page, "4 voorstellen aanvaard")


def test_3_without_faults_everything_goes_in_and_can_be_undone(page_of_imports: Page, tmp_path: Path) -> None:
    page = page_of_imports
    tables = history()
    tables[ImportKind.NOTES][0] = dict(tables[ImportKind.NOTES][0]) | {"file": "2018-0001.pdf"}
    files = {FILES[kind]: csv_of(kind, rows) for kind, rows in tables.items()}
    give(page, tmp_path, files | {"pdfs.zip": zip_of({"2018-0001.pdf": b"%PDF-1.7 nota"})})
    shown(page, "Geen fouten: alles kan ingevoerd worden.")
    settled(page)
    picture(page, "invoeren-klaar")
    page.get_by_role("button", name="19 rijen invoeren").click()
    shown(page, "Alles is ingevoerd.")
    settled(page)
    picture(page, "invoeren-gedaan")
    page.get_by_role("button", name="Deze invoer ongedaan maken").click()
    shown(page, "Alles wat deze invoer toevoegde, wordt verwijderd.")
    picture(page, "invoeren-ongedaan")
    page.get_by_role("button", name="Invoer ongedaan maken", exact=True).click()
    shown(page, "De invoer is ongedaan gemaakt.")
    shown(page, re.compile("Ongedaan gemaakt op .* door Coördinator"))
