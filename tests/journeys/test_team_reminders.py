"""Reminders of unpaid notes: what the clock sent with its letter, what it keeps back and why, a note that is held."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demo import FINANCE_ADDRESS, PERSON_ADDRESS
from tests.journeys.conftest import picture, settled, staff_browser
from tests.journeys.platform import Platform, text_of
from tests.journeys.visitors import pdf_text

PERSON, SCHOOL = "An Peeters", "Het Molenspoor"


@pytest.fixture(scope="module")
def finance(platform: Platform, browser: Browser) -> Iterator[Page]:
    yield from staff_browser(platform, browser, FINANCE_ADDRESS)


def opened(platform: Platform, page: Page, which: str) -> None:
    page.goto(f"{platform.url}/herinneringen?lijst={which}")
    expect(page.get_by_role("heading", name="Herinneringen")).to_be_visible()
    settled(page)


def test_1_a_reminder_left_by_itself_with_the_note_and_says_what_to_pay(platform: Platform, finance: Page) -> None:
    mail = platform.wait_for_mail_with(PERSON_ADDRESS, "debetnota", subject="herinnering: debetnota", seconds=60)
    number = re.search(r"DN-\d{4}-\d{6}", str(mail["Subject"]))
    assert number is not None
    assert "+++" in text_of(mail)
    opened(platform, finance, "verstuurd")
    expect(finance.get_by_text(number.group()).first).to_be_visible()
    expect(finance.get_by_text(PERSON).first).to_be_visible()
    picture(finance, "herinneringen-verzonden")
    files = [part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "application/pdf"]
    assert len(files) == 2, "the letter, and the note itself"
    assert all(isinstance(file, bytes) and number.group() in pdf_text(file) for file in files)


def test_2_what_is_kept_back_says_why(platform: Platform, finance: Page) -> None:
    opened(platform, finance, "tegengehouden")
    expect(finance.get_by_text(SCHOOL).first).to_be_visible()
    expect(finance.get_by_role("link", name="Betalingen openen").first).to_be_visible()
    picture(finance, "herinneringen-tegengehouden")


def test_3_a_note_is_held_with_the_reason_and_released(platform: Platform, finance: Page) -> None:
    opened(platform, finance, "tegengehouden")
    finance.get_by_role("button", name="Tegenhouden").first.click()
    dialog = finance.get_by_role("dialog")
    expect(dialog.get_by_text("Waarom?").first).to_be_visible()
    settled(finance)
    picture(finance, "herinneringen-dialoog")
    dialog.get_by_role("button", name="Tegenhouden").click()
    expect(finance.get_by_role("button", name="Vrijgeven")).to_have_count(1)
    picture(finance, "herinneringen-vastgehouden")
    finance.get_by_role("button", name="Vrijgeven").click()
    expect(finance.get_by_text("Vrijgegeven: de herinneringen vertrekken weer")).to_be_visible()
    expect(finance.get_by_role("button", name="Vrijgeven")).to_have_count(0)


def test_4_the_steps_are_looked_at(platform: Platform, finance: Page) -> None:
    opened(platform, finance, "stappen")
    picture(finance, "herinneringen-stappen")
