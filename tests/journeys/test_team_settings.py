"""«Instellingen» and «Logboek» in a browser: a decision, a mail text, a colleague, the trail; a reader only looks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demo import FINANCE_ADDRESS, READER_ADDRESS
from tests.journeys.conftest import picture, settled, signed_in_team, staff_browser
from tests.journeys.platform import Platform, link_in

COLLEAGUE = "bo.claes@example.org"


def part(platform: Platform, page: Page, name: str) -> None:
    page.goto(f"{platform.url}/instellingen-cno?deel={name}")
    settled(page)


@pytest.fixture(scope="module")
def finance(platform: Platform, browser: Browser) -> Iterator[Page]:
    """The browser of a coordinator with the role finance."""
    yield from staff_browser(platform, browser, FINANCE_ADDRESS)


def test_1_a_decision_is_changed_and_a_wrong_one_refused_at_its_place(platform: Platform, finance: Page) -> None:
    part(platform, finance, "geld")
    picture(finance, "geld")
    form = finance.get_by_test_id("stForm").filter(has=finance.get_by_label("IBAN"))
    form.get_by_label("IBAN").fill("BE71 0961 2345 6768")
    form.get_by_role("button", name="Opslaan").click()
    expect(finance.get_by_text("Dit IBAN is niet geldig").first).to_be_visible()
    settled(finance)
    form.get_by_label("IBAN").fill("BE71 0961 2345 6769")
    form.get_by_label("Betalingstermijn (dagen)").fill("45")
    form.get_by_role("button", name="Opslaan").click()
    expect(finance.get_by_text("Het geldt vanaf de volgende handeling").first).to_be_visible()
    expect(finance.get_by_text("Gewijzigd door Financiën (demo)").first).to_be_visible()


def test_2_every_part_can_be_looked_at(platform: Platform, finance: Page) -> None:
    for name, text in {
        "termijnen": "Kalenderdagen van de bevestigde plaats",
        "organisator": "Wie de attesten ondertekent",
        "annuleren": "Wat kost annuleren op een dag?",
        "wie-krijgt-wat": "R30",
        "team": "Een collega uitnodigen",
    }.items():
        part(platform, finance, name)
        expect(finance.get_by_text(text).first).to_be_visible()
        picture(finance, name)


def test_3_a_text_of_a_mail_is_changed_and_taken_back(platform: Platform, finance: Page) -> None:
    part(platform, finance, "mails")
    picture(finance, "mails")
    subject = finance.get_by_label("Onderwerp")
    subject.fill("Welkom, {{ to_nam }}")
    subject.press("Tab")
    expect(finance.get_by_text("Bedoelde u «to_name»").first).to_be_visible()
    settled(finance)
    subject.fill("Welkom, {{ to_name }}")
    subject.press("Tab")
    settled(finance)
    finance.get_by_role("button", name="Opslaan").click()
    expect(finance.get_by_text("De tekst geldt vanaf de volgende mail").first).to_be_visible()
    settled(finance)
    picture(finance, "mails-bewerkt")
    finance.get_by_role("button", name="Terug naar de standaardtekst").click()
    expect(finance.get_by_text("De standaardtekst geldt opnieuw").first).to_be_visible()


def test_4_a_colleague_is_invited_by_mail_and_the_trail_tells_it(platform: Platform, finance: Page) -> None:
    part(platform, finance, "team")
    form = finance.get_by_test_id("stForm").filter(has_text="Een collega uitnodigen")
    form.get_by_label("E-mailadres").fill(COLLEAGUE)
    form.get_by_label("Naam").fill("Bo Claes")
    form.get_by_role("button", name="Uitnodiging versturen").click()
    expect(finance.get_by_text("De uitnodiging vertrekt per mail").first).to_be_visible()
    invitation = platform.wait_for_mail(COLLEAGUE, "Uw account voor het CNO-team")
    finance.goto(f"{platform.url}/logboek")
    expect(finance.get_by_text("nodigde een collega uit").first).to_be_visible()
    settled(finance)
    picture(finance, "logboek")
    finance.goto(link_in(invitation, "nieuw-wachtwoord"))
    expect(finance.get_by_text("Kies een nieuw wachtwoord voor").first).to_be_visible()


def test_5_a_reader_looks_and_changes_nothing(platform: Platform, page: Page) -> None:
    signed_in_team(platform, page, READER_ADDRESS)
    part(platform, page, "termijnen")
    expect(page.get_by_text("Uw account leest alleen").first).to_be_visible()
    expect(page.get_by_role("button", name="Opslaan").first).to_be_disabled()
    picture(page, "lezer")
