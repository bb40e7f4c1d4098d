"""The main job in a real browser, with real mail and real PDFs: from a new account to a certificate that checks out.

The steps are one journey and run in this order; a later one needs what an earlier one did.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import has_cookie, picture, settled
from tests.journeys.platform import Platform, link_in

ME = "noor.verhelst@example.org"
PASSWORD = "zeven gele fietsen"
SCHOOL = "Basisschool De Zonnewimpel"
SECRETARIAT = "secretariaat@zonnewimpel.example"
BILLING = "boekhouding@zonnewimpel.example"


@pytest.fixture(scope="module")
def me(browser: Browser) -> Iterator[BrowserContext]:
    """One visitor's browser for the whole journey; its cookies stay."""
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE", accept_downloads=True)
    made.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    yield made
    made.close()


@pytest.fixture
def page(me: BrowserContext) -> Iterator[Page]:
    tab = me.new_page()
    yield tab
    tab.close()


def text_of_pdf(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text.replace("\r\n", "\n")


def shown(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible()


def test_1_create_an_account_and_confirm_it_by_the_link_in_the_mail(platform: Platform, page: Page) -> None:
    page.goto(platform.url)
    page.get_by_role("link", name="Aanmelden", exact=True).click()
    page.get_by_role("link", name="Account aanmaken").click()
    page.get_by_label("Voornaam").fill("Noor")
    page.get_by_label("Achternaam").fill("Verhelst")
    page.get_by_label("E-mailadres").fill(ME)
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_label("Wachtwoord", exact=True).press("Tab")
    settled(page)
    picture(page, "account")
    page.get_by_role("button", name="Account aanmaken").click()
    shown(page, "Kijk in uw mailbox")
    mail = platform.wait_for_mail(ME, "Bevestig uw adres")
    page.goto(link_in(mail, "bevestigen"))
    page.get_by_role("button", name="Mijn adres bevestigen").click()
    shown(page, "Uw adres is bevestigd")
    page.goto(link_in(mail, "bevestigen"))
    shown(page, "Deze link is niet meer geldig")


def test_2_sign_in_and_stay_signed_in(platform: Platform, page: Page, me: BrowserContext) -> None:
    page.goto(f"{platform.url}/aanmelden")
    form = page.get_by_test_id("stForm").first
    form.get_by_label("E-mailadres").fill(ME)
    form.get_by_label("Wachtwoord").fill("verkeerd wachtwoord")
    form.get_by_role("button", name="Aanmelden").click()
    shown(page, "horen niet bij elkaar")
    picture(page, "aanmelden")
    form.get_by_label("Wachtwoord").fill(PASSWORD)
    form.get_by_role("button", name="Aanmelden").click()
    has_cookie(page)
    (cookie,) = [cookie for cookie in me.cookies() if cookie["name"] == "cno_sign_in"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    page.reload()
    expect(page.get_by_role("button", name="Afmelden", exact=True)).to_be_visible()
    tab = me.new_page()
    tab.goto(f"{platform.url}/mijn-gegevens")
    expect(tab.get_by_role("heading", name="Mijn gegevens")).to_be_visible()
    tab.close()


def test_3_link_the_school_which_hears_of_it(platform: Platform, page: Page) -> None:
    page.goto(f"{platform.url}/mijn-gegevens")
    page.get_by_label("Zoek uw school").fill("zonnewimp")
    page.get_by_role("button", name=re.compile("verbonden|Verbind")).first.click()
    shown(page, SCHOOL)
    mail = platform.wait_for_mail(SECRETARIAT, "Noor Verhelst")
    assert "bevestigen" in link_in(mail, "bevestigen")


def test_4_find_a_course_and_enrol_with_the_school_as_payer(platform: Platform, page: Page) -> None:
    page.goto(platform.url)
    page.get_by_placeholder("Titel, vak, lesgever").fill("klasmanagement startende")
    expect(page.get_by_role("heading", name="Klasmanagement voor startende leraren").first).to_be_visible()
    expect(page).to_have_url(re.compile("zoek=klasmanagement"))
    settled(page)
    picture(page, "catalogus")
    page.get_by_role("link", name="Bekijk de nascholing").first.click()
    settled(page)
    picture(page, "cursus")
    page.get_by_role("button", name="Schrijf in voor deze cursus").click()
    shown(page, "Aan wie wordt de debetnota gericht?")
    page.get_by_text(f"Instelling {SCHOOL}").click()
    settled(page)
    picture(page, "inschrijven")
    page.get_by_role("button", name="Mijn inschrijving bevestigen").click()
    expect(page.get_by_role("heading", name="U bent ingeschreven")).to_be_visible()
    picture(page, "ingeschreven")
    with page.expect_download() as download:
        page.get_by_role("link", name="In mijn agenda zetten").click()
    assert Path(download.value.path()).read_text().count("BEGIN:VEVENT") == 3
    platform.wait_for_mail(ME, "U bent ingeschreven")
    platform.wait_for_mail(SECRETARIAT, "Inschrijving van Noor Verhelst")


def test_5_enrolling_again_is_refused_with_the_reason(platform: Platform, page: Page) -> None:
    page.goto(f"{platform.url}/mijn-nascholingen")
    shown(page, "Klasmanagement voor startende leraren")
    page.get_by_role("link", name="Bekijk de nascholing").first.click()
    page.wait_for_url("**/nascholing?id=*")
    page.goto(page.url.replace("/nascholing?", "/inschrijven?"))
    shown(page, "al ingeschreven")


def test_6_seven_days_later_the_debit_note_is_at_the_billing_address_with_a_copy_for_staff(
    platform: Platform, page: Page, tmp_path: Path
) -> None:
    platform.bill_nobody_but(ME)
    platform.move_clock(7)
    mail = platform.wait_for_mail_with(BILLING, "Noor Verhelst", seconds=180)
    copy = platform.wait_for_mail(ME, "Debetnota", seconds=30)
    for name, sent in (("note", mail), ("copy", copy)):
        (pdf,) = [part for part in sent.walk() if part.get_content_type() == "application/pdf"]
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(pdf.get_payload(decode=True))
        text = text_of_pdf(path)
        assert "Noor Verhelst" in text
        assert SCHOOL in text
        assert ("KOPIE" in text.upper()) is (name == "copy")
    page.goto(f"{platform.url}/mijn-documenten")
    shown(page, "Debetnota DN-")
    picture(page, "documenten")
    with page.expect_download() as download:
        page.get_by_role("link", name="Downloaden").first.click()
    assert "Noor Verhelst" in text_of_pdf(Path(download.value.path()))


def test_7_a_week_after_the_last_day_the_attest_is_one_click_away_and_its_code_checks_out(
    platform: Platform, page: Page, browser: Browser
) -> None:
    page.goto(f"{platform.url}/mijn-nascholingen")
    shown(page, "Attest: beschikbaar vanaf")
    platform.move_clock(120)
    page.goto(f"{platform.url}/mijn-nascholingen")
    shown(page, "Meld u aan om deze pagina te zien")  # a sign-in lives 30 days
    form = page.get_by_test_id("stForm")
    form.get_by_label("E-mailadres").fill(ME)
    form.get_by_label("Wachtwoord").fill(PASSWORD)
    form.get_by_role("button", name="Aanmelden").click()
    shown(page, "Klasmanagement")
    with page.expect_download() as download:
        page.get_by_role("link", name="Attest", exact=True).first.click()
    text = text_of_pdf(Path(download.value.path()))
    assert "Noor Verhelst" in text
    (code,) = set(re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", text))
    stranger = browser.new_context(locale="nl-BE")
    check = stranger.new_page()
    check.goto(f"{platform.url}/attest-controleren?code={code}")
    expect(check.get_by_text("Geldig")).to_be_visible()
    expect(check.get_by_role("heading", name="Noor Verhelst")).to_be_visible()
    settled(check)
    picture(check, "attest")
    check.goto(f"{platform.url}/attest-controleren?code={code[:-1]}{'A' if code[-1] != 'A' else 'B'}")
    expect(check.get_by_text("Geen attest met deze code")).to_be_visible()
    stranger.close()


def test_8_signing_out_everywhere_ends_this_browser_too(platform: Platform, page: Page) -> None:
    page.goto(f"{platform.url}/mijn-gegevens")
    page.get_by_role("button", name="Overal afmelden").click()
    expect(page.get_by_role("link", name="Aanmelden").first).to_be_visible()
    page.goto(f"{platform.url}/mijn-nascholingen")
    shown(page, "Meld u aan om deze pagina te zien")
