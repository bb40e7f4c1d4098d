"""The mailbox by day: the bot answers at once, the rest reaches a coordinator, whose reply arrives in the thread."""

import re

from playwright.sync_api import Page, expect

from core.demo import PERSON_ADDRESS
from tests.journeys.conftest import opened_with, picture, settled
from tests.journeys.platform import Platform, link_in, text_of

ASKER = "bert@elders.example"


def test_1_a_forgotten_password_is_answered_at_once_and_the_link_works(platform: Platform, page: Page) -> None:
    platform.send(PERSON_ADDRESS, "Help", "Dag, ik ben mijn wachtwoord vergeten. Groeten, An")
    answer = platform.wait_for_mail(PERSON_ADDRESS, "Een nieuw wachtwoord kiezen")
    assert answer["Auto-Submitted"] == "auto-replied"
    link = platform.wait_for_mail(PERSON_ADDRESS, "Een nieuw wachtwoord voor uw CNO-account")
    page.goto(link_in(link, "nieuw-wachtwoord"))
    page.get_by_label("Nieuw wachtwoord", exact=True).fill("acht groene olifanten")
    page.get_by_label("Nog een keer", exact=True).fill("acht groene olifanten")
    page.get_by_role("button", name="Wachtwoord opslaan").click()
    expect(page.get_by_text("Uw wachtwoord is gewijzigd").first).to_be_visible()
    page.goto(link_in(link, "nieuw-wachtwoord"))
    expect(page.get_by_text("niet meer geldig").first).to_be_visible()


def test_2_another_question_waits_for_a_coordinator_whose_reply_arrives(platform: Platform, team: Page) -> None:
    platform.send(ASKER, "Bus", "Dag, is er parking voor een bus met vijftig leerlingen? Groeten, Bert")
    opened_with(team, f"{platform.url}/postvak", "vijftig leerlingen")
    picture(team, "postvak")
    team.get_by_label("Uw antwoord").fill("Dag Bert,\n\nJa, aan de overkant van de straat.")
    team.get_by_role("button", name="Versturen en afsluiten").click()
    expect(team.get_by_text("Uw antwoord is onderweg.").first).to_be_visible()
    reply = platform.wait_for_mail(ASKER, "Re: Bus")
    assert "aan de overkant" in text_of(reply)
    assert reply["In-Reply-To"].endswith("@journey.example>")
    assert reply["Auto-Submitted"] is None
    assert len(platform.mails_of(ASKER)) == 1


def test_3_an_answer_to_it_returns_to_its_conversation(platform: Platform, team: Page) -> None:
    reply = platform.wait_for_mail(ASKER, "Re: Bus")
    platform.send(ASKER, "Re: Bus", "Bedankt! En hoe laat gaat de poort open?", in_reply_to=reply["Message-ID"])
    opened_with(team, f"{platform.url}/postvak", "de poort")
    expect(team.get_by_text("aan de overkant").first).to_be_visible()


def test_4_a_draft_is_put_in_and_a_correction_reaches_the_page_of_the_bot(platform: Platform, team: Page) -> None:
    platform.send(ASKER, "Twee vragen", "Dag, waar vind ik mijn attest van vorig jaar? Mijn vriend heeft een klacht.")
    opened_with(team, f"{platform.url}/postvak?zoek_mail=twee", "een klacht")
    team.keyboard.press("a")
    expect(team.get_by_text("Toegewezen aan").first).to_be_visible()
    team.get_by_role("button", name="Dit voorstel gebruiken").first.click()
    expect(team.get_by_label("Uw antwoord")).to_have_value(re.compile("^Beste.*\n"))
    picture(team, "postvak-voorstel")
    team.get_by_role("button", name="Dit was fout").click()
    team.get_by_role("dialog").get_by_role("combobox").fill("Attest")
    team.keyboard.press("Enter")
    team.get_by_role("dialog").get_by_role("button", name="Als voorbeeld voorstellen").click()
    expect(team.get_by_text("Het voorbeeld wacht op beoordeling.").first).to_be_visible()
    team.goto(f"{platform.url}/mailbot?deel=voorbeelden")
    expect(team.get_by_role("button", name="Aanvaarden en trainen")).to_be_visible()
    picture(team, "mailbot-voorbeelden")
    team.get_by_role("button", name="Afwijzen").click()
    expect(team.get_by_text("Het voorbeeld is afgewezen.").first).to_be_visible()
    for part, words in (("instellen", "Beantwoord tegenover fout"), ("tekstblokken", "Wij zoeken het uit")):
        team.goto(f"{platform.url}/mailbot?deel={part}")
        expect(team.get_by_text(words).first).to_be_visible()
        settled(team)
        picture(team, f"mailbot-{part}")


def test_5_the_inbox_is_worked_through_with_the_keys_alone(platform: Platform, team: Page) -> None:
    heading = team.get_by_test_id("stHeading").nth(1)
    for name in ("Eerste", "Tweede"):
        text = "Dag, waar vind ik mijn attest van vorig jaar? Mijn vriend heeft een klacht."
        platform.send(f"{name.lower()}@elders.example", f"Toets {name}", text)
    opened_with(team, f"{platform.url}/postvak?zoek_mail=toets", "Toets Tweede")
    expect(heading).to_have_text("Toets Eerste")
    team.keyboard.press("j")
    expect(heading).to_have_text("Toets Tweede")
    settled(team)
    team.keyboard.press("k")
    expect(heading).to_have_text("Toets Eerste")
    settled(team)  # until then the other conversation's box still stands there
    answer = team.get_by_label("Uw antwoord")
    team.keyboard.press("1")
    expect(answer).to_have_value(re.compile("^Beste.*\n"))
    answer.press("Control+End")
    answer.press_sequentially("\n\nJuist 1 jaar, kijk eens.")  # letters that are keys elsewhere
    expect(heading).to_have_text("Toets Eerste")
    answer.press("Control+Enter")
    expect(team.get_by_text("Uw antwoord is onderweg.").first).to_be_visible()
    reply = text_of(platform.wait_for_mail("eerste@elders.example", "Re: Toets Eerste"))
    assert reply.count("Juist 1 jaar, kijk eens.") == 1
    assert reply.startswith("Beste")


def test_6_what_left_and_what_leaves_is_on_the_coordinators_page(platform: Platform, team: Page) -> None:
    team.goto(f"{platform.url}/vandaag")
    settled(team)
    picture(team, "vandaag")
    team.goto(f"{platform.url}/uitgaande-mail")
    team.get_by_text("Verzonden", exact=True).first.click()
    expect(team.get_by_text("Re: Bus").first).to_be_visible()
    settled(team)
    picture(team, "uitgaand")
    team.get_by_text("Komende 14 dagen").first.click()
    expect(team.get_by_text("De debetnota vertrekt een week na de inschrijving").first).to_be_visible()
    assert "geheim" not in team.content()
