"""Every page for every kind of account, in both languages; queries that do not grow with the rows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.db import read, write
from core.models import Account, ContactPerson, Enrolment, Institution, Person
from core.services import billing, enrolments, note_files, payer_requests
from core.vocabulary import CLOCK, EnrolmentStatus, FileKind, Language, PayerPolicy, Role
from pages.shared.site import DOORS, Door
from tests.builders import (
    a_course,
    a_material,
    a_person,
    acting,
    an_affiliation,
    an_enrolment,
    queued,
)
from tests.pages.screens import a_season, counted, door_of, opened, said


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
    ("file", "query"),
    [
        ("public/catalogue.py", {}),
        ("person/enrolments.py", {}),
        ("person/documents.py", {}),
        ("person/material.py", {}),
        ("institution/enrolments.py", {}),
        ("institution/enrolments.py", {"periode": "past"}),
        ("institution/people.py", {}),
        ("institution/documents.py", {}),
        ("institution/documents.py", {"soort": "attesten"}),
        ("institution/documents.py", {"soort": "schooljaar"}),
        ("institution/material.py", {}),
        ("institution/details.py", {}),
        ("institution/enrol.py", {"id": "open-00001"}),
        ("coordinator/today.py", {}),
        ("coordinator/inbox.py", {}),
        ("coordinator/outbox.py", {}),
        ("coordinator/courses.py", {}),
        ("coordinator/courses.py", {"bezetting": "going", "sorteer": "volst", "periode": "alles"}),
        ("coordinator/course_edit.py", {"id": "1"}),
    ],
    ids=lambda each: "-".join(each.values()) if isinstance(each, dict) else each,
)
def test_queries_do_not_grow_with_the_rows(sqlite_database: str, file: str, query: dict[str, str]) -> None:
    door = door_of(file)
    with write() as db:
        open_course = a_course(db, "Open", in_days=50)
        assert open_course.id == 1
    a_season(3)
    more_of_a_school(1, 3)
    few = opened(door, door.audience or Role.INSTITUTION, **query)
    with counted() as before:
        few.run()
    more_of_a_school(100, 25)
    with counted() as after:
        few.run()
    assert not few.exception
    assert before
    assert len(after) == len(before)


def more_of_a_school(start: int, count: int) -> None:
    """This many more of all that a school can have: seats, colleagues, notes, questions, replacements, material."""
    with write() as db:
        person, school = (db.scalars(select(kind).order_by(kind.id)).first() for kind in (Person, Institution))
        assert person is not None
        assert school is not None
        for number in range(start, start + count):
            colleague = a_person(db, f"Collega {number}")
            an_affiliation(db, colleague, school).started_on = clock.today() - timedelta(days=400)
            for in_days in (60 + number, -80 - number):
                course = a_course(db, f"Meer {number}", in_days=in_days)
                seat = an_enrolment(
                    db, course, person, school, confirmed_on=clock.today() - timedelta(days=number % 20 + 7)
                )
                a_material(db, course)
            note_files.store_and_mail(
                db, CLOCK, billing.issue_debit_note(db, CLOCK, seat.id) or 0, dict.fromkeys(FileKind, b"%PDF")
            )
            taken_over = an_enrolment(
                db, course, colleague, school, status=EnrolmentStatus.REPLACED, billed_on=clock.today()
            )
            an_enrolment(
                db,
                course,
                a_person(db, f"Vervanger {number}"),
                school,
                replaces_id=taken_over.id,
                seat_id=taken_over.id,
                billed_on=clock.today(),
            )
            an_enrolment(db, a_course(db, f"Later {number}", in_days=40), None, school)
            asks = an_enrolment(db, a_course(db, f"Vraag {number}", in_days=45), colleague)
            payer_requests.ask(db, CLOCK, asks, school)
            db.add(ContactPerson(institution_id=school.id, name=f"Contact {number}"))


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
