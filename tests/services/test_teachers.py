"""Coordinators keep the list of teachers, on both databases."""

import pytest
from sqlalchemy import select

from core.db import read, write
from core.models import AuditEvent, Course, Teacher
from core.queries import teachers as queries
from core.rules import teachers as rules
from core.rules.accounts import AddressNotValid, FieldMissing
from core.rules.teachers import TeacherValues
from core.services import teachers
from core.vocabulary import Actor, AuditTag
from tests.builders import a_coordinator, a_course, a_teacher

ELS = TeacherValues("Els Maes", "els@example.org")


@pytest.fixture
def bo(database: str) -> Actor:
    with write() as db:
        return a_coordinator(db)


def test_a_teacher_is_added_once_with_an_address_that_can_be(bo: Actor) -> None:
    with write() as db:
        teachers.add(db, bo, TeacherValues("  Els   Maes ", " Els@Example.org "))
    with pytest.raises(rules.TeacherKnown), write() as db:
        teachers.add(db, bo, TeacherValues("els maes"))
    with pytest.raises(AddressNotValid), write() as db:
        teachers.add(db, bo, TeacherValues("Jan", "jan"))
    with pytest.raises(FieldMissing), write() as db:
        teachers.add(db, bo, TeacherValues(" "))
    with read() as db:
        assert [row.values for row in queries.page_of(db, bo).rows] == [ELS]


def test_a_changed_name_is_found_at_the_courses_and_leaves_a_trace(bo: Actor) -> None:
    with write() as db:
        els, other = a_teacher(db, *vars_of(ELS)), a_teacher(db, "Jan Wouters")
        course = a_course(db, "AI in de klas")
        course.teachers = [els, other]
        els_id, course_id = els.id, course.id
    with write() as db:
        teachers.change(db, bo, els_id, TeacherValues("Els De Wolf"), seen=ELS)
    with read() as db:
        assert "els de wolf jan wouters" in db.get_one(Course, course_id).search_text
        assert db.get_one(Teacher, els_id).email is None
        assert db.scalar(select(AuditEvent.actor_name).where(AuditEvent.tag == AuditTag.TEACHER_CHANGED)) == "Bo Claes"
    with pytest.raises(rules.TeacherChangedMeanwhile, match="Els De Wolf"), write() as db:
        teachers.change(db, bo, els_id, TeacherValues("Els Maes"), seen=ELS)
    with pytest.raises(rules.TeacherKnown), write() as db:
        teachers.change(db, bo, els_id, TeacherValues("JAN WOUTERS"), seen=TeacherValues("Els De Wolf"))


def test_only_a_teacher_whom_no_course_names_can_go(bo: Actor) -> None:
    with write() as db:
        els, jan = a_teacher(db, "Els Maes"), a_teacher(db, "Jan Wouters")
        a_course(db).teachers = [els]
        a_course(db, in_days=-30).teachers = [els]
        els_id, jan_id = els.id, jan.id
    with read() as db:
        row, unused = queries.page_of(db, bo).rows
        assert (row.courses, row.coming, unused.courses, unused.coming) == (2, 1, 0, 0)
        assert queries.page_of(db, bo, "wouters").total == 1
    with pytest.raises(rules.TeacherTeaches), write() as db:
        teachers.remove(db, bo, els_id)
    with write() as db:
        teachers.remove(db, bo, jan_id)
    with read() as db:
        assert db.scalars(select(Teacher.name)).all() == ["Els Maes"]


def vars_of(values: TeacherValues) -> tuple[str, str]:
    return values.name, values.email
