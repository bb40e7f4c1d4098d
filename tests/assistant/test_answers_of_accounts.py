"""Facts of an account reach its own address only; what changes something waits for a click on a page."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from core import access, clock
from core.assistant import answers
from core.assistant.answers import Question
from core.db import read, write
from core.i18n import day
from core.models import Account, Enrolment, Institution, Note, OutgoingMail
from core.services import billing, mailed_choices, note_files
from core.tokens import LinkNotValid
from core.vocabulary import CLOCK, VISITOR, EnrolmentStatus, FileKind, Intent, Language, PayerPolicy, Verdict
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

AN, SCHOOL, STRANGER = "an@school.example", "secretariaat@pluim.example", "iemand@elders.example"
_numbers = iter(range(10_000))


@dataclass(frozen=True, slots=True)
class Story:
    """An and her school: a coming course that An pays, one that the school pays, and a past one with its note."""

    an: int
    school: int
    own_seat: int
    paid_seat: int
    note: str


@pytest.fixture
def story(database: str) -> Story:
    with write() as db:
        person, school = a_person(db), an_institution(db, "Basisschool De Pluim")
        an_affiliation(db, person, school)
        an, secretariat = an_account(db, person, AN), an_account(db, school, SCHOOL)
        own = an_enrolment(db, a_course(db, "Muziek met kleuters", in_days=40), person)
        paid = an_enrolment(db, a_course(db, "Didactiek Nederlands", in_days=3), person, school)
        past = a_course(db, "Rekenen zonder stress", in_days=-60)
        a_material(db, past)
        followed = an_enrolment(db, past, person, school, confirmed_on=clock.today() - timedelta(days=90))
        note = db.get_one(Note, billing.issue_debit_note(db, CLOCK, followed.id))
        note_files.store_and_mail(db, CLOCK, note.id, dict.fromkeys(FileKind, b"%PDF"))
        return Story(an.id, secretariat.id, own.id, paid.id, note.number)


def ask(intent: Intent, sender: str, text: str = "", **values: Any) -> bool:
    """Let the bot answer a mail; whether no coordinator needs to look."""
    facts = {"verdict": Verdict.NONE, "language": Language.DUTCH, "sha256": f"{next(_numbers):064}"} | values
    with write() as db:
        return answers.respond(db, Question(sender=sender, text=text, **facts), intent)


def mails(name: str) -> list[OutgoingMail]:
    with read() as db:
        return queued(db, name)


def said(mail: OutgoingMail) -> str:
    """The text of a mail, with plain spaces in its amounts."""
    return mail.body.replace("\xa0", " ")


def body(name: str) -> str:
    (mail,) = mails(name)
    return said(mail)


def test_certificates_are_told_to_the_own_address_only(story: Story) -> None:
    assert ask(Intent.CERTIFICATE, AN) is True
    assert "Rekenen zonder stress: het attest staat klaar" in body("answer-certificate")
    assert "Muziek met kleuters: het attest verschijnt op" in body("answer-certificate")
    assert "/mijn-nascholingen" in body("answer-certificate")
    assert ask(Intent.CERTIFICATE, STRANGER, "Attest van An Peeters, Rekenen zonder stress") is True
    told = said(mails("answer-certificate")[1])
    assert "Rekenen" not in told
    assert "7 dagen na de laatste cursusdag" in told


def test_a_named_course_narrows_the_certificates_and_a_school_sees_whose_they_are(story: Story) -> None:
    ask(Intent.CERTIFICATE, SCHOOL, "Waar vinden wij het attest van rekenen zonder stress?")
    told = body("answer-certificate")
    assert "Rekenen zonder stress, An Peeters: het attest staat klaar" in told
    assert "Didactiek" not in told
    assert "soort=attesten" in told


def test_a_note_goes_again_to_its_payer_once_a_week_whoever_of_the_payer_asks(story: Story) -> None:
    assert ask(Intent.NOTE_COPY, SCHOOL, f"Graag nota {story.note} nog eens") is True
    assert ask(Intent.NOTE_COPY, SCHOOL) is True
    (again,) = mails("note-again")
    assert again.recipient == SCHOOL
    assert b"application/pdf" in again.raw
    assert f"{story.note} is opnieuw bezorgd op het geregistreerde adres" in said(mails("answer-note-copy")[0])


def test_a_note_goes_to_nobody_else(story: Story) -> None:
    for sender in (AN, STRANGER):
        assert ask(Intent.NOTE_COPY, sender, f"Graag nota {story.note} nog eens") is False
    assert mails("note-again") == []
    assert all(story.note not in mail.body for mail in mails("answer-note-copy"))


def test_the_payer_policy_changes_by_a_click_and_only_once(story: Story) -> None:
    assert ask(Intent.PAYER_POLICY, SCHOOL) is True
    (mail,) = mails("answer-payer-policy")
    secret = secret_in(mail)
    assert mail.is_sensitive
    assert secret not in mail.body
    with write() as db:
        assert mailed_choices.look_at_policy(db, secret).present is PayerPolicy.ALLOWED
        mailed_choices.choose_policy(db, VISITOR, secret, PayerPolicy.FORBIDDEN)
    with write() as db:
        assert db.query(Institution).one().payer_policy is PayerPolicy.FORBIDDEN
        with pytest.raises(LinkNotValid):
            mailed_choices.choose_policy(db, VISITOR, secret, PayerPolicy.ALLOWED)
    assert [mail.recipient for mail in mails("billing-details-changed")] == [SCHOOL]


def test_a_link_is_void_once_what_it_changes_is_another(story: Story) -> None:
    ask(Intent.PAYER_POLICY, SCHOOL)
    ask(Intent.BILLING_ADDRESS, SCHOOL)
    ask(Intent.CANCEL, AN, "Muziek met kleuters")
    policy, address = secret_in(mails("answer-payer-policy")[0]), secret_in(mails("answer-billing-address")[0])
    seat = secret_in(mails("answer-cancel")[0])
    with write() as db:
        school = db.query(Institution).one()
        school.payer_policy = PayerPolicy.APPROVAL
        db.get_one(Enrolment, story.own_seat).move_to(EnrolmentStatus.CANCELLED)
        mailed_choices.choose_billing(db, VISITOR, address, ("boekhouding@pluim.example",))
        assert [each.email for each in school.billing_addresses] == ["boekhouding@pluim.example"]
    with read() as db:
        for look, secret in (
            (mailed_choices.look_at_policy, policy),
            (mailed_choices.look_at_billing, address),
            (mailed_choices.look_at_cancelling, seat),
        ):
            with pytest.raises(LinkNotValid):
                look(db, secret)


@pytest.mark.parametrize("intent", [Intent.PAYER_POLICY, Intent.BILLING_ADDRESS])
def test_nobody_but_the_institution_gets_a_link_to_change_it(story: Story, intent: Intent) -> None:
    for sender in (AN, STRANGER):
        assert ask(intent, sender, "Basisschool De Pluim, secretariaat@pluim.example") is False
    for mail in mails(f"answer-{intent.value.replace('_', '-')}"):
        assert "code=" not in mail.raw.decode()
        assert "Pluim" not in mail.body


def test_cancelling_tells_its_price_and_a_mail_cancels_nothing(story: Story) -> None:
    assert ask(Intent.CANCEL, AN, "Ik kan niet komen naar didactiek nederlands") is False
    told = body("answer-cancel")
    assert "Vandaag annuleren kost € 190,00" in told
    assert "Een medewerker leest uw bericht ook zelf" in told
    secret = secret_in(mails("answer-cancel")[0])
    with write() as db:
        assert db.get_one(Enrolment, story.paid_seat).status is EnrolmentStatus.CONFIRMED
        with pytest.raises(mailed_choices.CostHasChanged):
            mailed_choices.cancel(db, VISITOR, secret, 0)
        db.rollback()
    with write() as db:
        assert mailed_choices.cancel(db, VISITOR, secret, 19_000).cost_cents == 19_000
        assert db.get_one(Enrolment, story.paid_seat).status is EnrolmentStatus.CANCELLED


def test_when_several_enrolments_may_be_meant_no_link_leaves(story: Story) -> None:
    assert ask(Intent.CANCEL, AN, "Ik kan helaas niet komen") is True
    assert "code=" not in body("answer-cancel")
    assert "Muziek met kleuters" in body("answer-cancel")
    assert f"?annuleren={story.own_seat}" in body("answer-cancel")


def test_an_institution_replaces_a_person_hears_that_it_does_and_who_pays_alone_gets_a_coordinator(
    story: Story,
) -> None:
    assert ask(Intent.REPLACE, SCHOOL, "Een collega komt in plaats van An Peeters") is True
    assert "Het gaat om Didactiek Nederlands" in said(mails("answer-replace")[0])
    assert f"?vervangen={story.paid_seat}" in said(mails("answer-replace")[0])
    assert ask(Intent.REPLACE, AN, "Een collega gaat naar didactiek nederlands in mijn plaats") is True
    assert "Uw school vervangt u" in said(mails("answer-replace")[1])
    assert ask(Intent.REPLACE, AN, "Een collega gaat naar muziek met kleuters in mijn plaats") is False


def test_facts_of_a_course_are_public_and_what_is_not_known_goes_to_a_coordinator(story: Story) -> None:
    assert ask(Intent.COURSE_INFO, STRANGER, "Is er nog plaats in Muziek met kleuters?") is True
    told = body("answer-course-info")
    assert "Muziek met kleuters" in told
    assert "€ 190,00; nog 19 plaatsen" in told
    assert ask(Intent.COURSE_INFO, STRANGER, "Is er parking bij Muziek met kleuters?") is False
    assert ask(Intent.COURSE_INFO, STRANGER, "Wanneer is die ene cursus?") is False
    assert len(mails("answer-course-info")) == 1


def test_material_and_open_notes_are_told_to_who_has_them(story: Story) -> None:
    ask(Intent.MATERIAL, AN)
    assert "Rekenen zonder stress: 1 bestand" in body("answer-material")
    ask(Intent.PAYMENT, SCHOOL)
    assert f"{story.note}, Rekenen zonder stress: € 190,00" in said(mails("answer-payment")[0])
    leaves_on = day(clock.today() + timedelta(days=7))
    assert f"An Peeters: € 190,00, op {leaves_on}" in said(mails("answer-payment")[0])
    ask(Intent.PAYMENT, AN)
    assert "geen debetnota open" in said(mails("answer-payment")[1])
    ask(Intent.PAYMENT, STRANGER, f"Is {story.note} betaald?")
    assert story.note not in said(mails("answer-payment")[2])


def test_an_account_that_exists_already_hears_that_somebody_wanted_a_second_one(story: Story) -> None:
    for sender in (AN, AN, STRANGER):
        assert ask(Intent.CREATE_ACCOUNT, sender) is True
    assert [mail.recipient for mail in mails("account-exists")] == [AN]
    known, _again, unknown = mails("answer-create-account")
    assert known.body == unknown.body


def test_personal_data_get_a_receipt_and_always_a_coordinator(story: Story) -> None:
    assert ask(Intent.PERSONAL_DATA, AN) is False
    assert "ten laatste op" in body("answer-personal-data")


def test_every_answer_names_no_address_but_the_readers_own(story: Story) -> None:
    for intent, sender in product(answers.ANSWERS, (AN, SCHOOL, STRANGER)):
        ask(intent, sender, "An Peeters van Basisschool De Pluim, Muziek met kleuters")
    with read() as db:
        for mail in queued(db):
            if mail.name not in {"debit-note", "credit-note"}:
                others = {AN, SCHOOL, STRANGER} - {mail.recipient}
                assert [address for address in others if address in mail.raw.decode()] == []


def test_a_draft_changes_nothing_and_holds_no_secret(story: Story) -> None:
    with read() as db:
        before = len(queued(db))
        question = Question(SCHOOL, Verdict.NONE, Language.DUTCH, text="Didactiek Nederlands")
        for intent in answers.ANSWERS:
            draft = answers.draft(db, question, intent)
            assert draft is not None
            assert draft.text.strip()
            assert "code=" not in draft.whole_text
            assert "Vriendelijke groet" not in draft.whole_text
        assert len(queued(db)) == before


def test_who_is_signed_in_counts_in_the_chat_and_no_address_does(story: Story) -> None:
    with read() as db:
        school = db.get_one(Account, story.school)
        for actor, is_told in ((acting(school), True), (VISITOR, False)):
            question = Question(SCHOOL, Verdict.NONE, Language.DUTCH, actor=actor)
            draft = answers.draft(db, question, Intent.PAYMENT)
            assert draft is not None
            assert (story.note in draft.text) is is_told


def test_a_link_is_made_only_for_the_own_enrolments(story: Story) -> None:
    with write() as db, pytest.raises(access.NotFound):
        mailed_choices.cancel_link(db, CLOCK, story.school, story.own_seat)
