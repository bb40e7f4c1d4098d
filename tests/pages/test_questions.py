"""Questions at enrolment on each door: the course's page, the person's, the school's and the coordinator's."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

import pypdfium2
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.db import read, write
from core.documents import participants
from core.models import Course, CourseQuestion, Enrolment, EnrolmentAnswer, Institution, Person
from core.queries import one_course, questions
from core.vocabulary import Actor, ActorKind, Language, QuestionKind, Role
from tests.builders import a_course, a_question, an_answer, an_enrolment
from tests.pages.screens import a_season, door_of, opened, said


@pytest.fixture
def asking(sqlite_database: str, noon: datetime) -> Iterator[tuple[int, int]]:
    """A course that asks for a lunch and, if one likes, a wish; its id and that of the lunch."""
    a_season(0)
    with write() as db:
        course = a_course(db, "Koken")
        lunch = a_question(db, course, "Wat eet u?", options="Gewoon\nVeggie", is_required=True)
        a_question(db, course, "Wat wilt u leren?")
        found = course.id, lunch.id
    yield found


def answered() -> list[tuple[int | None, str]]:
    """Who filled in what."""
    with read() as db:
        rows = db.scalars(select(EnrolmentAnswer).order_by(EnrolmentAnswer.id))
        return [(row.institution_id, row.answer) for row in rows]


def an_own_seat(course_id: int, lunch: str = "") -> int:
    """A seat of the season's person."""
    with write() as db:
        course, person = db.get_one(Course, course_id), db.scalars(select(Person)).first()
        seat = an_enrolment(db, course, person)
        if lunch:
            an_answer(db, seat, db.scalars(select(CourseQuestion)).first() or pytest.fail("asked"), lunch)
        return seat.id


def test_a_person_who_enrols_is_asked_and_a_missing_answer_is_refused_at_its_box(asking: tuple[int, int]) -> None:
    course_id, lunch = asking
    test = opened(door_of("public/enrol.py"), Role.PERSON, id=f"koken-{course_id:05}")
    assert test.text_area(key=f"answer_{lunch + 1}").label.endswith("(niet verplicht)")
    test.button(key="confirm_enrolment").click().run()
    assert "Beantwoord deze vraag: «Wat eet u?»" in said(test).replace("\\", "")
    test.selectbox(key=f"answer_{lunch}").set_value("Veggie").run()
    test.button(key="confirm_enrolment").click().run()
    assert not test.exception
    assert answered() == [(None, "Veggie")]


def test_a_school_answers_for_each_colleague_and_finds_it_again(asking: tuple[int, int]) -> None:
    course_id, lunch = asking
    test = opened(door_of("institution/enrol.py"), Role.INSTITUTION, id=f"koken-{course_id:05}")
    with read() as db:
        person_id = db.scalars(select(Person.id)).one()
        school_id = db.scalars(select(Institution.id)).one()
    test.checkbox(key=f"choose_{course_id}_{person_id}").check().run()
    test.button(key="confirm_group").click().run()
    assert "Beantwoord deze vraag" in said(test)
    test.selectbox(key=f"answer_{person_id}_{lunch}").set_value("Gewoon").run()
    test.button(key="confirm_group").click().run()
    assert not test.exception
    assert answered() == [(school_id, "Gewoon")]
    assert "**Gewoon**" in said(opened(door_of("institution/enrolments.py"), Role.INSTITUTION))


def test_a_person_answers_an_open_question_in_the_own_portal_and_changes_it(asking: tuple[int, int]) -> None:
    course_id, lunch = asking
    seat = an_own_seat(course_id)
    test = opened(door_of("person/enrolments.py"), Role.PERSON)
    assert "1 vraag wacht op uw antwoord" in said(test)
    for choice in ("Gewoon", "Veggie"):
        test.button(key=f"answers_{seat}").click().run()
        test.selectbox(key=f"answer_{lunch}").set_value(choice).run()
        test.button(key="confirm_answers").click().run()
        assert not test.exception
        assert answered() == [(None, choice)]
    assert "wacht op uw antwoord" not in said(test)


def test_a_coordinator_writes_a_question_and_stops_asking_one_with_answers(asking: tuple[int, int]) -> None:
    course_id, lunch = asking
    an_own_seat(course_id, "Gewoon")
    test = opened(door_of("coordinator/course_edit.py"), Role.COORDINATOR, id=str(course_id))
    test.button(key="add_question").click().run()
    test.segmented_control(key="question_kind").set_value(QuestionKind.CHOICE).run()
    test.text_input(key="question_text").set_value("Welk niveau?")
    test.button(key="confirm_question").click().run()
    assert "minstens twee keuzes" in said(test)
    test.text_area(key="question_options").set_value("Beginner\nGevorderd").run()
    test.button(key="confirm_question").click().run()
    assert not test.exception
    test.button(key=f"stop_question_{lunch}").click().run()
    with read() as db:
        found = db.scalars(select(CourseQuestion).order_by(CourseQuestion.id)).all()
    assert [(each.text, each.is_asked) for each in found][::2] == [("Wat eet u?", False), ("Welk niveau?", True)]


def test_coordinators_see_the_answers_in_the_rows_the_chart_and_the_persons_file(asking: tuple[int, int]) -> None:
    course_id, lunch = asking
    seat = an_own_seat(course_id, "Gewoon")
    page = door_of("coordinator/course.py")
    test = opened(page, Role.COORDINATOR, id=str(course_id))
    assert "Wat eet u? **Gewoon**" in said(test).replace("\\", "")
    test.button(key=f"answers_{seat}").click().run()
    test.selectbox(key=f"answer_{lunch}").set_value("Veggie").run()
    test.button(key="confirm_answers").click().run()
    assert answered() == [(None, "Veggie")]
    charts = opened(page, Role.COORDINATOR, id=str(course_id), deel="antwoorden")
    assert not charts.exception
    assert "1 antwoord" in said(charts)
    with read() as db:
        person_id = db.get_one(Enrolment, seat).person_id
    file = opened(door_of("coordinator/person.py"), Role.COORDINATOR, id=str(person_id))
    file.session_state["person_tabs"] = "Geschiedenis"
    assert "**Veggie**" in said(file.run())


def test_somebody_enrolled_by_hand_need_not_answer(asking: tuple[int, int]) -> None:
    course_id, lunch = asking
    with read() as db:
        person_id = db.scalars(select(Person.id)).one()
    test = opened(door_of("coordinator/course.py"), Role.COORDINATOR, id=str(course_id))
    test.button(key="by_hand").click().run()
    test.text_input(key="hand_person_text").set_value("Peeters").run()
    test.radio(key="hand_person_who").set_value(person_id).run()
    assert test.selectbox(key=f"answer_{person_id}_{lunch}").label.endswith("(niet verplicht)")
    test.button(key="confirm_hand").click().run()
    assert not test.exception
    with read() as db:
        assert len(db.scalars(select(Enrolment)).all()) == 1


def test_the_lists_hold_a_column_a_question_and_no_formula(asking: tuple[int, int]) -> None:
    course_id, _lunch = asking
    an_own_seat(course_id, "=1+1")
    with read() as db:
        team = Actor(ActorKind.COORDINATOR)
        asked, given = questions.sheet(db, team, course_id)
        lines = one_course.facts(one_course.lines(db, team, course_id), given)
    book = load_workbook(BytesIO(participants.to_xlsx("Koken", lines, Language.DUTCH, asked)))
    rows = list(book.worksheets[0].iter_rows())
    assert [cell.value for cell in rows[0]][-2:] == ["Wat eet u?", "Wat wilt u leren?"]
    assert (rows[1][-2].value, rows[1][-2].data_type, rows[1][-1].value) == ("=1+1", "s", None)
    paper = participants.to_pdf("Koken", "26/X", lines, Language.DUTCH, asked)
    text = pypdfium2.PdfDocument(paper)[0].get_textpage().get_text_bounded()
    assert "Wat eet u? =1+1" in text
    assert "Wat wilt u leren?" not in text
