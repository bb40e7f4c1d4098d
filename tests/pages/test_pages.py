"""Every page for every kind of account, in both languages; queries that do not grow with the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from streamlit.testing.v1 import AppTest

from core import clock
from core.db import engine, read, write
from core.models import Account, Enrolment, IncomingMail, Institution, MailThread, Person
from core.services import enrolments, sign_ins
from core.vocabulary import EnrolmentStatus, Language, PayerPolicy, Role
from pages.shared.signing import LANGUAGE, SIGN_IN
from pages.shared.site import DOORS, Door
from tests.builders import (
    a_course,
    a_person,
    acting,
    an_account,
    an_affiliation,
    an_enrolment,
    an_institution,
    queued,
)
from tests.conftest import ROOT

ADDRESSES = {
    Role.PERSON: "an@school.example",
    Role.INSTITUTION: "secretariaat@school.example",
    Role.COORDINATOR: "team@cno.example",
}


def a_season(rows: int) -> None:
    """A person, a school and a coordinator, with this many courses, enrolments, conversations and mails."""
    with write() as db:
        person, school = a_person(db), an_institution(db)
        an_account(db, person, ADDRESSES[Role.PERSON])
        an_account(db, school, ADDRESSES[Role.INSTITUTION])
        an_account(db, None, ADDRESSES[Role.COORDINATOR])
        an_affiliation(db, person, school)
        for number in range(rows):
            for in_days in (10 + number, -20 - number):
                payer = school if number % 2 else None
                on = clock.today() - timedelta(days=number)
                an_enrolment(db, a_course(db, f"Cursus {number}", in_days=in_days), person, payer, confirmed_on=on)
            now = clock.now()
            thread = MailThread(subject=f"Vraag {number}", address="x@x.example", created_at=now, last_mail_at=now)
            db.add(thread)
            db.flush()
            db.add(
                IncomingMail(
                    sha256=f"{number:064}", raw=b"x", size=1, subject="Vraag", arrived_at=now, thread_id=thread.id
                )
            )


def sign_in(role: Role) -> int:
    with write() as db:
        account_id = db.scalars(select(Account.id).where(Account.role == role)).first()
        assert account_id is not None
        return sign_ins.start(db, account_id)[0]


def opened(door: Door, role: Role | None, language: Language = Language.DUTCH, **query: str) -> AppTest:
    """A page as somebody sees it who comes by its address."""
    test = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=30)
    test.session_state[LANGUAGE] = language
    if role is not None:
        test.session_state[SIGN_IN] = sign_in(role)
    test.run()
    for name, value in query.items():
        test.query_params[name] = value
    return test.switch_page(str(ROOT / "pages" / door.file)).run()


def said(test: AppTest) -> str:
    """Everything a page says."""
    parts = [*test.title, *test.markdown, *test.error, *test.warning, *test.info, *test.success, *test.caption]
    return "\n".join(str(part.value) for part in parts)


def door_of(file: str) -> Door:
    return next(door for door in DOORS if door.file == file)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine(), "before_cursor_execute", count)
    yield statements
    event.remove(engine(), "before_cursor_execute", count)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.file)
def test_a_page_draws_for_whom_it_is_meant(sqlite_database: str, door: Door, language: Language) -> None:
    a_season(3)
    role = door.audience or (Role.PERSON if door.file == "public/enrol.py" else None)
    test = opened(door, role, language)
    assert not test.exception
    assert "er is niets gewijzigd" not in said(test)
    assert "went wrong" not in said(test)
    assert test.title
    assert ("Sign in" in said(test) and door.audience is not None) is False


@pytest.mark.parametrize("door", [door for door in DOORS if door.audience], ids=lambda door: door.file)
def test_a_page_turns_everybody_else_away(sqlite_database: str, door: Door) -> None:
    a_season(1)
    for role in (None, *(role for role in Role if role is not door.audience)):
        test = opened(door, role)
        assert not test.exception
        text = said(test)
        assert "Cursus 0" not in text
        assert "Vraag 0" not in text
        assert ("Meld u aan" in text) is (role is None)


@pytest.mark.parametrize(
    "file",
    [
        "public/catalogue.py",
        "person/enrolments.py",
        "person/documents.py",
        "person/material.py",
        "institution/enrolments.py",
        "institution/people.py",
        "institution/documents.py",
        "institution/material.py",
        "coordinator/today.py",
        "coordinator/inbox.py",
        "coordinator/outbox.py",
    ],
)
def test_queries_do_not_grow_with_the_rows(sqlite_database: str, file: str) -> None:
    door = door_of(file)
    a_season(3)
    few = opened(door, door.audience)
    with counted() as before:
        few.run()
    with write() as db:
        person = db.scalars(select(Person)).one()
        school = db.scalars(select(Institution)).one()
        for number in range(25):
            for in_days in (60 + number, -80 - number):
                course = a_course(db, f"Meer {number}", in_days=in_days)
                on = clock.today() - timedelta(days=number)
                an_enrolment(db, course, person, school, confirmed_on=on)
    with counted() as after:
        few.run()
    assert before
    assert len(after) == len(before)


def test_enrolling_on_the_page_asks_confirms_and_says_what_happens_next(sqlite_database: str) -> None:
    a_season(0)
    with write() as db:
        course = a_course(db, "Didactiek Frans")
        address = f"{course.slug}-{course.id:05}"
    test = opened(door_of("public/enrol.py"), Role.PERSON, id=address)
    assert "Didactiek Frans" in said(test)
    test.button(key="confirm_enrolment").click().run()
    assert not test.exception
    assert "U bent ingeschreven" in said(test)
    with read() as db:
        assert db.scalars(select(Enrolment.status)).all() == [EnrolmentStatus.CONFIRMED]
        assert len(queued(db, "enrolment-confirmed")) == 1


def test_a_full_course_offers_its_waiting_list(sqlite_database: str) -> None:
    a_season(0)
    with write() as db:
        course = a_course(db, "Volle cursus", capacity=1)
        an_enrolment(db, course, a_person(db, "Bo"))
        address = f"{course.slug}-{course.id:05}"
    test = opened(door_of("public/enrol.py"), Role.PERSON, id=address)
    assert "volzet" in said(test)
    test.button(key="confirm_enrolment").click().run()
    assert "wachtlijst" in said(test)
    with read() as db:
        assert set(db.scalars(select(Enrolment.status))) == {EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITLISTED}


def test_a_school_that_forbids_it_is_named_with_the_reason(sqlite_database: str) -> None:
    a_season(0)
    with write() as db:
        db.scalars(select(Institution)).one().payer_policy = PayerPolicy.FORBIDDEN
        course = a_course(db)
        address = f"{course.slug}-{course.id:05}"
    text = said(opened(door_of("public/enrol.py"), Role.PERSON, id=address))
    assert "laat niet toe" in text or "staat niet toe" in text


@pytest.mark.parametrize(("in_days", "words"), [(30, "kosteloos"), (4, "190,00")])
def test_cancelling_shows_its_price_first(sqlite_database: str, in_days: int, words: str) -> None:
    a_season(0)
    with write() as db:
        person = db.scalars(select(Person)).one()
        enrolment_id = an_enrolment(db, a_course(db, in_days=in_days), person).id
        expected = enrolments.cancellation_preview(db, acting(db.scalars(select(Account)).first()), enrolment_id)  # type: ignore[arg-type]
    test = opened(door_of("person/enrolments.py"), Role.PERSON)
    test.button(key=f"cancel_{enrolment_id}").click().run()
    assert words in said(test).replace("\xa0", " ")
    test.button(key="confirm_cancel").click().run()
    assert not test.exception
    with read() as db:
        row = db.get_one(Enrolment, enrolment_id)
    assert (row.status, row.cancellation_cents) == (EnrolmentStatus.CANCELLED, expected.cost_cents)
