"""Courses by coordinators in a browser: two who edit the same one; a whole course cancelled."""

from playwright.sync_api import Browser, Page, expect

from core.demo import COORDINATOR_ADDRESS, PASSWORD
from tests.journeys.conftest import has_cookie, picture, settled
from tests.journeys.platform import Platform


def test_1_the_second_of_two_coordinators_is_told_and_chooses(platform: Platform, team: Page, browser: Browser) -> None:
    address = f"{platform.url}/nascholing-bewerken?id=5"
    other_context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE")
    other = other_context.new_page()
    other.goto(f"{platform.url}/team")
    form = other.get_by_test_id("stForm")
    form.get_by_label("E-mailadres").fill(COORDINATOR_ADDRESS)
    form.get_by_label("Wachtwoord").fill(PASSWORD)
    form.get_by_role("button", name="Aanmelden").click()
    has_cookie(other)
    for each in (team, other):
        each.goto(address)
        expect(each.get_by_label("Ondertitel")).to_be_visible()
        settled(each)
    other.get_by_label("Ondertitel").fill("Van de andere")
    other.get_by_role("button", name="Opslaan").click()
    expect(other.get_by_text("De nascholing is bewaard.").first).to_be_visible()
    team.get_by_label("Ondertitel").fill("Van mij")
    team.get_by_role("button", name="Opslaan").click()
    expect(team.get_by_text("intussen gewijzigd").first).to_be_visible()
    expect(team.get_by_label("Ondertitel")).to_have_value("Van mij")
    picture(team, "nascholing-intussen-gewijzigd")
    team.get_by_text("Mijn invoer: Van mij").click()
    team.get_by_role("button", name="Bewaren met deze keuzes").click()
    expect(team.get_by_text("De nascholing is bewaard.").first).to_be_visible()
    other_context.close()


def test_2_a_whole_course_is_cancelled_and_its_participants_are_told(platform: Platform, team: Page) -> None:
    team.goto(f"{platform.url}/nascholing-bewerken?id=7")
    team.get_by_role("button", name="Hele nascholing annuleren").click()
    expect(team.get_by_text("verwittigd").first).to_be_visible()
    settled(team)
    picture(team, "nascholing-annuleren")
    team.get_by_role("button", name="Annuleren en iedereen verwittigen").click()
    expect(team.get_by_text("De nascholing is geannuleerd.").first).to_be_visible(timeout=60_000)
    settled(team)
    picture(team, "nascholing-geannuleerd")
