"""A coordinator reads a report: chooses it and its period, shares its address, takes it along as a workbook."""

import io

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.journeys.conftest import picture, settled
from tests.journeys.platform import Platform


def test_a_report_is_chosen_shared_by_its_address_and_downloaded(platform: Platform, team: Page) -> None:
    page = team
    page.goto(f"{platform.url}/rapporten")
    expect(page.get_by_text("Hoe ze vandaag staan").first).to_be_visible()
    settled(page)
    picture(page, "rapport-inschrijvingen")
    page.get_by_role("radio", name="Bezetting").or_(page.get_by_role("button", name="Bezetting")).first.click()
    expect(page.get_by_text("Nascholingen volgens bezetting").first).to_be_visible()
    settled(page)
    assert "rapport=bezetting" in page.url
    page.goto(f"{platform.url}/rapporten?rapport=bereik&periode=12-maanden&per=provincie")
    expect(page.get_by_text("Cursisten per provincie").first).to_be_visible()
    settled(page)
    picture(page, "rapport-bereik")
    page.get_by_text("Bereik per provincie").first.click()
    expect(page.get_by_role("cell", name="Antwerpen").first).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Downloaden als XLSX").click()
    book = load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    assert book.sheetnames[0] == "Overzicht"
    assert "Antwerpen" in [row[0].value for row in book.worksheets[1].iter_rows()]
