"""The page of the debit notes that leave, and how an institution chooses how many it gets; as they are clicked."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from core import clock, issuing
from core.db import read, write
from core.models import Account, BillingAddress, Institution, Note, NoteFile
from core.queries import due_notes
from core.services import billing
from core.vocabulary import CLOCK, ComingKind, CoordinatorRole, NoteGrouping, Role
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution, queued
from tests.pages.screens import ADDRESSES, counted, door_of, opened, said
from tests.services.test_issuing import Plain

OUTBOX = door_of("coordinator/outbox.py")
PAGE, DETAILS = door_of("coordinator/due_notes.py"), door_of("institution/details.py")
DOCUMENTS, MINE = door_of("institution/documents.py"), door_of("person/documents.py")


def due_today(count: int, role: CoordinatorRole = CoordinatorRole.FINANCE) -> None:
    """A coordinator; a school that gets one note a day for so many colleagues, and a person who pays alone."""
    with write() as db:
        an_account(db, None, ADDRESSES[Role.COORDINATOR], coordinator_role=role)
        school = an_institution(
            db, note_grouping=NoteGrouping.DAY, billing_addresses=[BillingAddress(email="boek@school.example")]
        )
        an_account(db, school, ADDRESSES[Role.INSTITUTION])
        course, on = a_course(db, in_days=20, price_cents=9_500), clock.today() - timedelta(days=365)
        for number in range(count):
            person = a_person(db, f"An{number}", "Geheim")
            an_account(db, person, f"z{number}@school.example" if number else ADDRESSES[Role.PERSON])
            an_enrolment(db, course, person, school, confirmed_on=on)
        alone = a_person(db, "Bo", "Alleen")
        an_account(db, alone, "bo@elders.example")
        an_enrolment(db, course, alone, confirmed_on=on)


def opened_page(**query: str) -> AppTest:
    test = opened(PAGE, Role.COORDINATOR, **query)
    assert not test.exception
    return test


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are no PDFs, made without other processes."""
    monkeypatch.setattr(issuing, "presses_apart", Plain)


def test_what_is_due_is_issued_with_a_bar_and_the_list_is_empty_then(sqlite_database: str, quick: None) -> None:
    due_today(3)
    test = opened_page()
    assert "2 debetnota's" in said(test)
    assert "3 inschrijvingen op één nota" in said(test)
    assert "Bo Alleen" in said(test)
    test.button(key="issue_all").click().run()
    assert not test.exception
    assert "2 nota's zijn uitgegeven" in said(test)
    assert "In deze periode vertrekt geen debetnota" in said(test)
    with read() as db:
        assert sorted(db.scalars(select(Note.total_cents))) == [9_500, 28_500]
        assert len(queued(db, "debit-note-group")) == 1
        assert len(queued(db, "debit-note")) == 4


def test_what_left_while_somebody_looked_cannot_be_kept_back_which_is_told_at_the_top(sqlite_database: str) -> None:
    due_today(1)
    with read() as db:
        seat, *_others = due_notes.due(db)
    test = opened(OUTBOX, Role.COORDINATOR, lijst="komend")
    with write() as db:
        billing.issue_debit_note(db, CLOCK, seat)
    test.button(key=f"hold_{ComingKind.DEBIT_NOTE}_{seat}").click().run()
    (told,) = test.error
    assert "De debetnota is intussen vertrokken" in told.value
    test.run()
    assert not test.error, "once is enough"


def test_what_was_stopped_half_way_is_taken_up_again(sqlite_database: str, quick: None) -> None:
    due_today(2)
    with write() as db:
        for seat in due_notes.due(db):
            billing.issue_debit_note(db, CLOCK, seat)
    test = opened_page()
    assert "2 nota's zijn uitgegeven en wachten nog op hun pdf en mail" in said(test)
    test.button(key="issue_all").click().run()
    assert "2 nota's zijn uitgegeven; hun mails" in said(test)
    with read() as db:
        assert db.scalar(select(func.count(NoteFile.note_id.distinct()))) == 2


def test_a_note_is_kept_back_with_a_reason_and_let_go(sqlite_database: str) -> None:
    due_today(2)
    test = opened_page()
    key = next(each.key for each in test.button if str(each.key).startswith("hold_"))
    identity = str(key).removeprefix("hold_")
    test.button(key=key).click().run()
    test.button(key="confirm_keep").click().run()
    assert "Zeg waarom" in said(test)
    test.text_input(key=f"keep_reason_{identity}").set_value("Bestelbon ontbreekt")
    test.button(key="confirm_keep").click().run()
    assert "1 debetnota" in said(test)
    test = opened_page(lijst="tegengehouden")
    assert "Bestelbon ontbreekt" in said(test)
    released = [str(each.key) for each in test.button if str(each.key).startswith("release_")]
    assert len(released) == 2  # both seats of the note
    for each in released:
        test.button(key=each).click().run()
    assert "Er wordt geen debetnota tegengehouden" in said(test)


def test_whoever_only_reads_sees_the_list_without_a_button(sqlite_database: str) -> None:
    due_today(2, CoordinatorRole.READER)
    test = opened_page()
    assert "2 debetnota's" in said(test)
    assert not [each.key for each in test.button if re.match(r"(hold|view|issue)_", str(each.key))]


def test_the_list_takes_as_many_queries_for_many_notes_as_for_few(sqlite_database: str) -> None:
    due_today(2)
    with counted() as few:
        opened_page()
    with write() as db:
        course, school = a_course(db, in_days=30), an_institution(db, "Andere")
        for number in range(12):
            payer = school if number % 2 else None
            on = clock.today() - timedelta(days=365)
            an_enrolment(db, course, a_person(db, f"Cé{number}"), payer, confirmed_on=on)
    with counted() as many:
        opened_page()
    assert len(many) == len(few)


def test_an_institution_chooses_how_many_notes_it_gets_and_is_told(sqlite_database: str) -> None:
    due_today(1)
    test = opened(DETAILS, Role.INSTITUTION)
    test.radio(key="own_grouping").set_value(NoteGrouping.MONTH).run()
    test.button(key="save_grouping").click().run()
    assert not test.exception
    assert "Uw keuze is bewaard" in said(test)
    with read() as db:
        assert db.scalars(select(Institution.note_grouping)).one() is NoteGrouping.MONTH
        (mail,) = queued(db, "billing-details-changed")
        assert "Eén nota per maand" in mail.body


def test_the_portals_show_the_whole_note_to_the_school_and_one_line_to_a_colleague(
    sqlite_database: str, quick: None
) -> None:
    due_today(2)
    opened_page().button(key="issue_all").click().run()
    school = said(opened(DOCUMENTS, Role.INSTITUTION))
    assert "190,00" in school
    assert "An0 Geheim" in school
    assert "An1 Geheim" in school
    with read() as db:
        assert db.scalars(select(Account.email).where(Account.role == Role.PERSON)).first() == ADDRESSES[Role.PERSON]
    mine = said(opened(MINE, Role.PERSON))
    assert "95,00" in mine
    assert "190,00" not in mine
    assert "An1" not in mine
