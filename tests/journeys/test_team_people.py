"""A coordinator finds, makes and links somebody, notes a remark, merges a double and undoes it, sets a pair apart."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import picture, settled
from tests.journeys.platform import Platform


def searched(team: Page, platform: Platform, text: str) -> None:
    team.goto(f"{platform.url}/personen-en-instellingen")
    settled(team)
    team.get_by_placeholder("Naam, adres (ook een vroeger)").fill(text)


def test_1_a_mistyped_name_and_a_former_address_find_the_person(platform: Platform, team: Page) -> None:
    searched(team, platform, "zoe.oud@example.org")
    expect(team.get_by_text("1 cursist gevonden").first).to_be_visible()
    searched(team, platform, "an peetres zonnewimpel")
    expect(team.get_by_role("link", name="An Peeters").first).to_be_visible()
    settled(team)
    picture(team, "personen")
    team.get_by_role("link", name="An Peeters").first.click()
    expect(team.get_by_role("heading", name="An Peeters")).to_be_visible()
    settled(team)
    picture(team, "persoon")
    team.get_by_role("button", name="Link voor nieuw wachtwoord sturen").click()
    expect(team.get_by_text("is onderweg naar").first).to_be_visible()
    assert platform.wait_for_mail("an.peeters@example.org", "nieuw wachtwoord")


def test_2_the_whole_history_and_the_remarks_stand_in_the_file(platform: Platform, team: Page) -> None:
    searched(team, platform, "an.peeters@example.org")
    team.get_by_role("link", name="An Peeters").first.click()
    team.get_by_role("tab", name="Geschiedenis").click()
    expect(team.get_by_text("betaler:").first).to_be_visible()
    settled(team)
    picture(team, "geschiedenis")
    team.get_by_text("Nota's en attesten").first.click()
    expect(team.get_by_text("Debetnota").first).to_be_visible()
    team.get_by_role("tab", name="Opmerkingen").click()
    team.get_by_label("Nieuwe opmerking").fill("Belt liever dan te mailen")
    team.get_by_role("button", name="Opmerking bewaren").click()
    expect(team.get_by_text("De opmerking is bewaard.").first).to_be_visible()


def test_3_a_double_is_merged_and_the_merge_undone(platform: Platform, team: Page) -> None:
    searched(team, platform, "jan janssens")
    team.get_by_role("link", name="Jan Janssens").first.click()
    expect(team.get_by_text("Waarschijnlijk dubbel bekend").first).to_be_visible()
    team.get_by_role("tab", name="Dubbel samenvoegen").click()
    team.get_by_role("button", name="Vergelijken en samenvoegen").first.click()
    expect(team.get_by_text("wordt een vroeger adres").first).to_be_visible()
    settled(team)
    picture(team, "samenvoegen")
    team.get_by_role("button", name="Samenvoegen", exact=True).click()
    expect(team.get_by_text("De twee zijn samengevoegd.").first).to_be_visible()
    team.get_by_role("tab", name="Dubbel samenvoegen").click()
    team.get_by_role("button", name="Samenvoeging ongedaan maken").click()
    expect(team.get_by_text("De samenvoeging is ongedaan gemaakt.").first).to_be_visible()


def test_4_an_institution_is_found_by_its_billing_address_and_changed(platform: Platform, team: Page) -> None:
    team.goto(f"{platform.url}/personen-en-instellingen?wie=institution&zoek_wie=boekhouding%40zonnewimpel.example")
    team.get_by_role("link", name="De Zonnewimpel").first.click()
    expect(team.get_by_role("heading", name="De Zonnewimpel")).to_be_visible()
    settled(team)
    picture(team, "instelling")
    team.get_by_label("Telefoon").first.fill("03 000 00 99")
    team.get_by_role("button", name="Gegevens opslaan").click()
    expect(team.get_by_text("De gegevens zijn opgeslagen.").first).to_be_visible()


def test_5_a_likely_double_is_set_apart_and_taken_back(platform: Platform, team: Page) -> None:
    team.goto(f"{platform.url}/vandaag")
    settled(team)
    team.get_by_role("link", name="Vergelijken").click()
    expect(team.get_by_text("zelfde naam en school").first).to_be_visible()
    settled(team)
    picture(team, "dubbels")
    team.get_by_role("button", name="Geen dubbel").first.click()
    expect(team.get_by_text("Genoteerd: geen dubbel.").first).to_be_visible()
    team.get_by_text("Geen dubbel", exact=True).first.click()
    team.get_by_role("button", name="Toch misschien een dubbel").first.click()
    expect(team.get_by_text("Het paar staat weer bij de waarschijnlijke dubbels.").first).to_be_visible()


def test_6_a_new_participant_is_made_invited_and_linked_at_request(platform: Platform, team: Page) -> None:
    searched(team, platform, "")
    team.get_by_role("button", name="Nieuwe cursist").click()
    dialog = team.get_by_role("dialog")
    dialog.get_by_label("Voornaam").fill("Jan")
    dialog.get_by_label("Achternaam").fill("Janssens")
    dialog.get_by_label("E-mailadres").fill("jan.nieuw@example.org")
    dialog.get_by_role("button", name="Aanmaken", exact=True).click()
    expect(dialog.get_by_text("Is het een van deze?").first).to_be_visible()
    settled(team)
    picture(team, "nieuw")
    dialog.get_by_text("Ik keek het na: dit is een andere").click()
    dialog.get_by_role("button", name="Aanmaken", exact=True).click()
    expect(team.get_by_text("Aangemaakt.").first).to_be_visible()
    assert platform.wait_for_mail("jan.nieuw@example.org", "account")
    searched(team, platform, "jan.nieuw@example.org")
    expect(team.get_by_text("1 cursist gevonden").first).to_be_visible()
    settled(team)
    team.get_by_role("link", name="Jan Janssens").first.click()
    team.get_by_role("button", name="Verbinden met een instelling").click()
    dialog.get_by_label("Instelling").fill("zonnewimpel")
    dialog.get_by_text("De persoon vroeg hier zelf om").click()
    settled(team)
    picture(team, "verbinden")
    dialog.get_by_role("button", name="Verbinden", exact=True).click()
    expect(team.get_by_text("Verbonden. Beiden krijgen een mail.").first).to_be_visible()
