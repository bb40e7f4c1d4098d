"""A school's secretariat does everything for its colleagues (R27–R45), in a real browser with real mail and files.

The steps are one journey and run in this order; the names of the colleagues are read from the screen.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from core.demo import INSTITUTION_ADDRESS, PASSWORD, PERSON_ADDRESS
from tests.journeys.conftest import opened_with, settled
from tests.journeys.platform import Platform, link_in, text_of
from tests.journeys.visitors import LEFT, RIGHT, Visitor, address_of, attached_pdf, pdf_text, signed_in

GROUP = "Beeldende vorming met niets"
OVERLAPS = "Programmeren zonder computer"
FIRST = "AI en taaltechnologie"
BILLING = "boekhouding@zonnewimpel.example"
APPROVING, APPROVES = "Het Molenspoor", "secretariaat@school2.example"
FORBIDDING = "Het Baken"
TEACHER = "Zoë D'Hondt-Çelik"
#: Who was enrolled by the school in this journey.
GROUP_NAMES: list[str] = []


@pytest.fixture(scope="module")
def school(platform: Platform, browser: Browser) -> Iterator[Visitor]:
    """The secretariat of the demo's own school."""
    visitor = signed_in(platform, browser, INSTITUTION_ADDRESS, RIGHT)
    yield visitor
    visitor.context.close()


@pytest.fixture(scope="module")
def teacher(platform: Platform, browser: Browser) -> Iterator[Visitor]:
    """A teacher of two schools: the one forbids staff to name it as payer, the other approves first."""
    visitor = signed_in(platform, browser, address_of(platform, TEACHER), LEFT)
    yield visitor
    visitor.context.close()


def free_colleagues(school: Visitor) -> list[str]:
    """Those of the list on the screen who can be chosen and have no namesake."""
    boxes = school.page.get_by_test_id("stCheckbox").filter(has=school.page.locator("input:not([disabled])"))
    return [text for text in boxes.all_inner_texts() if "(" not in text]


def asks_to_pay(teacher: Visitor, course: str) -> None:
    """The teacher enrols and names the school that approves first."""
    teacher.found(course)
    teacher.page.get_by_text(APPROVING).first.click()
    teacher.shown("wil eerst goedkeuren")
    teacher.pictured(f"twee-scholen-{course.split(maxsplit=1)[0].lower()}")
    teacher.click("Mijn inschrijving bevestigen")
    expect(teacher.page.get_by_role("heading", name="U bent ingeschreven")).to_be_visible()


def test_1_sign_in_right_and_find_five_tabs(platform: Platform, browser: Browser, school: Visitor) -> None:
    stranger = browser.new_page()
    stranger.goto(f"{platform.url}/aanmelden")
    left = stranger.get_by_role("heading", name="Persoonlijk account").bounding_box()
    right = stranger.get_by_role("heading", name="Account van een instelling").bounding_box()
    stranger.close()
    assert left is not None
    assert right is not None
    assert left["x"] < right["x"]
    page = school.at("onze-nascholingen")
    for name in ("Onze nascholingen", "Onze cursisten", "Onze documenten", "Cursusmateriaal", "Onze gegevens"):
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    school.at("ons-cursusmateriaal")
    school.pictured("school-materiaal")


def test_2_enrol_two_colleagues_and_reserve_a_place_with_one_click(platform: Platform, school: Visitor) -> None:
    school.found(GROUP)
    page = school.page
    expect(page.get_by_role("heading", name="Collega's inschrijven")).to_be_visible()
    for reason in ("al ingeschreven", f"heeft op die uren «{OVERLAPS}»"):
        greyed = page.get_by_test_id("stCheckbox").filter(has_text=reason).first
        expect(greyed.locator("input")).to_be_disabled()
    expect(page.get_by_role("button", name="De inschrijvingen bevestigen")).to_be_disabled()
    names = free_colleagues(school)[1:3]
    GROUP_NAMES[:] = names
    search = page.get_by_label("Zoek op naam")
    search.fill("janssens")
    expect(page.get_by_test_id("stCheckbox")).to_have_count(2)  # namesakes, told apart
    school.shown("Jan Janssens (verbonden sinds")
    for name in names:
        search.fill(name)
        page.get_by_test_id("stCheckbox").filter(has_text=name).locator("label").click()
        school.shown(re.compile(f"plaats.*: .*{re.escape(name)}"))
    search.fill("")
    page.get_by_label("Plaatsen zonder naam").fill("1")
    page.get_by_label("Plaatsen zonder naam").press("Enter")
    school.shown("1 plaats nog te bepalen")
    school.shown("3 × € 140,00 = € 420,00")
    school.shown(re.compile(r"nu nog \d+ plaatsen vrij"))
    school.pictured("school-inschrijven")
    school.click("De inschrijvingen bevestigen")
    expect(page.get_by_role("heading", name="Ze zijn ingeschreven")).to_be_visible()
    school.pictured("school-ingeschreven")
    confirmation = text_of(platform.wait_for_mail(INSTITUTION_ADDRESS, f"3 inschrijvingen: {GROUP}"))
    for name in names:
        assert name in confirmation
        mail = platform.wait_for_mail(address_of(platform, name), f"U bent ingeschreven: {GROUP}")
        assert "Zonnewimpel" in text_of(mail)
    received = [str(mail["Subject"]) for mail in platform.mails_of(INSTITUTION_ADDRESS)]
    assert len([subject for subject in received if "inschrijv" in subject.lower()]) == 1


def test_3_name_the_reserved_place(platform: Platform, school: Visitor) -> None:
    school.at("onze-nascholingen")
    school.shown("2 gereserveerde plaatsen hebben nog geen naam.")
    school.click("Toon in de lijst")
    expect(school.page.locator("[class*='st-key-seat_']")).to_have_count(2)
    school.pictured("school-zonder-naam")
    dialog = school.opened(school.row("seat", GROUP), "Naam invullen")
    school.chosen(dialog, "Jan Janssens")
    school.pictured("school-naam-invullen")
    dialog.get_by_role("button", name="Opslaan").click()
    school.shown("De naam is ingevuld; de collega kreeg een mail.")
    expect(school.page.locator("[class*='st-key-seat_']")).to_have_count(1)
    platform.wait_for_mail("jan.janssens.2@example.org", f"U bent ingeschreven: {GROUP}")


def test_4_replace_a_colleague_see_the_chain_and_undo_it(platform: Platform, school: Visitor) -> None:
    school.found(GROUP)
    new = free_colleagues(school)[1]
    old = GROUP_NAMES[0]
    school.at("onze-nascholingen?nascholing=beeldende")
    dialog = school.opened(school.row("seat", old), "Vervangen")
    expect(dialog.get_by_role("button", name="Opslaan")).to_be_disabled()
    school.chosen(dialog, new)
    for text in ("Vervangen is kosteloos.", f"{new} krijgt een bevestiging", "vertrekt zoals gepland op", "ongedaan"):
        expect(dialog.get_by_text(text).first).to_be_visible()
    school.pictured("school-vervangen")
    dialog.get_by_role("button", name="Opslaan").click()
    school.shown(f"{new} neemt de plaats in van {old}. Beiden kregen een mail.")
    school.shown(f"{old} → {new}")
    school.pictured("school-vervangen-keten")
    platform.wait_for_mail(address_of(platform, old), f"{new} neemt uw plaats in")
    platform.wait_for_mail(address_of(platform, new), f"U bent ingeschreven: {GROUP}")
    platform.wait_for_mail(INSTITUTION_ADDRESS, f"{new} komt in de plaats van {old}")
    dialog = school.opened(school.row("seat", f"{old} → {new}"), "Vervanging ongedaan maken")
    expect(dialog.get_by_text(f"{old} krijgt deze plaats terug")).to_be_visible()
    school.pictured("school-ongedaan")
    dialog.get_by_role("button", name="Vervanging ongedaan maken").click()
    school.shown(f"{old} heeft de plaats opnieuw.")
    expect(school.page.get_by_text(f"{old} → {new}")).to_have_count(0)
    platform.wait_for_mail(INSTITUTION_ADDRESS, f"{old} komt in de plaats van {new}")


def test_5_cancel_one_and_several_with_the_price_shown_first(platform: Platform, school: Visitor) -> None:
    name = GROUP_NAMES[0]
    dialog = school.opened(school.row("seat", name), "Annuleren")
    expect(dialog.get_by_text("Kosteloos tot en met")).to_be_visible()
    expect(dialog.get_by_text("Er volgt geen debetnota.")).to_be_visible()
    school.pictured("school-annuleren")
    dialog.get_by_role("button", name="Inschrijving annuleren").click()
    school.shown("Geannuleerd.")
    for address in (address_of(platform, name), INSTITUTION_ADDRESS):
        platform.wait_for_mail(address, f"Geannuleerd: {GROUP}")
    opened_with(school.page, f"{platform.url}/onze-nascholingen", "de debetnota vertrok op")
    for row in (school.row("seat", "An Peeters", FIRST), school.row("seat", "Jan Janssens", GROUP)):
        row.get_by_test_id("stCheckbox").locator("label").click()
        settled(school.page)
    school.pictured("school-nascholingen")
    school.click("2 gekozen inschrijvingen annuleren")
    dialog = school.page.get_by_role("dialog")
    expect(dialog.get_by_text("de eerste dag: 50 % van de prijs")).to_be_visible()
    expect(dialog.get_by_text("Er volgt een creditnota van € 72,50 per mail.")).to_be_visible()
    expect(dialog.get_by_text("Samen: € 72,50")).to_be_visible()
    expect(dialog.get_by_text("Vervangen is altijd")).to_be_visible()
    school.pictured("school-samen-annuleren")
    dialog.get_by_role("button", name="2 inschrijvingen annuleren").click()
    school.shown("Geannuleerd.")
    text = attached_pdf(platform.wait_for_mail(BILLING, "Creditnota"))
    assert "An Peeters" in text
    school.page.get_by_text("Voorbij en geannuleerd").click()
    school.shown(re.compile(r"Vervangen en annuleren kon tot en met \d\d/\d\d/\d{4}"))
    expect(school.page.get_by_role("button", name="Vervangen").first).to_be_disabled()
    school.pictured("school-voorbij")


def test_6_until_the_debit_note_leaves_payer_and_reference_change_without_paper(
    platform: Platform, school: Visitor
) -> None:
    school.at(f"onze-nascholingen?nascholing={OVERLAPS}")
    row = school.row("seat", OVERLAPS, "de debetnota vertrekt op", "schreef zichzelf in")
    name = row.get_by_test_id("stCheckbox").inner_text()
    dialog = school.opened(row, "Betaler en referentie")
    expect(dialog.get_by_text("Tot dan kunt u dit kosteloos wijzigen.")).to_be_visible()
    dialog.get_by_label("Uw referentie op de debetnota").fill("Kostenplaats 12")
    school.pictured("school-betaler")
    dialog.get_by_role("button", name="Referentie bewaren").click()
    school.shown("De referentie is bewaard.")
    expect(row.get_by_text("referentie Kostenplaats 12")).to_be_visible()
    dialog = school.opened(row, "Betaler en referentie")
    dialog.get_by_role("button", name="Wij betalen niet: de collega betaalt zelf").click()
    school.shown(f"{name} is nu de betaler; u kreeg allebei een mail.")
    expect(row).to_have_count(0)
    for address in (address_of(platform, name), INSTITUTION_ADDRESS):
        assert name in text_of(platform.wait_for_mail(address, f"Andere betaler: {OVERLAPS}"))


def test_7_our_participants_are_confirmed_invited_and_removed(platform: Platform, school: Visitor) -> None:
    page = school.at("onze-cursisten")
    assert "nog" in text_of(platform.wait_for_mail(INSTITUTION_ADDRESS, "Zijn deze collega's nog"))
    school.pictured("school-cursisten")
    page.get_by_text("Enkel wie nog te bevestigen is").click()
    settled(page)
    page.get_by_role("button", name="Ja, nog verbonden").first.click()
    school.shown("is nog verbonden.")
    page.get_by_text("Enkel wie nog te bevestigen is").click()
    settled(page)
    school.shown("De privacywet laat niet toe dat u zelf collega's toevoegt")
    invitation = page.get_by_role("link", name="Openen in mijn mailprogramma").get_attribute("href") or ""
    assert invitation.startswith("mailto:?subject=")
    assert "account-aanmaken" in invitation
    name = GROUP_NAMES[1]
    page.get_by_label("Zoek op naam").fill(name)
    expect(page.locator("[class*='st-key-person_']")).to_have_count(1)
    row = school.row("person", name, GROUP)
    row.locator("[class*='st-key-remove_'] button").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Deze inschrijvingen blijven staan")).to_be_visible()
    expect(dialog.get_by_text(GROUP)).to_be_visible()
    school.pictured("school-verwijderen")
    dialog.get_by_role("button", name="OK", exact=True).click()
    school.shown(f"{name} staat niet meer in uw lijst en kreeg een mail.")
    school.shown("Niemand gevonden")
    mail = platform.wait_for_mail(address_of(platform, name), "U bent niet meer verbonden aan")
    assert GROUP in text_of(mail)


def test_8_notes_certificates_and_the_school_year_are_read_and_downloaded(school: Visitor) -> None:
    page = school.at("onze-documenten")
    for state in ("Open", "Gecrediteerd"):
        expect(page.get_by_text(state, exact=True).first).to_be_visible()
    school.pictured("school-notas")
    page.get_by_label("Cursist", exact=True).fill("an peeters")
    expect(page.get_by_text("Raf Goossens")).to_have_count(0)
    assert "An Peeters" in pdf_text(school.downloaded("Downloaden"))
    with zipfile.ZipFile(school.downloaded("downloaden als ZIP")) as archive:
        names = archive.namelist()
        assert len(names) == int(re.findall(r"\d+", page.get_by_text(re.compile(r"^\d+ nota's")).inner_text())[0])
        assert pdf_text(archive.read(names[0])).strip()
    page.get_by_text("Attesten", exact=True).click()
    page.get_by_label("Cursist", exact=True).fill("an peeters")
    school.shown(re.compile(r"^\d+ attesten"))
    chosen = page.get_by_role("link", name="downloaden als ZIP")
    expect(chosen).to_have_attribute("href", re.compile("person=an"))
    school.pictured("school-attesten")
    with zipfile.ZipFile(school.downloaded("downloaden als ZIP")) as archive:
        assert all("An Peeters" in pdf_text(archive.read(name)) for name in archive.namelist())
    page.get_by_test_id("stButtonGroup").get_by_text("Schooljaar").click()
    school.shown("Uren vorming per thema")
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    school.pictured("school-schooljaar")
    sheet = openpyxl.load_workbook(BytesIO(school.downloaded("Overzicht als XLSX").read_bytes()))
    cells = [str(cell) for tab in sheet for line in tab.iter_rows(values_only=True) for cell in line]
    text = pdf_text(school.downloaded("Overzicht als PDF"))
    for found in (text, " ".join(cells)):
        assert GROUP_NAMES[1] in found
        assert GROUP in found


def test_9_a_school_that_forbids_is_named_with_the_reason_and_one_that_approves_is_asked_by_mail(
    platform: Platform, browser: Browser, teacher: Visitor
) -> None:
    course = "Toetsen maken die meten"
    teacher.found(course)
    teacher.shown(re.compile(f"{FORBIDDING}.*(laat niet toe|mag niet)|(laat niet toe|niet).*{FORBIDDING}"))
    expect(teacher.page.get_by_role("radio")).to_have_count(2)
    asks_to_pay(teacher, course)
    mail = platform.wait_for_mail(APPROVES, f"Betaalt uw instelling voor {TEACHER}? {course}")
    secretary = browser.new_page()
    secretary.goto(link_in(mail, "bevestigen"))
    expect(secretary.get_by_text(TEACHER).first).to_be_visible()
    secretary.get_by_role("button", name="Wij betalen", exact=True).click()
    expect(secretary.get_by_text("Bedankt. De collega krijgt een mail.")).to_be_visible()
    secretary.close()
    platform.wait_for_mail(address_of(platform, TEACHER), f"betaalt: {course}")
    teacher.at("mijn-nascholingen")
    teacher.shown(re.compile(f"betaler: .*{APPROVING}"))


def test_10_the_school_declines_on_its_portal_and_the_teacher_pays(
    platform: Platform, browser: Browser, teacher: Visitor
) -> None:
    course = "Differentiëren in wiskunde"
    asks_to_pay(teacher, course)
    second = signed_in(platform, browser, APPROVES, RIGHT)
    second.at("onze-nascholingen")
    second.shown("Betaalt u voor hen?")
    second.pictured("school-gevraagd")
    second.row("asked", TEACHER, course).get_by_role("button", name="Wij betalen niet").click()
    second.shown(f"{TEACHER} kreeg een mail.")
    expect(second.row("asked", TEACHER, course)).to_have_count(0)
    second.context.close()
    platform.wait_for_mail(address_of(platform, TEACHER), f"betaalt niet: {course}")


def test_11_without_an_answer_the_teacher_pays_and_both_are_told(platform: Platform) -> None:
    course = "Rekenen met je handen"
    for told, subject in ((PERSON_ADDRESS, "Uw school antwoordde nog niet"), (APPROVES, "Nog te beslissen")):
        platform.wait_for_mail_with(told, course, subject=subject)
    platform.bill_nobody_but(PERSON_ADDRESS)
    platform.move_clock(1)
    for told in (PERSON_ADDRESS, APPROVES):
        mail = platform.wait_for_mail(told, f"betaalt niet: {course}", seconds=60)
        assert "antwoordde niet op tijd" in text_of(mail)
    text = attached_pdf(platform.wait_for_mail_with(PERSON_ADDRESS, course, subject="Debetnota", seconds=120))
    assert "An Peeters" in text
    assert APPROVING not in text


def test_12_our_details_are_checked_and_changed(platform: Platform, school: Visitor) -> None:
    page, new = school.at("onze-gegevens"), "directie@zonnewimpel.example"
    school.pictured("school-gegevens")
    page.get_by_label("KBO-nummer").fill("0123.456.788")
    school.click("Nummers bewaren")
    school.shown("Dit is geen KBO-nummer.")
    page.get_by_label("KBO-nummer").fill("0257.216.482")
    school.click("Nummers bewaren")
    school.shown("De nummers zijn bewaard.")
    page.get_by_label("Facturatieadres 2").fill("nota@wimpel.example")
    school.click("Facturatiegegevens bewaren")
    school.shown("Bewaard. Een mail naar het adres van uw account bevestigt het.")
    expect(page.get_by_label("Facturatieadres 3")).to_be_visible()
    assert "nota@wimpel.example" in text_of(platform.wait_for_mail(INSTITUTION_ADDRESS, "De facturatiegegevens van"))
    page.get_by_text("Personeel mag ons als betaler kiezen na onze goedkeuring").click()
    school.click("Keuze bewaren")
    school.shown("Uw keuze is bewaard.")
    page.get_by_label("Naam", exact=True).nth(1).fill("Piet Claes")
    page.get_by_label("Functie", exact=True).nth(1).fill("directeur")
    school.click("Contactpersonen bewaren")
    school.shown("De contactpersonen zijn bewaard.")
    expect(page.get_by_label("Naam", exact=True).nth(2)).to_be_visible()
    page.get_by_label("Huidig wachtwoord").fill("verkeerd wachtwoord")
    page.get_by_label("Nieuw wachtwoord").fill("zeven gele fietsen")
    school.click("Wachtwoord wijzigen")
    school.shown("Dit is niet uw huidige wachtwoord.")
    school.pictured("school-gegevens-geweigerd")
    page.get_by_label("Huidig wachtwoord").fill(PASSWORD)
    school.click("Wachtwoord wijzigen")
    school.shown("Uw wachtwoord is gewijzigd.")
    page.get_by_label("Nieuw adres").fill(new)
    page.get_by_label("Uw wachtwoord", exact=True).fill("zeven gele fietsen")
    school.click("Adres wijzigen")
    school.shown("Wij stuurden een link naar het nieuwe adres.")
    page.goto(link_in(platform.wait_for_mail(new, "Bevestig uw nieuwe adres"), "bevestigen"))
    school.click("Mijn adres wijzigen")
    school.shown("Voortaan meldt u zich aan met")
    platform.wait_for_mail(INSTITUTION_ADDRESS, "Het adres van uw CNO-account is gewijzigd")
