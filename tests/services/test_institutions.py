"""What a school changes of itself: numbers checked, several billing addresses, policy, contacts, and who is told."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core import clock, jobs
from core.access import NotFound
from core.db import read, write
from core.errors import DomainError
from core.models import Account, AuditEvent, BillingAddress, ContactPerson, Enrolment, Institution
from core.rules.accounts import AddressNotValid
from core.services import enrolments, institutions
from core.services.institutions import Contact
from core.vocabulary import CLOCK, Actor, AuditTag, Language, PayerPolicy
from tests.services.schools import course, enrolled, enrols, in_days, mails, notes, school, sent_to, staff, text_of

ACCOUNT = "secretariaat@wimpel.example"


def own(actor: Actor) -> Institution:
    with read() as db:
        return db.get_one(Institution, actor.institution_id)


def numbers(by: Actor, number: str = "", kbo: str = "", phone: str = "") -> None:
    with write() as db:
        institutions.change_numbers(db, by, phone=phone, number=number, kbo=kbo)


def billing(by: Actor, *addresses: str, name: str = "", reference: str = "") -> None:
    with write() as db:
        institutions.change_billing(db, by, name=name, addresses=addresses, reference=reference)


def addresses() -> list[str]:
    with read() as db:
        return list(db.scalars(select(BillingAddress.email).order_by(BillingAddress.id)))


@pytest.mark.parametrize("text", ["BE 0257.216.482", "0257216482", " be0257216482 ", "257216482"])
def test_a_kbo_number_is_kept_in_one_form(database: str, text: str) -> None:
    wimpel = school()
    numbers(wimpel, "012345", text, " 03 123 45 67 ")
    found = own(wimpel)
    assert (found.kbo, found.number, found.phone) == ("0257216482", "012345", "03 123 45 67")


@pytest.mark.parametrize(
    ("number", "kbo", "refusal"),
    [
        ("12345", "", institutions.NumberNotValid),
        ("1234567", "", institutions.NumberNotValid),
        ("12345a", "", institutions.NumberNotValid),
        ("١٢٣٤٥٦", "", institutions.NumberNotValid),
        ("", "0257.216.483", institutions.KboNotValid),
        ("", "0257", institutions.KboNotValid),
        ("", "DE257216482", institutions.KboNotValid),
        ("", "niet bekend", institutions.KboNotValid),
        ("654321", "", institutions.NumberTaken),
    ],
)
def test_a_wrong_number_is_refused_at_its_field_and_changes_nothing(
    database: str, number: str, kbo: str, refusal: type[DomainError]
) -> None:
    wimpel = school(number="111111", phone="03 1")
    school("Atheneum De Kade", "info@kade.example", number="654321")
    with pytest.raises(refusal) as refused:
        numbers(wimpel, number or "111111", kbo, "03 2")
    assert refused.value.field == ("kbo" if kbo else "number")
    found = own(wimpel)
    assert (found.number, found.kbo, found.phone) == ("111111", None, "03 1")


def test_numbers_can_be_emptied_and_a_kbo_is_shared_by_schools_of_one_board(database: str) -> None:
    wimpel, kade = school(), school("Atheneum De Kade", "info@kade.example")
    for each in (wimpel, kade):
        numbers(each, kbo="0257.216.482")
    assert own(wimpel).kbo == own(kade).kbo
    numbers(wimpel, "12 34 56")
    assert own(wimpel).number == "123456"
    numbers(wimpel)
    assert (own(wimpel).number, own(wimpel).kbo) == (None, None)


def test_notes_go_to_every_billing_address_and_nothing_else_does(database: str, noon: datetime) -> None:
    wimpel = school()
    an, bo = staff("An", "Bo", of=(wimpel,))
    billing(wimpel, "Boekhouding@School.example", "", " directie@school.example ", "boekhouding@school.example")
    assert addresses() == ["boekhouding@school.example", "directie@school.example"]
    course_id = course(in_days=40)
    seat, _other = enrolled(wimpel, course_id, an), enrols(bo, course_id)
    with clock.frozen(in_days(7)):
        jobs.run_due()
        with write() as db:
            enrolments.cancel(db, wimpel, seat[0])
        jobs.run_due()
    to_both = ["boekhouding@school.example", "directie@school.example"]
    assert sent_to("debit-note") == ["an@staff.example", "bo@staff.example", *to_both]
    assert sent_to("credit-note") == ["an@staff.example", *to_both]
    assert {mail.name for mail in mails() if mail.recipient in to_both} == {"debit-note", "credit-note"}
    assert '"email":"boekhouding@school.example, directie@school.example"' in notes()[0].payload


def test_the_account_is_told_where_the_notes_go_from_now_on(database: str) -> None:
    wimpel = school()
    billing(wimpel, "boekhouding@school.example", name="Scholengroep De Wimpel", reference="PO 1")
    billing(wimpel, "boekhouding@school.example", name=" Scholengroep De Wimpel ", reference="PO 1")  # nothing new
    (told,) = mails("billing-details-changed")
    assert told.recipient == ACCOUNT
    assert "boekhouding@school.example" in text_of(told)
    assert "Scholengroep De Wimpel" in text_of(told)
    billing(wimpel)
    assert addresses() == []
    assert ACCOUNT in text_of(mails("billing-details-changed")[-1])
    with read() as db:
        traces = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.INSTITUTION_CHANGED)).all()
    assert len(traces) == 2


def test_the_order_and_a_new_reference_alone_are_changes(database: str) -> None:
    wimpel = school()
    billing(wimpel, "a@school.example", "b@school.example")
    billing(wimpel, "b@school.example", "a@school.example")
    assert addresses() == ["b@school.example", "a@school.example"]
    billing(wimpel, "b@school.example", "a@school.example", reference="PO 2")
    assert own(wimpel).billing_reference == "PO 2"
    assert len(mails("billing-details-changed")) == 3


def test_a_wrong_or_one_too_many_address_is_refused_and_keeps_the_old_ones(database: str) -> None:
    wimpel = school()
    billing(wimpel, "a@school.example")
    with pytest.raises(AddressNotValid) as refused:
        billing(wimpel, "b@school.example", "geen adres")
    assert refused.value.field == "billing_1"
    most = institutions.MOST_BILLING_ADDRESSES
    with pytest.raises(institutions.TooMany):
        billing(wimpel, *(f"a{number}@school.example" for number in range(most + 1)))
    assert addresses() == ["a@school.example"]
    billing(wimpel, *(f"a{number}@school.example" for number in range(most)))
    assert len(addresses()) == most


def test_the_policy_is_told_in_the_language_of_the_account_and_leaves_standing_seats_alone(database: str) -> None:
    wimpel = school()
    with write() as db:
        db.get_one(Account, wimpel.account_id).language = Language.ENGLISH
    (an,) = staff("An", of=(wimpel,))
    seat = enrols(an, course(), wimpel)
    with write() as db:
        institutions.change_policy(db, wimpel, PayerPolicy.FORBIDDEN)
        institutions.change_policy(db, wimpel, PayerPolicy.FORBIDDEN)
    (told,) = mails("billing-details-changed")
    assert "Kind regards" in text_of(told)
    assert own(wimpel).payer_policy is PayerPolicy.FORBIDDEN
    with read() as db:
        assert db.get_one(Enrolment, seat).payer_institution_id == wimpel.institution_id


def test_contact_persons_are_replaced_as_a_whole(database: str) -> None:
    wimpel = school()
    with write() as db:
        institutions.change_contacts(
            db, wimpel, [Contact(" Greet "), Contact(""), Contact("Ann", "directie", "Ann@School.example", "03")]
        )
    for wrong, field in ((Contact("", "directie"), "contact_1"), (Contact("Bo", email="bo"), "contact_1")):
        with pytest.raises(DomainError) as refused, write() as db:
            institutions.change_contacts(db, wimpel, [Contact("Zoë"), wrong])
        assert refused.value.field == field
    with pytest.raises(institutions.TooMany), write() as db:
        institutions.change_contacts(db, wimpel, [Contact(f"C{n}") for n in range(institutions.MOST_CONTACTS + 1)])
    with read() as db:
        kept = db.scalars(select(ContactPerson).order_by(ContactPerson.name)).all()
    assert [(each.name, each.email) for each in kept] == [("Ann", "ann@school.example"), ("Greet", "")]


def test_only_the_school_itself_changes_itself(database: str) -> None:
    wimpel = school()
    (an,) = staff("An", of=(wimpel,))
    for actor in (an, CLOCK):
        with pytest.raises(NotFound):
            numbers(actor, "123456")
        with pytest.raises(NotFound):
            billing(actor, "a@school.example")
    assert (own(wimpel).number, addresses()) == (None, [])
