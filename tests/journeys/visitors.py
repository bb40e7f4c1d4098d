"""Visitors with an account, each with a browser of their own; what they click, and what reaches their mailbox."""

import re
import sqlite3
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from core.demo import PASSWORD
from tests.journeys.conftest import has_cookie, picture, settled
from tests.journeys.platform import Platform

LEFT, RIGHT = 0, 1


@dataclass
class Visitor:
    """One browser, signed in on one side of the sign-in page."""

    platform: Platform
    page: Page
    context: BrowserContext

    def at(self, address: str) -> Page:
        """The page at an address of the site, drawn."""
        self.page.goto(f"{self.platform.url}/{address}")
        settled(self.page)
        return self.page

    def shown(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def row(self, kind: str, *texts: str) -> Locator:
        """The row of a list that holds these texts."""
        rows = self.page.locator(f"[class*='st-key-{kind}_']").filter(has_text=texts[0])
        for text in texts[1:]:
            rows = rows.filter(has_text=text)
        return rows.first

    def opened(self, row: Locator, button: str) -> Locator:
        """The dialog that a button of a row opens."""
        row.get_by_role("button", name=button).first.click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        settled(self.page)
        return dialog

    def chosen(self, dialog: Locator, name: str) -> None:
        """Choose a colleague in a dialog."""
        dialog.get_by_role("combobox").fill(name)
        self.page.get_by_role("option", name=name).first.click()
        settled(self.page)

    def found(self, title: str) -> None:
        """The page of a course, found in the catalogue."""
        self.at(f"?zoek={title}")
        self.page.get_by_role("link", name="Bekijk de nascholing").first.click()
        self.page.get_by_role("button", name="Schrijf in voor deze cursus").click()
        self.page.wait_for_url("**/*inschrijven?id=*")
        expect(self.page.get_by_text("Waarmee u akkoord gaat")).to_be_visible()
        settled(self.page)

    def downloaded(self, name: str) -> Path:
        """What the first link of this name gives."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=name).first.click()
        return Path(download.value.path())

    def pictured(self, name: str) -> None:
        settled(self.page)
        picture(self.page, name)


def signed_in(platform: Platform, browser: Browser, address: str, side: int, password: str = PASSWORD) -> Visitor:
    """Sign in LEFT as a person, or RIGHT as an institution (R8)."""
    expect.set_options(timeout=20_000)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE", accept_downloads=True)
    context.set_default_timeout(20_000)
    visitor = Visitor(platform, context.new_page(), context)
    page = visitor.at("aanmelden")
    form = page.get_by_test_id("stForm").nth(side)
    form.get_by_label("E-mailadres").fill(address)
    form.get_by_label("Wachtwoord").fill(password)
    form.get_by_role("button", name="Aanmelden").click()
    has_cookie(page)
    return visitor


def address_of(platform: Platform, name: str) -> str:
    """The address that somebody of the demo signs in with."""
    connection = sqlite3.connect(f"file:{platform.folder}/cno.sqlite3?mode=ro", uri=True)
    try:
        return str(connection.execute("SELECT email FROM account WHERE name = ?", (name,)).fetchone()[0])
    finally:
        connection.close()


def pdf_text(content: bytes | Path) -> str:
    """The text of a PDF."""
    document = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text.replace("\r\n", "\n")


def attached_pdf(mail: EmailMessage) -> str:
    """The text of the PDF that a mail brings."""
    (pdf,) = [part for part in mail.walk() if part.get_content_type() == "application/pdf"]
    content = pdf.get_payload(decode=True)
    assert isinstance(content, bytes)
    return pdf_text(content)
