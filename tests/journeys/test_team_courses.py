"""Courses by coordinators in a browser: two who edit the same one, one from draft to repeat, a list, a cancelling."""

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from core import clock
from core.vocabulary import ImportKind
from tests.imports.files import csv_of
from tests.journeys.conftest import picture, settled
from tests.journeys.platform import Platform


def said(page: Page | Locator, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_text(text).first).to_be_visible()


def click(page: Page | Locator, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def choose(page: Page, name: str, option: str) -> None:
    """Choose one more of a list that holds several."""
    page.get_by_role("combobox", name=name).fill(option)
    page.get_by_role("option", name=option, exact=True).first.click()
    page.keyboard.press("Escape")


def on(dialog: Locator, day: date) -> None:
    """Type another day in a dialog."""
    dialog.get_by_role("spinbutton", name="day, Dag").click()
    dialog.page.keyboard.type(f"{day:%d%m%Y}")
    dialog.page.keyboard.press("Escape")  # the calendar, which covers the dialog


def test_1_the_second_of_two_coordinators_is_told_and_chooses(platform: Platform, team: Page, browser: Browser) -> None:
    address = f"{platform.url}/nascholing-bewerken?id=5"
    other_context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="nl-BE", storage_state=team.context.storage_state()
    )
    other = other_context.new_page()
    for each in (team, other):
        each.goto(address)
        expect(each.get_by_role("textbox", name="Ondertitel")).to_be_visible()
        settled(each)
    other.get_by_role("textbox", name="Ondertitel").fill("Van de andere")
    other.get_by_role("button", name="Opslaan").click()
    expect(other.get_by_text("De nascholing is bewaard.").first).to_be_visible()
    team.get_by_role("textbox", name="Ondertitel").fill("Van mij")
    team.get_by_role("button", name="Opslaan").click()
    expect(team.get_by_text("intussen gewijzigd").first).to_be_visible()
    expect(team.get_by_role("textbox", name="Ondertitel")).to_have_value("Van mij")
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


def test_3_a_course_is_written_published_and_repeated(platform: Platform, team: Page) -> None:
    first = clock.today() + timedelta(days=60)
    team.goto(f"{platform.url}/nascholingen")
    settled(team)
    picture(team, "nascholingen")
    team.get_by_role("link", name="Nieuwe nascholing").click()
    team.get_by_label("Titel", exact=True).fill("Vragen stellen die doen denken")
    team.get_by_label("Code", exact=True).fill("27/DEN/001A")
    team.get_by_label("Inleiding").fill("Eén goede vraag per les.")
    team.get_by_label("Plaats", exact=True).fill("Campus Boogkeers")
    choose(team, "Niveaus", "Lager onderwijs (LO)")
    choose(team, "Thema's", "Algemene didactiek")
    click(team, "Niet in de lijst?")
    team.get_by_label("Naam", exact=True).fill("Zoë Van de Vraag")
    click(team, "Docent toevoegen en kiezen")
    said(team, "Zoë Van de Vraag")
    settled(team)
    picture(team, "nascholing-nieuw")
    click(team, "Nascholing aanmaken")
    said(team, "De nascholing is in voorbereiding.")
    team.get_by_role("tab", name=re.compile("Cursusdagen")).click()
    click(team, "Dag toevoegen")
    dialog = team.get_by_role("dialog")
    on(dialog, first)
    click(dialog, "Dag bewaren")
    said(team, "De cursusdagen zijn bewaard.")
    click(team, "Publiceren")
    said(team, "De nascholing staat op de website: inschrijven kan.")
    click(team, "Herhaling maken")
    said(dialog, re.compile("→"))
    picture(team, "nascholing-herhalen")
    click(dialog, "Herhaling aanmaken")
    said(team, "De herhaling staat klaar in voorbereiding")
    said(team, "Vragen stellen die doen denken - herhaling 1")


def test_4_a_moved_day_says_whom_it_reaches_and_offers_the_mail(platform: Platform, team: Page) -> None:
    team.goto(f"{platform.url}/nascholing-bewerken?id=9")
    team.get_by_role("tab", name=re.compile("Cursusdagen")).click()
    click(team, "Wijzigen")
    dialog = team.get_by_role("dialog")
    said(dialog, re.compile("Wie dit raakt: .*deelnemer"))
    on(dialog, clock.today() + timedelta(days=200))
    said(dialog, re.compile("Laatste dag: .* → "))
    said(dialog, "Hen per mail verwittigen")
    dialog.get_by_text("De mail zoals ze vertrekt").click()
    settled(team)
    picture(team, "nascholing-dag-verzetten")
    click(dialog, "Dag bewaren")
    said(team, re.compile(r"De cursusdagen zijn bewaard\. \d+ mails? .* onderweg"))


def test_5_a_list_of_courses_is_mended_imported_and_undone(platform: Platform, team: Page, tmp_path: Path) -> None:
    day = {"held_on": f"{clock.today() + timedelta(days=90):%d/%m/%Y}", "starts_at": "09:30", "ends_at": "16:00"}
    rows = [
        {"code": f"27/LST/{each}", "title": f"Uit de lijst {each}", "price": "95,00", "capacity": "20", **day}
        for each in range(1, 4)
    ]
    team.goto(f"{platform.url}/nascholingen")
    team.get_by_role("link", name="Lijst invoeren").click()
    said(team, "Een lijst van komende nascholingen")
    for minimum, outcome in (("21", "Er is 1 fout gevonden."), ("8", "Geen fouten: alles kan ingevoerd worden.")):
        path = tmp_path / f"lijst-{minimum}.csv"
        path.write_bytes(csv_of(ImportKind.PLANNED_COURSES, [*rows[:2], rows[2] | {"minimum": minimum}]))
        team.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
        if minimum == "8":
            team.get_by_role("button", name=re.compile("lijst-21")).first.click()
        click(team, "Controleren")
        said(team, outcome)
        settled(team)
        picture(team, f"lijst-invoeren-{minimum}")
    click(team, "3 rijen invoeren")
    said(team, "De nascholingen staan in voorbereiding")
    click(team, "Deze invoer ongedaan maken")
    click(team, "Invoer ongedaan maken")
    said(team, "De invoer is ongedaan gemaakt.")
