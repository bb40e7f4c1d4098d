"""A visitor and a participant ask in the chat; a school's mail brings a link, and one click there changes something."""

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demo import INSTITUTION_ADDRESS, PERSON_ADDRESS
from tests.journeys.conftest import opened_with, picture, settled
from tests.journeys.platform import Platform, link_in
from tests.journeys.visitors import LEFT, Visitor, signed_in


@pytest.fixture(scope="module")
def participant(platform: Platform, browser: Browser) -> Visitor:
    return signed_in(platform, browser, PERSON_ADDRESS, LEFT)


def ask(page: Page, text: str) -> None:
    box = page.get_by_placeholder("Typ uw vraag")
    box.fill(text)
    box.press("Enter")


def test_1_a_visitor_asks_and_prefers_a_person(platform: Platform, page: Page) -> None:
    page.goto(f"{platform.url}/vraag-het-cno")
    expect(page.get_by_placeholder("Typ uw vraag")).to_be_visible()
    settled(page)
    picture(page, "chat-leeg")
    ask(page, "Wanneer kan ik mijn attest downloaden?")
    expect(page.get_by_text("dagen na de laatste cursusdag").first).to_be_visible(timeout=30_000)
    ask(page, "De koffie was koud, daar wil ik iemand over spreken.")
    expect(page.get_by_text("De koffie was koud").first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Liever een mens").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Uw e-mailadres").fill("wim@elders.example")
    settled(page)
    picture(page, "chat-mens")
    dialog.get_by_role("button", name="Naar het CNO sturen").click()
    expect(page.get_by_text("U krijgt antwoord per mail").first).to_be_visible()


def test_2_the_conversation_waits_in_the_inbox(platform: Platform, team: Page) -> None:
    opened_with(team, f"{platform.url}/postvak", "De koffie was koud")
    expect(team.get_by_text("Iemand vroeg in de chat naar een mens").first).to_be_visible()


def test_3_a_participant_hears_the_own_facts_with_the_way_on(participant: Visitor) -> None:
    page = participant.at("vraag-het-cno")
    for text in ("Wanneer kan ik mijn attest downloaden?", "Wat kost het om te annuleren?"):
        ask(page, text)
        settled(page)
    participant.pictured("chat-cursist")
    page.get_by_role("link", name="Mijn nascholingen").last.click()
    page.wait_for_url("**/mijn-nascholingen")


def test_4_a_school_forbids_that_staff_name_it_by_one_click_behind_a_mail(platform: Platform, page: Page) -> None:
    platform.send(
        INSTITUTION_ADDRESS, "Betaler", "Onze personeelsleden mogen onze school niet meer als betaler opgeven."
    )
    answer = platform.wait_for_mail(INSTITUTION_ADDRESS, "Mag uw personeel de instelling als betaler kiezen?")
    page.goto(link_in(answer, "wijzigen"))
    expect(page.get_by_text("Vanaf nu", exact=True)).to_be_visible()
    settled(page)
    picture(page, "wijzigen")
    page.get_by_text("Personeel mag ons niet als betaler", exact=False).first.click()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Bewaard. Vanaf nu geldt").first).to_be_visible()
    page.goto(link_in(answer, "wijzigen"))
    expect(page.get_by_text("niet meer geldig").first).to_be_visible()
