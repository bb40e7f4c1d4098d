"""The day itself on a phone: a teacher comes by the link, taps and scans who is there; afterwards an evaluation."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from core.db import engine_for, write
from core.models import CourseTeacher, Enrolment, Institution, Person
from core.services import attendance, evaluation, teacher_links
from core.settings import settings
from core.vocabulary import CLOCK, Actor, ActorKind, CoordinatorRole
from tests.builders import a_course, a_question, a_teacher, an_answer, an_enrolment, queued, secret_in
from tests.conftest import use_database
from tests.journeys.conftest import picture, settled
from tests.journeys.platform import Platform

PHONE = {"width": 390, "height": 844}
TEAM = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR, name="demo")


@pytest.fixture(scope="module")
def facts(platform: Platform, session_patch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A course of today and one of three days ago with a teacher who got the link, and their ids and secrets."""
    url = f"sqlite:///{platform.folder}/cno.sqlite3"
    use_database(url, session_patch)
    with write() as db:
        people = db.scalars(select(Person).order_by(Person.id).limit(6)).all()
        school = db.scalars(select(Institution).order_by(Institution.id).limit(1)).one()
        course, ended = a_course(db, "Meertaligheid in de klas", in_days=0), a_course(db, "Sterk met AI", in_days=-3)
        teacher = a_teacher(db, "Lut Maes", "lut@docent.example")
        for each in (course, ended):
            db.add(CourseTeacher(course_id=each.id, teacher_id=teacher.id))
        seats = [an_enrolment(db, course, person, school) for person in people]
        an_answer(db, seats[0], a_question(db, course, "Wat eet u?"), "Vegetarisch")
        an_enrolment(db, ended, people[0])
        teacher_links.send(db, TEAM, course.id, teacher.id)
        evaluation.invite(db, CLOCK, ended.id)
        day, names = course.days[0].id, [person.name for person in people]
        told = {
            "day": str(day),
            "course": str(course.id),
            "ended": str(ended.id),
            "code": attendance.code_of(seats[1].id, day),
            "link": secret_in(queued(db, "teacher-course")[-1]),
            "evaluation": secret_in(queued(db, "evaluation")[-1]),
            "seat": str(seats[0].id),
            "first": names[0],
            "second": names[1],
        }
        assert db.get(Enrolment, seats[0].id)
    yield told
    engine_for(url).dispose()
    settings.cache_clear()


@pytest.fixture(scope="module")
def teacher(platform: Platform, browser: Browser, facts: dict[str, str]) -> Iterator[Page]:
    """The phone of the teacher, who opened the mailed link."""
    context = browser.new_context(viewport=PHONE, locale="nl-BE", accept_downloads=True)
    context.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    page = context.new_page()
    page.goto(f"{platform.url}/docent?code={facts['link']}")
    yield page
    context.close()


def test_1_a_teacher_comes_by_the_link_and_taps_who_is_there(
    platform: Platform, teacher: Page, facts: dict[str, str]
) -> None:
    expect(teacher.get_by_role("heading", name="Mijn cursussen")).to_be_visible()
    assert "code=" not in teacher.url
    settled(teacher)
    picture(teacher, "docent")
    teacher.set_viewport_size(PHONE)
    teacher.goto(f"{platform.url}/mijn-cursussen?cursus={facts['course']}")
    expect(teacher.get_by_text("Vegetarisch")).to_be_visible()
    settled(teacher)
    picture(teacher, "docent-nascholing")
    teacher.set_viewport_size(PHONE)
    teacher.get_by_role("link", name="Lijst openen").first.click()
    expect(teacher.get_by_text("6 nog niet genoteerd")).to_be_visible()
    button = teacher.locator(f".st-key-present_{facts['day']}_{facts['seat']} button")
    box = button.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE["width"], "reached by a thumb without scrolling sideways"
    assert min(box["width"], box["height"]) >= 44, "large enough for a thumb"
    button.click()
    expect(teacher.get_by_text("1 aanwezig")).to_be_visible()
    expect(teacher.get_by_text("door Lut Maes")).to_be_visible()
    picture(teacher, "aanwezigheid")
    teacher.set_viewport_size(PHONE)


def test_2_a_scanned_code_notes_once_and_then_says_since_when(
    platform: Platform, teacher: Page, facts: dict[str, str]
) -> None:
    for text in ("Genoteerd als aanwezig om", "Stond al genoteerd om"):
        teacher.goto(f"{platform.url}/aanwezig?code={facts['code']}")
        expect(teacher.get_by_role("heading", name=facts["second"])).to_be_visible()
        expect(teacher.get_by_text(text)).to_be_visible()
    settled(teacher)
    picture(teacher, "gescand")


def test_3_a_coordinator_sees_it_and_notes_everybody_else(
    platform: Platform, team: Page, facts: dict[str, str]
) -> None:
    team.goto(f"{platform.url}/aanwezigheden?dag={facts['day']}")
    expect(team.get_by_text("2 aanwezig")).to_be_visible()
    team.get_by_role("button", name="Iedereen die nog niet genoteerd is").click()
    expect(team.get_by_text("6 aanwezig")).to_be_visible()
    team.get_by_role("button", name="ongedaan maken").click()
    expect(team.get_by_text("2 aanwezig")).to_be_visible()
    settled(team)
    picture(team, "aanwezigheden")


def test_4_an_evaluation_by_link_reaches_the_results_without_a_name(
    platform: Platform, team: Page, page: Page, facts: dict[str, str]
) -> None:
    page.goto(f"{platform.url}/evaluatie?code={facts['evaluation']}")
    expect(page.get_by_text("Uw antwoorden zijn anoniem")).to_be_visible()
    settled(page)
    picture(page, "evaluatie")
    page.get_by_role("textbox").first.fill("Meteen bruikbaar")
    page.get_by_role("textbox").last.click()
    settled(page)
    page.get_by_role("button", name="Indienen").click()
    expect(page.get_by_text("Bedankt!")).to_be_visible()
    team.goto(f"{platform.url}/evaluaties?cursus={facts['ended']}")
    expect(team.get_by_text("Meteen bruikbaar")).to_be_visible()
    settled(team)
    picture(team, "evaluatie-resultaten")
    assert facts["first"] not in team.get_by_test_id("stMain").inner_text()
