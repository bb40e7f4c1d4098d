"""Finding notes as finance does, and what is open: by age, payer and course to the same cent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import access, clock
from core.db import read, write
from core.models import Enrolment, Note, NoteBalance, NoteLine, OutgoingMail, WaitingTransaction
from core.queries import debtors, note_search, one_note
from core.queries.note_search import Asked, Show
from core.rules.billing import printed_ogm
from core.rules.proposals import Part
from core.services import billing, note_care, payments
from core.services.billing import CreditTooHigh
from core.vocabulary import Actor, CoordinatorRole, OutgoingState
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution, queued
from tests.services.test_payments import paid, take


@dataclass(frozen=True)
class Books:
    """Six notes: four of a school (one paid, one in part, one credited in part, one open), two of persons."""

    finance: Actor
    ids: tuple[int, ...]
    numbers: tuple[str, ...]
    ogms: tuple[str, ...]
    school: int
    course: int


@pytest.fixture
def books(database: str, noon: datetime) -> Books:
    with clock.frozen(noon - timedelta(days=130)), write() as db:
        account = an_account(db, None, "financien@cno.example", coordinator_role=CoordinatorRole.FINANCE)
        finance = access.acting(account)
        school = an_institution(db, "Atheneum Voorbeeld")
        an_account(db, school, "secretariaat@school.example")
        course, dear = a_course(db, "Rekenen met breuken", price_cents=9_500), a_course(db, "Duur", price_cents=19_000)
        seats = [an_enrolment(db, course, a_person(db, f"An{number}"), school) for number in range(4)]
        seats += [an_enrolment(db, dear, a_person(db, "Zoë", "De Wolf")), an_enrolment(db, course, a_person(db, "Bo"))]
        ids: list[int] = []
        for late, seat in zip((120, 100, 70, 40, 20, 0), seats, strict=True):
            with clock.frozen(noon - timedelta(days=late)):
                ids.append(billing.issue_early(db, finance, seat.id) or 0)
        notes = [db.get_one(Note, each) for each in ids]
        with clock.frozen(noon):
            billing.issue_credit_note(db, finance, ids[2], seats[2], 2_000)
        found = Books(
            finance, tuple(ids), tuple(note.number for note in notes), tuple(str(note.ogm) for note in notes),
            school.id, course.id,
        )  # fmt: skip
    world = found  # `take` asks only for the actor
    take(world, paid(9_500, "R1", ogm=found.ogms[0]), paid(4_000, "R2", ogm=found.ogms[1]))  # type: ignore[arg-type]
    with write() as db:
        waits = db.scalars(select(WaitingTransaction.transaction_id)).one()
        payments.place(db, found.finance, waits, [Part(ids[1], 4_000)])
    return found


def searched(books: Books, **asked: object) -> set[int]:
    with read() as db:
        found = note_search.search(db, books.finance, Asked(**asked))  # type: ignore[arg-type]
        assert found.total == len(found.rows)
        return {row.note_id for row in found.rows}


def test_a_note_is_found_by_all_that_is_known_of_it(books: Books) -> None:
    ids = books.ids
    with read() as db:
        credit = db.scalars(select(Note.id).where(Note.corrects_id == ids[2])).one()
    for text in (books.ogms[3], printed_ogm(books.ogms[3]), books.ogms[3][:10], books.numbers[3], "dn 2026 4"):
        assert searched(books, text=text) == {ids[3]}, text
    assert searched(books, text="190,00") == {ids[4]}
    assert searched(books, text="€ 20") == {credit}
    assert searched(books, text="€ 75") == {ids[2]}, "what is still open counts as an amount too"
    assert searched(books, text="zoe wolf") == {ids[4]}
    assert searched(books, text="atheneum") == {*ids[:4], credit}
    assert searched(books, text="breuken") == {*ids[:4], ids[5]}
    assert searched(books, text="1") == {ids[0], credit}, "the first of both series"
    assert searched(books, text="onbestaand") == set()
    assert searched(books) == {*ids, credit}
    assert searched(books, show=Show.CREDIT_NOTES) == {credit}
    assert searched(books, course_id=books.course) == {*ids[:4], ids[5]}


def test_every_list_holds_what_its_name_says(books: Books) -> None:
    ids = books.ids
    assert searched(books, show=Show.PAID) == {ids[0]}
    assert searched(books, show=Show.OPEN) == {*ids[1:]}
    assert searched(books, show=Show.OVERDUE) == {*ids[1:4]}
    assert searched(books, show=Show.CREDITED) == {ids[2]}
    assert searched(books, show=Show.TOO_MUCH) == set()
    assert searched(books, show=Show.OPEN, institution_id=books.school) == {*ids[1:4]}
    assert searched(books, show=Show.OPEN, text="atheneum", band=3) == {ids[1]}
    assert searched(books, show=Show.REFUSED) == set()
    with write() as db:
        for note_id, state in ((ids[0], OutgoingState.FAILED), (ids[1], OutgoingState.HELD)):
            note = db.get_one(Note, note_id)
            db.add(_a_mail(note, state))
    assert searched(books, show=Show.REFUSED) == {ids[0]}
    assert searched(books, show=Show.HELD) == {ids[1]}


def _a_mail(note: Note, state: OutgoingState) -> OutgoingMail:
    values = dict.fromkeys(("subject", "body", "ref", "mid", "envelope_from", "dedupe_key"), f"x{note.id}")
    return OutgoingMail(
        name="debit-note", kind="note", language="nl", recipient="a@school.example", raw=b"", state=state,
        not_before=clock.now(), created_at=clock.now(), subject_type="note", subject_id=note.id, **values,
    )  # fmt: skip


def test_age_payer_course_and_notes_agree_to_the_cent(books: Books) -> None:
    with read() as db:
        found = debtors.ages(db, books.finance)
        payers, courses = debtors.payers(db, books.finance), debtors.courses(db, books.finance)
        assert found.bands == (28_500, 9_500, 7_500, 5_500, 0)
        assert found.notes == (2, 1, 1, 1, 0)
        for owed in (payers, courses):
            assert owed.cents == found.cents == sum(row.cents for row in owed.rows)
            assert [sum(column) for column in zip(*(row.bands for row in owed.rows), strict=True)] == [*found.bands]
            assert owed.total == len(owed.rows)
        assert [(row.name, row.cents) for row in payers.rows] == [
            ("Atheneum Voorbeeld", 22_500), ("Zoë De Wolf", 19_000), ("Bo Peeters", 9_500),
        ]  # fmt: skip
        assert [row.cents for row in courses.rows] == [32_000, 19_000]
        listed = note_search.search(db, books.finance, Asked(Show.OPEN))
        assert listed.left_cents == found.cents
        for band, cents in enumerate(found.bands):
            assert note_search.search(db, books.finance, Asked(Show.OPEN, band=band)).left_cents == cents


def test_a_note_of_several_courses_counts_with_each_for_its_part(books: Books) -> None:
    with write() as db:
        note = db.get_one(Note, books.ids[3])
        other = db.scalars(select(Enrolment).where(Enrolment.course_id != books.course)).one()
        db.add(NoteLine(note_id=note.id, position=2, enrolment_id=other.id, description="x", amount_cents=2_500))
        db.get_one(NoteBalance, note.id).total_cents += 2_500  # as if it had been issued so
        db.flush()
        found, courses = debtors.ages(db, books.finance), debtors.courses(db, books.finance)
        parts = {row.identity: row.cents for row in courses.rows}
        assert courses.cents == found.cents == 51_000 + 2_500
        assert parts[other.course_id] == 19_000 + 2_500
        db.rollback()


def test_the_whole_life_of_a_note_is_on_one_page(books: Books) -> None:
    with read() as db:
        whole, credited = (one_note.note(db, books.finance, each) for each in books.ids[1:3])
        credit = one_note.note(db, books.finance, credited.credit_notes[0].note_id)
    assert (whole.paid_cents, whole.left_cents, [each.cents for each in whole.payments]) == (4_000, 5_500, [4_000])
    assert (whole.payer_name, whole.payer_institution_id) == ("Atheneum Voorbeeld", books.school)
    assert [line.person_name for line in whole.lines] == ["An1 Peeters"]
    assert [(each.cents, each.number) for each in credited.credit_notes] == [(2_000, "CN-2026-000001")]
    assert credit.corrects is not None and credit.corrects.note_id == books.ids[2]


def test_finance_credits_part_of_a_line_and_says_why(books: Books) -> None:
    with write() as db:
        for wrong, cents, reason in (
            (note_care.NothingToCredit, 0, "x"),
            (note_care.ReasonMissing, 100, " "),
            (CreditTooHigh, 9_501, "x"),
        ):
            with pytest.raises(wrong):
                note_care.credit(db, books.finance, books.ids[3], 1, cents=cents, reason=reason)
        with pytest.raises(access.NotFound):
            note_care.credit(db, books.finance, books.ids[3], 2, cents=1, reason="x")
        note_care.credit(db, books.finance, books.ids[3], 1, cents=9_500, reason="Dubbel ingeschreven")
    assert books.ids[3] in searched(books, show=Show.CREDITED)
    assert books.ids[3] not in searched(books, show=Show.OPEN)
    with read() as db:
        assert [mail.name for mail in queued(db, "credit-note")] == [], "it leaves once its PDF is there"
