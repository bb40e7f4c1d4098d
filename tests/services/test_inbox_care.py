"""Conversations: given to somebody, put off until a day, merged; found by words; text modules; what hangs on a mail."""

from datetime import timedelta

import pytest

from core import clock
from core.access import NotFound
from core.db import read, write
from core.errors import DomainError
from core.mail import parts
from core.models import IncomingMail, MailThread, Remark, TextModule
from core.queries import inbox as queries
from core.queries import inbox_choices, inbox_sender
from core.rules.text_modules import filled
from core.services import inbox, inbox_care, text_modules
from core.vocabulary import Actor, CoordinatorRole, Language, Shelf, ThreadState, Whose
from tests.builders import a_course, a_person, acting, an_account, an_affiliation, an_enrolment, an_institution
from tests.services.test_mailroom import a_question


@pytest.fixture
def coordinator(database: str) -> Actor:
    with write() as db:
        return acting(an_account(db, None, "team@cno.example"))


def shown(actor: Actor, **wanted: object) -> list[int]:
    with read() as db:
        return [row.thread_id for row in queries.threads(db, actor, **wanted).rows]  # type: ignore[arg-type]


def test_who_takes_a_conversation_finds_it_among_the_own(coordinator: Actor) -> None:
    taken, free = a_question(), a_question("an@school.example")
    with write() as db:
        reader = an_account(db, None, "leest@cno.example", coordinator_role=CoordinatorRole.READER)
        inbox_care.assign(db, coordinator, taken, coordinator.account_id)
    assert shown(coordinator, whose=Whose.MINE) == [taken]
    assert shown(coordinator, whose=Whose.NOBODYS) == [free]
    with pytest.raises(NotFound), write() as db:
        inbox_care.assign(db, coordinator, free, reader.id)
    with read() as db:
        assert [identity for identity, _name in inbox_choices.holders(db, coordinator)] == [coordinator.account_id]


def test_a_conversation_rests_until_its_day(coordinator: Actor) -> None:
    thread_id = a_question()
    until = clock.today() + timedelta(days=3)
    with write() as db:
        inbox_care.snooze(db, coordinator, thread_id, until)
    assert (shown(coordinator), shown(coordinator, shelf=Shelf.SNOOZED)) == ([], [thread_id])
    with clock.frozen(clock.now() + timedelta(days=4)):
        assert (shown(coordinator), shown(coordinator, shelf=Shelf.SNOOZED)) == ([thread_id], [])
    for day in (clock.today(), clock.today() - timedelta(days=1)):
        with pytest.raises(inbox_care.NotAComingDay), write() as db:
            inbox_care.snooze(db, coordinator, thread_id, day)
    with write() as db:
        inbox.close(db, coordinator, thread_id)
    with pytest.raises(inbox_care.NothingWaits), write() as db:
        inbox_care.snooze(db, coordinator, thread_id, until)


def test_merged_conversations_are_one_and_the_longest_wait_counts(coordinator: Actor) -> None:
    with clock.frozen(clock.now() - timedelta(hours=5)):
        gone = a_question()
    kept = a_question("an@school.example")
    with write() as db:
        inbox_care.merge(db, coordinator, gone, kept)
    with read() as db:
        found = queries.conversation(db, coordinator, kept)
        assert [mail.address for mail in found.mails] == ["bert@school.example", "an@school.example"]
        assert found.waiting_since == db.get_one(MailThread, gone).waiting_since
        assert queries.conversation(db, coordinator, gone).merged_into_id == kept
    assert shown(coordinator) == [kept]
    assert shown(coordinator, text="bert") == [kept]
    with pytest.raises(inbox_care.MergedWithItself), write() as db:
        inbox_care.merge(db, coordinator, kept, kept)
    with pytest.raises(NotFound), write() as db:
        inbox.reply(db, coordinator, gone, "Dag")


def test_an_answered_conversation_becomes_open_when_one_that_waits_is_merged_into_it(coordinator: Actor) -> None:
    gone, kept = a_question(), a_question()
    with write() as db:
        inbox.close(db, coordinator, kept)
        inbox_care.merge(db, coordinator, gone, kept)
    with read() as db:
        assert db.get_one(MailThread, kept).state is ThreadState.OPEN
        assert inbox_choices.alike(db, coordinator, kept) == ()


def test_a_search_stops_counting_where_nobody_pages_on(coordinator: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [a_question(f"an{number}@school.example") for number in range(3)]
    with read() as db:
        assert queries.threads(db, coordinator, text="bus an", page=2, size=2).rows[0].thread_id == found[2]
        assert queries.threads(db, coordinator, text="bus an1").total == 1
        monkeypatch.setattr(queries, "MOST_FOUND", 2)
        capped = queries.threads(db, coordinator, text="bus", size=1)
        assert (len(capped.rows), capped.total, capped.is_more) == (1, 2, True)
        everything = queries.threads(db, coordinator, size=1)
        assert (everything.total, everything.is_more) == (3, False)


def test_conversations_without_a_subject_are_not_alike_for_that(coordinator: Actor) -> None:
    one, other = a_question(), a_question("an@school.example")
    with write() as db:
        db.get_one(MailThread, one).subject = db.get_one(MailThread, other).subject = ""
    with read() as db:
        assert inbox_choices.alike(db, coordinator, one) == ()


def test_all_that_is_known_of_a_sender_stands_beside_the_mail(coordinator: Actor) -> None:
    with write() as db:
        person, school = a_person(db), an_institution(db)
        an_account(db, person, "an@school.example")
        an_affiliation(db, person, school)
        an_enrolment(db, a_course(db, "Rekenen"), person)
        db.add(Remark(person_id=person.id, author="Bo", text="Belt liever.", written_at=clock.now()))
        name, place = person.name, school.name
    with read() as db:
        found = inbox_sender.sender(db, coordinator, " AN@school.example")
        nobody = inbox_sender.sender(db, coordinator, "x@elders.example")
    assert [(each.name, each.is_own) for each in found.known] == [(name, True)]
    assert found.facts == {"naam": name, "voornaam": "An", "school": place, "nascholing": "Rekenen"}
    assert [note.text for note in found.remarks] == ["Belt liever."]
    assert (nobody.known, nobody.seats, nobody.facts["naam"]) == ((), (), "")


def test_a_text_module_is_filled_in_with_what_is_known() -> None:
    assert filled("Beste {naam}, tot in {school}.", {"naam": "An"}) == "Beste An, tot in …."


def test_text_modules_are_kept_changed_and_removed(coordinator: Actor) -> None:
    with write() as db:
        made = text_modules.save(db, coordinator, None, title=" Bus ", text="Beste {naam}")
    refused: tuple[tuple[int | None, str, str, type[DomainError]], ...] = (
        (None, "Bus", "Dag", text_modules.TitleTaken),
        (made, "Bus", "Dag {secret}", text_modules.UnknownPlaceholder),
        (made + 1_000, "Trein", "Dag", NotFound),
        (made, "", "Dag", DomainError),
    )
    for identity, title, text, why in refused:
        with pytest.raises(why), write() as db:
            text_modules.save(db, coordinator, identity, title=title, text=text)
    with write() as db:
        text_modules.save(db, coordinator, made, title="Bus", text="Dag", language=Language.ENGLISH)
        assert db.get_one(TextModule, made).text == "Dag"
        text_modules.remove(db, coordinator, made)
    with read() as db:
        assert db.get(TextModule, made) is None


HOSTILE = """<html><head><style>p {color: red}</style><script>alert(1)</script></head><body onload=x()>
<!-- hidden --><p style="x" onclick=y()>Dag <b>An</b><img src=https://spy.example/1.gif><svg><a xlink:href=x></svg>
<a href="javascript:alert(1)">klik</a> <a href="https://cno.example/x">goed</a><iframe src=x></iframe>
<form action=x><input name=wachtwoord></form></body></html>"""


def test_the_layout_of_a_mail_holds_nothing_that_runs_or_loads() -> None:
    found = parts.harmless(HOSTILE)
    words = "script style onclick onload img svg iframe form input spy hidden alert"
    assert [bad for bad in words.split() if bad in found] == []
    assert "<b>An</b>" in found
    assert 'href="https://cno.example/x"' in found
    assert parts.harmless("") == ""


def test_an_attachment_is_given_out_and_a_mail_of_quarantine_is_not_laid_out(coordinator: Actor) -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/html\n\n<p>Dag</p>\n--a\n"
        b"Content-Disposition: attachment; filename=x.bin\nContent-Transfer-Encoding: base64\n\nAAEC\n--a--\n"
    )
    assert parts.content(raw, 0) == b"\x00\x01\x02"
    assert parts.content(raw, 1) is None
    thread_id = a_question()
    with write() as db:
        mail = db.query(IncomingMail).filter_by(thread_id=thread_id).one()
        mail.raw, identity = raw, mail.id
    with read() as db:
        assert queries.laid_out(db, coordinator, identity) == "<div><p>Dag</p></div>"
        with pytest.raises(NotFound):
            queries.attachment(db, coordinator, 1)
