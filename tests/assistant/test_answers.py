"""Answering: the same words to everybody, facts only to the address on file, nothing of the asker quoted."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

from core import clock
from core.assistant import answers
from core.assistant.answers import Question
from core.db import read, write
from core.models import FormerAddress, OutgoingMail
from core.vocabulary import Intent, Language, Verdict
from tests.builders import a_course, a_person, an_account, an_affiliation, an_institution, queued

_numbers = iter(range(10_000))


def ask(intent: Intent, sender: str = "iemand@elders.example", **values: Any) -> bool:
    """Let the bot answer a message; whether no coordinator needs to look."""
    facts = {"verdict": Verdict.NONE, "language": Language.DUTCH, "sha256": f"{next(_numbers):064}"} | values
    with write() as db:
        return answers.respond(db, Question(sender=sender, **facts), intent)


def mails(name: str = "") -> list[OutgoingMail]:
    with read() as db:
        return queued(db, name)


def known(email: str = "an@school.example", first: str = "An", last: str = "Peeters", school: str = "") -> int:
    """A person with an account, attached to a school when one is named; the account's id."""
    with write() as db:
        person = a_person(db, first, last)
        if school:
            an_affiliation(db, person, an_institution(db, school))
        return an_account(db, person, email).id


def test_a_sender_that_fails_the_checks_gets_nothing(database: str) -> None:
    known()
    for intent, verdict in product(answers.ANSWERS, (Verdict.FAIL, Verdict.BAD)):
        assert ask(intent, "an@school.example", verdict=verdict) is False
    assert mails() == []


def test_nothing_of_the_asker_stands_in_the_answer(database: str) -> None:
    known()
    for intent in answers.ANSWERS:
        ask(
            intent,
            sender_name="Klik Hier Voor Winst",
            text="Bezoek https://evil.example nu! Groeten Karel Kwaad",
            signature="Karel Kwaad, Instituut Onzin",
        )
    for mail in mails():
        text = mail.raw.decode().lower()
        for foreign in ("evil.example", "kwaad", "winst", "onzin"):
            assert foreign not in text


def test_the_answer_speaks_the_askers_language(database: str) -> None:
    with write() as db:
        a_course(db, "Didactiek Nederlands")
    for intent, language in product(answers.ANSWERS, Language):
        before = len(mails())
        ask(intent, language=language, text="Didactiek Nederlands")
        (mail,) = mails()[before:]
        assert mail.language is language
        assert ("Vriendelijke groet" in mail.body) is (language is Language.DUTCH)


def test_the_link_goes_to_the_address_on_file_three_times_a_day(database: str, noon: datetime) -> None:
    known()
    for minute in range(4):
        with clock.frozen(noon + timedelta(minutes=minute)):
            assert ask(Intent.NEW_PASSWORD, "An@School.example") is True
    assert len(mails("answer-new-password")) == 4
    assert [mail.recipient for mail in mails("new-password")] == ["an@school.example"] * 3


def test_a_former_address_is_not_the_owners_any_more(database: str) -> None:
    account_id = known()
    with write() as db:
        db.add(FormerAddress(account_id=account_id, email="oud@school.example", until_at=clock.now()))
    ask(Intent.NEW_PASSWORD, "oud@school.example")
    assert mails("new-password") == []
    assert ask(Intent.REGISTERED_ADDRESS, "oud@school.example") is True
    assert [mail.recipient for mail in mails("address-known")] == ["an@school.example"]


def test_a_notice_leaves_at_most_once_in_seven_days(database: str, noon: datetime) -> None:
    known()
    for days in (0, 1, 6, 8):
        with clock.frozen(noon + timedelta(days=days)):
            ask(Intent.REGISTERED_ADDRESS, "an@school.example")
    assert len(mails("answer-registered-address")) == 4
    assert len(mails("address-known")) == 2


def test_a_name_and_a_school_find_one_account_a_name_alone_asks_a_coordinator(database: str) -> None:
    known(school="Basisschool De Pluim")
    known("an2@school.example", school="Basisschool De Veer")
    text = "Onder welk adres ben ik gekend? Groeten, An Peeters"
    assert ask(Intent.REGISTERED_ADDRESS, text=text, signature="Basisschool De Pluim") is True
    assert [mail.recipient for mail in mails("address-known")] == ["an@school.example"]
    assert ask(Intent.REGISTERED_ADDRESS, text=text) is False
    assert len(mails("address-known")) == 1
    assert len(mails("answer-registered-address")) == 2


def test_known_and_unknown_senders_read_the_same_word_for_word(database: str) -> None:
    known()
    for intent in (Intent.NEW_PASSWORD, Intent.REGISTERED_ADDRESS, Intent.INSTITUTION_ADDRESS, Intent.CREATE_ACCOUNT):
        for sender in ("an@school.example", "iemand@elders.example"):
            ask(intent, sender)
        one, other = mails(f"answer-{intent.value.replace('_', '-')}")
        assert (one.subject, one.body) == (other.subject, other.body)


def test_a_stranger_who_is_unknown_reads_the_same_and_nobody_else_hears_of_it(database: str) -> None:
    known()
    assert ask(Intent.REGISTERED_ADDRESS, text="Onder welk adres ben ik gekend? Groeten, Wim Onbekend") is True
    assert [mail.name for mail in mails()] == ["answer-registered-address"]


def test_the_institutions_own_address_hears_of_a_question_about_it(database: str) -> None:
    with write() as db:
        an_account(db, an_institution(db, "Basisschool De Pluim"), "secretariaat@pluim.example")
    text = "Onder welk adres is onze school Basisschool De Pluim gekend?"
    assert ask(Intent.INSTITUTION_ADDRESS, text=text) is True
    (notice,) = mails("address-known")
    assert notice.recipient == "secretariaat@pluim.example"
    (answer,) = mails("answer-institution-address")
    assert "secretariaat@" not in answer.body


def test_a_question_that_has_no_answer_file_goes_to_a_coordinator(database: str) -> None:
    for intent in set(Intent) - set(answers.ANSWERS):
        assert ask(intent) is False
    assert mails() == []
