"""The chat «Vraag het CNO», and the page behind the links of answers."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core import access, clock
from core.db import read, write
from core.models import (
    Account,
    Course,
    Enrolment,
    IncomingMail,
    Institution,
    IntentSetting,
    MailThread,
    OutgoingMail,
)
from core.services import mailed_choices
from core.vocabulary import CLOCK, EnrolmentStatus, Intent, IntentMode, PayerPolicy, Role, ThreadState, TokenPurpose
from pages.shared.site import ASK, CHANGE, MY_ENROLMENTS
from tests.pages.screens import ADDRESSES, a_season, opened, said


@pytest.fixture
def season(sqlite_database: str) -> None:
    """Two past and two coming courses, each with a seat of the person; of each two the school pays one."""
    with write() as db:
        db.add_all(IntentSetting(intent=intent, mode=IntentMode.ON) for intent in Intent)
    a_season(2)


def asked(role: Role | None, text: str) -> AppTest:
    test = opened(ASK, role)
    test.chat_input(key="question").set_value(text).run()
    assert not test.exception
    return test


def links(test: AppTest) -> list[str]:
    return [link.proto.page for link in test.get("page_link") if link.proto.label]


def test_a_visitor_hears_how_it_goes_and_the_own_facts_only_once_signed_in(season: None) -> None:
    text = "Wanneer kan ik mijn attest downloaden?"
    assert "7 dagen na de laatste cursusdag" in said(asked(None, text))
    told = said(asked(Role.PERSON, text))
    assert "Cursus 0: het attest staat klaar" in told.replace("\\", "")
    assert "het attest verschijnt op" in told


def test_what_is_not_understood_goes_to_a_person_with_the_conversation_in_it(season: None) -> None:
    test = asked(None, "De koffie was koud en de zaal te klein, daar wil ik iemand over spreken.")
    (button,) = [each for each in test.button if each.label == "Liever een mens"]
    button.click().run()
    test.button(key="human_send").click().run()
    assert "geldig" in said(test) or test.error
    test.text_input(key="human_address").set_value("Wim@elders.example")
    test.text_area(key="human_more").set_value("Bel mij na vier uur.")
    test.button(key="human_send").click().run()
    assert not test.exception
    assert "U krijgt antwoord per mail" in said(test)
    with read() as db:
        thread = db.scalars(select(MailThread).where(MailThread.address == "wim@elders.example")).one()
        mail = db.scalars(select(IncomingMail).where(IncomingMail.thread_id == thread.id)).one()
        assert thread.state is ThreadState.OPEN
        assert "koffie was koud" in mail.body
        assert "Bel mij na vier uur" in mail.body


def test_a_question_begun_from_a_button_leads_to_the_page_that_goes_on(season: None) -> None:
    test = opened(ASK, Role.INSTITUTION)
    test.button(key=f"begin_{Intent.REPLACE}").click().run()
    assert "«Vervangen»" in said(test).replace("\\", "")
    assert any(page.endswith("onze-nascholingen") for page in links(test))
    test.button(key="chat_anew").click().run()
    assert test.button(key=f"begin_{Intent.REPLACE}")


def test_asking_changes_nothing_and_sends_nothing(season: None) -> None:
    with read() as db:
        before = len(db.scalars(select(OutgoingMail.id)).all())
    for text in (
        "Ik ben mijn wachtwoord vergeten",
        "Ik wil mijn inschrijving annuleren",
        "Onder welk adres ben ik gekend?",
    ):
        asked(Role.PERSON, text)
    with read() as db:
        assert len(db.scalars(select(OutgoingMail.id)).all()) == before


def link(purpose: TokenPurpose) -> AppTest:
    """The page behind a link of this purpose, as an anonymous reader of the mailbox opens it."""
    with write() as db:
        school = db.scalars(select(Account).where(Account.email == ADDRESSES[Role.INSTITUTION])).one()
        if purpose is TokenPurpose.PAYER_POLICY:
            secret = mailed_choices.policy_link(db, CLOCK, school.id)
        elif purpose is TokenPurpose.BILLING_ADDRESS:
            secret = mailed_choices.billing_link(db, CLOCK, school.id)
        else:
            paid = access.enrolments_of(access.acting(school))
            seat = select(Enrolment.id).where(paid, Enrolment.status == EnrolmentStatus.CONFIRMED)
            secret = mailed_choices.cancel_link(
                db, CLOCK, school.id, db.scalars(seat.order_by(Enrolment.id)).first() or 0
            )
    return opened(CHANGE, None, doel=purpose.value, code=secret)


def test_the_policy_page_shows_the_present_choice_and_chooses_none_beforehand(season: None) -> None:
    test = link(TokenPurpose.PAYER_POLICY)
    assert test.radio(key="link_policy").value is None
    assert test.button(key="change_by_link").disabled
    test.radio(key="link_policy").set_value(PayerPolicy.FORBIDDEN).run()
    test.button(key="change_by_link").click().run()
    assert "Bewaard" in said(test)
    with read() as db:
        assert db.scalars(select(Institution)).one().payer_policy is PayerPolicy.FORBIDDEN


def test_a_wrong_billing_address_is_refused_and_the_link_still_works(season: None) -> None:
    test = link(TokenPurpose.BILLING_ADDRESS)
    test.text_area(key="link_addresses").set_value("boekhouding@school.example\ngeen adres").run()
    test.button(key="change_by_link").click().run()
    assert test.error
    test.text_area(key="link_addresses").set_value("boekhouding@school.example").run()
    test.button(key="change_by_link").click().run()
    assert "Bewaard" in said(test)


def test_cancelling_shows_its_price_and_acts_on_the_click_alone(season: None) -> None:
    test = link(TokenPurpose.CANCEL)
    assert "kosteloos" in said(test)
    with read() as db:
        cancelled = select(Enrolment.id).where(Enrolment.status == EnrolmentStatus.CANCELLED)
        assert db.scalars(cancelled).all() == []
        test.button(key="change_by_link").click().run()
        assert "geannuleerd" in said(test)
    with read() as db:
        assert len(db.scalars(cancelled).all()) == 1


def test_a_link_that_is_not_valid_says_so(season: None) -> None:
    assert "niet meer geldig" in said(opened(CHANGE, None, doel=TokenPurpose.CANCEL.value, code="x" * 43))


def test_a_link_of_an_answer_opens_the_question_whether_to_cancel_and_nothing_of_somebody_elses(season: None) -> None:
    with read() as db:
        seat = select(Enrolment.id).join(Course).where(Course.first_day > clock.today()).order_by(Enrolment.id)
        coming = db.scalars(seat).first()
    test = opened(MY_ENROLMENTS, Role.PERSON, annuleren=str(coming))
    assert test.button(key="confirm_cancel")
    assert "annuleren" not in test.query_params
    for other in ("999999", "-1", "x", ""):
        test = opened(MY_ENROLMENTS, Role.PERSON, annuleren=other)
        assert not test.exception
        assert "confirm_cancel" not in [button.key for button in test.button]
