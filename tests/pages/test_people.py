"""The coordinators' pages of persons and institutions, as they are clicked."""

import pytest
from sqlalchemy import select

from core import jobs
from core.db import read, write
from core.models import Account, Enrolment, Institution, LikelyDouble, Person, Remark
from core.services import merges
from core.vocabulary import EnrolmentStatus, Party, Role
from tests.builders import a_course, a_person, an_account, an_enrolment, queued
from tests.pages.screens import a_season, counted, door_of, opened, said

PERSON, SCHOOL = "coordinator/person.py", "coordinator/institution.py"


def the(kind: type[Person] | type[Institution]) -> str:
    with read() as db:
        return str(db.scalars(select(kind.id).order_by(kind.id)).first())


def test_a_typing_error_still_finds_the_person(sqlite_database: str) -> None:
    a_season(1)
    test = opened(door_of("coordinator/people.py"), Role.COORDINATOR, zoek_wie="an peetres")
    assert not test.exception
    assert "1 cursist gevonden" in said(test)
    test = opened(door_of("coordinator/people.py"), Role.COORDINATOR, wie="institution", zoek_wie="zonewimpel")
    assert "1 instelling" in said(test)


def test_the_file_of_a_person_is_changed_and_noted_in(sqlite_database: str) -> None:
    a_season(2)
    key = the(Person)
    test = opened(door_of(PERSON), Role.COORDINATOR, id=key)
    assert not test.exception
    test.text_input(key=f"file_{key}_last_name").set_value("Pauwels")
    test.text_input(key=f"file_{key}_birth_year").set_value("1979")
    test.button(key=f"save_file_{key}").click().run()
    assert "De gegevens zijn opgeslagen" in said(test)
    with read() as db:
        account = db.scalars(select(Account).where(Account.role == Role.PERSON)).one()
        assert (db.get_one(Person, int(key)).last_name, account.name) == ("Pauwels", "An Pauwels")
        assert db.get_one(Person, int(key)).birth_year == 1979
        identity = account.id
    test.button(key=f"invite_{identity}").click().run()
    with write() as db:
        assert [mail.recipient for mail in queued(db, "account-given")] == ["an@school.example"]
        db.get_one(Account, identity).password_hash = "set"
    test.run()
    test.button(key=f"password_{identity}").click().run()
    with read() as db:
        assert [mail.recipient for mail in queued(db, "new-password")] == ["an@school.example"]
    test.text_input(key=f"new_email_{identity}").set_value("an@nieuw.example")
    test.button(key=f"change_address_{identity}").click().run()
    assert "Controleer eerst" in said(test)
    test.text_input(key=f"new_email_{identity}").set_value("an@nieuw.example")
    test.checkbox(key=f"checked_{identity}").check()
    test.button(key=f"change_address_{identity}").click().run()
    assert not test.exception
    with read() as db:
        assert [mail.recipient for mail in queued(db, "address-changed")] == ["an@school.example"]
        assert [mail.recipient for mail in queued(db, "confirm-account")] == ["an@nieuw.example"]
    test.button(key=f"close_{identity}").click().run()
    with read() as db:
        assert not db.get_one(Account, identity).is_active


@pytest.mark.parametrize("file", [PERSON, SCHOOL])
def test_every_tab_of_a_file_draws_with_as_many_queries_however_much_there_is(sqlite_database: str, file: str) -> None:
    a_season(3)
    key = the(Person if file == PERSON else Institution)
    prefix, party = ("person", Party.PERSON) if file == PERSON else ("institution", Party.INSTITUTION)
    test = opened(door_of(file), Role.COORDINATOR, id=key)
    for tab in ("Geschiedenis", "Opmerkingen", "Dubbel samenvoegen"):
        test.session_state[f"{prefix}_tabs"] = tab
        test.run()
        assert not test.exception
        assert "niets gewijzigd" not in said(test)
    test.session_state[f"{prefix}_tabs"] = "Geschiedenis"
    for part in ("seats", "papers", "mails", "events"):
        test.session_state[f"part_{party}"] = part
        with counted() as statements:
            test.run()
        assert not test.exception
        assert len(statements) < 25


def test_a_remark_is_kept_and_changed_by_its_author(sqlite_database: str) -> None:
    a_season(0)
    key = the(Person)
    test = opened(door_of(PERSON), Role.COORDINATOR, id=key)
    test.session_state["person_tabs"] = "Opmerkingen"
    test.run()
    test.text_area(key=f"remark_person_{key}").set_value("Belt liever")
    test.button(key=f"write_remark_person_{key}").click().run()
    assert not test.exception
    with read() as db:
        remark = db.scalars(select(Remark)).one()
    assert remark.text == "Belt liever"
    test.text_area(key=f"remark_text_{remark.id}").set_value("Mailt liever")
    test.button(key=f"save_remark_text_{remark.id}").click().run()
    with read() as db:
        assert db.scalars(select(Remark.text)).all() == ["Mailt liever"]


def test_a_double_is_compared_merged_and_undone(sqlite_database: str) -> None:
    a_season(1)
    with write() as db:
        double = a_person(db, "An", "Peeters", city="Gent")
        an_account(db, double, "an@dubbel.example")
        other = double.id
    key = the(Person)
    test = opened(door_of(PERSON), Role.COORDINATOR, id=key)
    test.session_state["person_tabs"] = "Dubbel samenvoegen"
    test.run()
    test.button(key=f"merge_{other}").click().run()
    assert "wordt een vroeger adres" in said(test)
    test.button(key="confirm_merge").click().run()
    assert not test.exception
    with read() as db:
        assert db.get_one(Person, other).merged_into_id == int(key)
        assert db.get_one(Person, int(key)).city == "Gent"
        merge_id = merges.Merge.id
        found = db.scalars(select(merge_id)).one()
    test.session_state["person_tabs"] = "Dubbel samenvoegen"
    test.run()
    test.button(key=f"undo_merge_{found}").click().run()
    with read() as db:
        assert db.get_one(Person, other).merged_into_id is None


def test_the_list_of_likely_doubles_dismisses_takes_back_and_merges(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_season(1)
    monkeypatch.setattr(jobs, "_compared_on", None)
    with write() as db:
        course = an_enrolment(db, a_course(db, "Samen"), db.get_one(Person, int(the(Person)))).course
        double = a_person(db, "An", "Peeters", birth_year=1980)
        db.get_one(Person, int(the(Person))).birth_year = 1980
        other, seat = double.id, an_enrolment(db, course, double).id
        kept_seat = seat - 1
    jobs.find_doubles()
    with read() as db:
        pair = db.scalars(select(LikelyDouble.id)).one()
    test = opened(door_of("coordinator/today.py"), Role.COORDINATOR)
    assert {each.label: each.value for each in test.metric}["Waarschijnlijke dubbels"] == "1"
    test = opened(door_of("coordinator/doubles.py"), Role.COORDINATOR)
    assert "zelfde naam en geboortejaar" in said(test)
    test.button(key=f"dismiss_{pair}").click().run()
    assert "Genoteerd: geen dubbel" in said(test)
    test.session_state["welke"] = "geen"
    test.run()
    test.button(key=f"reopen_{pair}").click().run()
    test.session_state["welke"] = ""
    test.run()
    test.button(key=f"merge_{pair}").click().run()
    assert test.radio(key=f"give_up_{kept_seat}").value == seat
    test.button(key="swap_merge").click().run()
    assert test.radio(key=f"give_up_{seat}").value == kept_seat
    test.button(key="swap_merge").click().run()
    test.button(key="confirm_merge").click().run()
    assert not test.exception
    with read() as db:
        assert db.get_one(Person, other).merged_into_id == int(the(Person))
        assert db.get_one(Enrolment, seat).status is EnrolmentStatus.CANCELLED
        assert db.get_one(Enrolment, kept_seat).status is EnrolmentStatus.CONFIRMED


def test_a_participant_and_an_institution_are_made_by_hand_after_a_look_at_who_is_alike(sqlite_database: str) -> None:
    a_season(1)
    test = opened(door_of("coordinator/people.py"), Role.COORDINATOR)
    test.button(key="new_person").click().run()
    for field, text in (("first_name", "An"), ("last_name", "Peeters"), ("email", "an@nieuw.example")):
        test.text_input(key=f"new_{field}").set_value(text)
    test.button(key="confirm_newcomer").click().run()
    assert "Waarschijnlijk is dit al bekend" in said(test)
    assert "Is het een van deze?" in said(test)
    test.checkbox(key="new_is_another").check()
    test.button(key="confirm_newcomer").click().run()
    assert not test.exception
    assert "Aangemaakt." in said(test)
    test.button(key="new_institution").click().run()
    for field, text in (("name", "Nieuwe school"), ("city", "Lier"), ("email", "info@nieuw.example")):
        test.text_input(key=f"new_{field}").set_value(text)
    test.button(key="confirm_newcomer").click().run()
    assert not test.exception
    with read() as db:
        assert {mail.recipient for mail in queued(db, "account-given")} == {"an@nieuw.example", "info@nieuw.example"}


def test_the_list_is_narrowed_to_a_state_of_signing_in(sqlite_database: str) -> None:
    a_season(1)
    with write() as db:
        a_person(db, "Zonder", "Account")
        closed = an_account(db, a_person(db, "Dichte", "Deur"), "dicht@post.example")
        closed.is_active = False
    test = opened(door_of("coordinator/people.py"), Role.COORDINATOR, aanmelden="none")
    assert (not test.exception, "1 cursist gevonden" in said(test)) == (True, True)
    test = opened(door_of("coordinator/people.py"), Role.COORDINATOR, aanmelden="closed", zoek_wie="deur")
    assert "1 cursist gevonden" in said(test)
    test = opened(door_of("coordinator/people.py"), Role.COORDINATOR, aanmelden="never", zoek_wie="deur")
    assert "Niemand gevonden" in said(test)
    test = opened(door_of("coordinator/people.py"), Role.COORDINATOR, wie="institution", aanmelden="never")
    assert not test.exception


def test_a_coordinator_changes_the_contact_persons_of_an_institution(sqlite_database: str) -> None:
    a_season(1)
    key = the(Institution)
    test = opened(door_of(SCHOOL), Role.COORDINATOR, id=key)
    test.text_input(key=f"contact_{key}_name_0").set_value("Greet Somers")
    test.text_input(key=f"contact_{key}_email_0").set_value("greet@school.example")
    test.button(key="save_contacts").click().run()
    assert not test.exception
    with read() as db:
        assert [each.name for each in db.get_one(Institution, int(key)).contacts] == ["Greet Somers"]
