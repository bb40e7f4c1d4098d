"""The link of a teacher: mailed once before the course, works for a while, opens only the own courses, is revoked."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.access import NotAllowed, NotFound
from core.db import read, write
from core.models import Course, CourseTeacher, OutgoingMail, Teacher, TeacherLink
from core.queries import teacher_links as queries
from core.services import teacher_links
from core.vocabulary import CLOCK, Actor, CourseStatus
from tests.builders import a_coordinator, a_course, a_person, a_teacher, an_enrolment, queued, secret_in


@pytest.fixture
def taught(database: str, noon: datetime) -> tuple[int, int, Actor]:
    """A course in seven days with a teacher who has an address and one who has none."""
    with write() as db:
        course = a_course(db, in_days=7)
        lut, without = a_teacher(db, "Lut Maes", "lut@docent.example"), a_teacher(db, "Zonder Adres")
        for teacher in (lut, without):
            db.add(CourseTeacher(course_id=course.id, teacher_id=teacher.id))
        an_enrolment(db, course, a_person(db))
        return course.id, lut.id, a_coordinator(db)


def mailed() -> list[OutgoingMail]:
    with read() as db:
        return queued(db, "teacher-course")


def test_the_clock_mails_it_once_some_days_before_the_course(taught: tuple[int, int, Actor], noon: datetime) -> None:
    course_id, lut, _coordinator = taught
    with clock.frozen(noon - timedelta(days=1)):
        jobs.run_due()
    assert mailed() == []
    for _turn in range(2):
        jobs.run_due()
        (mail,) = mailed()
        assert (mail.recipient, mail.is_sensitive) == ("lut@docent.example", True)
        assert "code=…" in (mail.body or "")
        assert "Beste Lut Maes" in (mail.body or "")
    with write() as db:
        assert teacher_links.send_due(db, CLOCK, course_id) == 0
    with read() as db:
        found = queries.by_link(db, secret_in(mail))
        assert found is not None
        assert (found.teacher_id, found.actor.teacher_id) == (lut, lut)
        states = queries.of_course(db, taught[2], course_id)
    assert [(state.name, state.works) for state in states] == [("Lut Maes", True), ("Zonder Adres", False)]


def test_a_coordinator_mails_a_new_one_and_both_work(taught: tuple[int, int, Actor]) -> None:
    course_id, lut, coordinator = taught
    for _turn in range(2):
        with write() as db:
            teacher_links.send(db, coordinator, course_id, lut)
    first, second = map(secret_in, mailed())
    with read() as db:
        assert queries.by_link(db, first)
        assert queries.by_link(db, second)
        assert queries.by_link(db, "x" * 43) is None
        hashes = db.scalars(select(TeacherLink.token_hash)).all()
    assert first not in hashes


@pytest.mark.parametrize("change", ["revoked", "address", "over", "moved"])
def test_a_link_stops_working(taught: tuple[int, int, Actor], noon: datetime, change: str) -> None:
    course_id, lut, coordinator = taught
    with write() as db:
        teacher_links.send(db, coordinator, course_id, lut)
    secret, later = secret_in(mailed()[0]), noon
    with write() as db:
        match change:
            case "revoked":
                assert teacher_links.revoke(db, coordinator, lut) == 1
                assert teacher_links.revoke(db, coordinator, lut) == 0
            case "address":
                db.get_one(Teacher, lut).email = "ander@docent.example"
            case "over":
                later = noon + timedelta(days=7 + 31)
            case "moved":
                db.get_one(Course, course_id).last_day = None
    with clock.frozen(later), read() as db:
        assert queries.by_link(db, secret) is None
        link_id = db.scalars(select(TeacherLink.id)).one()
        assert queries.still_stands(db, link_id) is None


def test_no_link_without_an_address_to_a_stranger_or_of_a_course_that_is_off(taught: tuple[int, int, Actor]) -> None:
    course_id, lut, coordinator = taught
    with read() as db:
        without = db.scalars(select(Teacher.id).where(Teacher.email.is_(None))).one()
    with pytest.raises(teacher_links.NoAddress), write() as db:
        teacher_links.send(db, coordinator, course_id, without)
    with pytest.raises(NotFound), write() as db:
        teacher_links.send(db, coordinator, course_id, lut + 999)
    with write() as db:
        db.get_one(Course, course_id).status = CourseStatus.CANCELLED
    with pytest.raises(teacher_links.NothingToTeach), write() as db:
        teacher_links.send(db, coordinator, course_id, lut)
    jobs.run_due()
    assert mailed() == []


def test_a_teacher_mails_and_revokes_nothing(taught: tuple[int, int, Actor]) -> None:
    course_id, lut, coordinator = taught
    with write() as db:
        teacher_links.send(db, coordinator, course_id, lut)
    with read() as db:
        found = queries.by_link(db, secret_in(mailed()[0]))
    assert found is not None
    for act in (
        lambda db: teacher_links.send(db, found.actor, course_id, lut),
        lambda db: teacher_links.revoke(db, found.actor, lut),
        lambda db: teacher_links.send_due(db, found.actor, course_id),
    ):
        with pytest.raises(NotAllowed), write() as db:
            act(db)
    with read() as db, pytest.raises(NotFound):
        queries.of_course(db, found.actor, course_id)
