"""Coordinators make, change, publish, repeat and delete courses, on both databases."""

import json
import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.access import NotAllowed
from core.db import read, write
from core.errors import DomainError
from core.models import AuditEvent, Course, CourseCosts, CourseDay, CourseLevel, CourseQuestion, Enrolment, Teacher
from core.rules import courses as rules
from core.rules.courses import CourseValues
from core.services import course_costs, course_repeats, courses
from core.services.courses import Saved, Seen
from core.vocabulary import (
    Actor,
    AuditTag,
    CoordinatorRole,
    CourseStatus,
    EnrolmentStatus,
    Level,
    QuestionKind,
    Subject,
    Theme,
)
from tests.builders import a_coordinator, a_course, a_person, a_teacher, acting, an_account, an_enrolment, queued

NEW = CourseValues(code="26/TAA/101A", title="Didactiek Nederlands", price_cents=9_500, capacity=20, minimum=8)


def seen(course_id: int) -> Seen:
    with read() as db:
        course = db.get_one(Course, course_id)
        return Seen(course.version, courses.values_of(course))


def change(actor: Actor, course_id: int, was: Seen, **changed: object) -> Saved:
    with write() as db:
        return courses.change(db, actor, course_id, replace(was.values, **changed), seen=was)  # type: ignore[arg-type]


@pytest.fixture
def bo(database: str) -> Actor:
    with write() as db:
        return a_coordinator(db, "Bo Claes")


def test_a_new_course_is_a_draft_with_all_that_was_written(bo: Actor) -> None:
    with write() as db:
        teacher = a_teacher(db, "Zoë De Wolf").id
        values = replace(
            NEW,
            levels=frozenset({Level.SO, Level.LO}),
            subjects=frozenset({Subject.DUTCH}),
            themes=frozenset({Theme.LANGUAGE}),
            teacher_ids=frozenset({teacher}),
        )
        course_id = courses.create(db, bo, values)
    with read() as db:
        course = db.get_one(Course, course_id)
        assert (course.status, course.version, course.slug) == (CourseStatus.DRAFT, 1, "didactiek-nederlands")
        assert "zoe de wolf" in course.search_text
        assert courses.values_of(course) == values
        (event,) = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.COURSE_CREATED))
        assert event.actor_name == "Bo Claes"


def test_two_courses_cannot_share_a_code(bo: Actor) -> None:
    with write() as db:
        courses.create(db, bo, NEW)
    with pytest.raises(rules.CodeTaken), write() as db:
        courses.create(db, bo, replace(NEW, code="26/taa/101a", title="Iets anders"))


def test_saving_says_what_changed_in_the_trail(bo: Actor) -> None:
    with write() as db:
        course_id = courses.create(db, bo, NEW)
    was = seen(course_id)
    saved = change(bo, course_id, was, title="Didactiek Frans", levels=frozenset({Level.KO}))
    assert (saved.version, saved.changed) == (2, 2)
    assert change(bo, course_id, seen(course_id)) == Saved(2, 0, 0, 0)
    with read() as db:
        (event,) = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.COURSE_CHANGED))
        assert db.get_one(Course, course_id).slug == "didactiek-frans"
    assert json.loads(event.details) == {
        "version": 2,
        "changes": {"title": ["Didactiek Nederlands", "Didactiek Frans"], "levels": [[], ["KO"]]},
    }


def test_the_second_of_two_coordinators_is_told_and_loses_nothing(bo: Actor) -> None:
    with write() as db:
        an = a_coordinator(db, "An Peeters")
        course_id = courses.create(db, bo, NEW)
    was = seen(course_id)
    change(bo, course_id, was, price_cents=12_000, title="Titel van Bo")
    with pytest.raises(rules.EditedMeanwhile) as refused:
        change(an, course_id, was, title="Titel van An", capacity=24)
    assert refused.value.fields == {"name": "Bo Claes"}
    now = seen(course_id)
    mine = replace(was.values, title="Titel van An", capacity=24)
    found = rules.changes(was.values, now.values, mine)
    assert [change.name for change in found] == ["title", "price_cents"]
    merged = rules.merged(found, mine, frozenset({"title"}))
    with write() as db:
        courses.change(db, an, course_id, merged, seen=now)
    last = seen(course_id).values
    assert (last.title, last.price_cents, last.capacity) == ("Titel van An", 12_000, 24)


def test_of_two_who_save_at_the_same_moment_one_is_told(bo: Actor) -> None:
    with write() as db:
        course_id = courses.create(db, bo, NEW)
    was, ready, outcomes = seen(course_id), threading.Barrier(2), []

    def save(title: str) -> None:
        ready.wait()
        try:
            change(bo, course_id, was, title=title)
            outcomes.append("saved")
        except rules.EditedMeanwhile:
            outcomes.append("told")

    both = [threading.Thread(target=save, args=(title,)) for title in ("Eerste", "Tweede")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["saved", "told"]


def test_a_new_price_is_for_who_enrols_later(bo: Actor) -> None:
    with write() as db:
        course_id = a_course(db, price_cents=10_000).id
        enrolment_id = an_enrolment(db, db.get_one(Course, course_id), a_person(db)).id
    assert change(bo, course_id, seen(course_id), price_cents=20_000).keep_price == 1
    with read() as db:
        assert db.get_one(Enrolment, enrolment_id).price_cents == 10_000


def test_capacity_cannot_go_below_the_seats_taken_and_more_of_it_goes_to_the_waiting_list(
    bo: Actor, noon: datetime
) -> None:
    with write() as db:
        course = a_course(db, capacity=2)
        for number in range(5):
            person = a_person(db, f"An{number}")
            an_account(db, person, f"an{number}@school.example")
            status = EnrolmentStatus.CONFIRMED if number < 2 else EnrolmentStatus.WAITLISTED
            an_enrolment(db, course, person, status=status)
        course_id = course.id
    with pytest.raises(rules.CapacityTaken) as refused:
        change(bo, course_id, seen(course_id), capacity=1)
    assert refused.value.fields == {"taken": 2}
    assert change(bo, course_id, seen(course_id), capacity=4).offered == 2
    with read() as db:
        assert [mail.recipient for mail in queued(db, "seat-offered")] == ["an2@school.example", "an3@school.example"]


def test_a_course_is_published_closed_and_opened_again(bo: Actor, noon: datetime) -> None:
    with write() as db:
        course_id = courses.create(db, bo, NEW)
    with pytest.raises(rules.NotReady) as refused, write() as db:
        courses.move(db, bo, course_id, CourseStatus.PUBLISHED)
    assert "een cursusdag" in str(refused.value.fields["missing"])
    with write() as db:
        course_id = a_course(
            db,
            status=CourseStatus.DRAFT,
            intro="Kort.",
            levels=[CourseLevel(level=Level.SO)],
            teachers=[Teacher(name="Z")],
        ).id
    with pytest.raises(rules.NotReady), write() as db:
        courses.move(db, bo, course_id, CourseStatus.PUBLISHED)
    change(bo, course_id, seen(course_id), themes=frozenset({Theme.AI}))
    for step in (CourseStatus.PUBLISHED, CourseStatus.CLOSED, CourseStatus.PUBLISHED, CourseStatus.DRAFT):
        with write() as db:
            courses.move(db, bo, course_id, step)
    with read() as db:
        course = db.get_one(Course, course_id)
        assert (course.status, course.version) == (CourseStatus.DRAFT, 6)


@pytest.mark.parametrize("step", [CourseStatus.CANCELLED, CourseStatus.CANCELLING, CourseStatus.PUBLISHED])
def test_a_step_that_the_state_does_not_allow_is_refused(bo: Actor, step: CourseStatus) -> None:
    with write() as db:
        course_id = a_course(db).id
    with pytest.raises(rules.StepNotPossible), write() as db:
        courses.move(db, bo, course_id, step)


def test_only_a_draft_that_nobody_enrolled_in_is_deleted_or_taken_back(bo: Actor) -> None:
    with write() as db:
        empty = a_course(db, status=CourseStatus.DRAFT, days=2).id
        course_costs.change_costs(db, bo, empty, fixed_cents=60_000, person_cents=1_500)
        db.add(CourseQuestion(course_id=empty, position=1, text="Dieet?", kind=QuestionKind.TEXT))
        course = a_course(db)
        an_enrolment(db, course, a_person(db), status=EnrolmentStatus.CANCELLED)
        used, public = course.id, a_course(db).id
    with pytest.raises(rules.HasEnrolments), write() as db:
        courses.move(db, bo, used, CourseStatus.DRAFT)
    with pytest.raises(rules.StepNotPossible), write() as db:
        courses.delete(db, bo, public)
    with write() as db:
        courses.delete(db, bo, empty)
    with read() as db:
        assert db.get(Course, empty) is None
        for part in (CourseDay, CourseQuestion, CourseCosts):
            assert db.scalar(select(func.count()).select_from(part).where(part.course_id == empty)) == 0


@pytest.mark.parametrize("status", [CourseStatus.CANCELLED, CourseStatus.CANCELLING])
def test_a_cancelled_course_cannot_be_changed(bo: Actor, status: CourseStatus) -> None:
    with write() as db:
        course_id = a_course(db, status=status).id
    with pytest.raises(rules.CourseCalledOff):
        change(bo, course_id, seen(course_id), title="Toch")


def test_a_reader_changes_nothing(bo: Actor) -> None:
    with write() as db:
        reader = acting(an_account(db, None, "lezer@cno.example", coordinator_role=CoordinatorRole.READER))
        course_id = a_course(db).id
    was = seen(course_id)
    for attempt in (
        lambda db: courses.create(db, reader, NEW),
        lambda db: courses.change(db, reader, course_id, replace(was.values, title="X"), seen=was),
        lambda db: courses.move(db, reader, course_id, CourseStatus.CLOSED),
        lambda db: courses.delete(db, reader, course_id),
        lambda db: course_repeats.repeat(db, reader, course_id, first_day=clock.today(), title="X", code="X"),
    ):
        with pytest.raises(NotAllowed), write() as db:
            attempt(db)


def test_a_repeat_moves_the_days_and_takes_questions_and_costs_along(bo: Actor, noon: datetime) -> None:
    with write() as db:
        course = a_course(db, "AI in de klas", days=2, code="26/AI/101A", enrolment_deadline=date(2026, 12, 20))
        db.add(CourseQuestion(course_id=course.id, position=1, text="Dieet?", kind=QuestionKind.TEXT))
        course_costs.change_costs(db, bo, course.id, fixed_cents=60_000, person_cents=1_500)
        old_id, first = course.id, course.first_day
    assert first is not None
    new_first = first + timedelta(days=70)
    with read() as db:
        proposal = course_repeats.suggestion(db, bo, old_id, new_first)
    assert (proposal.title, proposal.code) == ("AI in de klas - herhaling 1", "27/AI/101B")
    with write() as db:
        new_id = course_repeats.repeat(db, bo, old_id, first_day=new_first, title=proposal.title, code=proposal.code)
    with read() as db:
        new = db.get_one(Course, new_id)
        assert (new.status, new.repeat_of_id, new.enrolment_deadline) == (CourseStatus.DRAFT, old_id, date(2027, 2, 28))
        assert [day.held_on for day in new.days] == [new_first, new_first + timedelta(days=7)]
        assert (new.first_day, new.last_day, new.total_minutes) == (new_first, new_first + timedelta(days=7), 780)
        assert db.scalars(select(CourseQuestion.text).where(CourseQuestion.course_id == new_id)).all() == ["Dieet?"]
        costs = db.get_one(CourseCosts, new_id)
        assert (costs.fixed_cents, costs.person_cents) == (60_000, 1_500)
        second = course_repeats.suggestion(db, bo, new_id, new_first)
    assert (second.title, second.code) == ("AI in de klas - herhaling 2", "27/AI/101C")


def test_a_repeat_needs_a_code_of_its_own(bo: Actor) -> None:
    with write() as db:
        course = a_course(db, code="26/AI/101A")
    refusal: type[DomainError] = rules.CodeTaken
    with pytest.raises(refusal), write() as db:
        course_repeats.repeat(db, bo, course.id, first_day=clock.today(), title="Nog eens", code="26/AI/101A")
