"""The reminder of a course: once, before it, to who enrolled before it was due."""

from datetime import datetime, timedelta

import pytest

from core import clock, jobs
from core.db import read, write
from core.models import Course, Enrolment
from core.vocabulary import EnrolmentStatus
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution, queued


@pytest.fixture
def course(database: str, noon: datetime) -> int:
    """A course in four days, with a seat of last week, a cancelled one and a place to be named."""
    with clock.frozen(noon - timedelta(days=7)), write() as db:
        found = a_course(db, in_days=11, to_bring="Een laptop")
        for name, values in (("An", {}), ("Bo", {"status": EnrolmentStatus.CANCELLED})):
            person = a_person(db, name)
            an_account(db, person, f"{name.lower()}@school.example")
            an_enrolment(db, found, person, **values)
        an_enrolment(db, found, None, an_institution(db))
        return found.id


def reminded(at: datetime) -> list[tuple[str, str]]:
    with clock.frozen(at):
        jobs.run_due()
    with read() as db:
        return [(mail.recipient, mail.body or "") for mail in queued(db, "course-reminder")]


def test_it_leaves_once_on_its_day_and_after_a_stop(course: int, noon: datetime) -> None:
    assert reminded(noon) == []
    for at in (noon + timedelta(days=2), noon + timedelta(days=3)):  # the server stood still on its day
        ((recipient, body),) = reminded(at)
        assert recipient == "an@school.example"
        assert "Een laptop" in body
        assert "6,5 uur" in body
        assert "09:30–16:00" in body


def test_not_on_the_day_itself_nor_of_a_course_that_is_off(course: int, noon: datetime) -> None:
    assert reminded(noon + timedelta(days=4)) == []


def test_who_enrolled_after_it_was_due_has_the_confirmation_instead(course: int, noon: datetime) -> None:
    late = noon + timedelta(days=1, hours=1)
    with clock.frozen(late), write() as db:
        person = a_person(db, "Cas")
        an_account(db, person, "cas@school.example")
        an_enrolment(db, db.get_one(Course, course), person)
    assert [recipient for recipient, _body in reminded(late)] == ["an@school.example"]


def test_a_seat_from_the_waiting_list_confirmed_since_is_left_alone(course: int, noon: datetime) -> None:
    with write() as db:
        seat = db.query(Enrolment).filter_by(course_id=course, status=EnrolmentStatus.CONFIRMED).first()
        assert seat is not None
        seat.confirmed_at = noon + timedelta(days=1)
    assert reminded(noon + timedelta(days=2)) == []
