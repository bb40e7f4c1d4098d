"""Coordinators' pages of courses: the list, kept views, writing one, and two who write the same one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.db import read, write
from core.models import Course, CourseDay, SavedView
from core.rules.courses import CourseValues
from core.services import course_cancelling, courses
from core.services.courses import Seen
from core.vocabulary import CourseStatus, Role
from tests.builders import a_coordinator, a_course, a_person, an_enrolment, queued
from tests.pages.screens import a_season, door_of, opened, said

LIST, EDIT = door_of("coordinator/courses.py"), door_of("coordinator/course_edit.py")
SEATS = "a test's own season"


def links(test: AppTest) -> str:
    """The words of the links of a page."""
    return "\n".join(str(each.proto.label) for each in test.get("page_link"))


@pytest.fixture
def season(sqlite_database: str) -> None:
    a_season(2)
    with write() as db:
        full = a_course(db, "Volle cursus", in_days=60, capacity=1, minimum=1)
        an_enrolment(db, full, a_person(db))
        a_course(db, "Kladcursus", status=CourseStatus.DRAFT, minimum=5)
        a_course(db, "Bijna niemand", in_days=70, minimum=8)


def test_the_list_shows_every_state_and_how_full_a_course_is(season: None) -> None:
    test = opened(LIST, Role.COORDINATOR)
    text = links(test)
    assert "Volle cursus" in text
    assert "Kladcursus" in text
    assert "Cursus 0" in text
    assert "1 / 1" in said(test)
    assert "minimum 8" in said(test)


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ({"bezetting": "full"}, "Volle cursus", "Bijna niemand"),
        ({"bezetting": "below_minimum"}, "Bijna niemand", "Volle cursus"),
        ({"toestand": "draft"}, "Kladcursus", "Volle cursus"),
        ({"zoek": "bijna"}, "Bijna niemand", "Kladcursus"),
        ({"periode": "voorbij"}, "Cursus 1", "Kladcursus"),
    ],
)
def test_a_filter_is_in_the_address(season: None, query: dict[str, str], there: str, gone: str) -> None:
    test = opened(LIST, Role.COORDINATOR, **query)
    assert not test.exception
    assert there in links(test)
    assert gone not in links(test)


def test_a_view_is_kept_opened_and_removed(season: None) -> None:
    test = opened(LIST, Role.COORDINATOR, bezetting="full")
    test.text_input(key="view_name").set_value("Vol")
    test.button(key="keep_view").click().run()
    with read() as db:
        view = db.scalars(select(SavedView)).one()
    assert (view.name, view.choices) == ("Vol", '{"bezetting": ["full"]}')
    test.button(key="clear_course_filters").click().run()
    assert "Bijna niemand" in links(test)
    test.button(key=f"own_view_{view.id}").click().run()
    assert "Bijna niemand" not in links(test)
    test.button(key=f"remove_view_{view.id}").click().run()
    with read() as db:
        assert db.scalars(select(SavedView)).all() == []


def test_a_new_course_is_made_on_the_page(season: None) -> None:
    test = opened(EDIT, Role.COORDINATOR)
    test.button(key="create_course").click().run()
    assert "Vul dit in" in said(test)
    test.text_input(key="edit_title").set_value("Nieuwe didactiek")
    test.text_input(key="edit_code").set_value("26/NEW/001A")
    test.number_input(key="edit_price_cents").set_value(95.5)
    test.button(key="create_course").click().run()
    assert not test.exception
    assert "in voorbereiding" in said(test)
    with read() as db:
        course = db.scalars(select(Course).where(Course.code == "26/NEW/001A")).one()
        assert (course.title, course.price_cents, course.status) == ("Nieuwe didactiek", 9_550, CourseStatus.DRAFT)
    test.button(key="move_published").click().run()
    assert "Nog niet klaar" in said(test)


def course_id() -> int:
    with read() as db:
        return db.scalars(select(Course.id).where(Course.title == "Volle cursus")).one()


def colleague_changes(**changed: object) -> None:
    """Bo saves other values of the course that stands open here."""
    with write() as db:
        bo = a_coordinator(db, "Bo Claes")
        course = db.get_one(Course, course_id())
        values = courses.values_of(course)
        fields = {name: getattr(values, name) for name in CourseValues.__dataclass_fields__}
        courses.change(db, bo, course.id, CourseValues(**(fields | changed)), seen=Seen(course.version, values))


def test_the_second_of_two_is_told_field_by_field_and_keeps_what_was_typed(season: None) -> None:
    test = opened(EDIT, Role.COORDINATOR, id=str(course_id()))
    test.text_input(key="edit_title").set_value("Titel van mij")
    test.number_input(key="edit_minimum").set_value(0)
    colleague_changes(title="Titel van Bo", price_cents=25_000)
    test.button(key="save_course").click().run()
    text = said(test).replace("\xa0", " ")
    assert "Bo Claes heeft deze nascholing intussen gewijzigd" in text
    assert "Volle cursus → Titel van Bo" in text
    assert "€ 190,00 → € 250,00" in text
    assert test.text_input(key="edit_title").value == "Titel van mij"
    assert test.button(key="save_choices").disabled
    test.radio(key="keep_title_2").set_value("mine").run()
    test.button(key="save_choices").click().run()
    assert not test.exception
    with read() as db:
        course = db.get_one(Course, course_id_of("Titel van mij"))
        assert (course.price_cents, course.minimum, course.version) == (25_000, 0, 3)


def course_id_of(title: str) -> int:
    with read() as db:
        return db.scalars(select(Course.id).where(Course.title == title)).one()


def test_one_may_overwrite_after_seeing_it_or_throw_the_own_input_away(season: None) -> None:
    identity = course_id()
    test = opened(EDIT, Role.COORDINATOR, id=str(identity))
    test.text_input(key="edit_title").set_value("Titel van mij")
    colleague_changes(title="Titel van Bo")
    test.run()
    test.button(key="save_mine").click().run()
    with read() as db:
        assert db.get_one(Course, identity).title == "Titel van mij"
    other = opened(EDIT, Role.COORDINATOR, id=str(identity))
    other.text_input(key="edit_title").set_value("Nog iets")
    with write() as db:
        db.get_one(Course, identity).subtitle = "Van elders"
        db.get_one(Course, identity).version += 1
    other.run()
    other.button(key="drop_mine").click().run()
    assert other.text_input(key="edit_title").value == "Titel van mij"
    assert other.text_input(key="edit_subtitle").value == "Van elders"


def test_a_repeat_is_made_from_the_dialog(season: None) -> None:
    identity = course_id()
    test = opened(EDIT, Role.COORDINATOR, id=str(identity))
    test.button(key="ask_repeat").click().run()
    assert test.text_input(key="repeat_title").value == "Volle cursus - herhaling 1"
    test.date_input(key="repeat_first_day").set_value(date(2027, 3, 1)).run()
    test.button(key="confirm_repeat").click().run()
    assert not test.exception
    new = course_id_of("Volle cursus - herhaling 1")
    with read() as db:
        assert db.scalars(select(CourseDay.held_on).where(CourseDay.course_id == new)).all() == [date(2027, 3, 1)]
    assert "Volle cursus \\- herhaling 1" in test.title[0].value


def test_a_draft_is_deleted_after_a_question(season: None) -> None:
    identity = course_id_of("Kladcursus")
    test = opened(EDIT, Role.COORDINATOR, id=str(identity))
    test.button(key="ask_delete_course").click().run()
    test.button(key="confirm_delete_course").click().run()
    assert not test.exception
    with read() as db:
        assert db.get(Course, identity) is None


def test_a_cancelled_course_shows_its_form_locked(season: None) -> None:
    with write() as db:
        db.get_one(Course, course_id()).status = CourseStatus.CANCELLED
    test = opened(EDIT, Role.COORDINATOR, id=str(course_id()))
    assert not test.exception
    assert test.text_input(key="edit_title").disabled
    assert "save_course" not in {button.key for button in test.button}


def day_of(identity: int) -> int:
    with read() as db:
        return db.scalars(select(CourseDay.id).where(CourseDay.course_id == identity)).one()


def test_moving_a_day_says_whom_it_reaches_and_shows_the_mail_first(season: None) -> None:
    identity = course_id()
    test = opened(EDIT, Role.COORDINATOR, id=str(identity))
    test.button(key=f"change_day_{day_of(identity)}").click().run()
    assert "1 deelnemer" in " ".join(expander.label for expander in test.expander)
    old = test.date_input(key="day_held_on").value
    test.date_input(key="day_held_on").set_value(old + timedelta(days=7)).run()
    assert not test.exception
    assert "Eerste dag" in said(test)
    assert "Attesten vanaf" in said(test)
    with read() as db:
        assert queued(db) == []
    test.button(key="confirm_day").click().run()
    assert "De cursusdagen zijn bewaard" in said(test)
    with read() as db:
        assert db.get_one(Course, identity).first_day == old + timedelta(days=7)


def test_a_day_is_added_in_the_dialog_and_a_refusal_stays_at_its_box(season: None) -> None:
    identity = course_id()
    test = opened(EDIT, Role.COORDINATOR, id=str(identity))
    test.button(key="add_day").click().run()
    test.button(key="confirm_day").click().run()
    assert "heeft dan al een cursusdag" in said(test)
    test.date_input(key="day_held_on").set_value(date(2027, 6, 1)).run()
    test.button(key="confirm_day").click().run()
    assert not test.exception
    with read() as db:
        assert db.get_one(Course, identity).last_day == date(2027, 6, 1)


def test_a_colleague_who_moved_the_day_first_is_named_in_the_dialog(season: None) -> None:
    identity = course_id()
    day_id = day_of(identity)
    test = opened(EDIT, Role.COORDINATOR, id=str(identity))
    test.button(key=f"change_day_{day_id}").click().run()
    test.text_input(key="day_room").set_value("R.7")
    with write() as db:
        db.get_one(CourseDay, day_id).room = "R.9"
    test.button(key="confirm_day").click().run()
    assert "R.9" in said(test).replace("\\", "")
    assert test.text_input(key="day_room").value == "R.7"
    test.button(key="confirm_day").click().run()
    with read() as db:
        assert db.get_one(CourseDay, day_id).room == "R.7"


def test_a_whole_course_is_cancelled_after_a_look_and_the_bar_runs_to_its_end(season: None) -> None:
    identity = course_id()
    test = opened(EDIT, Role.COORDINATOR, id=str(identity))
    test.button(key="ask_cancel_course").click().run()
    assert "1 persoon of plaats wordt verwittigd" in said(test)
    assert "Zonder e\\-mailadres" in said(test) or "bel hen dus zelf" in said(test)
    test.button(key="confirm_cancel_course").click().run()
    assert not test.exception
    assert "is geannuleerd" in said(test)
    with read() as db:
        assert db.get_one(Course, identity).status is CourseStatus.CANCELLED


def test_a_cancelling_that_was_broken_off_goes_on_by_a_click(season: None) -> None:
    identity = course_id()
    with write() as db:
        course_cancelling.begin(db, a_coordinator(db, "Bo Claes"), identity)
    test = opened(EDIT, Role.COORDINATOR, id=str(identity))
    assert "is onderbroken" in said(test)
    test.button(key="go_on_cancelling").click().run()
    assert not test.exception
    with read() as db:
        assert db.get_one(Course, identity).status is CourseStatus.CANCELLED
