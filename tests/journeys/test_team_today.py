"""«Vandaag»: what needs a coordinator, and what leaves by itself: looked at, held, added to, sent, changed."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import picture, settled
from tests.journeys.platform import Platform, text_of


def test_1_each_count_of_today_opens_its_list(platform: Platform, team: Page) -> None:
    team.goto(f"{platform.url}/vandaag")
    expect(team.get_by_text("Vertrekt vanzelf in de komende 14 dagen")).to_be_visible()
    settled(team)
    picture(team, "vandaag")
    team.get_by_role("link", name="Lijst openen").first.click()
    expect(team.get_by_role("link", name="Terug naar vandaag")).to_be_visible()
    settled(team)
    picture(team, "vandaag-lijst")
    team.get_by_role("link", name="Terug naar vandaag").click()
    expect(team.get_by_role("heading", name="Vandaag")).to_be_visible()


def test_2_a_debit_note_is_looked_at_held_added_to_and_sent_before_its_day(platform: Platform, team: Page) -> None:
    team.goto(f"{platform.url}/uitgaande-mail?lijst=komend")
    settled(team)
    picture(team, "vertrekt")
    team.get_by_role("button", name="Tegenhouden").last.click()  # the first may leave at this very moment
    expect(team.get_by_text("Tegengehouden").first).to_be_visible()
    team.get_by_role("button", name="Laten vertrekken").first.click()
    expect(team.get_by_text("Tegengehouden")).to_have_count(0)
    team.get_by_role("button", name="Bekijken en aanvullen").last.click()
    dialog = team.get_by_role("dialog")
    expect(dialog.get_by_text("Debetnota DN-").first).to_be_visible()
    settled(team)
    picture(team, "vertrekt-mail")
    to = dialog.get_by_text("@").first.inner_text().strip()
    dialog.get_by_label("Uw eigen tekst").fill("Zoals afgesproken aan de telefoon.")
    dialog.get_by_role("button", name="Tekst bewaren").click()
    expect(team.get_by_text("Uw tekst gaat mee")).to_be_visible()
    expect(team.get_by_text("Met uw tekst").first).to_be_visible()
    team.get_by_role("button", name="Bekijken en aanvullen").last.click()
    expect(dialog.get_by_text("Zoals afgesproken aan de telefoon.").first).to_be_visible()
    dialog.get_by_role("button", name="Nu versturen").click()
    expect(team.get_by_text("Het vertrekt binnen een minuut.")).to_be_visible()
    address = next(word for word in to.split() if "@" in word)
    mail = platform.wait_for_mail_with(address.replace("\u2060", ""), "Zoals afgesproken aan de telefoon.", seconds=90)
    assert "Debetnota DN-" in str(mail["Subject"])
    assert "Te betalen tegen" in text_of(mail)
