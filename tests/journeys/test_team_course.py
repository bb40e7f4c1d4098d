"""One course in a coordinator's browser: by hand, the waiting list, a mail to everybody, lists, go or no-go."""

from io import BytesIO
from pathlib import Path

import pypdfium2
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from core.demo import PERSON_ADDRESS
from tests.journeys.conftest import picture, settled
from tests.journeys.platform import Platform, text_of
from tests.journeys.visitors import LEFT, signed_in

FULL, COMING, ASKING = 3, 2, 1  # the demo's full course, one with room, one that asks something at enrolment


def opened(platform: Platform, team: Page, course_id: int, part: str = "deelnemers") -> None:
    team.goto(f"{platform.url}/nascholing-beheren?id={course_id}&deel={part}")
    expect(team.get_by_role("link", name="Zoals bezoekers het zien")).to_be_visible()
    settled(team)


def test_1_somebody_is_enrolled_by_hand_replaced_and_cancelled(platform: Platform, team: Page) -> None:
    opened(platform, team, COMING)
    picture(team, "cursus-deelnemers")
    team.get_by_role("button", name="Zelf inschrijven").click()
    dialog = team.get_by_role("dialog")
    dialog.get_by_label("Cursist", exact=True).fill("peeters")
    dialog.get_by_role("radiogroup", name="Wie?").get_by_role("radio").first.wait_for(state="attached")
    picture(team, "cursus-inschrijven")
    chosen = dialog.get_by_role("radiogroup", name="Wie?").locator("label").nth(2)
    name = chosen.inner_text().split(" · ")[0].strip()
    chosen.click()
    dialog.get_by_role("button", name="Inschrijven", exact=True).click()
    expect(team.get_by_text("Ingeschreven; de bevestiging is onderweg.")).to_be_visible()
    team.get_by_placeholder("Naam van de deelnemer of de betaler").fill(name)
    row = team.get_by_role("button", name="Vervangen").first
    expect(team.get_by_text(name).first).to_be_visible()
    row.click()
    settled(team)
    picture(team, "cursus-vervangen")
    dialog.get_by_role("button", name="Niet vervangen").click()
    team.get_by_role("button", name="Annuleren").first.click()
    dialog.get_by_text("Kosteloos (ziekte met bewijs").click()
    settled(team)
    picture(team, "cursus-annuleren")
    dialog.get_by_role("button", name="Inschrijving annuleren").click()
    expect(team.get_by_text("Geannuleerd. Wie het aangaat")).to_be_visible()


def test_2_the_waiting_list_explains_itself(platform: Platform, team: Page) -> None:
    opened(platform, team, FULL, "wachtlijst")
    expect(team.get_by_text("Wie het langst wacht, komt eerst.")).to_be_visible()
    team.get_by_text("Wie kreeg een plaats aangeboden, en waarom").click()
    expect(team.get_by_text("volgende in de rij").last).to_be_visible()
    settled(team)
    picture(team, "cursus-wachtlijst")


def test_3_a_mail_to_everybody_is_looked_at_and_arrives(platform: Platform, team: Page) -> None:
    opened(platform, team, COMING, "mail")
    team.get_by_label("Onderwerp").fill("Zaal gewijzigd voor {nascholing}")
    team.get_by_label("Tekst").fill("Dag {voornam},\n\nWe verhuizen naar R.204.")
    team.get_by_label("Tekst").press("Control+Enter")
    expect(team.get_by_text("«voornam» op regel 1 kan niet ingevuld worden").first).to_be_visible()
    team.get_by_label("Tekst").fill("Dag {voornaam},\n\nWe verhuizen naar R.204.")
    team.get_by_label("Tekst").press("Control+Enter")
    expect(team.get_by_text("Zoals deze ontvanger hem krijgt")).to_be_visible()
    settled(team)
    picture(team, "cursus-mail")
    address = team.get_by_role("combobox", name="Zoals deze ontvanger hem krijgt").input_value().rpartition(" · ")[2]
    team.get_by_role("button", name="versturen").click()
    expect(team.get_by_text("onderweg").first).to_be_visible()
    mail = platform.wait_for_mail_with(address, "We verhuizen naar R.204.", seconds=60)
    assert str(mail["Subject"]).startswith("Zaal gewijzigd voor ")
    assert "{" not in text_of(mail)


def test_4_lists_and_go_or_no_go(platform: Platform, team: Page) -> None:
    opened(platform, team, COMING)
    with team.expect_download() as download:
        team.get_by_role("link", name="Lijst als XLSX").click()
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    assert book.sheetnames == ["Cursisten", "Nascholing"]
    with team.expect_download() as download:
        team.get_by_role("link", name="Lijst als PDF").click()
    document = pypdfium2.PdfDocument(Path(download.value.path()))
    assert "Deelnemers" in document[0].get_textpage().get_text_range()
    document.close()
    opened(platform, team, COMING, "beslissen")
    team.get_by_label("Vast (lesgever, lokaal), in euro").fill("600")
    team.get_by_label("Vast (lesgever, lokaal), in euro").press("Tab")
    team.get_by_role("button", name="Kosten bewaren").click()
    expect(team.get_by_text("De kosten zijn bewaard.")).to_be_visible()
    settled(team)
    picture(team, "cursus-beslissen")


def test_5_a_question_is_added_answered_in_the_portal_and_counted(
    platform: Platform, team: Page, browser: Browser
) -> None:
    team.goto(f"{platform.url}/nascholing-bewerken?id={ASKING}")
    team.get_by_role("tab", name="Vragen bij inschrijving (3)").click()
    team.get_by_role("button", name="Vraag toevoegen").click()
    dialog = team.get_by_role("dialog")
    dialog.get_by_label("Vraag", exact=True).fill("Hoe komt u?")
    dialog.get_by_text("Eén uit een lijst").click()
    dialog.get_by_label("Keuzes, één per regel").fill("Met de trein\nMet de wagen")
    settled(team)
    picture(team, "vraag-toevoegen")
    dialog.get_by_role("button", name="Vraag bewaren").click()
    expect(team.get_by_text("De vraag is bewaard.")).to_be_visible()
    team.get_by_role("tab", name="Vragen bij inschrijving (4)").click()
    settled(team)
    picture(team, "vragen")
    visitor = signed_in(platform, browser, PERSON_ADDRESS, LEFT)
    visitor.at("mijn-nascholingen")
    visitor.shown("3 vragen wachten op uw antwoord")
    visitor.pictured("vragen-portaal")
    visitor.click("Nu antwoorden")
    form = visitor.page.get_by_role("dialog")
    form.get_by_text("Ja", exact=True).click()
    for question, answer in (("Hoe vaak werkt u", "Elke week"), ("Hoe komt u?", "Met de trein")):
        form.get_by_role("combobox", name=question).click()
        visitor.page.get_by_role("option", name=answer).click()
    visitor.pictured("vragen-antwoorden")
    visitor.click("Antwoorden bewaren")
    visitor.shown("De antwoorden zijn bewaard.")
    visitor.context.close()
    opened(platform, team, ASKING, "antwoorden")
    expect(team.get_by_text("1 antwoord").first).to_be_visible()
    picture(team, "cursus-antwoorden")
