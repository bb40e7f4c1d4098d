"""Somebody with the role finance reads bank files, works the queue, uses credit, pays back and undoes."""

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.demo import FINANCE_ADDRESS
from core.demo.bank_files import Movement, camt_053
from tests.journeys.conftest import picture, settled, staff_browser
from tests.journeys.platform import Platform

TODAY = date.today()  # noqa: DTZ011 - the bank's day
ACCOUNT = "BE71096123456769"  # of the demo
SCHOOL, PERSON = "Vrije Basisschool Het Molenspoor (demo)", "An Peeters"


@pytest.fixture(scope="module")
def finance(platform: Platform, browser: Browser) -> Iterator[Page]:
    yield from staff_browser(platform, browser, FINANCE_ADDRESS)


def chosen(page: Page, name: str) -> None:
    """One of the lists."""
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()
    settled(page)


def row(page: Page, *texts: str) -> Locator:
    """The card of a line that says all of this."""
    found = page.locator("[data-testid=stVerticalBlock]").filter(has=page.get_by_role("button"))
    for text in texts:
        found = found.filter(has_text=text)
    return found.last


def reference(platform: Platform, payer: str, cents: int) -> str:
    """The reference of the note of a payer with this amount, from the database of the platform."""
    query = (
        "select ogm from note left join institution i on i.id = payer_institution_id and payer_kind = 'institution'"
        " left join person p on p.id = payer_person_id and payer_kind = 'person'"
        " where kind = 'debit' and total_cents = ? and coalesce(i.name, p.first_name || ' ' || p.last_name) = ?"
        " order by note.id desc"
    )
    with sqlite3.connect(f"file:{platform.folder}/cno.sqlite3?mode=ro", uri=True) as database:
        return str(database.execute(query, (cents, payer)).fetchone()[0])


def test_1_several_files_are_read_at_once_and_tell_what_they_gave(
    platform: Platform, finance: Page, tmp_path: Path
) -> None:
    page = finance
    page.goto(f"{platform.url}/betalingen")
    expect(page.get_by_text("Te plaatsen (7)")).to_be_visible()
    settled(page)
    picture(page, "betalingen-te-plaatsen")
    exact = Movement(TODAY, 23_000, "J1", SCHOOL.upper(), "BE10100000000002", reference(platform, SCHOOL, 23_000))
    over = Movement(TODAY, 15_000, "J2", "PEETERS AN", "BE10200000000001", reference(platform, PERSON, 13_500))
    files = {"vandaag.xml": camt_053(ACCOUNT, [exact, over]), "overlapt.xml": camt_053(ACCOUNT, [over], number=2)}
    for name, content in (files | {"brief.txt": b"Beste"}).items():
        (tmp_path / name).write_bytes(content)
    page.locator("input[type=file]").set_input_files([tmp_path / name for name in (*files, "brief.txt")])
    expect(page.get_by_text("brief.txt")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Inlezen").click()
    expect(page.get_by_text("1 vanzelf geplaatst")).to_be_visible()
    expect(page.get_by_text("1 al bekend")).to_be_visible()
    expect(page.get_by_text("is geen rekeninguittreksel")).to_be_visible()
    expect(page.get_by_text("Te plaatsen (8)")).to_be_visible()
    picture(page, "betalingen-ingelezen")


def test_2_a_payment_that_is_too_much_is_confirmed_and_its_rest_kept(finance: Page) -> None:
    page = finance
    line = row(page, "PEETERS AN", "€ 15,00 meer dan")
    line.get_by_role("button", name="Bevestigen").click()
    expect(page.get_by_text("De betaling is geplaatst")).to_be_visible()
    expect(page.get_by_text("Te plaatsen (7)")).to_be_visible()


def test_3_one_payment_is_divided_over_notes_that_are_chosen(finance: Page) -> None:
    page = finance
    row(page, "ZONNEWIMPEL", "vormingen personeel").get_by_role("button", name="Nota's kiezen").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").last.click()
    page.get_by_role("option", name="DN-").first.click()  # above it stands: all of them
    page.keyboard.press("Tab")
    settled(page)
    picture(page, "betalingen-verdelen")
    expect(dialog.get_by_text("€ 90,00 blijft over")).to_be_visible()
    dialog.get_by_role("button", name="Plaatsen").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row(page, "ZONNEWIMPEL").get_by_text("van € 180,00")).to_be_visible()
    row(page, "ZONNEWIMPEL", "vormingen personeel").get_by_role("button", name="Bevestigen").click()
    expect(page.get_by_text("Te plaatsen (6)")).to_be_visible()


def test_4_what_is_not_ours_is_set_aside(finance: Page) -> None:
    page = finance
    row(page, "Kosten rekeningbeheer").get_by_role("button", name="Opzijzetten").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Bankkosten")
    dialog.get_by_role("button", name="Opzijzetten").click()
    expect(page.get_by_text("Te plaatsen (5)")).to_be_visible()


def test_5_kept_credit_pays_another_note(finance: Page) -> None:
    page = finance
    chosen(page, "Tegoeden")
    expect(page.get_by_text("€ 15,00")).to_be_visible()
    picture(page, "betalingen-tegoeden")
    row(page, PERSON, "€ 15,00").get_by_role("button", name="Voor een andere nota gebruiken").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="€ 15,00 gebruiken")).to_be_enabled()
    picture(page, "betalingen-tegoed-gebruiken")
    dialog.get_by_role("button", name="€ 15,00 gebruiken").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text(PERSON)).to_have_count(0)


def test_6_kept_credit_is_paid_back_by_an_outgoing_line(platform: Platform, finance: Page, tmp_path: Path) -> None:
    page = finance
    out = Movement(TODAY + timedelta(days=1), -2_000, "J3", SCHOOL.upper(), "BE10100000000002", text="terugbetaling")
    (tmp_path / "morgen.xml").write_bytes(camt_053(ACCOUNT, [out], number=3))
    page.locator("input[type=file]").set_input_files([tmp_path / "morgen.xml"])
    page.get_by_role("button", name="Inlezen").click()
    chosen(page, "Te plaatsen (6)")
    row(page, "terugbetaling").get_by_role("button", name="Bevestigen").click()
    expect(page.get_by_text("Te plaatsen (5)")).to_be_visible()
    chosen(page, "Tegoeden")
    expect(page.get_by_text("Voor niemand is een tegoed bewaard")).to_be_visible()


def test_7_what_was_placed_is_found_and_undone(finance: Page) -> None:
    page = finance
    chosen(page, "Geplaatst")
    page.get_by_label("Zoek op betaler").fill("molenspoor")
    settled(page)
    picture(page, "betalingen-geplaatst")
    row(page, "€ 230,00").get_by_role("button", name="Ongedaan maken").click()
    page.get_by_role("dialog").get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_text("Te plaatsen (6)")).to_be_visible()
    chosen(page, "Bankbestanden")
    expect(page.get_by_text("overlapt.xml").first).to_be_visible()
    picture(page, "betalingen-bestanden")
