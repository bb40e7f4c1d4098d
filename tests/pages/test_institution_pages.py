"""The institution's portal, click by click: what each page says, what one click does, what it refuses and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core import clock
from core.db import Db, read, write
from core.models import (
    Account,
    Affiliation,
    BillingAddress,
    ContactPerson,
    Course,
    Enrolment,
    Institution,
    PayerRequest,
    Person,
)
from core.services import accounts, addresses, affiliations, billing, enrolments, note_files
from core.vocabulary import (
    CLOCK,
    EnrolmentStatus,
    FileKind,
    PayerKind,
    PayerPolicy,
    PayerRequestState,
    Role,
    TokenPurpose,
)
from tests.builders import (
    a_course,
    a_material,
    a_person,
    acting,
    an_account,
    an_affiliation,
    an_enrolment,
    an_institution,
    queued,
    secret_in,
)
from tests.pages.screens import door_of, opened, said

ENROLMENTS, ENROL, PEOPLE = "institution/enrolments.py", "institution/enrol.py", "institution/people.py"
DOCUMENTS, DETAILS = "institution/documents.py", "institution/details.py"


@dataclass(frozen=True, slots=True)
class School:
    """A school and three of its staff, by id."""

    id: int
    an: int
    bo: int
    cas: int

    def of(self, db: Db) -> Institution:
        """The school itself."""
        return db.get_one(Institution, self.id)


@pytest.fixture
def school(sqlite_database: str, noon: datetime) -> Iterator[School]:
    """De Zonnewimpel with An, Bo and Cas, on Monday 23 November 2026 at noon."""
    with write() as db:
        made = an_institution(db, billing_reference="KP 12")
        an_account(db, made, "secretariaat@school.example")
        persons = [a_person(db, first, last) for first, last in (("An", "Peeters"), ("Bo", "Claes"), ("Cas", "Maes"))]
        for person in persons:
            an_account(db, person, f"{person.first_name}@school.example")
            an_affiliation(db, person, made)
        found = School(made.id, *(person.id for person in persons))
    yield found


def page(file: str, **query: str) -> AppTest:
    """A page as the secretariat sees it."""
    test = opened(door_of(file), Role.INSTITUTION, **query)
    assert not test.exception
    return test


def shown(test: AppTest) -> str:
    """Everything a page says, its buttons and boxes included; spaces are plain ones."""
    labels = [str(each.label) for each in (*test.button, *test.checkbox, *test.selectbox, *test.text_input)]
    labels += [f"{each.label}: {each.value}" for each in test.metric]
    return "\n".join([said(test), *labels]).replace("\xa0", " ").replace("\\", "")


def click(test: AppTest, key: str) -> AppTest:
    """Click a button, and see what the page says then."""
    assert not test.button(key=key).disabled, key
    test.button(key=key).click().run()
    assert not test.exception
    assert "er is niets gewijzigd" not in said(test)
    return test


def refused(test: AppTest) -> list[str]:
    """The refusals that a page shows."""
    return [str(each.value).replace("\\", "") for each in test.error]


def address_of(course: Course) -> str:
    return f"{course.slug}-{course.id:05}"


def a_seat(
    school: School, person_id: int | None, *, in_days: int = 30, title: str = "Didactiek", **values: object
) -> int:
    """A seat that the school pays; returns its id."""
    with write() as db:
        course = a_course(db, title, in_days=in_days, days=2 if in_days <= 0 else 1)
        person = db.get_one(Person, person_id) if person_id else None
        return an_enrolment(db, course, person, school.of(db), **values).id


def seat(enrolment_id: int) -> Enrolment:
    with read() as db:
        return db.get_one(Enrolment, enrolment_id)


def names(of: list[str]) -> list[str]:
    """The recipients of some mails, by the word before the at sign."""
    return sorted(address.partition("@")[0] for address in of)


def mailed(name: str) -> list[str]:
    """Who got a mail of this name."""
    with read() as db:
        return names([mail.recipient for mail in queued(db, name)])


# enrolling


def test_two_colleagues_and_a_place_without_a_name_are_enrolled_at_once(school: School) -> None:
    with write() as db:
        course = a_course(db, "Frans op nieuwe wijze", capacity=10)
        other = a_course(db, "Zelfde uren", in_days=30)
        dirk = a_person(db, "Dirk", "Bos")
        an_affiliation(db, dirk, school.of(db))
        an_enrolment(db, other, dirk, school.of(db))
        an_enrolment(db, course, db.get_one(Person, school.cas))
    test = page(ENROL, id=address_of(course))
    who = {box.label.split("  ")[0]: box for box in test.checkbox}
    assert not who["An Peeters"].disabled
    assert who["Cas Maes"].disabled
    assert who["Dirk Bos"].disabled
    assert "al ingeschreven" in who["Cas Maes"].label
    assert "«Zelfde uren»" in who["Dirk Bos"].label
    assert test.button(key="confirm_group").disabled
    for name in ("An Peeters", "Bo Claes"):
        who[name].check().run()
    test.number_input(key="unnamed_places").set_value(1).run()
    text = shown(test)
    assert "3 plaatsen" in text
    assert "3 × € 190,00 = **€ 570,00**" in text
    assert "9 plaatsen vrij" in text
    assert "30 november 2026" in text
    assert test.text_input(key="billing_reference").value == "KP 12"
    text = shown(click(test, "confirm_group"))
    assert "Ze zijn ingeschreven" in text
    assert "3 plaatsen zijn bevestigd" in text
    assert "€ 570,00" in text
    with read() as db:
        rows = db.scalars(
            select(Enrolment).where(Enrolment.course_id == course.id, Enrolment.payer_institution_id == school.id)
        ).all()
    assert {row.person_id for row in rows} == {school.an, school.bo, None}
    assert {(row.status, row.billing_reference) for row in rows} == {(EnrolmentStatus.CONFIRMED, "KP 12")}
    assert (mailed("colleagues-enrolled"), mailed("colleague-enrolled")) == (["secretariaat"], ["an", "bo"])
    again = click(test, "enrol_others")
    assert again.title[0].value == "Collega's inschrijven"
    assert not [box for box in again.checkbox if box.value]
    assert again.text_input(key="billing_reference").value == "KP 12"
    assert "0 ×" not in shown(again)
    assert "gratis" not in shown(again)


def test_a_full_course_puts_the_group_on_the_waiting_list(school: School) -> None:
    with write() as db:
        course = a_course(db, "Volle cursus", capacity=0)
    test = page(ENROL, id=address_of(course))
    assert test.title[0].value == "Collega's op de wachtlijst zetten"
    assert "volzet" in shown(test)
    assert not test.number_input
    for box in test.checkbox[:2]:
        box.check().run()
    assert "U betaalt pas als er een plaats is" in shown(test)
    assert "wachtlijst" in shown(click(test, "confirm_group"))
    with read() as db:
        assert db.scalars(select(Enrolment.status)).all() == [EnrolmentStatus.WAITLISTED] * 2
    assert mailed("enrolment-waitlisted") == ["an", "bo", "secretariaat", "secretariaat"]


def test_a_group_that_no_longer_fits_is_refused_whole_and_in_words(school: School) -> None:
    with write() as db:
        course = a_course(db, "Bijna vol", capacity=1)
    test = page(ENROL, id=address_of(course))
    for box in test.checkbox[:2]:
        box.check().run()
    click(test, "confirm_group")
    assert refused(test) == ["U koos 2 plaatsen, maar er is nog plaats voor 1. Er werd niemand ingeschreven."]
    with read() as db:
        assert not db.scalars(select(Enrolment)).all()


def test_without_linked_staff_the_page_says_how_they_get_into_the_list(sqlite_database: str, noon: datetime) -> None:
    with write() as db:
        an_account(db, an_institution(db), "secretariaat@school.example")
        course = a_course(db)
    text = shown(page(ENROL, id=address_of(course)))
    assert "nog niemand verbonden" in text


@pytest.mark.parametrize(("in_days", "words"), [(0, "begon op 23 november"), (30, "kon tot en met 22 november")])
def test_a_course_that_is_closed_says_why_nobody_can_be_enrolled(school: School, in_days: int, words: str) -> None:
    with write() as db:
        course = a_course(db, in_days=in_days, enrolment_deadline=clock.today() - timedelta(days=1))
    test = page(ENROL, id=address_of(course))
    assert not [button for button in test.button if button.key == "confirm_group"]
    assert [words in each.value for each in test.warning] == [True]


# naming, replacing, undoing


def test_a_reserved_place_gets_its_name(school: School) -> None:
    identity = a_seat(school, None)
    test = page(ENROLMENTS)
    assert "1 gereserveerde plaats heeft nog geen naam" in shown(test)
    assert "Vul de naam in tot en met 22 december 2026" in shown(test)
    click(test, f"name_{identity}")
    assert test.button(key="confirm_name").disabled
    test.selectbox(key=f"name_for_{identity}").set_value(school.bo).run()
    text = shown(click(test, "confirm_name"))
    assert "De naam is ingevuld" in text
    assert "Bo Claes" in text
    assert "gereserveerde plaats" not in text
    assert seat(identity).person_id == school.bo
    assert mailed("colleague-enrolled") == ["bo"]


@pytest.mark.parametrize(
    ("billed_on", "words"),
    [
        (None, "De debetnota vertrekt zoals gepland op 30 november 2026 en noemt Bo Claes"),
        (date(2026, 11, 20), "De debetnota die al vertrok, blijft zoals ze is; op het attest komt Bo Claes"),
    ],
)
def test_replacing_says_all_that_will_happen_and_can_be_undone(
    school: School, billed_on: date | None, words: str
) -> None:
    identity = a_seat(school, school.an, billed_on=billed_on)
    with write() as db:
        an_enrolment(db, db.get_one(Course, seat(identity).course_id), db.get_one(Person, school.cas))
    test = click(page(ENROLMENTS), f"replace_{identity}")
    assert "Cas Maes – al ingeschreven" in shown(test)
    test.selectbox(key=f"new_{identity}").set_value(school.bo).run()
    text = shown(test)
    for line in (
        "Vervangen is kosteloos",
        "Bo Claes krijgt een bevestiging per mail, An Peeters verneemt",
        words,
        "De cursusdagen zijn voortaan voor Bo Claes",
        "U kunt dit ongedaan maken tot en met 22 december 2026",
    ):
        assert line in text
    text = shown(click(test, "confirm_replace"))
    assert "Bo Claes neemt de plaats in van An Peeters" in text
    assert "An Peeters → Bo Claes" in text
    with read() as db:
        new = db.scalars(select(Enrolment).where(Enrolment.replaces_id == identity)).one()
    assert (new.person_id, new.billed_on, seat(identity).status) == (school.bo, billed_on, EnrolmentStatus.REPLACED)
    assert (mailed("participant-replaced"), mailed("seat-passed-on"), mailed("colleague-enrolled")) == (
        ["secretariaat"],
        ["an"],
        ["bo"],
    )
    click(test, f"undo_{new.id}")
    assert "An Peeters" in shown(test)
    assert "An Peeters heeft de plaats opnieuw" in shown(click(test, "confirm_undo"))
    assert (seat(identity).status, seat(new.id).status) == (EnrolmentStatus.CONFIRMED, EnrolmentStatus.CANCELLED)


def test_after_the_start_replacing_and_cancelling_are_greyed_with_the_reason(school: School) -> None:
    identity = a_seat(school, school.an, in_days=-1)
    test = page(ENROLMENTS)
    assert test.button(key=f"replace_{identity}").disabled
    assert test.button(key=f"cancel_{identity}").disabled
    text = shown(test)
    assert "22/11/2026" in text
    assert "21/11/2026" in text


# cancelling


@pytest.mark.parametrize(
    ("in_days", "billed", "price", "note"),
    [
        (30, False, "Kosteloos", "Er volgt geen debetnota."),
        (4, False, "€ 190,00", "Er volgt een debetnota, enkel voor deze kosten."),
        (30, True, "Kosteloos", "Er volgt een creditnota van € 190,00 per mail."),
        (4, True, "€ 190,00", "De debetnota die al vertrok, blijft te betalen; er volgt geen creditnota."),
    ],
)
def test_cancelling_one_shows_its_price_and_its_note_first(
    school: School, in_days: int, billed: bool, price: str, note: str
) -> None:
    identity = a_seat(school, school.an, in_days=in_days, confirmed_on=clock.today() - timedelta(days=7))
    if billed:
        with write() as db:
            assert billing.issue_debit_note(db, CLOCK, identity)
    test = click(page(ENROLMENTS), f"cancel_{identity}")
    assert price in shown(test)
    assert note in shown(test)
    assert test.button(key="confirm_cancel").label == "1 inschrijving annuleren"
    assert ("Vervangen is altijd kosteloos" in shown(test)) is (in_days == 4)
    click(test, "keep_cancel")
    assert seat(identity).status is EnrolmentStatus.CONFIRMED
    assert "Geannuleerd." in shown(click(click(test, f"cancel_{identity}"), "confirm_cancel"))
    assert (seat(identity).status, seat(identity).cancellation_cents) == (
        EnrolmentStatus.CANCELLED,
        19_000 if in_days == 4 else 0,
    )
    assert mailed("enrolment-cancelled") == ["an", "secretariaat"]


def test_several_are_cancelled_by_one_click_with_the_price_of_all(school: School) -> None:
    free, dear, kept = (
        a_seat(school, person, in_days=days, title=title)
        for person, days, title in ((school.an, 30, "Ver"), (school.bo, 4, "Dichtbij"), (school.cas, 31, "Blijft"))
    )
    test = page(ENROLMENTS)
    for identity in (free, dear):
        test.checkbox(key=f"pick_{identity}").check().run()
    click(test, "cancel_picked")
    text = shown(test)
    assert test.button(key="confirm_cancel").label == "2 inschrijvingen annuleren"
    for line in ("An Peeters** · Ver", "Bo Claes** · Dichtbij"):
        assert line in text
    assert "Samen: € 190,00" in text
    click(test, "confirm_cancel")
    assert [seat(identity).status for identity in (free, dear, kept)] == [
        EnrolmentStatus.CANCELLED,
        EnrolmentStatus.CANCELLED,
        EnrolmentStatus.CONFIRMED,
    ]
    assert not [button for button in test.button if button.key == "cancel_picked"]


# who pays


def a_question(school: School) -> int:
    """An asks whether her school pays; returns the enrolment's id."""
    with write() as db:
        school.of(db).payer_policy = PayerPolicy.APPROVAL
        course = a_course(db, "Gevraagde cursus")
        an = db.scalars(select(Account).where(Account.person_id == school.an)).one()
        return enrolments.enrol(db, acting(an), course.id, payer_institution_id=school.id).enrolment_id


ANSWERS = [
    (PayerRequestState.APPROVED, PayerKind.INSTITUTION),
    (PayerRequestState.DECLINED, PayerKind.PERSON),
]


@pytest.mark.parametrize(("answer", "payer"), ANSWERS)
def test_a_question_to_pay_is_answered_on_the_portal(
    school: School, answer: PayerRequestState, payer: PayerKind
) -> None:
    identity = a_question(school)
    with read() as db:
        request = db.scalars(select(PayerRequest.id)).one()
    test = page(ENROLMENTS)
    text = shown(test)
    assert "An Peeters" in text
    assert "Gevraagde cursus" in text
    assert "antwoord tot en met 29 november 2026, anders betaalt de collega" in text
    text = shown(click(test, f"{answer}_{request}"))
    assert "An Peeters kreeg een mail" in text
    assert "anders betaalt de collega" not in text
    assert seat(identity).payer_kind is payer
    assert mailed("payer-request-closed") == ["an", "secretariaat"]


@pytest.mark.parametrize(("answer", "payer"), ANSWERS)
def test_a_question_to_pay_is_answered_by_the_mailed_link_once(
    school: School, answer: PayerRequestState, payer: PayerKind
) -> None:
    identity = a_question(school)
    with read() as db:
        secret = secret_in(queued(db, "payer-request")[0])
    link = {"doel": TokenPurpose.DECIDE_PAYER_REQUEST.value, "code": secret}
    test = opened(door_of("public/confirm.py"), None, **link)
    text = shown(test)
    assert "An Peeters" in text
    assert "€ 190,00" in text
    assert "Gevraagde cursus" in text
    assert seat(identity).payer_kind is PayerKind.PERSON, "a scanner that opens the link answers nothing"
    text = shown(click(test, "confirm_link" if answer is PayerRequestState.APPROVED else "decline_link"))
    assert "Bedankt" in text
    assert seat(identity).payer_kind is payer
    again = opened(door_of("public/confirm.py"), None, **link)
    assert "niet meer geldig" in shown(again)
    assert not [button for button in again.button if button.key in ("confirm_link", "decline_link")]


def test_a_bill_can_be_handed_back_until_the_debit_note_leaves(school: School) -> None:
    identity = a_seat(school, school.an)
    test = click(page(ENROLMENTS), f"change_{identity}")
    assert "An Peeters koos uw instelling als betaler" in shown(test)
    assert "30 november 2026" in shown(test)
    text = shown(click(test, "hand_back"))
    assert "An Peeters is nu de betaler" in text
    assert (seat(identity).payer_kind, seat(identity).payer_institution_id) == (PayerKind.PERSON, None)
    assert mailed("payer-changed") == ["an", "secretariaat"]
    assert "Didactiek" not in text


def test_the_reference_changes_until_the_debit_note_leaves(school: School) -> None:
    identity = a_seat(school, school.an)
    test = click(page(ENROLMENTS), f"change_{identity}")
    test.text_input(key=f"reference_{identity}").set_value("PO 2026/7").run()
    text = shown(click(test, "confirm_change"))
    assert "De referentie is bewaard" in text
    assert "referentie PO 2026/7" in text
    with write() as db:
        db.get_one(Enrolment, identity).billed_on = clock.today()
    billed = page(ENROLMENTS)
    assert f"change_{identity}" not in [button.key for button in billed.button]


def test_a_debit_note_that_left_meanwhile_refuses_at_the_place_of_the_click(school: School) -> None:
    identity = a_seat(school, school.an)
    test = click(page(ENROLMENTS), f"change_{identity}")
    with write() as db:
        db.get_one(Enrolment, identity).billed_on = clock.today()
    click(test, "confirm_change")
    assert ["De debetnota vertrok op 23 november 2026" in each for each in refused(test)] == [True]


def test_what_the_institution_enrolled_itself_it_pays_itself(school: School) -> None:
    identity = a_seat(school, None)
    test = click(page(ENROLMENTS), f"change_{identity}")
    assert "U maakte deze inschrijving zelf" in shown(test)
    assert "hand_back" not in [button.key for button in test.button]


def test_a_seat_on_offer_is_accepted_by_the_institution(school: School) -> None:
    identity = a_seat(
        school,
        school.an,
        status=EnrolmentStatus.OFFERED,
        confirmed_on=None,
        confirmed_at=None,
        offer_expires_at=clock.now() + timedelta(hours=5),
    )
    test = page(ENROLMENTS)
    assert "gereserveerd tot 23 november 2026 om 17:00" in shown(test)
    assert "De plaats is bevestigd" in shown(click(test, f"accept_{identity}"))
    assert seat(identity).status is EnrolmentStatus.CONFIRMED


def test_the_list_is_filtered_and_its_address_says_how(school: School) -> None:
    a_seat(school, school.an, title="Frans")
    a_seat(school, school.bo, title="Duits")
    a_seat(school, school.cas, title="Latijn", in_days=-100)
    test = page(ENROLMENTS)
    assert ("Frans" in shown(test), "Duits" in shown(test), "Latijn" in shown(test)) == (True, True, False)
    test.text_input(key="cursist").set_value("bo cl").run()
    assert ("Frans" in shown(test), "Duits" in shown(test)) == (False, True)
    assert test.query_params["cursist"] in ("bo cl", ["bo cl"])
    past = shown(page(ENROLMENTS, periode="past", nascholing="lat"))
    assert ("Latijn" in past, "Frans" in past) == (True, False)
    assert "Niets gevonden" in shown(page(ENROLMENTS, nascholing="bestaat niet"))
    assert not page(ENROLMENTS, periode="onzin", schooljaar="x").exception


# linked persons


def test_removing_somebody_lists_what_stays_and_tells_the_person(school: School) -> None:
    a_seat(school, school.an, title="Loopt door")
    with read() as db:
        identity = db.scalars(select(Affiliation.id).where(Affiliation.person_id == school.an)).one()
    test = page(PEOPLE)
    assert "3 verbonden personen" in shown(test)
    click(test, f"remove_{identity}")
    text = shown(test)
    assert "Deze inschrijvingen blijven staan, en u blijft de betaler" in text
    assert "- Loopt door – 23/12/2026" in text
    assert test.button(key="confirm_remove").label == "OK"
    text = shown(click(test, "confirm_remove"))
    assert "An Peeters staat niet meer in uw lijst en kreeg een mail" in text
    assert "2 verbonden personen" in text
    with read() as db:
        assert db.get_one(Affiliation, identity).ended_on == clock.today()
        assert db.scalars(select(Enrolment.status)).all() == [EnrolmentStatus.CONFIRMED]
    assert mailed("affiliation-ended") == ["an"]


def test_who_is_linked_for_a_year_is_confirmed_by_one_click(school: School) -> None:
    with write() as db:
        old = db.scalars(select(Affiliation).where(Affiliation.person_id == school.bo)).one()
        old.started_on = clock.today() - timedelta(days=366)
    test = page(PEOPLE)
    assert "Is 1 collega nog verbonden" in shown(test)
    test.toggle(key="people_to_ask").set_value(True).run()
    assert "1 verbonden persoon" in shown(test)
    text = shown(click(test, f"keep_{old.id}"))
    assert "Bo Claes is nog verbonden" in text
    with read() as db:
        assert db.get_one(Affiliation, old.id).kept_on == clock.today()
    assert "Is 1 collega" not in text


def test_nobody_is_added_by_the_school_but_an_invitation_is_ready(school: School) -> None:
    test = page(PEOPLE)
    text = test.code[0].value
    assert "Basisschool De Zonnewimpel" in text
    assert "/account-aanmaken" in text
    assert "Mijn gegevens" in text
    test.text_input(key="people_search").set_value("maes").run()
    assert ("Cas Maes" in shown(test), "An Peeters" in shown(test)) == (True, False)


# own details


def test_a_wrong_billing_address_is_refused_at_its_own_row(school: School) -> None:
    with write() as db:
        db.add(BillingAddress(institution_id=school.id, email="boekhouding@school.example"))
    test = page(DETAILS)
    assert test.text_input(key="own_billing_0").value == "boekhouding@school.example"
    test.text_input(key="own_billing_1").set_value("geen adres").run()
    click(test, "save_billing")
    assert len(test.error) == 1
    order = [str(getattr(each, "key", "") or each.type) for each in test.main if each.type in ("text_input", "error")]
    assert order[order.index("own_billing_1") + 1] == "error"
    test.text_input(key="own_billing_1").set_value("directie@school.example").run()
    test.text_input(key="own_billing_name").set_value("Scholengroep De Wimpel").run()
    click(test, "save_billing")
    assert not test.error
    with read() as db:
        saved = school.of(db)
        assert [each.email for each in saved.billing_addresses] == [
            "boekhouding@school.example",
            "directie@school.example",
        ]
        assert saved.billing_name == "Scholengroep De Wimpel"
    assert test.text_input(key="own_billing_2").value == "", "there is room for one more"
    assert mailed("billing-details-changed") == ["secretariaat"]
    test.text_input(key="own_billing_0").set_value("").run()
    click(test, "save_billing")
    with read() as db:
        assert [each.email for each in school.of(db).billing_addresses] == ["directie@school.example"]


@pytest.mark.parametrize(
    ("key", "wrong", "words", "right"),
    [
        ("own_kbo", "0123.456.789", "Dit is geen KBO-nummer", "0257.216.482"),
        ("own_number", "12345", "Een instellingsnummer heeft zes cijfers", "012345"),
    ],
)
def test_a_wrong_number_is_refused_and_a_right_one_is_kept(
    school: School, key: str, wrong: str, words: str, right: str
) -> None:
    test = page(DETAILS)
    test.text_input(key=key).set_value(wrong).run()
    click(test, "save_numbers")
    assert [words in each for each in refused(test)] == [True]
    test.text_input(key=key).set_value(right).run()
    assert "De nummers zijn bewaard" in shown(click(test, "save_numbers"))
    with read() as db:
        saved = school.of(db)
    assert (saved.kbo, saved.number) in (("0257216482", None), (None, "012345"))


@pytest.mark.parametrize("policy", [PayerPolicy.APPROVAL, PayerPolicy.FORBIDDEN])
def test_the_school_says_whether_staff_may_name_it(school: School, policy: PayerPolicy) -> None:
    test = page(DETAILS)
    test.radio(key="own_policy").set_value(policy).run()
    assert "Uw keuze is bewaard" in shown(click(test, "save_policy"))
    with read() as db:
        assert school.of(db).payer_policy is policy
    assert mailed("billing-details-changed") == ["secretariaat"]


def test_contact_persons_come_and_go(school: School) -> None:
    test = page(DETAILS)
    test.text_input(key="contact_phone_0").set_value("0470 00 00 01").run()
    click(test, "save_contacts")
    assert ["Vul de naam van deze contactpersoon in" in each for each in refused(test)] == [True]
    test.text_input(key="contact_name_0").set_value("Rita Bos").run()
    assert "De contactpersonen zijn bewaard" in shown(click(test, "save_contacts"))
    with read() as db:
        assert [(each.name, each.phone) for each in db.scalars(select(ContactPerson))] == [
            ("Rita Bos", "0470 00 00 01")
        ]
    assert test.text_input(key="contact_name_1").value == ""
    for key in ("contact_name_0", "contact_phone_0"):
        test.text_input(key=key).set_value("").run()
    click(test, "save_contacts")
    with read() as db:
        assert not db.scalars(select(ContactPerson)).all()


# documents


def a_year(school: School) -> None:
    """A school year: two courses followed, with their notes, one of them credited; material."""
    for number, (person, title) in enumerate(((school.an, "Frans"), (school.bo, "Duits"))):
        identity = a_seat(
            school, person, in_days=-40 - number, title=title, confirmed_on=clock.today() - timedelta(days=60)
        )
        with write() as db:
            note = billing.issue_debit_note(db, CLOCK, identity) or 0
            note_files.store_and_mail(db, CLOCK, note, dict.fromkeys(FileKind, b"%PDF"))
            row = db.get_one(Enrolment, identity)
            a_material(db, row.course, f"Slides {title}")
            if title == "Duits":
                billing.issue_credit_note(db, CLOCK, note, row, 5_000)


def test_the_documents_have_three_parts_and_filters_in_the_address(school: School) -> None:
    a_year(school)
    test = page(DOCUMENTS)
    text = shown(test)
    assert "3 nota's" in text
    for words in ("DN-2026-000001", "CN-2026-000001", "verbetert DN-2026-000002", "te betalen tegen 23/12/2026"):
        assert words in text
    test.text_input(key="persoon").set_value("peeters").run()
    assert "1 nota\n" in shown(test) + "\n"
    assert test.query_params["persoon"] in ("peeters", ["peeters"])
    text = shown(page(DOCUMENTS, soort="attesten", cursus="duits"))
    assert ("Bo Claes" in text, "An Peeters" in text, "1 attest" in text) == (True, False, True)
    assert "Geen" not in shown(page(DOCUMENTS, soort="onzin")), "an unknown part shows the notes"


def test_an_open_note_is_paid_from_a_dialog_with_account_reference_and_amount(school: School) -> None:
    a_year(school)
    test = page(DOCUMENTS)
    open_ones = [button.key for button in test.button if str(button.key).startswith("pay_")]
    assert len(open_ones) == 2, "a credit note is not paid"
    click(test, str(open_ones[0]))
    assert "€ 140,00" in shown(test)
    (copied,) = [each.proto.body for each in test.get("html")]
    for value in ("BE71 0961 2345 6769", "+++202/6000/00293+++", ">140,00<", "Kopiëren"):
        assert value in copied
    click(test, "close_pay")
    assert not test.get("html")


def test_the_school_year_counts_persons_courses_hours_and_cost(school: School) -> None:
    a_year(school)
    text = shown(page(DOCUMENTS, soort="schooljaar", jaar="2026"))
    for words in ("Cursisten: 2", "Nascholingen: 2", "Uren vorming: 26", "€ 380,00"):
        assert words in text
    assert "2025-2026" in text


def test_a_school_without_history_reads_what_will_come(school: School) -> None:
    for soort in ("notas", "attesten", "schooljaar"):
        test = page(DOCUMENTS, soort=soort)
        assert len(test.info) == 1
    assert "nog geen materiaal" in shown(page("institution/material.py"))


def test_the_material_of_the_courses_paid_for_is_listed(school: School) -> None:
    a_year(school)
    text = shown(page("institution/material.py"))
    assert "Slides Frans" in text
    assert "Slides Duits" in text


# links from mails


def confirm_page(purpose: TokenPurpose, mail: str) -> AppTest:
    """The page that a mail's link opens, in a browser that is not signed in."""
    with read() as db:
        secret = secret_in(queued(db, mail)[-1])
    return opened(door_of("public/confirm.py"), None, doel=purpose.value, code=secret)


def test_a_new_link_is_undone_by_the_mailed_link(school: School) -> None:
    with write() as db:
        new = an_account(db, a_person(db, "Nele", "Smet"), "nele@school.example")
        identity = affiliations.link(db, acting(new), school.id)
    test = confirm_page(TokenPurpose.UNDO_AFFILIATION, "affiliation-made")
    assert "Nele Smet" in shown(test)
    assert "Lopende inschrijvingen blijven" in shown(test)
    assert "ongedaan gemaakt" in shown(click(test, "confirm_link"))
    with read() as db:
        assert db.get_one(Affiliation, identity).ended_on == clock.today()
    assert mailed("affiliation-ended") == ["nele"]
    assert "niet meer geldig" in shown(confirm_page(TokenPurpose.UNDO_AFFILIATION, "affiliation-made"))


def test_another_address_of_the_school_counts_once_its_link_is_clicked(school: School) -> None:
    with write() as db:
        account = db.scalars(select(Account).where(Account.institution_id == school.id)).one()
        account.password_hash = accounts.passwords.hashed("een lang woord 7")
        addresses.request_change(db, acting(account), "directie@school.example", "een lang woord 7")
    test = confirm_page(TokenPurpose.CHANGE_ADDRESS, "confirm-address")
    assert "directie@" in shown(test).replace("\u2060", "")
    assert "Voortaan meldt u zich aan met" in shown(click(test, "confirm_link"))
    with read() as db:
        assert db.get_one(Account, account.id).email == "directie@school.example"


@pytest.mark.parametrize("purpose", ["", "onzin", *TokenPurpose])
def test_a_link_that_was_made_up_says_so_and_shows_the_way(school: School, purpose: str) -> None:
    test = opened(door_of("public/confirm.py"), None, doel=purpose, code="x" * 43)
    assert ["niet meer geldig" in each for each in refused(test)] == [True]
