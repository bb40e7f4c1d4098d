"""Merging doubles and undoing it: all that may move moves, nothing frozen is touched, undoing restores every column."""

from datetime import datetime, timedelta

import pytest

from core import access, clock
from core.db import Db, read, write
from core.models import (
    Account,
    Affiliation,
    Base,
    BillingAddress,
    Enrolment,
    FormerAddress,
    Institution,
    Note,
    NoteLine,
    Person,
    PersonLevel,
    Remark,
)
from core.queries import billing as billing_queries
from core.queries import people_search
from core.services import billing, merges
from core.vocabulary import CLOCK, Actor, CoordinatorRole, EnrolmentStatus, Level, Party
from tests.access.world import Dump, dump
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

#: What tells of the merge itself, and the vocabulary of the search index, which only grows.
LOGS = {"merge", "audit_event", "outgoing_mail", "search_word", "search_part"}
#: References that a merge leaves alone: frozen papers, the merge itself, the search index.
STAYS = {
    ("note", "payer_person_id"),
    ("note", "payer_institution_id"),
    ("note_line", "person_id"),
    ("person", "merged_into_id"),
    ("institution", "merged_into_id"),
    ("person_word", "person_id"),
    ("institution_word", "institution_id"),
}
HANDLED = {
    ("account", "person_id"),
    ("account", "institution_id"),
    ("affiliation", "person_id"),
    ("affiliation", "institution_id"),
    ("billing_address", "institution_id"),
    ("person_level", "person_id"),
    ("person_subject", "person_id"),
}


def team(db: Db, role: CoordinatorRole = CoordinatorRole.COORDINATOR) -> Actor:
    return acting(an_account(db, None, f"{role}@cno.example", coordinator_role=role))


def facts(db: Db) -> Dump:
    return {name: rows for name, rows in dump(db).items() if name not in LOGS}


def two_ans(db: Db) -> tuple[Actor, Person, Person]:
    """An Peeters, known twice: each with an account, a link to one school, courses, a note, a remark."""
    actor, school, other = team(db), an_institution(db), an_institution(db, "Andere school")
    kept = a_person(db, phone="0470 00 00 01", levels=[PersonLevel(level=Level.KO)])
    double = a_person(db, "Ann", "Peeters", city="Gent", levels=[PersonLevel(level=Level.SO)])
    an_account(db, kept, "an@school.example")
    account = an_account(db, double, "ann@thuis.example")
    db.add(FormerAddress(account_id=account.id, email="ann@vroeger.example", until_at=clock.now()))
    an_affiliation(db, kept, school)
    link = an_affiliation(db, double, school)
    link.started_on = clock.today() - timedelta(days=900)
    an_affiliation(db, double, other)
    old = clock.today() - timedelta(days=40)
    an_enrolment(db, a_course(db, "Eerste", in_days=-10), kept, confirmed_on=old)
    seat = an_enrolment(db, a_course(db, "Tweede", in_days=-20), double, confirmed_on=old)
    billing.issue_debit_note(db, CLOCK, seat.id)
    db.add(Remark(person_id=double.id, author="Team", text="Belt liever", written_at=clock.now()))
    db.flush()
    return actor, kept, double


def test_every_reference_to_a_person_or_an_institution_has_its_place_in_a_merge() -> None:
    known = STAYS | HANDLED | {each for moves in merges.MOVES.values() for each in moves}
    found = {
        (table.name, key.parent.name)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ("person", "institution")
    }
    assert found == known


def test_all_of_a_double_goes_to_the_person_who_is_kept(database: str, noon: datetime) -> None:
    with write() as db:
        actor, kept, double = two_ans(db)
        merges.merge(db, actor, Party.PERSON, kept.id, double.id, take={"address", "levels"})
        ids = kept.id, double.id
    with read() as db:
        person = db.get_one(Person, ids[0])
        assert (person.city, person.phone) == ("Gent", "0470 00 00 01")
        assert [row.level for row in person.levels] == [Level.SO]
        assert db.query(Enrolment).filter_by(person_id=ids[0]).count() == 2
        assert {row.started_on for row in db.query(Affiliation).filter_by(person_id=ids[0])} == {
            clock.today() - timedelta(days=900),
            clock.today(),
        }
        account = db.query(Account).filter_by(person_id=ids[0]).one()
        former = {row.email for row in db.query(FormerAddress).filter_by(account_id=account.id)}
        assert (account.email, former) == ("an@school.example", {"ann@thuis.example", "ann@vroeger.example"})
        assert not db.query(Account).filter_by(person_id=ids[1]).one().is_active
        assert {mail.recipient for mail in queued(db, "accounts-merged")} == {"an@school.example", "ann@thuis.example"}
        assert people_search.persons(db, "ann@vroeger.example").ids == (ids[0],)
        own = billing_queries.notes_of(db, acting(account))
        assert [row.course_title for row in own] == ["Tweede"]
        assert db.query(Note).one().payer_person_id == db.query(NoteLine).one().person_id == ids[1]
        with pytest.raises(access.NotFound):
            access.editable_person(db, actor, ids[1])


def test_undoing_restores_every_column_of_every_row(database: str, noon: datetime) -> None:
    with write() as db:
        actor, kept, double = two_ans(db)
        before = facts(db)
        merge_id = merges.merge(db, actor, Party.PERSON, kept.id, double.id, take={"name", "address", "levels"})
        assert facts(db) != before
    with write() as db:
        merges.undo(db, actor, merge_id)
    with read() as db:
        assert facts(db) == before
    with write() as db, pytest.raises(access.NotFound):
        merges.undo(db, actor, merge_id)


def test_who_holds_two_places_in_one_course_is_not_merged(database: str, noon: datetime) -> None:
    with write() as db:
        actor, kept, double = two_ans(db)
        course = a_course(db, "Dubbele cursus")
        an_enrolment(db, course, kept)
        an_enrolment(db, course, double)
        with pytest.raises(merges.BothEnrolled, match="Dubbele cursus"):
            merges.merge(db, actor, Party.PERSON, kept.id, double.id)
        with pytest.raises(merges.SamePerson):
            merges.merge(db, actor, Party.PERSON, kept.id, kept.id)
        with pytest.raises(access.NotAllowed):
            merges.merge(db, team(db, CoordinatorRole.READER), Party.PERSON, kept.id, double.id)


def test_one_of_two_places_is_given_up_within_the_merge(database: str, noon: datetime) -> None:
    with write() as db:
        actor, kept, double = two_ans(db)
        course = a_course(db, "Dubbele cursus")
        own, other = an_enrolment(db, course, kept), an_enrolment(db, course, double)
        elsewhere = an_enrolment(db, a_course(db, "Andere"), kept)
        with pytest.raises(access.NotFound):
            merges.merge(db, actor, Party.PERSON, kept.id, double.id, give_up=[elsewhere.id])
        merges.merge(db, actor, Party.PERSON, kept.id, double.id, give_up=[own.id])
        assert (own.status, own.cancellation_cents) == (EnrolmentStatus.CANCELLED, 0)
        assert (other.status, other.person_id) == (EnrolmentStatus.CONFIRMED, kept.id)
        assert len(queued(db, "enrolment-cancelled")) == 1


def test_merges_are_undone_the_last_first(database: str, noon: datetime) -> None:
    with write() as db:
        actor, kept, double = two_ans(db)
        third = a_person(db, "A.", "Peeters")
        before = facts(db)
        first = merges.merge(db, actor, Party.PERSON, kept.id, double.id)
        second = merges.merge(db, actor, Party.PERSON, third.id, kept.id)
        assert {row.merged_into_id for row in db.query(Person).filter(Person.id != third.id)} == {third.id}
        with pytest.raises(merges.CannotBeUndone):
            merges.undo(db, actor, first)
        merges.undo(db, actor, second)
        merges.undo(db, actor, first)
        assert facts(db) == before


def test_an_address_that_is_used_again_stands_in_the_way_of_undoing(database: str, noon: datetime) -> None:
    with write() as db:
        actor, kept, double = two_ans(db)
        merge_id = merges.merge(db, actor, Party.PERSON, kept.id, double.id)
        an_account(db, a_person(db, "Iemand", "Anders"), "ann@thuis.example")
        with pytest.raises(merges.CannotBeUndone):
            merges.undo(db, actor, merge_id)


def test_what_changed_since_stays_as_it_is_now(database: str, noon: datetime) -> None:
    with write() as db:
        actor, kept, double = two_ans(db)
        merge_id = merges.merge(db, actor, Party.PERSON, kept.id, double.id, take={"address"})
        db.get_one(Person, kept.id).city = "Lier"
        db.flush()
        merges.undo(db, actor, merge_id)
        assert (db.get_one(Person, kept.id).city, db.get_one(Person, double.id).city) == ("Lier", "Gent")


def test_an_institution_is_merged_with_its_staff_seats_and_numbers_and_undone(database: str, noon: datetime) -> None:
    with write() as db:
        actor = team(db)
        kept = an_institution(db, "Basisschool De Wimpel", number="111111")
        double = an_institution(
            db, "BS De Wimpel", number="222222", billing_addresses=[BillingAddress(email="boek@wimpel.example")]
        )
        an_account(db, kept, "school@wimpel.example")
        account = an_account(db, double, "bs@wimpel.example")
        person = a_person(db)
        an_affiliation(db, person, kept)
        an_affiliation(db, person, double)
        seat = an_enrolment(
            db, a_course(db, in_days=-5), person, double, confirmed_on=clock.today() - timedelta(days=30)
        )
        billing.issue_debit_note(db, CLOCK, seat.id)
        own = acting(db.query(Account).filter_by(institution_id=kept.id).one())
        before = facts(db)
        merge_id = merges.merge(db, actor, Party.INSTITUTION, kept.id, double.id, take={"number"})
        assert db.get_one(Institution, kept.id).number == "222222"
        assert [row.email for row in db.get_one(Institution, kept.id).billing_addresses] == ["boek@wimpel.example"]
        assert db.get_one(Enrolment, seat.id).payer_institution_id == kept.id
        assert len(billing_queries.notes_of(db, own)) == 1
        assert people_search.institutions(db, "bs@wimpel.example").ids == (kept.id,)
        assert not db.get_one(Account, account.id).is_active
        merges.undo(db, actor, merge_id)
        assert facts(db) == before
