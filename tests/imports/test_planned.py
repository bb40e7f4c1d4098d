"""Importing courses to come: every fault of every row, all drafts or none, undone again while nobody went on."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.db import read, write
from core.imports.planned import PASSED, UNKNOWN_TERMS
from core.models import CancellationTerms, Course, CourseDay, ImportedRow, Teacher
from core.rules import courses as rules
from core.rules.course_days import DaysOverlap, EndsTooEarly, LinkNotValid
from core.rules.import_cells import EMPTY
from core.services import courses, imports
from core.services.imports import BuiltOn, StillFaulty
from core.vocabulary import CourseStatus, CourseType, ImportKind, ImportPurpose, Language, Level, Theme
from tests.builders import a_course
from tests.imports.files import Row, upload
from tests.imports.history import COORDINATOR, checked, taken_in, uploads

COURSES = ImportPurpose.COURSES


def on(days: int) -> str:
    return f"{clock.today() + timedelta(days=days):%d/%m/%Y}"


def season() -> dict[ImportKind, list[Row]]:
    """A course of one day, one of two days, one whose days are not known yet."""
    one = {"code": "27/TAA/1", "title": "Taal in elke les: wat nu?", "price": "95,00", "capacity": "20"}
    one |= {"minimum": "8", "held_on": on(90), "starts_at": "09:30", "ends_at": "16:00", "hours": "5,5"}
    one |= {"enrolment_deadline": on(80), "teachers": "els maes; Jan Wouters", "levels": "LO; SO", "themes": "Taal"}
    one |= {"place": "Campus Boogkeers", "city": "Antwerpen", "intro": "Kort.", "terms": "eigen regels"}
    two = {"code": "27/REK/2", "title": "Rekenen", "price": "0", "capacity": "12", "language": "Engels"}
    later = {"code": "27/ZOR/3", "title": "Zorg", "price": "190", "capacity": "16", "teachers": "Jan Wouters"}
    day = {"code": "27/REK/2", "starts_at": "13:30", "ends_at": "16:30", "online_url": "https://meet.example/x"}
    return {
        ImportKind.PLANNED_COURSES: [one, two, later],
        ImportKind.PLANNED_DAYS: [day | {"held_on": on(107)}, day | {"held_on": on(100)}],
    }


@pytest.fixture
def known(database: str, noon: datetime) -> None:
    with write() as db:
        a_course(db, "Bestaat al", code="26/TST/9")
        db.add_all([Teacher(name="Els Maes"), CancellationTerms(name="Eigen regels", steps=[])])


def test_courses_come_in_as_drafts_with_days_teachers_and_terms(known: None) -> None:
    taken_in(uploads(season()), purpose=COURSES)
    with read() as db:
        one, two, later = db.scalars(select(Course).where(Course.status == CourseStatus.DRAFT).order_by(Course.id))
        values = courses.values_of(one)
        assert (values.capacity, values.minimum, values.price_cents) == (20, 8, 9_500)
        assert (values.levels, values.themes) == ({Level.LO, Level.SO}, {Theme.LANGUAGE})
        assert values.enrolment_deadline == clock.today() + timedelta(days=80)
        assert one.terms is not None
        assert one.terms.name == "Eigen regels"
        assert [teacher.name for teacher in one.teachers] == ["Els Maes", "Jan Wouters"]
        assert (one.course_type, one.total_minutes, one.published_at) == (CourseType.ONE_DAY, 330, None)
        assert (two.course_type, two.language) == (CourseType.MULTI_DAY, Language.ENGLISH)
        assert [(day.held_on, day.starts_at) for day in two.days] == [
            (clock.today() + timedelta(days=100), time(13, 30)),
            (clock.today() + timedelta(days=107), time(13, 30)),
        ]
        assert {day.online_url for day in two.days} == {"https://meet.example/x"}
        assert (later.first_day, later.days, later.total_minutes) == (None, [], 0)
        assert db.scalar(select(func.count()).select_from(Teacher)) == 2
    with write() as db:
        courses.move(db, COORDINATOR, one.id, CourseStatus.PUBLISHED)


def test_the_teachers_that_will_be_added_are_named_beforehand(known: None) -> None:
    (remark,) = checked(uploads(season()), purpose=COURSES).remarks
    assert remark.fields == {"names": "Jan Wouters"}


def test_every_fault_of_every_row_is_listed_and_nothing_is_imported(known: None) -> None:
    tables = season()
    good, two, later = (dict(row) for row in tables[ImportKind.PLANNED_COURSES])
    faulty: list[Row] = [
        good | {"code": "26/tst/9", "held_on": on(-1), "enrolment_deadline": "", "terms": "Onbekend"},
        good | {"code": "27/A", "capacity": "0", "minimum": "", "enrolment_deadline": on(91)},
        good | {"code": "27/B", "minimum": "21", "ends_at": "09:00", "enrolment_deadline": ""},
        good | {"code": "27/C", "held_on": "", "enrolment_deadline": ""},
        two,
        later | {"code": "27/rek/2", "capacity": ""},
    ]
    days = list(tables[ImportKind.PLANNED_DAYS])
    days += [days[0], dict(days[0]) | {"held_on": on(110), "online_url": "meet.example"}, dict(days[0]) | {"code": "X"}]
    files = uploads({ImportKind.PLANNED_COURSES: faulty, ImportKind.PLANNED_DAYS: days})
    report = checked(files, purpose=COURSES)
    found = [(fault.row, fault.column, fault.reason) for fault in report.faults]
    assert found == [
        (2, "Code nascholing", rules.CodeTaken.message),
        (2, "Datum", PASSED),
        (2, "Annuleringsvoorwaarden", UNKNOWN_TERMS),
        (3, "Capaciteit", rules.CapacityNotPossible.message),
        (3, "Inschrijven tot", rules.DeadlineTooLate.message),
        (4, "Minimum", rules.MinimumTooHigh.message),
        (4, "Tot", EndsTooEarly.message),
        (5, "Datum", EMPTY),
        (7, "Code nascholing", "This also stands in row {row}."),
        (7, "Capaciteit", EMPTY),
        (4, "Datum", DaysOverlap.message),
        (5, "Online link", LinkNotValid.message),
        (6, "Code nascholing", "No course is known by this code."),
    ]
    with pytest.raises(StillFaulty):
        taken_in(files, purpose=COURSES)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Course)) == 1


def test_a_file_of_participants_is_not_taken_for_courses(known: None) -> None:
    people = upload("cursisten.csv", b"E-mailadres;Voornaam;Achternaam\nan@school.example;An;Maes\n")
    report = checked([people], purpose=COURSES)
    assert not report.is_clean
    assert report.rows == 0


def test_an_import_of_courses_is_undone_whole_unless_one_was_published(known: None) -> None:
    import_id = taken_in(uploads(season()), purpose=COURSES)
    with write() as db:
        imports.undo(db, COORDINATOR, import_id)
    with read() as db:
        assert db.scalars(select(Course.title)).all() == ["Bestaat al"]
        assert db.scalar(select(func.count()).select_from(CourseDay)) == 1
        assert db.scalars(select(Teacher.name)).all() == ["Els Maes"]
    import_id = taken_in(uploads(season()), purpose=COURSES)
    with write() as db:
        course_id = db.scalars(select(Course.id).where(Course.code == "27/TAA/1")).one()
        courses.move(db, COORDINATOR, course_id, CourseStatus.PUBLISHED)
    with pytest.raises(BuiltOn), write() as db:
        imports.undo(db, COORDINATOR, import_id)


def test_a_deleted_draft_of_an_import_leaves_its_place_to_the_next_import(known: None) -> None:
    taken_in(uploads(season()), purpose=COURSES)
    with write() as db:
        last = db.scalars(select(Course.id).order_by(Course.id.desc()).limit(1)).one()
        courses.delete(db, COORDINATOR, last)
        assert (
            db.scalar(select(func.count()).where(ImportedRow.row_id == last, ImportedRow.table_name == "course")) == 0
        )
    again = {"code": "28/X", "title": "Nog een", "price": "10", "capacity": "5"}
    taken_in(uploads({ImportKind.PLANNED_COURSES: [again]}), purpose=COURSES)
    with read() as db:
        assert db.scalar(select(Course.first_day).where(Course.code == "28/X")) is None
