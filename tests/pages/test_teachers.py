"""The coordinators' page of teachers, and the box beside the form of a course."""

from sqlalchemy import select

from core.db import read, write
from core.models import Course, Teacher
from core.vocabulary import Role
from tests.builders import a_teacher
from tests.pages.screens import a_season, door_of, opened, said

TEACHERS, EDIT = door_of("coordinator/teachers.py"), door_of("coordinator/course_edit.py")


def test_teachers_are_found_added_changed_and_removed(sqlite_database: str) -> None:
    a_season(0)
    with write() as db:
        els = a_teacher(db, "Els Maes").id
    test = opened(TEACHERS, Role.COORDINATOR)
    assert "Els Maes" in said(test)
    test.button(key="new_teacher").click().run()
    test.text_input(key="teacher_name").set_value("els maes")
    test.button(key="confirm_teacher").click().run()
    assert "is al bekend" in said(test)
    test.text_input(key="teacher_name").set_value("Jan Wouters")
    test.button(key="confirm_teacher").click().run()
    assert "De docent is bewaard." in said(test)
    for name in ("Els De Wolf", "Els D'Hondt"):
        test.button(key=f"teacher_{els}").click().run()
        test.text_input(key="teacher_name").set_value(name)
        test.button(key="confirm_teacher").click().run()
    test.button(key=f"remove_teacher_{els}").click().run()
    with read() as db:
        assert db.get_one(Teacher, els).name == "Els D'Hondt"
    test.button(key="confirm_remove_teacher").click().run()
    assert not test.exception
    with read() as db:
        assert db.scalars(select(Teacher.name)).all() == ["Jan Wouters"]
    assert "Els" not in said(opened(TEACHERS, Role.COORDINATOR, zoek_docent="jan"))


def test_a_teacher_who_is_not_in_the_list_is_added_beside_the_form_and_chosen(sqlite_database: str) -> None:
    a_season(0)
    test = opened(EDIT, Role.COORDINATOR)
    test.text_input(key="edit_title").set_value("AI in de klas")
    test.text_input(key="edit_code").set_value("27/AI/1")
    test.text_input(key="form_teacher_name").set_value("Zoë De Wolf")
    test.button(key="add_teacher").click().run()
    assert not test.exception
    test.button(key="create_course").click().run()
    assert not test.exception
    with read() as db:
        course = db.scalars(select(Course)).one()
        assert (course.title, [teacher.name for teacher in course.teachers]) == ("AI in de klas", ["Zoë De Wolf"])
