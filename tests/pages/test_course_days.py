"""The day itself on screen: the coordinators' list, the teacher's own page, a scanned code, the evaluation."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core import clock
from core.db import read, write
from core.models import Attendance, Course, CourseTeacher, Enrolment, EvaluationForm, EvaluationInvitation, TeacherLink
from core.queries import evaluation as evaluation_queries
from core.services import attendance, evaluation, teacher_links
from core.vocabulary import CLOCK, Actor, ActorKind, CoordinatorRole, DayPart, Role
from pages.http.callers import TEACHER_COOKIE
from pages.http.routes import ROUTES
from pages.shared.site import Door
from pages.shared.teaching import LINK
from tests.asgi import let_answer
from tests.builders import (
    a_course,
    a_person,
    a_question,
    a_teacher,
    an_account,
    an_answer,
    an_enrolment,
    an_institution,
    queued,
    secret_in,
)
from tests.conftest import ROOT
from tests.pages.screens import ADDRESSES, counted, door_of, opened, said

ATTENDANCE, TEACHING = door_of("coordinator/attendance.py"), door_of("teacher/courses.py")
PRESENT, EVALUATE = door_of("public/present.py"), door_of("public/evaluate.py")
EVALUATIONS, ONE_COURSE = door_of("coordinator/evaluations.py"), door_of("coordinator/course.py")
TEAM = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR, name="Bo Claes")


class Today:
    """A course of today and one of yesterday with the same teacher, who got a link; An answered a question."""

    def __init__(self) -> None:
        with write() as db:
            an_account(db, None, ADDRESSES[Role.COORDINATOR])
            an, bo = a_person(db, "An", "Peeters"), a_person(db, "Bo", "Wouters")
            an_account(db, an, ADDRESSES[Role.PERSON])
            school = an_institution(db)
            course, ended = a_course(db, "Meertaligheid", in_days=0), a_course(db, "Zelfzorg", in_days=-1)
            lut = a_teacher(db, "Lut Maes", "lut@docent.example")
            for each in (course, ended):
                db.add(CourseTeacher(course_id=each.id, teacher_id=lut.id))
            self.an, self.bo = an_enrolment(db, course, an, school).id, an_enrolment(db, course, bo).id
            an_enrolment(db, ended, an)
            an_answer(db, db.get_one(Enrolment, self.an), a_question(db, course), "Vegetarisch")
            self.course_id, self.ended_id, self.day_id, self.lut = course.id, ended.id, course.days[0].id, lut.id
            teacher_links.send(db, TEAM, course.id, lut.id)
            evaluation.invite(db, CLOCK, ended.id)
        with read() as db:
            self.link_id = db.scalars(select(TeacherLink.id)).one()
            self.secret = secret_in(queued(db, "teacher-course")[0])
            self.evaluation = secret_in(queued(db, "evaluation")[0])

    def marks(self) -> dict[int, tuple[bool, DayPart]]:
        with read() as db:
            return {row.enrolment_id: (row.is_present, row.part) for row in db.scalars(select(Attendance))}


@pytest.fixture
def today(sqlite_database: str, noon: object) -> Today:
    return Today()


def as_teacher(door: Door, today: Today, **query: str) -> AppTest:
    """A page as the teacher sees it who came by the link."""
    test = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=30)
    test.session_state[LINK] = today.link_id
    for name, value in query.items():
        test.query_params[name] = value
    test._page_hash = calc_hash(door.url_path)
    return test.run()


def tapped(test: AppTest, seat: str, choice: str) -> AppTest:
    """Tap a choice beside a name; tapped once more it is taken back."""
    return test.button(key=f"{choice}_{seat}").click().run()


def test_a_coordinator_taps_who_is_there_and_takes_it_back(today: Today) -> None:
    test = opened(ATTENDANCE, Role.COORDINATOR)
    assert "Meertaligheid" in said(test)
    assert "Zelfzorg" not in said(test)
    test = opened(ATTENDANCE, Role.COORDINATOR, dag=str(today.day_id))
    assert "Basisschool De Zonnewimpel" in said(test)
    test.button(key=f"everybody_{today.day_id}").click().run()
    assert not test.exception
    assert today.marks() == {today.an: (True, DayPart.WHOLE), today.bo: (True, DayPart.WHOLE)}
    test.button(key=f"undo_{today.day_id}").click().run()
    assert today.marks() == {}
    key = f"{today.day_id}_{today.an}"
    tapped(test, key, "present")
    assert today.marks() == {today.an: (True, DayPart.WHOLE)}
    assert "door" in said(test)
    tapped(test, key, "part")
    test.button(key=f"morning_{today.an}").click().run()
    assert today.marks() == {today.an: (True, DayPart.MORNING)}
    assert "3,25 van 6,5 uur" in said(test)
    tapped(test, key, "part")
    assert today.marks() == {}
    assert not test.exception


def test_who_taps_on_an_older_list_reads_what_a_colleague_noted(today: Today) -> None:
    test = opened(ATTENDANCE, Role.COORDINATOR, dag=str(today.day_id))
    with write() as db:
        attendance.record(db, TEAM, today.day_id, today.an, attendance.Mark(is_present=False), seen=None)
    tapped(test, f"{today.day_id}_{today.an}", "present")
    assert "Bo Claes noteerde intussen voor An Peeters" in said(test)
    assert today.marks() == {today.an: (False, DayPart.WHOLE)}


def test_a_day_to_come_can_be_looked_at_only(today: Today) -> None:
    with write() as db:
        later = a_course(db, "Later", in_days=5).days[0].id
    test = opened(ATTENDANCE, Role.COORDINATOR, dag=str(later))
    assert "kan genoteerd worden vanaf" in said(test)
    assert not [button for button in test.button if str(button.key).startswith("everybody")]


def test_the_list_asks_the_same_number_of_queries_however_long_it_is(today: Today) -> None:
    with counted() as few:
        opened(ATTENDANCE, Role.COORDINATOR, dag=str(today.day_id))
    with write() as db:
        course = db.get_one(Course, today.course_id)
        for number in range(12):
            an_enrolment(db, course, a_person(db, f"Deelnemer {number}"))
    with counted() as again:
        opened(ATTENDANCE, Role.COORDINATOR, dag=str(today.day_id))
    assert len(again) <= len(few)


def test_a_teacher_sees_the_own_courses_names_and_needs_and_notes_presence(today: Today) -> None:
    with write() as db:
        a_course(db, "Van een ander", in_days=0)
    text = said(as_teacher(TEACHING, today))
    assert "Meertaligheid" in text
    assert "Van een ander" not in text
    text = said(as_teacher(TEACHING, today, cursus=str(today.course_id)))
    assert "An Peeters" in text
    assert "Vegetarisch" in text
    assert "school.example" not in text
    test = as_teacher(TEACHING, today, dag=str(today.day_id))
    tapped(test, f"{today.day_id}_{today.bo}", "absent")
    assert today.marks() == {today.bo: (False, DayPart.WHOLE)}
    assert "Lut Maes" in said(test)


def test_without_a_link_that_works_nothing_is_shown(today: Today) -> None:
    with write() as db:
        other = a_course(db, "Van een ander", in_days=0)
        identity = str(other.id)
    assert "Van een ander" not in said(as_teacher(TEACHING, today, cursus=identity))
    test = as_teacher(TEACHING, today, dag=str(today.day_id))
    with write() as db:
        teacher_links.revoke(db, TEAM, today.lut)
    key = f"{today.day_id}_{today.an}"
    tapped(test, key, "present")
    assert today.marks() == {}
    text = said(as_teacher(TEACHING, today, dag=str(today.day_id)))
    assert "De link werkt niet meer" in text
    assert "An Peeters" not in text


def test_a_scanned_code_notes_at_once_and_tells_others_nothing(today: Today) -> None:
    code = attendance.code_of(today.an, today.day_id)
    for test in (opened(PRESENT, None, code=code), opened(PRESENT, Role.PERSON, code=code)):
        assert "Voor anderen is hier niets te doen" in said(test)
        assert "Meertaligheid" not in said(test)
    assert "Peeters" not in said(opened(PRESENT, None, code=code))
    assert today.marks() == {}
    first = said(as_teacher(PRESENT, today, code=code))
    assert "An Peeters" in first
    assert "Genoteerd als aanwezig om 12:00." in first
    with clock.frozen(clock.now() + timedelta(minutes=9)):
        assert "Stond al genoteerd om 12:00." in said(opened(PRESENT, Role.COORDINATOR, code=code))
        assert "Voor anderen" in said(opened(PRESENT, Role.COORDINATOR, code=code[:-1]))


def test_an_evaluation_is_filled_in_once_and_seen_by_the_team(today: Today) -> None:
    with read() as db:
        asked = evaluation_queries.asked(db, today.ended_id)
    test = opened(EVALUATE, None, code=today.evaluation)
    assert [each.value for each in test.subheader] == ["Zelfzorg"]
    assert "An Peeters" not in said(test)
    test.button(key="hand_in").click().run()
    assert "Beantwoord minstens één vraag" in said(test)
    test.radio(key=f"answer_{asked[3].question_id}").set_value(asked[3].values.options[0])
    test.text_area(key=f"answer_{asked[4].question_id}").set_value("Rust")
    test.button(key="hand_in").click().run()
    assert "Bedankt" in said(test)
    with read() as db:
        assert db.scalars(select(EvaluationForm.course_id)).all() == [today.ended_id]
        assert db.scalars(select(EvaluationInvitation.is_used)).all() == [True]
    assert "niet meer geldig" in said(opened(EVALUATE, None, code=today.evaluation))
    text = said(opened(EVALUATIONS, Role.COORDINATOR, cursus=str(today.ended_id)))
    assert "Rust" in text
    assert "1 van de 1 gevraagden" in text
    hidden = said(as_teacher(TEACHING, today, cursus=str(today.ended_id)))
    assert "Rust" not in hidden
    assert "vanaf 3 evaluaties" in hidden


def test_coordinators_change_what_is_asked(today: Today) -> None:
    test = opened(EVALUATIONS, Role.COORDINATOR, toon="vragen")
    test.button(key="new_evaluation").click().run()
    test.text_input(key="evaluation_text").set_value("Was de zaal goed?")
    test.button(key="confirm_evaluation").click().run()
    assert not test.exception
    assert "Was de zaal goed?" in said(test)
    with read() as db:
        assert evaluation_queries.asked(db, today.course_id)[-1].values.text == "Was de zaal goed?"


def test_the_page_of_a_course_mails_and_revokes_the_link(today: Today) -> None:
    test = opened(ONE_COURSE, Role.COORDINATOR, id=str(today.course_id), deel="aanwezigheid")
    test.button(key=f"send_link_{today.lut}").click().run()
    with read() as db:
        assert len(queued(db, "teacher-course")) == 2
    test.button(key=f"revoke_{today.lut}").click().run()
    assert "werkt niet meer" in said(test)


def asked_of_route(path: str, cookie: str = "") -> tuple[int, dict[str, str], bytes]:
    """What a route answers."""
    place, _, query = path.partition("?")
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": place}
    scope |= {"raw_path": place.encode(), "query_string": query.encode(), "root_path": ""}
    scope |= {"headers": [(b"host", b"cno.example"), (b"cookie", cookie.encode())]}
    let_answer(Starlette(routes=ROUTES), scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])


def test_the_mailed_link_leaves_a_cookie_that_prints_the_own_lists_only(today: Today) -> None:
    status, headers, _body = asked_of_route(f"/docent?code={today.secret}")
    assert (status, headers["location"]) == (303, "/mijn-cursussen")
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    value = f"{TEACHER_COOKIE}={today.secret}"
    status, _headers, body = asked_of_route(f"/download/day/{today.day_id}/sign-in.pdf", value)
    assert (status, body[:4]) == (200, b"%PDF")
    with write() as db:
        other = a_course(db, "Van een ander", in_days=0).days[0].id
    assert asked_of_route(f"/download/day/{other}/sign-in.pdf", value)[0] == 404
    assert asked_of_route(f"/download/course/{today.ended_id}/evaluations.xlsx", value)[0] == 303
    status, headers, _body = asked_of_route("/docent?code=onzin", value)
    assert "Max-Age=0" in headers["set-cookie"]
