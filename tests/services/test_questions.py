"""Questions at enrolment: asked on every door, answered once, seen by whom they concern; on both databases."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.access import NotAllowed, NotFound
from core.db import read, write
from core.i18n import speaking
from core.models import AuditEvent, Course, CourseQuestion, Enrolment, EnrolmentAnswer, Institution, Person
from core.queries import questions
from core.rules import questions as rules
from core.rules.courses import CourseCalledOff
from core.rules.questions import NO, YES, QuestionValues
from core.services import by_hand, colleagues, enrolments, merges, question_answers, replacements, waiting_list
from core.services import questions as services
from core.vocabulary import (
    CLOCK,
    Actor,
    AuditTag,
    CourseStatus,
    EnrolmentStatus,
    Language,
    Party,
    QuestionKind,
)
from tests.builders import a_coordinator, a_course, a_question, an_answer, an_enrolment, an_institution, queued
from tests.services.schools import id_of, school, staff


@dataclass(frozen=True, slots=True)
class Scene:
    """A school with two of its staff, a course that asks for a lunch (required) and a wish."""

    team: Actor
    school: Actor
    an: Actor
    bo: Actor
    course_id: int
    lunch: int
    wish: int


@pytest.fixture
def scene(database: str, noon: datetime) -> Scene:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    with write() as db:
        course = a_course(db)
        lunch = a_question(db, course, "Wat eet u?", options="Gewoon\nVegetarisch", is_required=True)
        wish = a_question(db, course, "Wat wilt u leren?")
        return Scene(a_coordinator(db), wimpel, an, bo, course.id, lunch.id, wish.id)


def given(enrolment_id: int) -> dict[int, str]:
    """What stands on an enrolment."""
    with read() as db:
        rows = db.scalars(select(EnrolmentAnswer).where(EnrolmentAnswer.enrolment_id == enrolment_id))
        return {row.question_id: row.answer for row in rows}


def taken_by_school(scene: Scene) -> tuple[int, int]:
    """Seats that the school took for An and Bo, with what they eat."""
    lunches = {id_of(scene.an): {scene.lunch: "Gewoon"}, id_of(scene.bo): {scene.lunch: "Vegetarisch"}}
    with write() as db:
        first, second = colleagues.enrol_colleagues(
            db, scene.school, scene.course_id, [id_of(scene.an), id_of(scene.bo)], given=lunches
        ).enrolment_ids
    return first, second


def test_who_enrols_answers_and_a_required_question_is_refused_at_its_field(scene: Scene) -> None:
    with write() as db, pytest.raises(rules.AnswerMissing) as refused:
        enrolments.enrol(db, scene.an, scene.course_id, given={scene.wish: "Spelen"})
    assert refused.value.field == f"answer_{scene.lunch}"
    with write() as db:
        seat = enrolments.enrol(db, scene.an, scene.course_id, given={scene.lunch: "Gewoon"}).enrolment_id
    assert given(seat) == {scene.lunch: "Gewoon"}


def test_answers_go_along_from_the_waiting_list_to_the_seat(scene: Scene) -> None:
    with write() as db:
        db.get_one(Course, scene.course_id).capacity = 0
        seat = enrolments.join_waiting_list(
            db, scene.an, scene.course_id, given={scene.lunch: "Vegetarisch"}
        ).enrolment_id
    with write() as db:
        db.get_one(Course, scene.course_id).capacity = 1
        assert waiting_list.offer_free_seats(db, CLOCK, scene.course_id)
    with write() as db:
        assert enrolments.accept_offer(db, scene.an, seat).status is EnrolmentStatus.CONFIRMED
    assert given(seat) == {scene.lunch: "Vegetarisch"}


def test_a_school_answers_for_each_colleague_and_sees_only_what_it_filled_in(scene: Scene) -> None:
    wanted = [id_of(scene.an), id_of(scene.bo)]
    with write() as db, pytest.raises(rules.AnswerMissing) as refused:
        colleagues.enrol_colleagues(
            db, scene.school, scene.course_id, wanted, given={wanted[0]: {scene.lunch: "Gewoon"}}
        )
    assert refused.value.field == f"answer_{wanted[1]}_{scene.lunch}"
    first, second = taken_by_school(scene)
    with write() as db:
        assert question_answers.answer(db, scene.an, first, {scene.lunch: "Vegetarisch", scene.wish: "Rust"}) == 2
    with read() as db:
        seen = questions.answers(db, scene.school, [first, second])
        own = questions.answers(db, scene.an, [first, second])
        every = questions.answers(db, scene.team, [first, second])
    assert {seat: [one.answer for one in rows] for seat, rows in seen.items()} == {second: ["Vegetarisch"]}
    assert {seat: [one.answer for one in rows] for seat, rows in own.items()} == {first: ["Vegetarisch", "Rust"]}
    assert set(every) == {first, second}


def test_what_a_person_answered_stays_hidden_from_the_school_that_pays(scene: Scene) -> None:
    with write() as db:
        seat = enrolments.enrol(
            db,
            scene.an,
            scene.course_id,
            payer_institution_id=scene.school.institution_id,
            given={scene.lunch: "Gewoon"},
        ).enrolment_id
    with read() as db:
        assert questions.answers(db, scene.school, [seat]) == {}


def test_another_school_that_takes_over_the_bill_sees_nothing(scene: Scene) -> None:
    first, _second = taken_by_school(scene)
    other = school("Andere school", "andere@school.example")
    with write() as db:
        db.get_one(Enrolment, first).payer_institution_id = other.institution_id
    with read() as db:
        assert questions.answers(db, other, [first]) == {}
        assert questions.answers(db, scene.school, [first]) == {}


def test_who_replaces_a_participant_is_asked_anew_in_the_own_portal(scene: Scene) -> None:
    (cas,) = staff("Cas", of=())
    first, _second = taken_by_school(scene)
    with read() as db:
        assert not any("stelt u nog een vraag" in mail.body for mail in queued(db))
    with write() as db:
        by_hand.replace_by_hand(db, scene.team, first, id_of(cas))
    with read() as db:
        assert "stelt u nog een vraag" in (queued(db, "colleague-enrolled")[-1].body or "")
        (seat,) = questions.own_forms(db, cas)
        form = questions.own_forms(db, cas)[seat]
        assert (form.given, form.missing) == ({}, 1)
        assert questions.answers(db, cas, [first, seat]) == {}
        assert questions.own_forms(db, scene.an) == {}
    with write() as db, pytest.raises(rules.AnswerMissing):
        question_answers.answer(db, cas, seat, {scene.wish: "Rust"})
    with write() as db:
        question_answers.answer(db, cas, seat, {scene.lunch: "Gewoon"})
    with read() as db:
        assert questions.own_forms(db, cas)[seat].missing == 0
        tags = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.ENROLMENT_ANSWERED)).all()
    assert [tag.subject_id for tag in tags] == [seat]
    assert "Gewoon" not in tags[0].details


def test_an_undone_replacement_gives_the_answers_back(scene: Scene) -> None:
    (cas,) = staff("Cas", of=(scene.school,))
    first, _second = taken_by_school(scene)
    with write() as db:
        replacements.replace(db, scene.school, first, id_of(cas))
    with write() as db:
        after = db.scalars(select(Enrolment.id).where(Enrolment.replaces_id == first)).one()
        replacements.undo(db, scene.school, after)
    with read() as db:
        assert questions.own_forms(db, scene.an)[first].given == {scene.lunch: "Gewoon"}


def test_an_answer_changes_until_the_course_starts_and_by_a_coordinator_after(scene: Scene) -> None:
    first, _second = taken_by_school(scene)
    with write() as db:
        assert question_answers.answer(db, scene.an, first, {scene.lunch: "Gewoon"}) == 0
    with clock.frozen(clock.now() + timedelta(days=30)):
        with write() as db, pytest.raises(rules.AnsweringOver):
            question_answers.answer(db, scene.an, first, {scene.lunch: "Vegetarisch"})
        with read() as db:
            assert questions.own_forms(db, scene.an) == {}
        with write() as db:
            assert question_answers.answer(db, scene.team, first, {}) == 1
    assert given(first) == {}
    for who in (scene.bo, scene.school):
        with write() as db, pytest.raises(NotFound):
            question_answers.answer(db, who, first, {scene.lunch: "Gewoon"})


def test_by_hand_no_answer_is_required_but_a_wrong_one_is_refused(scene: Scene) -> None:
    with write() as db, pytest.raises(rules.AnswerNotValid):
        by_hand.enrol_by_hand(db, scene.team, scene.course_id, id_of(scene.an), given={scene.lunch: "Vlees"})
    with write() as db:
        (seat,) = by_hand.enrol_by_hand(
            db, scene.team, scene.course_id, id_of(scene.an), given={scene.wish: "Rust"}
        ).enrolment_ids
    assert given(seat) == {scene.wish: "Rust"}
    with read() as db:
        assert questions.own_forms(db, scene.an)[seat].missing == 1


def test_a_coordinator_adds_changes_moves_and_stops_asking(scene: Scene) -> None:
    with write() as db:
        laptop = services.add(db, scene.team, scene.course_id, QuestionValues("Laptop?", QuestionKind.YES_NO))
        services.move(db, scene.team, laptop, by=-2)
        services.move(db, scene.team, scene.wish, by=5)
        seen = QuestionValues("Laptop?", QuestionKind.YES_NO)
        services.change(db, scene.team, laptop, QuestionValues("Eigen laptop?"), seen=seen)
    with read() as db:
        assert [each.question_id for each in questions.of_course(db, scene.course_id)] == [
            laptop,
            scene.lunch,
            scene.wish,
        ]
    with write() as db, pytest.raises(rules.QuestionChangedMeanwhile):
        services.change(db, scene.team, laptop, QuestionValues("Tablet?"), seen=QuestionValues("Laptop?"))
    with write() as db:
        services.stop(db, scene.team, scene.lunch)
    with write() as db:
        seat = enrolments.enrol(db, scene.an, scene.course_id, given={scene.lunch: "Gewoon"}).enrolment_id
        services.delete(db, scene.team, laptop)
    assert given(seat) == {}
    with write() as db:
        for number in range(rules.MOST_QUESTIONS - 1):
            services.add(db, scene.team, scene.course_id, QuestionValues(f"Vraag {number}"))
    with write() as db, pytest.raises(rules.TooManyQuestions):
        services.ask_again(db, scene.team, scene.lunch)
    with write() as db:
        services.stop(db, scene.team, scene.wish)
        services.ask_again(db, scene.team, scene.lunch)
        db.get_one(Course, scene.course_id).status = CourseStatus.CANCELLED
    with write() as db, pytest.raises(CourseCalledOff):
        services.add(db, scene.team, scene.course_id, QuestionValues("Nog iets?"))


def test_a_question_with_answers_keeps_its_kind_its_chosen_options_and_itself(scene: Scene) -> None:
    taken_by_school(scene)
    seen = QuestionValues("Wat eet u?", QuestionKind.CHOICE, True, ("Gewoon", "Vegetarisch"))
    with write() as db, pytest.raises(rules.KindStays):
        services.change(db, scene.team, scene.lunch, QuestionValues("Wat eet u?"), seen=seen)
    fewer = QuestionValues("Wat eet u?", QuestionKind.CHOICE, True, ("Gewoon", "Niets"))
    with write() as db, pytest.raises(rules.OptionChosen):
        services.change(db, scene.team, scene.lunch, fewer, seen=seen)
    with write() as db, pytest.raises(rules.HasAnswers):
        services.delete(db, scene.team, scene.lunch)
    with write() as db:
        services.stop(db, scene.team, scene.lunch)
    with read() as db:
        (lunch, wish) = questions.tallies(db, scene.team, scene.course_id)
        lines = questions.all_of_course(db, scene.team, scene.course_id)
    assert (lunch.is_asked, lunch.answered, lunch.counts) == (False, 2, {"Gewoon": 1, "Vegetarisch": 1})
    assert (wish.answered, wish.unanswered, wish.texts) == (0, 2, ())
    assert [(line.is_asked, line.answers) for line in lines] == [(False, 2), (True, 0)]


def test_a_merged_school_sees_what_its_double_filled_in(scene: Scene) -> None:
    with write() as db:
        double, kept = an_institution(db, "De Zonnewimpel"), db.get_one(Institution, scene.school.institution_id)
        course, person = db.get_one(Course, scene.course_id), db.get_one(Person, id_of(scene.bo))
        seat = an_enrolment(db, course, person, double)
        an_answer(db, seat, db.get_one(CourseQuestion, scene.lunch), "Gewoon", double)
        merge = merges.merge(db, scene.team, Party.INSTITUTION, kept.id, double.id)
        seat_id = seat.id
    with read() as db:
        assert seat_id in questions.answers(db, scene.school, [seat_id])
    with write() as db:
        merges.undo(db, scene.team, merge)
    with read() as db:
        assert questions.answers(db, scene.school, [seat_id]) == {}


def test_answers_of_yes_and_no_are_told_in_words() -> None:
    with speaking(Language.DUTCH):
        assert [questions.worded(QuestionKind.YES_NO, each) for each in (YES, NO)] == ["Ja", "Nee"]
        assert questions.worded(QuestionKind.TEXT, "yes") == "yes"


def test_answers_are_cleared_thirty_days_after_the_course_and_the_questions_stay(scene: Scene, noon: datetime) -> None:
    first, second = taken_by_school(scene)
    with read() as db:
        last_day = db.get_one(Course, scene.course_id).last_day
    assert last_day is not None
    over = noon + (last_day - noon.date()) + timedelta(days=30)
    with clock.frozen(over), write() as db:
        assert question_answers.courses_to_clear(db) == ()
        assert question_answers.clear(db, CLOCK, scene.course_id) == 0
    assert set(given(first) | given(second)) == {scene.lunch}
    with clock.frozen(over + timedelta(days=1)):
        jobs.run_due()
        with write() as db:
            assert question_answers.courses_to_clear(db) == ()
            told = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.COURSE_ANSWERS_CLEARED)).one()
            assert (told.subject_id, '"count": 2' in told.details) == (scene.course_id, True)
            assert len(questions.of_course(db, scene.course_id)) == 2
            assert question_answers.clear(db, scene.team, scene.course_id) == 0
            with pytest.raises(NotAllowed):
                question_answers.clear(db, scene.an, scene.course_id)
    assert given(first) == given(second) == {}
