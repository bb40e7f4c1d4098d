"""The evaluation: asked once of who was there, filled in once, without a name, shown to teachers from enough on."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import clock, jobs, tokens
from core.access import NotAllowed, NotFound
from core.db import read, write
from core.models import (
    Attendance,
    AuditEvent,
    CourseTeacher,
    EvaluationAnswer,
    EvaluationForm,
    EvaluationInvitation,
)
from core.queries import evaluated
from core.queries import evaluation as queries
from core.rules import evaluation as rules
from core.rules.evaluation import EvaluationValues
from core.services import evaluation, evaluation_questions
from core.vocabulary import Actor, ActorKind, EnrolmentStatus, EvaluationKind
from tests.builders import a_coordinator, a_course, a_person, a_teacher, an_account, an_enrolment, queued, secret_in


class Ended:
    """A course of yesterday that An, Bo, Cas and Dee followed; Eef cancelled."""

    def __init__(self) -> None:
        with write() as db:
            course = a_course(db, in_days=-1)
            self.seats = []
            for name in ("An", "Bo", "Cas", "Dee", "Eef"):
                person = a_person(db, name)
                an_account(db, person, f"{name.lower()}@school.example")
                status = EnrolmentStatus.CANCELLED if name == "Eef" else EnrolmentStatus.CONFIRMED
                self.seats.append(an_enrolment(db, course, person, status=status).id)
            teacher = a_teacher(db, "Lut Maes")
            db.add(CourseTeacher(course_id=course.id, teacher_id=teacher.id))
            self.id, self.day_id, self.teacher_id = course.id, course.days[0].id, teacher.id
            self.coordinator = a_coordinator(db)
            self.teacher = Actor(ActorKind.TEACHER, name="Lut Maes", teacher_id=teacher.id)


@pytest.fixture
def ended(database: str, noon: datetime) -> Ended:
    return Ended()


def asked() -> dict[str, str]:
    """The secret that each got."""
    jobs.run_due()
    with read() as db:
        return {mail.recipient: secret_in(mail) for mail in queued(db, "evaluation")}


def general() -> list[queries.Asked]:
    with read() as db:
        return list(queries.asked(db, 0))


def given(secret: str, stars: int = 5, text: str = "Mooi") -> None:
    first, last = general()[0].question_id, general()[-1].question_id
    with write() as db:
        evaluation.give(db, secret, {first: stars, last: text})


def test_who_followed_it_is_asked_once_after_the_last_day(ended: Ended, noon: datetime) -> None:
    with clock.frozen(noon - timedelta(days=1)):
        assert asked() == {}
    first = asked()
    assert sorted(first) == [f"{name}@school.example" for name in ("an", "bo", "cas", "dee")]
    with clock.frozen(noon + timedelta(days=3)):
        assert asked() == first


def test_who_was_absent_is_not_asked_once_presence_was_taken(ended: Ended) -> None:
    with write() as db:
        for seat, is_present in zip(ended.seats[:2], (True, False), strict=True):
            row = Attendance(enrolment_id=seat, course_day_id=ended.day_id, is_present=is_present)
            row.recorded_at = clock.now()
            db.add(row)
    assert sorted(asked()) == ["an@school.example"]


def test_a_course_of_long_ago_is_left_alone(ended: Ended, noon: datetime) -> None:
    with clock.frozen(noon + timedelta(days=31)):
        assert asked() == {}


def test_a_link_is_used_once_and_nothing_tells_who_answered(ended: Ended, noon: datetime) -> None:
    secret = asked()["an@school.example"]
    with read() as db:
        paper = queries.look(db, secret)
        traces = db.scalar(select(func.count()).select_from(AuditEvent))
    assert (paper.course_title, paper.teachers) == ("Didactiek Nederlands", ("Lut Maes",))
    given(secret)
    with pytest.raises(tokens.LinkNotValid):
        given(secret)
    with read() as db:
        used = db.scalars(select(EvaluationInvitation.enrolment_id).where(EvaluationInvitation.is_used)).all()
        assert list(used) == ended.seats[:1]
        columns = {column.name for table in (EvaluationForm, EvaluationAnswer) for column in table.__table__.columns}
        assert columns == {"id", "course_id", "form_id", "question_id", "stars", "text"}
        assert db.scalar(select(func.count()).select_from(AuditEvent)) == traces


def test_two_who_hand_in_by_one_link_at_once_make_one_form(ended: Ended) -> None:
    secret, refused = asked()["an@school.example"], []

    def hand_in() -> None:
        try:
            given(secret)
        except tokens.LinkNotValid as gone:
            refused.append(gone)

    threads = [threading.Thread(target=hand_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(EvaluationForm)) == 1
    assert len(refused) == 3


def test_a_link_is_over_after_the_decided_days(ended: Ended, noon: datetime) -> None:
    secret = asked()["an@school.example"]
    with clock.frozen(noon + timedelta(days=30)), read() as db:
        assert queries.look(db, secret)
    with clock.frozen(noon + timedelta(days=31)), read() as db, pytest.raises(tokens.LinkNotValid):
        queries.look(db, secret)


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [(6, rules.AnswerWrong), (0, rules.AnswerWrong), ("vijf", rules.AnswerWrong), ("", rules.EvaluationEmpty)],
)
def test_an_answer_the_question_does_not_have_is_refused(
    ended: Ended, answer: int | str, refusal: type[Exception]
) -> None:
    secret, first = asked()["an@school.example"], general()[0].question_id
    with pytest.raises(refusal), write() as db:
        evaluation.give(db, secret, {first: answer})
    with pytest.raises(rules.AnswerWrong), write() as db:
        evaluation.give(db, secret, {9_999: 5})
    given(secret)  # nothing was used up


def test_teachers_see_results_from_three_on_and_coordinators_at_once(ended: Ended) -> None:
    secrets = asked()
    for count, (name, stars) in enumerate((("an", 5), ("bo", 4), ("cas", 3)), start=1):
        given(secrets[f"{name}@school.example"], stars, f"Van {count}")
        with read() as db:
            teacher = queries.of_course(db, ended.teacher, ended.id)
            team = queries.of_course(db, ended.coordinator, ended.id)
        assert (teacher.forms, teacher.is_shown, bool(teacher.results)) == (count, count >= 3, count >= 3)
        assert team.is_shown
        assert (team.asked, team.forms) == (4, count)
    stars, texts = team.results[0], team.results[-1]
    assert (stars.average, stars.counts) == (4, {"5": 1, "4": 1, "3": 1, "2": 0, "1": 0})
    assert sorted(texts.texts) == ["Van 1", "Van 2", "Van 3"]
    with read() as db:
        of_teacher = queries.of_teacher(db, ended.coordinator, ended.teacher_id)
        listed = evaluated.courses(db, ended.coordinator, "didactiek")
        by_teacher = evaluated.teachers(db, ended.coordinator)
        heads, lines = queries.forms(db, ended.coordinator, ended.id)
        for call in (
            lambda: queries.of_teacher(db, ended.teacher, ended.teacher_id),
            lambda: queries.forms(db, ended.teacher, ended.id),
        ):
            with pytest.raises(NotFound):
                call()
    assert of_teacher.results == team.results
    assert [(row.asked, row.forms, float(row.average or 0)) for row in listed.rows] == [(4, 3, 4.0)]
    assert [(row.name, row.forms) for row in by_teacher.rows] == [("Lut Maes", 3)]
    assert len(heads) == 2
    assert sorted(line[0] for line in lines) == ["3", "4", "5"]


def test_coordinators_write_what_is_asked_and_a_course_may_ask_something_else(ended: Ended) -> None:
    team = ended.coordinator
    yes_no = EvaluationValues("Smaakte het?", "", EvaluationKind.CHOICE, ("Ja | Yes", "Neen | No"))
    with write() as db:
        assert evaluation_questions.make_own(db, team, ended.id) == 6
        own = queries.asked(db, ended.id)
        new = evaluation_questions.add(db, team, ended.id, yes_no)
        evaluation_questions.move(db, team, new, by=-10)
        for each in own[2:]:
            evaluation_questions.stop(db, team, each.question_id)
    with read() as db:
        now = queries.asked(db, ended.id)
        assert now[0].values.text == "Smaakte het?"
        assert len(now) == 3
        assert len(queries.asked(db, ended.id + 1)) == 6
    secret = asked()["an@school.example"]
    with write() as db:
        evaluation.give(db, secret, {new: "Ja | Yes", own[0].question_id: 5})
    with pytest.raises(rules.KindFixed), write() as db:
        evaluation_questions.change(db, team, new, EvaluationValues("Lekker?"), seen=yes_no)
    with write() as db:
        renamed = EvaluationValues("Lekker?", "", yes_no.kind, yes_no.options)
        evaluation_questions.change(db, team, new, renamed, seen=yes_no)
    with pytest.raises(rules.AskedMeanwhile), write() as db:
        evaluation_questions.change(db, team, new, yes_no, seen=yes_no)
    with read() as db:
        chosen, stars = queries.of_course(db, team, ended.id).results
    assert (chosen.question, chosen.counts) == ("Lekker?", {"Ja": 1, "Neen": 0})
    assert (stars.question, stars.average) == ("Hoe tevreden bent u over deze nascholing?", 5)
    with write() as db:
        evaluation_questions.follow_general(db, team, ended.id)
        assert len(queries.asked(db, ended.id)) == 6
    with pytest.raises(NotAllowed), write() as db:
        evaluation_questions.stop(db, ended.teacher, new)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        (EvaluationValues("  "), rules.QuestionEmpty),
        (EvaluationValues("Kies", "", EvaluationKind.CHOICE, ("Ja", " ", "Ja")), rules.OptionsMissing),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(values: EvaluationValues, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rules.checked(values)
