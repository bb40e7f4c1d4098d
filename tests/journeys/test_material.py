"""Course material and the calendar in real browsers: the team and the teacher give files, who follows fetches them."""

import re
from collections.abc import Iterator

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from core.db import engine_for, write
from core.demo import INSTITUTION_ADDRESS, PERSON_ADDRESS
from core.models import Account, CourseTeacher, Person
from core.services import replacements, teacher_links
from core.settings import settings
from core.vocabulary import Role
from tests.builders import (
    a_course,
    a_person,
    a_teacher,
    acting,
    an_affiliation,
    an_enrolment,
    queued,
    secret_in,
)
from tests.conftest import use_database
from tests.journeys.conftest import picture, settled
from tests.journeys.platform import Platform
from tests.journeys.test_course_day import PHONE, TEAM
from tests.journeys.visitors import LEFT, Visitor, signed_in

TITLE = "Leerlingen begeleiden"
PDF = b"%PDF-1.7 " + bytes(range(250)) * 22_000  # two pieces
FROM_TEACHER = b"%PDF-1.7 opdrachten van de lesgever"


@pytest.fixture(scope="module")
def facts(platform: Platform, session_patch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A course that the demo's An Peeters follows, her school paying, and its teacher, who got the link."""
    url = f"sqlite:///{platform.folder}/cno.sqlite3"
    use_database(url, session_patch)
    with write() as db:
        own = select(Account).where(Account.email == PERSON_ADDRESS, Account.role == Role.PERSON)
        an = db.scalars(own).one().person
        school = db.scalars(select(Account).where(Account.email == INSTITUTION_ADDRESS)).one().institution
        assert an is not None and school is not None
        course, teacher = a_course(db, TITLE, in_days=9), a_teacher(db, "Lut Maes", "lut@docent.example")
        db.add(CourseTeacher(course_id=course.id, teacher_id=teacher.id))
        seat = an_enrolment(db, course, an, school)
        teacher_links.send(db, TEAM, course.id, teacher.id)
        told = {
            "course": str(course.id),
            "seat": str(seat.id),
            "link": secret_in(queued(db, "teacher-course")[-1]),
            "address": str(school.id),
        }
    yield told
    engine_for(url).dispose()
    settings.cache_clear()


def given(page: Page, name: str, content: bytes) -> None:
    """Choose a file in the box, and wait until the course has it."""
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
    expect(page.get_by_text(name.removesuffix(".pdf"), exact=True)).to_be_visible()
    settled(page)


@pytest.fixture(scope="module")
def an(platform: Platform, browser: Browser) -> Iterator[Visitor]:
    """The browser of who follows the course."""
    visitor = signed_in(platform, browser, PERSON_ADDRESS, LEFT)
    yield visitor
    visitor.context.close()


def test_1_the_team_and_the_teacher_give_files_the_teacher_on_a_phone(
    platform: Platform, team: Page, browser: Browser, facts: dict[str, str]
) -> None:
    team.goto(f"{platform.url}/nascholing-beheren?id={facts['course']}&deel=materiaal")
    given(team, "Syllabus.pdf", PDF)
    picture(team, "materiaal-team")
    phone = browser.new_context(viewport=PHONE, locale="nl-BE")
    page = phone.new_page()
    page.goto(f"{platform.url}/docent?code={facts['link']}")
    page.goto(f"{platform.url}/mijn-cursussen?cursus={facts['course']}")
    expect(page.get_by_text("Syllabus", exact=True)).to_be_visible()
    given(page, "Opdrachten.pdf", FROM_TEACHER)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "nothing to the side"
    page.get_by_role("button", name="Wijzigen").last.click()
    page.get_by_label("Titel").fill("Opdrachten voor thuis")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Opdrachten voor thuis", exact=True)).to_be_visible()
    picture(page, "materiaal-docent")
    phone.close()


def test_2_who_follows_the_course_finds_both_and_has_it_in_the_calendar(
    platform: Platform, an: Visitor, facts: dict[str, str]
) -> None:
    page = an.at("cursusmateriaal")
    box = page.get_by_test_id("stVerticalBlock").filter(has_text=TITLE).last
    expect(box.get_by_text("Opdrachten voor thuis")).to_be_visible()
    an.pictured("materiaal-cursist")
    files = []
    for link in box.get_by_role("link", name="Downloaden").all():
        with page.expect_download() as download:
            link.click()
        files.append(download.value.path().read_bytes())
    assert files == [PDF, FROM_TEACHER]
    an.at("mijn-nascholingen").get_by_text("Agenda-abonnement").click()
    page.get_by_role("button", name=re.compile("Maak mijn adres|Nieuw adres maken")).click()
    address = page.get_by_test_id("stCode").inner_text().strip()
    an.pictured("agenda")
    feed = an.context.request.get(address).body()
    summaries = [str(event["SUMMARY"]) for event in Calendar.from_ical(feed).walk("VEVENT")]
    assert TITLE in summaries


def test_3_who_was_replaced_finds_nothing_of_it_any_more(an: Visitor, facts: dict[str, str]) -> None:
    box = an.at("cursusmateriaal").get_by_test_id("stVerticalBlock").filter(has_text=TITLE).last
    address = box.get_by_role("link", name="Downloaden").first.get_attribute("href") or ""
    assert an.context.request.get(f"{an.platform.url}{address}").status == 200
    with write() as db:
        account = db.scalars(select(Account).where(Account.email == INSTITUTION_ADDRESS)).one()
        colleague = a_person(db, "Cem")
        assert account.institution is not None
        an_affiliation(db, colleague, account.institution)
        replacements.replace(db, acting(account), int(facts["seat"]), colleague.id)
        assert db.get(Person, colleague.id)
    an.at("cursusmateriaal")
    expect(an.page.get_by_text("Opdrachten voor thuis")).to_have_count(0)
    assert an.context.request.get(f"{an.platform.url}{address}").status == 404
