"""One stored mail to its end, on both databases: answered, handed over, ignored, kept apart; nothing is ever lost."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import func, select

from core import clock
from core.assistant import WhyNot
from core.db import read, write
from core.models import AuditEvent, IncomingMail, IntentSetting, MailThread, OutgoingMail, ShadowAnswer
from core.services import inbox, intents
from core.vocabulary import (
    Actor,
    ActorKind,
    CoordinatorRole,
    IncomingState,
    Intent,
    IntentMode,
    Screening,
    ThreadState,
)
from mailbot import handling, reasons
from mailbot.reading import MAX_BYTES, TOO_LARGE
from tests.builders import a_person, an_account, queued
from tests.mailbot.conftest import a_mail

COORDINATOR = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR)
FORGOTTEN = "Dag, ik ben mijn wachtwoord vergeten."
TWO_REQUESTS = "Ik ben mijn wachtwoord vergeten. Waar vind ik mijn attest?"


@pytest.fixture(autouse=True)
def switched_on(database: str) -> None:
    with write() as db:
        db.add_all(IntentSetting(intent=intent, mode=IntentMode.ON) for intent in Intent)


def taken_in(raw: bytes, *, size: int | None = None) -> IncomingMail:
    """Store and handle one mail; the row as it then is."""
    identity = handling.store(raw, size=size or len(raw))
    assert identity is not None
    assert handling.handle_received() == 1
    with read() as db:
        return db.get_one(IncomingMail, identity)


def thread_of(mail: IncomingMail) -> MailThread:
    assert mail.thread_id is not None
    with read() as db:
        return db.get_one(MailThread, mail.thread_id)


def test_a_question_is_answered_to_its_sender_in_the_same_thread(noon: datetime) -> None:
    mail = taken_in(a_mail(FORGOTTEN, Message_ID="<vraag@school.example>", References="<eerder@school.example>"))
    assert (mail.state, mail.outcome, mail.intent) == (
        IncomingState.HANDLED,
        Screening.ANSWER,
        Intent.NEW_PASSWORD,
    )
    assert thread_of(mail).state is ThreadState.CLOSED
    with read() as db:
        (answer,) = queued(db)
    parsed = message_from_bytes(answer.raw, policy=default)
    assert (answer.recipient, answer.envelope_from) == ("an@school.example", "")
    assert parsed["Auto-Submitted"] == "auto-replied"
    assert parsed["In-Reply-To"] == "<vraag@school.example>"
    assert parsed["References"] == "<eerder@school.example> <vraag@school.example>"


def test_the_same_bytes_are_stored_once() -> None:
    raw = a_mail()
    assert handling.store(raw, size=len(raw)) is not None
    assert handling.store(raw, size=len(raw)) is None


def test_the_largest_uid_a_server_may_give_is_stored() -> None:
    largest = 2**32 - 1
    identity = handling.store(a_mail(), size=9, uidvalidity=largest, uid=largest)
    with read() as db:
        assert db.get_one(IncomingMail, identity).uidvalidity == largest


def test_what_the_bot_does_not_understand_waits_for_a_coordinator() -> None:
    mail = taken_in(a_mail("Is er parking voor een bus met vijftig leerlingen aan de overkant?", Subject="Bus"))
    assert mail.state is IncomingState.HELD
    assert mail.reason
    assert thread_of(mail).state is ThreadState.OPEN
    with read() as db:
        assert queued(db) == []


@pytest.mark.parametrize("mode", [IntentMode.OFF, IntentMode.SHADOW])
def test_an_intent_that_is_not_switched_on_is_handed_over(mode: IntentMode) -> None:
    with write() as db:
        db.get_one(IntentSetting, Intent.NEW_PASSWORD).mode = mode
    mail = taken_in(a_mail(FORGOTTEN))
    assert (mail.state, mail.reason) == (IncomingState.HELD, reasons.SWITCHED_OFF)
    with read() as db:
        assert queued(db) == []


def test_in_shadow_the_answer_is_kept_to_compare_and_nothing_leaves() -> None:
    with write() as db:
        db.get_one(IntentSetting, Intent.CERTIFICATE).mode = IntentMode.SHADOW
    mail = taken_in(a_mail("Wanneer kan ik mijn attest downloaden?", Subject="Attest"))
    unclear = taken_in(a_mail("Ik dien klacht in: waar is mijn attest?", Subject="Attest"))
    with read() as db:
        assert queued(db) == []
        (kept,) = db.scalars(select(ShadowAnswer))
        assert (kept.mail_id, kept.intent, kept.score, kept.answered_at) == (mail.id, mail.intent, mail.score, None)
        assert "attest" in kept.text
        assert "Vriendelijke groet" not in kept.text
    assert {mail.state, unclear.state} == {IncomingState.HELD}


@pytest.mark.parametrize("mode", [IntentMode.OFF, IntentMode.ON])
def test_nothing_is_kept_to_compare_outside_shadow(mode: IntentMode) -> None:
    with write() as db:
        db.get_one(IntentSetting, Intent.CERTIFICATE).mode = mode
    taken_in(a_mail("Wanneer kan ik mijn attest downloaden?", Subject="Attest"))
    with read() as db:
        assert db.scalars(select(ShadowAnswer)).all() == []


def test_a_mail_below_a_raised_threshold_waits_for_a_coordinator() -> None:
    with write() as db:
        intents.require(db, COORDINATOR, Intent.NEW_PASSWORD, 1.0)
    mail = taken_in(a_mail(FORGOTTEN))
    assert (mail.state, mail.reason) == (IncomingState.HELD, reasons.WHY_NOT[WhyNot.UNSURE])
    with write() as db:
        intents.require(db, COORDINATOR, Intent.NEW_PASSWORD, mail.score)
    assert taken_in(a_mail(FORGOTTEN)).state is IncomingState.HANDLED


@pytest.mark.parametrize("raised", [Intent.NEW_PASSWORD, Intent.CERTIFICATE])
def test_of_two_requests_each_must_reach_its_own_raised_threshold(raised: Intent) -> None:
    with write() as db:
        intents.require(db, COORDINATOR, raised, 1.0)
    mail = taken_in(a_mail(TWO_REQUESTS, Subject=""))
    assert (mail.state, mail.reason) == (IncomingState.HELD, reasons.WHY_NOT[WhyNot.UNSURE])


def test_a_raised_threshold_holds_for_the_receipt_of_personal_data_too() -> None:
    with write() as db:
        intents.require(db, COORDINATOR, Intent.PERSONAL_DATA, 1.0)
    taken_in(a_mail("Gelieve al mijn persoonsgegevens te wissen.", Subject="Persoonsgegevens"))
    with read() as db:
        assert queued(db) == []


def test_two_requests_in_one_mail_get_an_answer_each() -> None:
    mail = taken_in(a_mail(TWO_REQUESTS, Subject=""))
    assert mail.state is IncomingState.HANDLED
    with read() as db:
        assert {each.name for each in queued(db)} == {"answer-new-password", "answer-certificate"}


def test_a_question_about_personal_data_gets_a_receipt_and_waits_for_a_person() -> None:
    mail = taken_in(a_mail("Gelieve al mijn persoonsgegevens te wissen.", Subject="Persoonsgegevens"))
    assert mail.state is IncomingState.HELD
    assert thread_of(mail).state is ThreadState.OPEN
    with read() as db:
        assert [each.name for each in queued(db)] == ["answer-personal-data"]


ASKED = {
    "answer-certificate": "Wanneer kan ik mijn attest downloaden?",
    "answer-note-copy": "Kunt u mij de debetnota nog eens bezorgen?",
    "answer-payer-policy": "Onze personeelsleden mogen onze school niet meer als betaler opgeven.",
    "answer-billing-address": "Gelieve onze debetnota's voortaan naar een ander e-mailadres te sturen.",
    "answer-cancel": "Ik wil mijn inschrijving annuleren.",
    "answer-replace": "Een collega komt in mijn plaats, hoe regelen we de vervanging?",
    "answer-enrol": "Hoe kan ik mij inschrijven voor een nascholing?",
    "answer-material": "Waar vind ik de presentatie van de nascholing?",
    "answer-change-details": "Hoe kan ik mijn adres wijzigen?",
    "answer-link-institution": "Hoe kan ik mij aan mijn school koppelen?",
    "answer-create-account": "Hoe maak ik een account aan? Ik volgde nog nooit een nascholing.",
    "answer-payment": "Op welk rekeningnummer moet ik de debetnota betalen?",
    "answer-registered-address": "Onder welk e-mailadres ben ik bij jullie gekend?",
    "answer-institution-address": "Onder welk e-mailadres is onze school bij jullie gekend?",
}


def test_every_kind_of_question_is_answered_in_its_own_words() -> None:
    for number, (name, text) in enumerate(ASKED.items()):
        taken_in(a_mail(text, f"vrager{number}@elders.example", Subject=""))
        with read() as db:
            assert queued(db)[-1].name == name, text
            assert len(queued(db)) == number + 1


def test_an_automatic_mail_is_stored_and_ignored() -> None:
    mail = taken_in(a_mail(FORGOTTEN, Auto_Submitted="auto-replied"))
    assert mail.state is IncomingState.IGNORED
    assert thread_of(mail).state is ThreadState.CLOSED


def test_two_bots_that_write_to_each_other_stop() -> None:
    first = taken_in(a_mail(FORGOTTEN))
    with read() as db:
        (answer,) = queued(db)
    back = answer.raw.replace(b"To: an@school.example", b"To: cno@cno.example")
    assert first.state is IncomingState.HANDLED
    assert taken_in(back).outcome is Screening.OWN_MAIL
    with read() as db:
        assert len(queued(db)) == 1


def test_a_second_mail_with_the_same_message_id_is_held_as_possibly_double() -> None:
    taken_in(a_mail(FORGOTTEN, Message_ID="<1@school.example>"))
    again = taken_in(a_mail(FORGOTTEN + " Alvast bedankt!", Message_ID="<1@school.example>"))
    assert (again.state, again.reason) == (IncomingState.HELD, reasons.POSSIBLY_DOUBLE)


def test_the_fourth_question_for_a_password_in_a_day_waits_for_a_coordinator(noon: datetime) -> None:
    states = []
    for hour in range(4):
        with clock.frozen(noon + timedelta(hours=2 * hour)):
            states.append(taken_in(a_mail(f"{FORGOTTEN} Poging {hour}.")).state)
    assert states == [IncomingState.HANDLED] * 3 + [IncomingState.HELD]
    with clock.frozen(noon + timedelta(hours=31)):
        assert taken_in(a_mail(f"{FORGOTTEN} Morgen.")).state is IncomingState.HANDLED


def test_over_a_number_of_answers_an_hour_the_bot_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSWERS_AN_HOUR_IN_ALL", "2")
    from core.settings import settings

    settings.cache_clear()
    mails = [taken_in(a_mail(FORGOTTEN, f"leraar{number}@school.example")) for number in range(3)]
    assert [mail.reason for mail in mails] == ["", "", reasons.TOO_MANY_IN_ALL]


def test_a_mail_that_kills_the_process_rests_after_two_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = a_mail(FORGOTTEN)
    identity = handling.store(raw, size=len(raw))

    def breaks(*_arguments: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(handling, "look_at", breaks)
        assert [handling.handle_received() for _ in range(2)] == [0, 0]
    other = taken_in_beside(identity)
    assert other.state is IncomingState.HANDLED
    with read() as db:
        mail = db.get_one(IncomingMail, identity)
    assert (mail.state, mail.attempts, mail.raw) == (IncomingState.QUARANTINED, 2, raw)
    assert thread_of(mail).state is ThreadState.OPEN


def taken_in_beside(_identity: int | None) -> IncomingMail:
    """The next mail is handled although another one is kept apart."""
    raw = a_mail(FORGOTTEN, "bo@school.example")
    identity = handling.store(raw, size=len(raw))
    assert handling.handle_received() == 2
    with read() as db:
        return db.get_one(IncomingMail, identity)


def test_a_mail_over_the_limit_is_held_with_its_sender(database: str) -> None:
    mail = taken_in(a_mail("x", Subject="Foto's"), size=MAX_BYTES + 1)
    assert (mail.state, mail.reason, mail.from_address, mail.subject) == (
        IncomingState.HELD,
        TOO_LARGE,
        "an@school.example",
        "Foto's",
    )


def test_a_reply_returns_to_its_conversation_only_when_its_sender_belongs_there() -> None:
    first = taken_in(a_mail("Is er parking voor een bus?", Subject="Bus"))
    with write() as db:
        inbox.reply(db, COORDINATOR, first.thread_id or 0, "Ja, aan de overkant.")
        (answer,) = queued(db)
        mid = answer.mid
    assert thread_of(first).state is ThreadState.CLOSED
    stranger = taken_in(a_mail("En voor twee bussen?", "vreemd@elders.example", In_Reply_To=mid))
    assert stranger.thread_id != first.thread_id
    back = taken_in(a_mail(FORGOTTEN, Subject="Re: Bus", In_Reply_To=mid))
    assert (back.thread_id, back.reason) == (first.thread_id, reasons.RUNNING_CONVERSATION)
    assert thread_of(first).state is ThreadState.OPEN


def test_a_stranger_who_names_somebodys_conversation_joins_nothing_and_learns_nothing() -> None:
    with write() as db:
        an_account(db, a_person(db), "an@school.example")
    first = taken_in(
        a_mail("Is er parking voor mijn rode bus?", Subject="Bus van An", Message_ID="<an@school.example>")
    )
    with write() as db:
        inbox.reply(db, COORDINATOR, first.thread_id or 0, "Ja, aan de geheime overkant.")
        mid = queued(db)[0].mid
    named: tuple[dict[str, str], ...] = (
        {"In_Reply_To": mid},
        {"References": f"<an@school.example> {mid}"},
        {"In_Reply_To": "<an@school.example>"},
        {"In_Reply_To": mid, "Reply_To": "an@school.example", "Sender": "an@school.example"},
    )
    for number, headers in enumerate(named):
        address = f"vreemd{number}@elders.example"
        stranger = taken_in(a_mail(FORGOTTEN, address, Subject="Re: Bus van An", **headers))
        assert (stranger.thread_id != first.thread_id, stranger.state) == (True, IncomingState.HANDLED)
        with read() as db:
            (answer,) = (row for row in queued(db) if row.recipient == address)
        told = message_from_bytes(answer.raw, policy=default)
        everything = f"{told['Subject']} {answer.body} {told.get_body(('html',)).get_content()}"  # type: ignore[union-attr]
        assert [word for word in ("bus", "An", "geheim", "school.example") if word in everything.split()] == []
    with read() as db:
        assert [row.recipient for row in queued(db)] == [
            "an@school.example",
            *(f"vreemd{n}@elders.example" for n in range(4)),
        ]
    assert thread_of(first).state is ThreadState.CLOSED


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(noon: datetime) -> None:
    with write() as db:
        an_account(db, a_person(db), "an@school.example")
    taken_in(a_mail(FORGOTTEN, "an@school.example", Message_ID="<1@x.example>"))
    taken_in(a_mail(FORGOTTEN, "bo@school.example", Message_ID="<1@x.example>"))
    with read() as db:
        known, unknown = queued(db, "answer-new-password")
        links = queued(db, "new-password")

    def shape(row: OutgoingMail) -> bytes:
        raw = row.raw.replace(row.mid.encode(), b"ID").replace(row.recipient.encode(), b"ADDRESS")
        boundary = message_from_bytes(raw).get_boundary() or ""
        return raw.replace(boundary.encode(), b"BOUNDARY")

    assert shape(known) == shape(unknown)
    assert [link.recipient for link in links] == ["an@school.example"]


def test_every_mail_leaves_one_trace_of_its_end() -> None:
    taken_in(a_mail(FORGOTTEN))
    with read() as db:
        tags = db.execute(
            select(AuditEvent.tag, func.count())
            .where(AuditEvent.subject_type == "incoming_mail")
            .group_by(AuditEvent.tag)
        ).all()
    assert sorted((tag.value, count) for tag, count in tags) == [("mail:answered", 1), ("mail:received", 1)]


def test_a_nul_byte_is_no_danger_to_the_database() -> None:
    mail = taken_in(a_mail("Is er \x00 plaats voor een bus?", Subject="x").replace(b"Subject: x", b"Subject: a\x00b"))
    assert mail.state is not IncomingState.RECEIVED
