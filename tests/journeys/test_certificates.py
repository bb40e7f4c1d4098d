"""After the day: a certificate is fetched, made anew, checked and withdrawn; dossiers of a person and a school."""

import io
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from core import clock
from core.db import engine_for, write
from core.demo import INSTITUTION_ADDRESS, PERSON_ADDRESS
from core.models import Person
from core.rules import school_year
from core.services import course_reminders
from core.settings import settings
from core.vocabulary import CLOCK
from tests.builders import a_course, an_enrolment
from tests.conftest import use_database
from tests.journeys.conftest import picture, settled
from tests.journeys.platform import Platform, text_of
from tests.journeys.visitors import LEFT, RIGHT, Visitor, pdf_text, signed_in

_OF_COURSE = """
    SELECT e.course_id, c.code, c.number, e.person_id
    FROM certificate c JOIN enrolment e ON e.id = c.enrolment_id JOIN account a ON a.person_id = e.person_id
    WHERE a.email = ? AND c.status = 'valid'
      AND e.course_id IN (SELECT e2.course_id FROM certificate w JOIN enrolment e2 ON e2.id = w.enrolment_id
                          WHERE w.status = 'withdrawn')
"""


@dataclass
class Facts:
    """A certificate of the demo's person, in a course of which another one was withdrawn."""

    course_id: int
    code: str
    number: str
    person_id: int
    school_id: int
    year: str


def asked(platform: Platform, question: str, *values: object) -> tuple[object, ...]:
    """One row of the platform's database."""
    with sqlite3.connect(f"file:{platform.folder}/cno.sqlite3?mode=ro", uri=True) as db:
        row: tuple[object, ...] = db.execute(question, values).fetchone()
    return row


@pytest.fixture(scope="module")
def facts(platform: Platform) -> Facts:
    course_id, code, number, person_id = asked(platform, _OF_COURSE, PERSON_ADDRESS)
    (school_id,) = asked(platform, "SELECT institution_id FROM account WHERE email = ?", INSTITUTION_ADDRESS)
    year = school_year.text(school_year.school_year(clock.today()))
    assert isinstance(course_id, int) and isinstance(person_id, int) and isinstance(school_id, int)
    return Facts(course_id, str(code), str(number), person_id, school_id, year)


@pytest.fixture(scope="module")
def person(platform: Platform, browser: Browser) -> Iterator[Visitor]:
    visitor = signed_in(platform, browser, PERSON_ADDRESS, LEFT)
    yield visitor
    visitor.context.close()


def words(content: bytes) -> str:
    """The text of a PDF."""
    return pdf_text(content).replace("\xa0", " ")


def fetched(page: Page, address: str) -> bytes:
    """What an address gives to who is signed in on a page."""
    answer = page.context.request.get(address)
    assert answer.status == 200, address
    return answer.body()


def checks(page: Page, platform: Platform, code: str, badge: str) -> None:
    """What the public page says of a code."""
    page.goto(f"{platform.url}/attest/{code}")
    settled(page)
    expect(page.get_by_text(badge).first).to_be_visible()
    expect(page.get_by_role("heading", name="An Peeters")).to_be_visible()


def test_1_a_participant_fetches_the_certificate_with_one_click(
    platform: Platform, person: Visitor, page: Page, facts: Facts
) -> None:
    person.at("mijn-documenten")
    address = f"{platform.url}/download/certificate/"
    link = person.page.locator("a[href*='/download/certificate/']").first
    expect(link).to_be_visible()
    person.pictured("mijn-documenten")
    with person.page.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    (seat,) = asked(platform, "SELECT enrolment_id FROM certificate WHERE code = ?", facts.code)
    text = words(fetched(person.page, f"{address}{seat}"))
    assert facts.number in text
    assert "An Peeters" in text
    checks(page, platform, facts.code, "Geldig")
    picture(page, "attest-geldig")


def test_2_a_coordinator_makes_a_new_version_and_the_old_code_lives_on(
    platform: Platform, team: Page, page: Page, facts: Facts
) -> None:
    team.goto(f"{platform.url}/nascholing-beheren?id={facts.course_id}&deel=attesten")
    settled(team)
    expect(team.get_by_text("Op naam van een verkeerde persoon")).to_be_visible()
    picture(team, "attesten")
    team.get_by_role("button", name="Nieuwe versie").first.click()
    dialog = team.get_by_role("dialog")
    expect(dialog.get_by_text("An Peeters")).to_be_visible()
    dialog.get_by_role("button", name="Nieuwe versie maken").click()
    expect(dialog).to_be_hidden()
    settled(team)
    new, status = asked(
        platform,
        "SELECT code, status FROM certificate WHERE replaces_id = (SELECT id FROM certificate WHERE code = ?)",
        facts.code,
    )
    assert status == "valid"
    checks(page, platform, facts.code, "Vervangen")
    picture(page, "attest-vervangen")
    checks(page, platform, str(new), "Geldig")
    archive = zipfile.ZipFile(
        io.BytesIO(fetched(team, f"{platform.url}/download/course/{facts.course_id}/certificates.zip"))
    )
    papers = [name for name in archive.namelist() if name.endswith(".pdf")]
    assert len(papers) >= 1
    assert all(archive.read(name).startswith(b"%PDF") for name in papers)
    team.get_by_role("button", name="Intrekken").first.click()
    dialog = team.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Vergissing")
    dialog.get_by_role("button", name="Attest intrekken").click()
    expect(dialog).to_be_hidden()
    checks(page, platform, str(new), "Ingetrokken")
    picture(page, "attest-ingetrokken")
    checks(page, platform, facts.code, "Vervangen")


def test_3_the_dossier_of_a_person_and_of_a_school_is_the_same_for_a_coordinator(
    platform: Platform, browser: Browser, person: Visitor, team: Page, facts: Facts
) -> None:
    own = fetched(person.page, f"{platform.url}/download/dossier.pdf")
    assert f"Nascholingsdossier {facts.year}" in words(own)
    assert words(fetched(team, f"{platform.url}/download/person/{facts.person_id}/dossier.pdf")) == words(own)
    school = signed_in(platform, browser, INSTITUTION_ADDRESS, RIGHT)
    school.at("onze-documenten?soort=schooljaar")
    school.shown("Gevolgde uren")
    school.pictured("schooljaar-van-een-school")
    overview = fetched(school.page, f"{platform.url}/download/overview.pdf")
    for piece in (f"Nascholingen {facts.year}", "Attest", "Uren vorming"):
        assert piece in words(overview)
    books = [
        load_workbook(io.BytesIO(fetched(each, f"{platform.url}/download/{address}overview.xlsx")))
        for each, address in ((school.page, ""), (team, f"institution/{facts.school_id}/"))
    ]
    mine, theirs = ([[cell.value for cell in row] for row in book["Inschrijvingen"].iter_rows()] for book in books)
    assert mine == theirs
    assert {"Gevolgde uren", "Attest", "Dagen afwezig"} <= set(mine[0])
    assert (
        school.page.context.request.get(f"{platform.url}/download/person/{facts.person_id}/dossier.pdf").status == 404
    )
    school.context.close()
    team.goto(f"{platform.url}/instelling?id={facts.school_id}")
    team.get_by_role("tab", name="Schooljaar").click()
    expect(team.get_by_text("Uren vorming per thema")).to_be_visible()
    settled(team)
    picture(team, "schooljaar-voor-het-team")


def test_4_results_of_evaluations_are_there_per_course_and_per_teacher(
    platform: Platform, team: Page, facts: Facts
) -> None:
    team.goto(f"{platform.url}/evaluaties?cursus={facts.course_id}")
    expect(team.get_by_text("op 5").first).to_be_visible()
    settled(team)
    picture(team, "evaluatie-van-een-nascholing")
    book = load_workbook(
        io.BytesIO(fetched(team, f"{platform.url}/download/course/{facts.course_id}/evaluations.xlsx"))
    )
    assert book.worksheets[0].max_row > 1


def test_5_the_reminder_says_where_when_and_what_to_bring(
    platform: Platform, session_patch: pytest.MonkeyPatch, facts: Facts
) -> None:
    url = f"sqlite:///{platform.folder}/cno.sqlite3"
    use_database(url, session_patch)
    with write() as db:
        course = a_course(db, "Binnenkort beginnen", in_days=2)
        course.to_bring = "Uw jaarplan en een schaar."
        seat = an_enrolment(db, course, db.get_one(Person, facts.person_id))
        seat.created_at = seat.confirmed_at = clock.now() - timedelta(days=9)
        place = course.place
        assert course_reminders.remind(db, CLOCK, course.id) == 1
    mail = text_of(platform.wait_for_mail(PERSON_ADDRESS, "Tot binnenkort: Binnenkort beginnen"))
    for piece in (place, "09:30", "Breng mee:", "Uw jaarplan en een schaar."):
        assert piece in mail
    engine_for(url).dispose()
    settings.cache_clear()
