"""Persons and institutions are found by parts of what they are known by, and the index is right however one writes."""

from collections.abc import Callable

from sqlalchemy import delete, insert, select, update

from core import clock
from core.db import Db, read, write
from core.migrations import search
from core.models import (
    Account,
    Affiliation,
    BillingAddress,
    ContactPerson,
    FormerAddress,
    Institution,
    InstitutionWord,
    Person,
    PersonWord,
    SearchPart,
    SearchWord,
)
from core.queries import people_search
from core.text import folded
from core.vocabulary import Language, Role
from tests.builders import a_person, an_account, an_affiliation, an_institution


def people() -> dict[str, int]:
    """A handful of persons and two schools; their ids by first name, or by the first letters of the school."""
    with write() as db:
        school = an_institution(
            db,
            "Basisschool De Zonnewimpel Lier",
            postcode="2500",
            number="012345",
            kbo="0257216482",
            phone="+32 3 480 12 34",
            billing_addresses=[BillingAddress(email="facturen@scholengroep-oost.example")],
            contacts=[ContactPerson(name="Zoë Somers-Van Acker", email="zoe@elders.example", phone="")],
        )
        other = an_institution(db, "GO! Atheneum Voorbeeld Gent")
        an_account(db, school, "secretariaat@zonnewimpel.example")
        made = {"school": school.id, "other": other.id}
        for first, last, email, phone in (
            ("An", "Peeters", "an.peeters@zonnewimpel.example", "0470 12 34 56"),
            ("Jan", "Peeters", "jp1970@post.example", "+32 470 00 00 02"),
            ("Zoë", "D'Hondt-Çelik", "zoe.dhondt@post.example", ""),
            ("Bo", "Claes", "bo@post.example", ""),
            ("Lotte", "Van den Berghe", "lotte@post.example", ""),
        ):
            person = a_person(db, first, last, phone=phone)
            account = an_account(db, person, email)
            made[first] = person.id
            if first == "Bo":
                db.add(FormerAddress(account_id=account.id, email="bo.oud@vroeger.example", until_at=clock.now()))
        an_affiliation(db, db.get_one(Person, made["Lotte"]), school)
    return made


def found(text: str, search_in: Callable[[Db, str], people_search.Ranked] = people_search.persons) -> tuple[int, ...]:
    with read() as db:
        return search_in(db, text).ids


PERSONS: tuple[tuple[str, list[str]], ...] = (
    ("peeters", ["An", "Jan"]),
    ("PEETERS an", ["An"]),
    ("jan pee", ["Jan"]),
    ("eeter", ["An", "Jan"]),
    ("zoe", ["Zoë"]),
    ("d'hondt", ["Zoë"]),
    ("celik", ["Zoë"]),
    ("an.peeters@zonnewimpel.example", ["An"]),
    ("jp1970", ["Jan"]),
    ("vroeger", ["Bo"]),
    ("bo.oud@vroeger.example", ["Bo"]),
    ("0470123456", ["An"]),
    ("0470 12 34", ["An"]),
    ("+32 470 12 34 56", ["An"]),
    ("0470 00 00 02", ["Jan"]),
    ("zonnewimpel", ["An", "Lotte"]),  # An by her address, Lotte by her school
    ("lotte zonnewimpel", ["Lotte"]),
    ("van den berghe", ["Lotte"]),
    ("peters", ["An", "Jan"]),
    ("peetres", ["An", "Jan"]),
    ("pxeters", ["An", "Jan"]),
    ("clase", ["Bo"]),
    ("claas", ["Bo"]),
    ("klaes", ["Bo"]),
    ("bergeh lotte", ["Lotte"]),
    ("zonewimpel", ["An", "Lotte"]),
    ("peeters voorbeeld", []),
    ("quinten", []),
    ("", []),
    ("!", []),
)
INSTITUTIONS: tuple[tuple[str, str], ...] = (
    ("zonnewimpel", "school"),
    ("lier wimpel", "school"),
    ("2500", "school"),
    ("012345", "school"),
    ("0257.216.482", "school"),
    ("BE 0257216482", ""),
    ("03 480 12 34", "school"),
    ("facturen", "school"),
    ("scholengroep", "school"),
    ("zoe somers", "school"),
    ("secretariaat@zonnewimpel.example", "school"),
    ("zonnewinpel", "school"),
    ("atheneum gent", "other"),
    ("atheneum lier", ""),
)


def test_a_person_is_found_by_parts_of_what_is_known(database: str) -> None:
    ids = people()
    assert [(text, sorted(found(text))) for text, _names in PERSONS] == [
        (text, sorted(ids[name] for name in names)) for text, names in PERSONS
    ]


def test_an_institution_is_found_by_name_town_numbers_and_addresses(database: str) -> None:
    ids = people()
    assert [(text, found(text, people_search.institutions)) for text, _name in INSTITUTIONS] == [
        (text, (ids[name],) if name else ()) for text, name in INSTITUTIONS
    ]


def test_whoever_is_named_so_comes_before_whose_name_only_begins_so(database: str) -> None:
    with write() as db:
        for first, last in (("Annelies", "Claes"), ("Joanna", "Maes"), ("An", "Willems"), ("Anna", "Bos")):
            a_person(db, first, last)
        names = dict(db.execute(select(Person.id, Person.first_name)).all())
    assert [names[each] for each in found("an")] == ["An", "Anna", "Annelies"]
    assert [names[each] for each in found("anna")][:2] == ["Anna", "Joanna"]


def test_what_is_typed_right_comes_before_what_was_likely_meant(database: str) -> None:
    with write() as db:
        meant, typed = a_person(db, "Jan", "Peeters"), a_person(db, "Jan", "Peters")
    assert found("jan peters") == (typed.id, meant.id)


def test_more_than_can_be_ranked_is_said(database: str) -> None:
    with write() as db:
        for number in range(people_search.MOST + 5):
            a_person(db, "Jan", f"Janssens {number}")
        last = a_person(db, "Ann", "Janssen")
    with read() as db:
        many = people_search.persons(db, "janssen")
    assert many.is_cut
    assert len(many.ids) == people_search.MOST
    assert many.ids[0] == last.id


def index(db: Db) -> tuple[set[tuple[int, int, str]], set[tuple[int, int, str]]]:
    persons = db.execute(select(PersonWord.person_id, PersonWord.field, PersonWord.word))
    schools = db.execute(select(InstitutionWord.institution_id, InstitutionWord.field, InstitutionWord.word))
    return {tuple(row) for row in persons}, {tuple(row) for row in schools}


def check_index() -> None:
    """The index as it stands is the one that is made from nothing, and every word has its parts."""
    with write() as db:
        kept = index(db)
        known = set(db.scalars(select(SearchWord.word)))
        assert {word for rows in kept for _owner, _field, word in rows} <= known
        assert set(db.scalars(select(SearchPart.part).where(SearchPart.place == 0))) == known
        with search.in_bulk(db.connection()):
            pass
        assert index(db) == kept


def test_the_index_follows_every_way_of_writing(database: str) -> None:
    ids = people()
    check_index()
    with write() as db:
        person = db.get_one(Person, ids["An"])
        person.last_name, person.phone = "Pauwels", "0499 99 99 99"
        person.search_name = folded(person.name)
        account = db.scalars(select(Account).where(Account.person_id == person.id)).one()
        db.add(FormerAddress(account_id=account.id, email=account.email, until_at=clock.now()))
        account.email = "an@nieuw.example"
        school = db.get_one(Institution, ids["school"])
        school.billing_addresses.clear()
        school.contacts[0].email = "anders@post.example"
        school.kbo, school.search_name = None, folded("De Regenboog Mechelen")
    check_index()
    assert found("pauwels nieuw") == (ids["An"],)
    assert found("an.peeters@zonnewimpel.example") == (ids["An"],)
    assert found("0470 12 34 56") == ()
    assert found("scholengroep", people_search.institutions) == ()
    assert found("regenboog", people_search.institutions) == (ids["school"],)
    assert found("regenboog") == (ids["Lotte"],)


def test_the_index_follows_writing_in_bulk_and_taking_away(database: str) -> None:
    ids = people()
    now = clock.now()
    with write() as db:
        first = 1000
        rows = [
            {
                "id": first + number,
                "first_name": "Bulk",
                "last_name": f"Familie{number}",
                "search_name": f"bulk familie{number}",
                "created_at": now,
            }
            for number in range(40)
        ]
        db.execute(insert(Person), rows)
        accounts = [
            {
                "role": Role.PERSON,
                "email": f"bulk{number}@massa.example",
                "language": Language.DUTCH,
                "is_active": True,
                "created_at": now,
                "person_id": first + number,
            }
            for number in range(40)
        ]
        db.execute(insert(Account), accounts)
        db.execute(update(Person).where(Person.id >= first + 20).values(search_name="bulk anders"))
        db.execute(delete(Account).where(Account.person_id == first))
        db.execute(delete(FormerAddress))
        db.execute(delete(Person).where(Person.id == first))
        db.execute(update(Person).where(Person.id == ids["Jan"]).values(merged_into_id=ids["An"]))
        db.execute(delete(Affiliation))
    check_index()
    assert found("familie7") == (first + 7,)
    assert found("bulk7") == (first + 7,)
    assert found("familie0") == ()
    assert len(found("anders")) == 20
    assert found("vroeger") == ()
    assert found("jp1970") == ()  # a double that was merged is found by who it was merged into


def test_odd_texts_neither_break_the_index_nor_the_search(database: str) -> None:
    with write() as db:
        odd = an_institution(
            db,
            "Odd",
            contacts=[ContactPerson(name='Jef "de\tlange" O\\\'Neil 100% {x}', email="", phone="tel.: 03/1")],
        )
        long = a_person(db, "X" * 90, "Y" * 100)
    assert found("lange", people_search.institutions) == (odd.id,)
    assert found("neil jef", people_search.institutions) == (odd.id,)
    assert found("x" * 50) == (long.id,)
    for text in ("%", "_", "'", '"', "\\", "a%b_c", "𝒳", "\x00x"):
        found(text)
    check_index()
