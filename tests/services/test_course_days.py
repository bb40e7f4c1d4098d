"""Days of a course: added, moved, taken away; what follows from them; who is told; on both databases."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import read, write
from core.models import Attendance, AuditEvent, Course, CourseDay
from core.rules import course_days as day_rules
from core.rules import courses as rules
from core.rules.course_days import DayValues
from core.services import course_days
from core.services.course_days import DayEffect, Tells, day_values
from core.vocabulary import Actor, AuditTag, CourseStatus, EnrolmentStatus
from tests.builders import (
    a_coordinator,
    a_course,
    a_person,
    an_account,
    an_enrolment,
    an_institution,
    queued,
)

NEW = DayValues(date(2027, 1, 12), time(13, 30), time(16, 30), 180, "R.205")


@pytest.fixture
def bo(database: str, noon: datetime) -> Actor:
    with write() as db:
        return a_coordinator(db, "Bo Claes")


def a_season(**values: object) -> int:
    """A course of two days (23 and 30 December), two participants of one school, one who pays alone, one who waits."""
    with write() as db:
        course = a_course(db, days=2, **values)  # type: ignore[arg-type]
        school = an_institution(db)
        an_account(db, school, "secretariaat@school.example")
        for number in range(4):
            person = a_person(db, f"An{number}")
            an_account(db, person, f"an{number}@school.example")
            an_enrolment(
                db,
                course,
                person,
                school if number < 2 else None,
                status=EnrolmentStatus.WAITLISTED if number == 3 else EnrolmentStatus.CONFIRMED,
            )
        an_enrolment(db, course, None, school)
        return course.id


def days(course_id: int) -> list[tuple[int, DayValues]]:
    with read() as db:
        rows = db.scalars(select(CourseDay).where(CourseDay.course_id == course_id).order_by(CourseDay.held_on))
        return [(row.id, day_values(row)) for row in rows]


def move(
    actor: Actor, day_id: int, seen: DayValues, tells: Tells = Tells.NOBODY, later: bool = False, **to: object
) -> DayEffect:
    with write() as db:
        return course_days.change(
            db,
            actor,
            day_id,
            replace(seen, **to),  # type: ignore[arg-type]
            seen=seen,
            moves_deadline=later,
            tells=tells,
        )


def test_moving_a_day_moves_all_that_follows_from_it(bo: Actor) -> None:
    course_id = a_season(enrolment_deadline=date(2026, 12, 20))
    (first_id, first), (_second_id, second) = days(course_id)
    effect = move(bo, first_id, first, later=True, held_on=date(2027, 1, 12))
    assert (effect.before.first_day, effect.after.first_day) == (first.held_on, second.held_on)
    assert (effect.before.last_day, effect.after.last_day) == (second.held_on, date(2027, 1, 12))
    assert (effect.before.certificate_from, effect.after.certificate_from) == (date(2027, 1, 6), date(2027, 1, 19))
    assert (effect.before.deadline, effect.after.deadline) == (date(2026, 12, 20), date(2026, 12, 27))
    assert effect.told == 0
    with read() as db:
        course = db.get_one(Course, course_id)
        assert (course.first_day, course.last_day, course.version) == (second.held_on, date(2027, 1, 12), 2)
        assert queued(db) == []
        (event,) = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.COURSE_DAYS_CHANGED))
        assert "12 januari 2027" in event.details


def test_each_participant_is_told_once_and_each_school_once(bo: Actor) -> None:
    course_id = a_season()
    day_id, seen = days(course_id)[0]
    assert move(bo, day_id, seen, tells=Tells.ALL, held_on=date(2026, 12, 28), room="R.9").told == 5
    with read() as db:
        told = {mail.recipient: mail for mail in queued(db)}
        assert len(queued(db)) == 5
    assert set(told) == {f"an{number}@school.example" for number in range(4)} | {"secretariaat@school.example"}
    text = told["an2@school.example"].body
    assert "Was: wo 23 december 2026, 09:30–16:00, R.101" in text
    assert "Wordt: ma 28 december 2026, 09:30–16:00, R.9" in text
    assert "- wo 30 december 2026" in text
    assert "wachtlijst" in told["an3@school.example"].body
    school = told["secretariaat@school.example"].body
    assert "- An0 Peeters\n- An1 Peeters\n- 1 × nog te bepalen" in school
    again, now = days(course_id)[0]
    move(bo, again, now, tells=Tells.ALL, room="R.10")
    with read() as db:
        assert len(queued(db)) == 10


def test_a_change_can_be_tried_and_its_mails_read_without_anything_staying(bo: Actor) -> None:
    course_id = a_season()
    day_id, seen = days(course_id)[0]
    with write() as db:
        effect, mails = course_days.tried(
            db, lambda: course_days.change(db, bo, day_id, replace(seen, room="R.9"), seen=seen, tells=Tells.ALL)
        )
    assert effect.told == len(mails) == 5
    assert days(course_id)[0] == (day_id, seen)
    with read() as db:
        assert queued(db) == []
        assert db.get_one(Course, course_id).version == 1


def test_a_day_is_added_and_taken_away_again(bo: Actor) -> None:
    course_id = a_season()
    with write() as db:
        added = course_days.add(db, bo, course_id, NEW, tells=Tells.ALL)
    assert (added.before.minutes, added.after.minutes, added.told) == (780, 960, 5)
    (day_id, seen) = days(course_id)[2]
    assert seen == NEW
    with write() as db:
        gone = course_days.remove(db, bo, day_id, seen=seen)
    assert gone.after.last_day == date(2026, 12, 30)
    with read() as db:
        assert {mail.name for mail in queued(db)} == {"days-changed", "days-changed-school"}
        assert "Extra cursusdag" in queued(db)[0].subject


def test_what_a_colleague_changed_meanwhile_is_told_first(bo: Actor) -> None:
    course_id = a_season()
    day_id, seen = days(course_id)[0]
    move(bo, day_id, seen, room="R.9")
    with pytest.raises(day_rules.DayChangedMeanwhile) as refused:
        move(bo, day_id, seen, held_on=date(2026, 12, 28))
    assert "R.9" in str(refused.value.fields["now"])
    move(bo, day_id, replace(seen, room="R.9"), held_on=date(2026, 12, 28))
    assert days(course_id)[0][1].room == "R.9"


def test_a_deadline_that_stays_behind_is_refused(bo: Actor) -> None:
    course_id = a_season(enrolment_deadline=date(2026, 12, 20))
    day_id, seen = days(course_id)[0]
    with pytest.raises(rules.DeadlineTooLate):
        move(bo, day_id, seen, held_on=date(2026, 12, 15))
    move(bo, day_id, seen, later=True, held_on=date(2026, 12, 15))
    with read() as db:
        assert db.get_one(Course, course_id).enrolment_deadline == date(2026, 12, 12)


def test_the_last_day_of_a_course_on_the_website_and_one_with_presence_stay(bo: Actor) -> None:
    course_id = a_season()
    (first_id, first), (second_id, second) = days(course_id)
    with write() as db:
        seat = an_enrolment(db, db.get_one(Course, course_id), a_person(db, "Zoë"))
        db.add(Attendance(enrolment_id=seat.id, course_day_id=second_id, is_present=True, recorded_at=clock.now()))
    with pytest.raises(day_rules.PresenceTaken), write() as db:
        course_days.remove(db, bo, second_id, seen=second)
    with write() as db:
        single = a_course(db, in_days=40).id
    ((only_id, only),) = days(single)
    with pytest.raises(day_rules.LastDayStays), write() as db:
        course_days.remove(db, bo, only_id, seen=only)
    with write() as db:
        course_days.remove(db, bo, first_id, seen=first)


@pytest.mark.parametrize("values", [{"held_on": date(2026, 12, 30)}, {"minutes": 500}, {"online_url": "ftp://x"}])
def test_a_day_that_cannot_be_is_refused(bo: Actor, values: dict[str, object]) -> None:
    course_id = a_season()
    day_id, seen = days(course_id)[0]
    with pytest.raises((day_rules.DaysOverlap, day_rules.DurationNotPossible, day_rules.LinkNotValid)):
        move(bo, day_id, seen, **values)


def test_the_days_of_a_cancelled_course_stay(bo: Actor) -> None:
    course_id = a_season(status=CourseStatus.CANCELLED)
    day_id, seen = days(course_id)[0]
    with pytest.raises(rules.CourseCalledOff):
        move(bo, day_id, seen, held_on=seen.held_on + timedelta(days=1))
