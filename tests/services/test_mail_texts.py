"""Texts of mails as data: the newest version leaves, the history stays, and nothing a text does stops a mail."""

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select

from core import access, mail
from core.db import Db, read, write
from core.mail.rendering import code_draft
from core.mail.versions import Draft
from core.models import AuditEvent, Enrolment, Institution, MailTemplateVersion, OutgoingMail
from core.queries import mail_texts as queries
from core.services import accounts, mail_switches
from core.services import mail_texts as services
from core.vocabulary import VISITOR, Actor, Addressee, AuditTag, CoordinatorRole, Language, Role
from tests.builders import a_course, a_person, acting, an_account, an_enrolment, an_institution, queued

NAME, NL = "enrolment-confirmed", Language.DUTCH
DRAFT = Draft("Welkom in {{ course_title }}", "Fijn dat u komt, {{ person_name }}.\n\nCode: {{ course_code }}")


@pytest.fixture
def team(database: str, noon: datetime) -> Actor:
    with write() as db:
        return acting(an_account(db, None, "team@cno.example"))


def _seat(db: Db, payer: Institution | None = None, **values: object) -> Enrolment:
    person = a_person(db)
    an_account(db, person, f"an{person.id}@school.example", **values)
    return an_enrolment(db, a_course(db), person, payer)


def _confirm(db: Db, enrolment: Enrolment) -> list[OutgoingMail]:
    facts = {"cancel_terms": "", "asked_name": "", "open_questions": 0}
    ids = mail.queue(db, NAME, dedupe=f"enrolment:{enrolment.id}", enrolment=enrolment, facts=facts)
    return [db.get_one(OutgoingMail, identity) for identity in ids]


def _html(row: OutgoingMail) -> str:
    part = message_from_bytes(row.raw or b"", policy=default).get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_an_edited_text_holds_from_the_next_mail_on_in_its_language(team: Actor) -> None:
    with write() as db:
        (before,) = _confirm(db, _seat(db))
        assert services.save(db, team, NAME, NL, DRAFT, seen=0) == 1
        (after,) = _confirm(db, _seat(db))
        (english,) = _confirm(db, _seat(db, language=Language.ENGLISH))
    assert before.subject == "U bent ingeschreven: Didactiek Nederlands"
    assert after.subject == "Welkom in Didactiek Nederlands"
    assert "Beste An Peeters,\n\nFijn dat u komt, An Peeters." in after.body
    assert "Vriendelijke groet,\nHet CNO-team" in after.body
    assert "<p>Fijn dat u komt, An Peeters.</p>" in _html(after)
    assert english.subject.startswith("You are enrolled")


def test_the_history_is_kept_and_every_version_can_come_back(team: Actor, noon: datetime) -> None:
    second = replace(DRAFT, subject="Tot gauw", html="<p>Dag {{ person_name }}</p>")
    with write() as db:
        services.save(db, team, NAME, NL, DRAFT, seen=0)
        assert services.save(db, team, NAME, NL, DRAFT, seen=1) == 1  # nothing new, no version
        services.save(db, team, NAME, NL, second, seen=1)
    with write() as db:
        assert services.reset(db, team, NAME, NL, seen=2) == 3
        (mailed,) = _confirm(db, _seat(db))
        assert mailed.subject.startswith("U bent ingeschreven")
        assert services.restore(db, team, NAME, NL, 1, seen=3) == 4
    with read() as db:
        found = queries.texts(db, team, NAME, NL)
        assert (found.version, found.draft, found.is_edited, found.failed) == (4, DRAFT, True, False)
        assert [(row.version, row.draft, row.restored_from) for row in found.versions] == [
            (4, DRAFT, 1),
            (3, None, None),
            (2, second, None),
            (1, DRAFT, None),
        ]
        assert {row.author for row in found.versions} == {"Coördinator"}
        assert queries.edited_names(db, team) == ((NAME, NL),)
        tags = [event.tag for event in db.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert tags[-4:] == [
        AuditTag.MAIL_TEMPLATE_SAVED,
        AuditTag.MAIL_TEMPLATE_SAVED,
        AuditTag.MAIL_TEMPLATE_RESET,
        AuditTag.MAIL_TEMPLATE_RESTORED,
    ]


def test_going_back_to_what_never_was_is_refused(team: Actor) -> None:
    with pytest.raises(access.NotFound), write() as db:
        services.restore(db, team, NAME, NL, 1, seen=0)
    with pytest.raises(access.NotFound), write() as db:
        services.save(db, team, "reply", NL, DRAFT, seen=0)
    with write() as db:
        assert services.reset(db, team, NAME, NL, seen=0) == 0


def test_the_second_coordinator_hears_of_the_first_and_loses_nothing(team: Actor, noon: datetime) -> None:
    with write() as db:
        services.save(db, team, NAME, NL, DRAFT, seen=0)
    with pytest.raises(services.TextChangedMeanwhile) as refused, write() as db:
        services.save(db, team, NAME, NL, replace(DRAFT, subject="Anders"), seen=0)
    assert refused.value.fields == {"name": "Coördinator", "version": 1, "at": noon}


def test_a_text_that_cannot_be_filled_in_stops_no_mail_and_is_told(team: Actor) -> None:
    with write() as db:
        services.save(db, team, NAME, NL, DRAFT, seen=0)
        db.scalars(select(MailTemplateVersion)).one().text = "{{ gone }}"  # as if the code knew it before
    with write() as db:
        (row,) = _confirm(db, _seat(db))
        assert row.subject == "U bent ingeschreven: Didactiek Nederlands"
    with read() as db:
        assert queries.texts(db, team, NAME, NL).failed
        event = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.MAIL_TEMPLATE_FAILED)).one()
        assert "gone" in event.details


def test_the_secret_of_an_edited_mail_stays_out_of_its_readable_copy(team: Actor) -> None:
    own = code_draft("new-password", NL)
    with write() as db:
        services.save(db, team, "new-password", NL, replace(own, subject="Wachtwoord", html=None), seen=0)
        an_account(db, a_person(db), "an@school.example")
        accounts.request_new_password(db, VISITOR, Role.PERSON, "an@school.example")
        (row,) = queued(db, "new-password")
    assert row.subject == "Wachtwoord"
    assert "code=…" in row.body
    assert row.is_sensitive


def test_a_draft_is_shown_with_a_real_enrolment(team: Actor) -> None:
    with write() as db:
        school = an_institution(db)
        an_account(db, school, "school@school.example")
        seat = _seat(db, school).id
    with read() as db:
        (example,) = queries.examples(db, team)
        assert (example.enrolment_id, example.payer_name) == (seat, "Basisschool De Zonnewimpel")
        facts = queries.facts(db, team, seat, NL) | {"to": "institution"}
        shown = queries.preview(db, team, NAME, NL, DRAFT, filled=facts)
        assert shown.subject == "Welkom in Didactiek Nederlands"
        assert "26/TST/" in shown.text
        made_up = queries.facts(db, team, None, NL)
        assert queries.preview(db, team, NAME, NL, DRAFT, filled=made_up | {"to": "person"}).text
        assert queries.would_get(db, team, NAME, seat) == (
            (Addressee.PERSON, f"an{db.get_one(Enrolment, seat).person_id}@school.example"),
            (Addressee.INSTITUTION, "school@school.example"),
        )


def test_a_copy_is_switched_off_and_on_again(team: Actor) -> None:
    def told(db: Db, **values: object) -> list[str]:
        school = an_institution(db)
        an_account(db, school, f"s{school.id}@school.example")
        seat = _seat(db, school)
        for name, value in values.items():
            setattr(seat, name, value)
        db.flush()
        facts = {"cancellation_cost": "€ 0,00", "money_sentence": "Niets."}
        ids = mail.queue(db, "enrolment-cancelled", dedupe=f"enrolment:{seat.id}", enrolment=seat, facts=facts)
        return [db.get_one(OutgoingMail, identity).recipient[0] for identity in ids]

    with write() as db:
        assert told(db) == ["a", "s"]
        mail_switches.switch(db, team, "enrolment-cancelled", Addressee.INSTITUTION, is_on=False)
        assert told(db) == ["a"]
        assert told(db, person=None) == ["s"]  # nobody else would be told
        mail_switches.switch(db, team, "enrolment-cancelled", Addressee.INSTITUTION, is_on=True)
        assert told(db) == ["a", "s"]


def test_what_is_promised_cannot_be_switched_off(team: Actor) -> None:
    for name, addressee in (
        ("colleagues-enrolled", Addressee.INSTITUTION),
        ("debit-note", Addressee.PAYER),
        ("debit-note", Addressee.PERSON_COPY),
    ):
        with pytest.raises(mail_switches.CannotSwitch), write() as db:
            mail_switches.switch(db, team, name, addressee, is_on=False)
    with pytest.raises(access.NotFound), write() as db:
        mail_switches.switch(db, team, "enrolment-cancelled", Addressee.PAYER, is_on=True)
    with read() as db:
        rows = queries.routes(db, team)
        assert all(row.is_on for row in rows if row.reason)
        assert [(row.name, row.is_on) for row in rows if row.addressee is Addressee.INSTITUTION and not row.is_on] == [
            ("debit-note", False),
            ("debit-note-group", False),
            ("credit-note", False),
        ]


def test_a_reader_changes_no_text_and_no_copy(database: str) -> None:
    with write() as db:
        reader = acting(an_account(db, None, "lezer@cno.example", coordinator_role=CoordinatorRole.READER))
    for action in (
        lambda db: services.save(db, reader, NAME, NL, DRAFT, seen=0),
        lambda db: services.restore(db, reader, NAME, NL, 1, seen=0),
        lambda db: services.reset(db, reader, NAME, NL, seen=0),
        lambda db: mail_switches.switch(db, reader, "still-linked", Addressee.INSTITUTION, is_on=False),
    ):
        with pytest.raises(access.NotAllowed), write() as db:
            action(db)
