"""One debit note a day or a month for an institution: what stands on it, who sees what of it, credits by the line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import func, select

from core import clock, jobs
from core.access import NotFound
from core.assistant.answers import note_copy, payment
from core.assistant.answers.common import Question
from core.db import read, write
from core.decisions import decisions
from core.models import Account, BillingAddress, ComingChange, Enrolment, Note, NoteFile, NoteLine, OutgoingMail
from core.queries import billing as queries
from core.queries import cancelling_plan, dossier_lists, due_notes, paying
from core.queries import enrolments as enrolment_queries
from core.queries.billing import WantedNotes
from core.services import billing, coming_changes, enrolments, note_copies, replacements
from core.services.billing import CreditTooHigh
from core.vocabulary import (
    CLOCK,
    Actor,
    ComingKind,
    EnrolmentStatus,
    FileKind,
    Language,
    NoteGrouping,
    NoteKind,
    NoteState,
    Party,
    Verdict,
)
from tests.builders import (
    a_coordinator,
    a_course,
    a_person,
    acting,
    an_account,
    an_affiliation,
    an_enrolment,
    an_institution,
    queued,
)

pytestmark = pytest.mark.renders

NAMES = ("An", "Bo", "Cé")
PRICES = (19_000, 9_500, 12_000)


@dataclass(frozen=True, slots=True)
class School:
    """An institution with three colleagues, each in a course of another price; all confirmed on the same day."""

    school: Actor
    persons: tuple[Actor, ...]
    seats: tuple[int, ...]
    team: Actor


def a_school(grouping: NoteGrouping, **values: Any) -> School:
    with write() as db:
        values.setdefault("billing_addresses", [BillingAddress(email="boekhouding@wimpel.example")])
        school = an_institution(db, note_grouping=grouping, kbo="0257216482", street="Dorp 1", postcode="2000",
                                city="Antwerpen", **values)  # fmt: skip
        own = acting(an_account(db, school, "secretariaat@wimpel.example"))
        persons, seats = [], []
        for name, cents in zip(NAMES, PRICES, strict=True):
            person = a_person(db, name, f"Geheim{name}")
            an_affiliation(db, person, school)
            persons.append(acting(an_account(db, person, f"{name.lower().replace('é', 'e')}@staff.example")))
            course = a_course(db, f"Cursus van {name}", in_days=60, price_cents=cents)
            seats.append(an_enrolment(db, course, person, school, billing_reference="Bon 7").id)
        return School(own, tuple(persons), tuple(seats), a_coordinator(db))


def issued(school: School, on: datetime) -> Note:
    """The one debit note that the clock makes, with its files and mails."""
    with clock.frozen(on):
        done = jobs.run_due()
    assert (done.issued, done.rendered, done.failed) == (1, 1, 0)
    with read() as db:
        return db.scalars(select(Note).where(Note.kind == NoteKind.DEBIT)).one()


def words(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))


def others(own: int) -> list[str]:
    return [f"Geheim{name}" for place, name in enumerate(NAMES) if place != own] + ["405,00", "40500"]


def test_seats_that_mature_on_a_day_leave_on_one_note_with_one_reference(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.DAY)
    with write() as db:  # another order number is another note
        db.get_one(Enrolment, school.seats[2]).billing_reference = "Bon 8"
    with clock.frozen(noon + timedelta(days=6)):
        assert jobs.run_due().issued == 0
    with clock.frozen(noon + timedelta(days=7)), read() as db:
        assert len(due_notes.due(db)) == 2
    with clock.frozen(noon + timedelta(days=7)):
        assert jobs.run_due().issued == 2
        assert jobs.run_due().issued == 0
    with read() as db:
        several, one = db.scalars(select(Note).order_by(Note.total_cents.desc())).all()
        assert [line.amount_cents for line in several.lines] == [19_000, 9_500]
        assert (several.total_cents, several.payer_person_id, one.total_cents) == (28_500, None, 12_000)
        facts = json.loads(several.payload)
        assert [line["person"] for line in facts["lines"]] == ["An GeheimAn", "Bo GeheimBo"]
        assert (facts["reference"], facts["total_cents"], facts["participant"]) == ("Bon 7", 28_500, "")
        assert {seat.billed_on for seat in db.scalars(select(Enrolment))} == {date(2026, 11, 30)}


def test_one_note_a_month_leaves_on_its_last_day_or_with_the_first_run_after(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.MONTH)  # 23 November + 7 days: 30 November
    with write() as db:
        db.get_one(Enrolment, school.seats[0]).confirmed_on = date(2026, 11, 2)
        db.get_one(Enrolment, school.seats[2]).confirmed_on = date(2026, 11, 24)  # 1 December: the next note
    with read() as db:
        days = {row.enrolment_id: row.debit_note_on for row in enrolment_queries.own_enrolments(db, school.school)}
        assert [days[seat] for seat in school.seats] == [date(2026, 11, 30)] * 2 + [date(2026, 12, 31)]
        coming = due_notes.coming_debit_notes(db, 60)
        assert [row.due_on for row in coming] == [date(2026, 11, 30)] * 2 + [date(2026, 12, 31)]
        assert (due_notes.count_coming(db, 6), due_notes.count_coming(db, 7)) == (0, 2)
    for day in (12, 29):
        with clock.frozen(noon.replace(day=day)):
            assert jobs.run_due().issued == 0
    note = issued(school, noon.replace(month=12, day=2))
    with read() as db:
        assert [line.enrolment_id for line in db.get_one(Note, note.id).lines] == list(school.seats[:2])
    with clock.frozen(noon.replace(month=12, day=31)):
        assert jobs.run_due().issued == 1


def test_what_is_held_stays_behind_and_what_leaves_early_takes_its_note_along(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.MONTH)
    with write() as db:
        coming_changes.hold(db, school.team, ComingKind.DEBIT_NOTE, school.seats[1], reason="Twijfel over de prijs")
        db.get_one(Enrolment, school.seats[2]).confirmed_on = date(2026, 12, 20)
    with write() as db:
        note_id = billing.issue_early(db, school.team, school.seats[0])
        assert note_id is not None
        assert [line.enrolment_id for line in db.get_one(Note, note_id).lines] == [school.seats[0]]
        change = db.get_one(ComingChange, (ComingKind.DEBIT_NOTE, school.seats[1]))
        assert (change.is_held, change.reason) == (True, "Twijfel over de prijs")
        # what is held leaves when it is named itself
        assert billing.issue_early(db, school.team, school.seats[1]) is not None


def test_a_participant_sees_the_own_line_the_institution_all(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.DAY)
    note = issued(school, noon + timedelta(days=7))
    with read() as db:
        (whole,) = queries.notes_of(db, school.school)
        assert (whole.total_cents, whole.person_name, whole.course_title) == (40_500, "3 deelnemers", "3 nascholingen")
        assert [line.person_name for line in whole.lines] == [f"{name} Geheim{name}" for name in NAMES]
        assert (whole.line, whole.state, whole.left_cents, whole.is_copy) == (None, NoteState.OPEN, 40_500, False)
        for place, person in enumerate(school.persons):
            (row,) = queries.notes_of(db, person)
            assert (row.total_cents, row.line, row.lines) == (PRICES[place], place + 1, ())
            assert (row.is_copy, row.has_file, row.has_e_invoice, paying.can_pay(row)) == (True, True, False, False)
            assert (row.ogm, row.state, row.left_cents) == (None, None, 0)
            assert not [text for text in others(place) if text in repr(row)]
            with pytest.raises(NotFound):
                paying.how_to_pay(db, person, note.id)
            for name in others(place)[:2]:  # nor is a colleague found by name
                assert queries.count_notes(db, person, WantedNotes(person=name)) == 0
            assert queries.count_notes(db, person, WantedNotes(course="cursus")) == 1
            assert queries.count_notes(db, school.school, WantedNotes(person=NAMES[place])) == 1
        assert queries.count_notes(db, school.school, WantedNotes(person="An", course="Cursus van Bo")) == 0
        stranger = acting(an_account(db, a_person(db, "Dirk"), "dirk@elders.example"))
        assert queries.notes_of(db, stranger) == ()


def test_the_copy_of_a_participant_holds_the_own_line_and_nothing_of_a_colleague(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.DAY)
    note = issued(school, noon + timedelta(days=7))
    with read() as db:
        original = queries.note_file(db, school.school, note.id)
        assert all(f"Geheim{name}" in words(original.content) for name in NAMES)
        assert queries.note_file(db, school.school, note.id, is_e_invoice=True).content.count(b"<cac:InvoiceLine>") == 3
        for place, person in enumerate(school.persons):
            copy = queries.note_file(db, person, note.id)
            assert copy == queries.note_file(db, person, note.id, line=place + 1)
            assert copy.filename == f"DN-2026-000001-{place + 1}.pdf"
            text = words(copy.content)
            assert f"Geheim{NAMES[place]}" in text
            assert not [each for each in others(place) if each in text or each.encode() in copy.content]
            for line in (0, 4, *(each + 1 for each in range(3) if each != place)):
                with pytest.raises(NotFound):
                    queries.note_file(db, person, note.id, line=line)
            with pytest.raises(NotFound):
                queries.note_file(db, person, note.id, is_e_invoice=True)
        kinds = db.execute(select(NoteFile.kind, NoteFile.position).order_by(NoteFile.kind, NoteFile.position)).all()
        expected = [
            (FileKind.COPY, 1),
            (FileKind.COPY, 2),
            (FileKind.COPY, 3),
            (FileKind.ORIGINAL, 0),
            (FileKind.UBL, 0),
        ]
        assert [tuple(row) for row in kinds] == expected


def test_somebody_with_two_lines_has_a_row_and_a_copy_of_each(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.DAY)
    with write() as db:
        db.get_one(Enrolment, school.seats[1]).person_id = school.persons[0].person_id
    note = issued(school, noon + timedelta(days=7))
    with read() as db:
        rows = queries.notes_of(db, school.persons[0])
        assert [(row.line, row.total_cents) for row in rows] == [(1, 19_000), (2, 9_500)]
        assert queries.count_notes(db, school.persons[0]) == 2
        names = {queries.note_file(db, school.persons[0], note.id, line=row.line).filename for row in rows}
        assert names == {"DN-2026-000001-1.pdf", "DN-2026-000001-2.pdf"}
        papers = dossier_lists.papers(db, school.team, Party.PERSON, school.persons[0].person_id or 0)
        assert [(paper.line, paper.cents) for paper in papers] == [(1, 19_000), (2, 9_500)]
        (paper,) = dossier_lists.papers(db, school.team, Party.INSTITUTION, school.school.institution_id or 0)
        assert (paper.line, paper.cents, paper.course_title) == (None, 40_500, "3 inschrijvingen")
        (paper,) = dossier_lists.papers(db, school.team, Party.PERSON, school.persons[2].person_id or 0)
        assert (paper.line, paper.cents, paper.person_name) == (3, 12_000, "Cé GeheimCé")


def attached(mail: OutgoingMail) -> list[tuple[str, str]]:
    """The names of the files of a mail, and what can be read in them."""
    parts = message_from_bytes(mail.raw or b"", policy=default).iter_attachments()
    return [(part.get_filename() or "", words(part.get_content())) for part in parts]


def test_the_mails_go_to_the_billing_address_whole_and_to_each_participant_the_own_line(
    database: str, noon: datetime
) -> None:
    school = a_school(NoteGrouping.DAY)
    with write() as db:
        coming_changes.add_text(db, school.team, ComingKind.DEBIT_NOTE, school.seats[0], "Over An alleen.")
    issued(school, noon + timedelta(days=7))
    with read() as db:
        (whole,) = queued(db, "debit-note-group")
        copies = queued(db, "debit-note")
    assert whole.recipient == "boekhouding@wimpel.example"
    assert all(text in whole.body for text in ("GeheimAn", "GeheimBo", "GeheimCé", "405,00", "+++", "Over An alleen."))
    assert [name for name, _text in attached(whole)] == ["DN-2026-000001.pdf"]
    assert [mail.recipient for mail in copies] == ["an@staff.example", "bo@staff.example", "ce@staff.example"]
    for place, mail in enumerate(copies):
        ((name, text),) = attached(mail)
        assert name == "DN-2026-000001-kopie.pdf"
        assert not [each for each in others(place) if each in mail.body + mail.subject + text]
        assert ("Over An alleen." in mail.body) is (place == 0)
        assert "+++" not in mail.body


def test_a_participant_who_reads_the_mail_of_the_institution_gets_one_mail(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.DAY, billing_addresses=[BillingAddress(email="an@staff.example")])
    issued(school, noon + timedelta(days=7))
    with read() as db:
        assert [mail.recipient for mail in queued(db, "debit-note-group")] == ["an@staff.example"]
        assert [mail.recipient for mail in queued(db, "debit-note")] == ["bo@staff.example", "ce@staff.example"]


def asked(text: str, address: str) -> Question:
    return Question(sender=address, text=text, verdict=Verdict.NONE, language=Language.DUTCH)


def test_the_mailbox_sends_the_whole_note_again_to_the_institution_alone(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.DAY)
    note = issued(school, noon + timedelta(days=7))
    with clock.frozen(noon + timedelta(days=8)), write() as db:
        assert note_copies.send_again(db, CLOCK, note.id, since=noon)
        (mail,) = queued(db, note_copies.AGAIN)
    assert mail.recipient == "boekhouding@wimpel.example"
    assert "3 deelnemers" in mail.body
    assert [name for name, _text in attached(mail)] == ["DN-2026-000001.pdf"]


def test_a_cancelled_line_is_credited_alone_and_never_more_than_it(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.DAY)
    note = issued(school, noon + timedelta(days=7))
    with clock.frozen(noon + timedelta(days=8)):
        with read() as db:
            assert enrolments.cancellation_preview(db, school.school, school.seats[1]).credit_cents == 9_500
        with write() as db:
            assert enrolments.cancel(db, school.school, school.seats[1]).credit_cents == 9_500
        with write() as db:
            first = db.get_one(Enrolment, school.seats[0])
            billing.issue_credit_note(db, CLOCK, note.id, first, 4_000)
        with write() as db, pytest.raises(CreditTooHigh):
            billing.issue_credit_note(db, CLOCK, note.id, db.get_one(Enrolment, school.seats[0]), 15_001)
        with write() as db, pytest.raises(CreditTooHigh):
            billing.issue_credit_note(db, CLOCK, note.id, db.get_one(Enrolment, school.seats[1]), 1)
        jobs.run_due()
    with read() as db:
        credit = db.scalars(select(Note).where(Note.kind == NoteKind.CREDIT).order_by(Note.id)).first()
        assert credit is not None
        assert json.loads(credit.payload)["corrects"] == {
            "number": note.number, "issued_on": "2026-11-30", "position": 2
        }  # fmt: skip
        whole = next(row for row in queries.notes_of(db, school.school) if row.kind is NoteKind.DEBIT)
        assert (whole.state, whole.left_cents) == (NoteState.PARTLY_CREDITED, 40_500 - 13_500)
        plan = cancelling_plan.plan(db, school.team, db.get_one(Enrolment, school.seats[0]).course_id)
        assert plan.credit_cents == 15_000
        # the participant sees the own credit, no colleague's
        assert {(row.kind, row.total_cents) for row in queries.notes_of(db, school.persons[1])} == {
            (NoteKind.DEBIT, 9_500),
            (NoteKind.CREDIT, 9_500),
        }
        assert [row.kind for row in queries.notes_of(db, school.persons[2])] == [NoteKind.DEBIT]
        mails = [(mail.recipient, "GeheimBo" in mail.body) for mail in queued(db, "credit-note")]
        assert ("bo@staff.example", True) in mails
        assert ("ce@staff.example", True) not in mails


def test_a_colleague_who_took_the_place_is_credited_on_the_line_of_the_first(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.DAY)
    note = issued(school, noon + timedelta(days=7))
    with clock.frozen(noon + timedelta(days=8)):
        with write() as db:
            replacements.replace(db, school.school, school.seats[0], school.persons[1].person_id or 0)
            taken = db.scalars(select(Enrolment.id).where(Enrolment.replaces_id == school.seats[0])).one()
        with write() as db:
            assert enrolments.cancel(db, school.school, taken).credit_cents == 19_000
    with read() as db:
        credit = db.scalars(select(Note).where(Note.corrects_id == note.id)).one()
        assert [(line.enrolment_id, line.amount_cents) for line in credit.lines] == [(taken, 19_000)]
        assert billing.to_credit(db, note, school.seats[0], 0) == 0
        assert billing.to_credit(db, note, school.seats[1], 0) == 9_500


def test_a_name_that_changed_in_the_week_stands_on_the_note_and_a_free_cancelling_does_not(
    database: str, noon: datetime
) -> None:
    school = a_school(NoteGrouping.DAY)
    with clock.frozen(noon + timedelta(days=1)):
        with write() as db:
            replacements.replace(db, school.school, school.seats[0], school.persons[1].person_id or 0)
        with write() as db:
            enrolments.cancel(db, school.school, school.seats[2])
    note = issued(school, noon + timedelta(days=7))
    with read() as db:
        lines = json.loads(db.get_one(Note, note.id).payload)["lines"]
        assert sorted(line["person"] for line in lines) == ["Bo GeheimBo", "Bo GeheimBo"]
        assert queries.notes_of(db, school.persons[0]) == queries.notes_of(db, school.persons[2]) == ()
        assert db.scalar(select(func.count()).select_from(NoteLine)) == 2
        assert db.get_one(Enrolment, school.seats[2]).status is EnrolmentStatus.CANCELLED
        assert decisions(db).debit_note_after_days == 7


def test_a_place_without_a_name_is_billed_and_nobody_gets_its_copy(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.DAY)
    with write() as db:
        db.get_one(Enrolment, school.seats[0]).person_id = None
    issued(school, noon + timedelta(days=7))
    with read() as db:
        copies = db.scalars(select(NoteFile.position).where(NoteFile.kind == FileKind.COPY)).all()
        assert len(copies) == 2
        assert sorted(mail.recipient for mail in queued(db, "debit-note")) == ["bo@staff.example", "ce@staff.example"]


def answers(reply: Any, school: School, actor: Actor, text: str) -> Any:
    with read() as db:
        account = db.get_one(Account, actor.account_id)
        return reply(db, asked(text, account.email))


def numbers(found: Sequence[Any]) -> list[str]:
    return [each["number"] for each in found]


def test_the_bot_tells_a_participant_nothing_of_the_note_and_the_institution_all(database: str, noon: datetime) -> None:
    school = a_school(NoteGrouping.DAY)
    issued(school, noon + timedelta(days=7))
    with clock.frozen(noon + timedelta(days=8)):
        facts = answers(payment.reply, school, school.persons[0], "Is mijn nota betaald?").facts
        assert (numbers(facts["notes"]), facts["coming_notes"]) == ([], [])
        whole = answers(payment.reply, school, school.school, "Welke nota staat open?").facts
        assert [(note["number"], note["total"]) for note in whole["notes"]] == [("DN-2026-000001", "€\xa0405,00")]
        copy = answers(note_copy.reply, school, school.persons[0], "Stuur DN-2026-000001 nog eens.")
        assert (copy.facts["note_number"], copy.effect) == ("", None)
        again = answers(note_copy.reply, school, school.school, "Stuur de nota voor Bo GeheimBo nog eens.")
        assert again.facts["note_number"] == "DN-2026-000001"
        assert again.effect is not None
