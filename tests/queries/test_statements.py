"""The statement of account agrees to the cent with the books, whatever happened; and who may have it mailed."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core import access, clock
from core.db import Db, read, write
from core.demo.bank_files import Movement, camt_053
from core.documents import statements as documents
from core.errors import DomainError
from core.i18n import speaking
from core.models import Allocation, BankTransaction, Enrolment, Institution, Note, NoteLine, PaidBefore, Person
from core.queries import matching, paying, statements
from core.queries.statements import AGES, PeriodBackwards, Statement
from core.rules.proposals import Part, Payer
from core.services import bank_files, billing, payments
from core.services import statements as services
from core.vocabulary import CLOCK, Actor, CoordinatorRole, EntryKind, Language, NoteKind, PayerKind
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution, queued
from tests.documents.test_documents import text_of

OURS = "BE71096123456769"


@dataclass
class World:
    """A school and a person that pay, and the finance office."""

    finance: Actor
    school: Actor
    person: Actor
    school_id: int
    person_id: int
    serial: int = 0


@pytest.fixture
def world(database: str, noon: datetime) -> World:
    with write() as db:
        finance = an_account(db, None, "financien@cno.example", coordinator_role=CoordinatorRole.FINANCE)
        school, person = an_institution(db, street="Schoolstraat 1"), a_person(db, "Zoë", "De Wolf")
        secretariat = an_account(db, school, "secretariaat@school.example")
        own = an_account(db, person, "zoe@adres.example", language=Language.ENGLISH)
        acting = access.acting
        return World(acting(finance), acting(secretariat), acting(own), school.id, person.id)


def note(world: World, cents: int, *, of_school: bool) -> int:
    with write() as db:
        payer = db.get_one(Institution, world.school_id) if of_school else None
        seat = an_enrolment(
            db, a_course(db, price_cents=cents), a_person(db) if payer else db.get_one(Person, world.person_id), payer
        )
        return billing.issue_early(db, world.finance, seat.id) or 0


def bank(world: World, on: date, cents: int) -> int:
    """A line that waits, whoever paid; its id."""
    world.serial += 1
    moved = [Movement(on, cents, f"R{world.serial}", "Iemand", "", text="zonder mededeling")]
    with write() as db:
        bank_files.take_in(db, world.finance, f"{world.serial}.xml", camt_053(OURS, moved, number=world.serial))
        return db.scalar(select(func.max(BankTransaction.id))) or 0


def credit(db: Db, note_id: int, cents: int) -> None:
    seat = db.scalars(select(NoteLine.enrolment_id).where(NoteLine.note_id == note_id)).one()
    billing.issue_credit_note(db, CLOCK, note_id, db.get_one(Enrolment, seat), cents)


def attempted(action: object, *values: object) -> None:
    """An action that the rules may refuse."""
    try:
        with write() as db:
            action(db, *values)  # type: ignore[operator]
    except DomainError:
        pass


def something(world: World, chance: random.Random, on: date) -> None:
    """One thing that happens to the books."""
    with read() as db:
        debits = db.scalars(select(Note.id).where(Note.kind == NoteKind.DEBIT).order_by(Note.id)).all()
        lines = db.scalars(select(BankTransaction.id).order_by(BankTransaction.id)).all()
    what = chance.choice(["note", "note", "credit", "pay", "pay", "pay", "over", "undo", "spend", "refund"])
    if what == "note" or not debits:
        note(world, chance.choice([9_500, 19_000, 28_501]), of_school=chance.random() < 0.6)
    elif what == "credit":
        attempted(credit, chance.choice(debits), chance.choice([1, 4_750, 9_500]))
    elif what in ("pay", "over"):
        chosen = chance.choice(debits)
        with read() as db:
            left = max(1, paying.open_cents(db, db.get_one(Note, chosen)))
        extra = 777 if what == "over" else 0
        paid = left if chance.random() < 0.6 else max(1, left // 3)
        line = bank(world, on - timedelta(days=chance.randint(0, 20)), paid + extra)
        parts = [Part(chosen, paid)] + ([Part(chosen, extra, is_kept=True)] if extra else [])
        attempted(payments.place, world.finance, line, parts)
    elif what == "undo" and lines:
        attempted(payments.undo, world.finance, chance.choice(lines))
    elif what == "spend":
        with read() as db:
            kept = matching.kept_by_note(db)
        if kept:
            attempted(payments.spend, world.finance, chance.choice(sorted(kept)), chance.choice(debits), 300)
    elif what == "refund":
        with read() as db:
            kept = {each: cents for each, cents in matching.kept_by_note(db).items() if cents > 0}
        if kept:
            chosen = chance.choice(sorted(kept))
            line = bank(world, on, -kept[chosen])
            attempted(payments.place, world.finance, line, [Part(chosen, -kept[chosen], is_kept=True)])


def books(db: Db, payer: Payer) -> tuple[int, int]:
    """What a payer's notes ask by the books, and the credit that is kept; nothing of the statement's own queries."""
    kind, identity = payer
    column = Note.payer_institution_id if kind is PayerKind.INSTITUTION else Note.payer_person_id
    notes = db.scalars(
        select(Note).where(Note.kind == NoteKind.DEBIT, Note.payer_kind == kind, column == identity)
    ).all()
    kept = matching.kept_by_note(db)
    return sum(paying.open_cents(db, each) for each in notes), sum(kept.get(each.id, 0) for each in notes)


@pytest.mark.parametrize("seed", range(2))
def test_after_a_random_history_every_statement_agrees_with_the_books(world: World, seed: int, noon: datetime) -> None:
    chance = random.Random(seed)
    for day in range(45):
        at = noon + timedelta(days=2 * day)
        with clock.frozen(at):
            something(world, chance, at.date())
    end = noon.date() + timedelta(days=100)
    with clock.frozen(noon + timedelta(days=100)), read() as db:
        for payer in ((PayerKind.INSTITUTION, world.school_id), (PayerKind.PERSON, world.person_id)):
            left, kept = books(db, payer)
            whole = statements.of(db, world.finance, payer, date(2026, 1, 1), end)
            assert whole.entries, "else it proves nothing"
            assert whole.opening_cents == 0
            assert (whole.closing_cents, whole.kept_cents) == (left - kept, kept)
            assert sum(item.left_cents for item in whole.items) == left
            assert sum(whole.by_age.values()) == sum(max(0, item.left_cents) for item in whole.items)
            pieces = [
                statements.of(db, world.finance, payer, first, last)
                for first, last in (
                    (date(2026, 1, 1), date(2026, 12, 5)),
                    (date(2026, 12, 6), date(2027, 1, 15)),
                    (date(2027, 1, 16), end),
                )
            ]
            assert [each.opening_cents for each in pieces[1:]] == [each.closing_cents for each in pieces[:-1]]
            assert [entry for each in pieces for entry in each.entries] == list(whole.entries)
            for each in pieces:  # also on a day in the past: what was open then less what was kept then
                assert each.closing_cents == sum(item.left_cents for item in each.items) - each.kept_cents


def a_short_history(world: World, noon: datetime) -> None:
    """A note that is paid with too much, one that is credited in part, one that is late."""
    first, second = note(world, 19_000, of_school=True), note(world, 9_500, of_school=True)
    with write() as db:
        credit(db, second, 4_500)
    line = bank(world, noon.date(), 20_000)
    with write() as db:
        payments.place(db, world.finance, line, [Part(first, 19_000), Part(first, 1_000, is_kept=True)])


def of_school(world: World, actor: Actor | None = None) -> Statement:
    with read() as db:
        return statements.of(db, actor or world.school, None, date(2026, 11, 1), date(2027, 1, 31))


def test_a_statement_names_what_moved_what_is_open_by_age_and_the_credit(world: World, noon: datetime) -> None:
    a_short_history(world, noon)
    found = of_school(world)
    told = [(entry.kind, entry.cents) for entry in found.entries]
    assert told == [
        (EntryKind.DEBIT, 19_000),
        (EntryKind.DEBIT, 9_500),
        (EntryKind.CREDIT, -4_500),
        (EntryKind.PAYMENT, -20_000),
    ]
    assert (found.closing_cents, found.kept_cents, [item.left_cents for item in found.items]) == (4_000, 1_000, [5_000])
    assert found.by_age == dict.fromkeys(AGES, 0) | {60: 5_000}  # 39 days late


def test_credit_used_later_for_a_newer_note_was_still_kept_on_the_day_before_that_note(
    world: World, noon: datetime
) -> None:
    a_short_history(world, noon)
    with clock.frozen(noon + timedelta(days=30)):
        newer = note(world, 19_000, of_school=True)
        with write() as db:
            payments.spend(db, world.finance, min(matching.kept_by_note(db)), newer, 600)
    with read() as db:
        before, after = (
            statements.of(db, world.school, None, date(2026, 11, 1), last)
            for last in (date(2026, 12, 22), date(2026, 12, 23))
        )
    assert (before.closing_cents, before.kept_cents, [item.left_cents for item in before.items]) == (
        4_000,
        1_000,
        [5_000],
    )
    assert (after.closing_cents, after.kept_cents, [item.left_cents for item in after.items]) == (
        23_000,
        400,
        [5_000, 18_400],
    )


def test_what_was_paid_before_an_import_counts_and_doubles_are_one(world: World, noon: datetime) -> None:
    other = note(world, 9_500, of_school=True)
    with write() as db:
        db.add(PaidBefore(note_id=other, cents=4_000))
        merged = an_institution(db, "Dubbel")
        seat = an_enrolment(db, a_course(db, price_cents=1_000), a_person(db), merged)
        billing.issue_early(db, world.finance, seat.id)
        merged.merged_into_id = world.school_id
    found = of_school(world)
    assert sorted((entry.kind, entry.cents) for entry in found.entries) == [
        (EntryKind.BEFORE, -4_000),
        (EntryKind.DEBIT, 1_000),
        (EntryKind.DEBIT, 9_500),
    ]
    assert found.closing_cents == 6_500


def test_nobody_sees_the_account_of_another_and_a_period_goes_forward(world: World, noon: datetime) -> None:
    a_short_history(world, noon)
    period = (date(2026, 11, 1), date(2026, 12, 31))
    with read() as db:
        assert statements.of(db, world.person, None, *period).entries == ()
        for actor, payer in (
            (world.person, (PayerKind.INSTITUTION, world.school_id)),
            (world.school, (PayerKind.PERSON, world.person_id)),
            (world.finance, None),
        ):
            with pytest.raises(access.NotFound):
                statements.of(db, actor, payer, *period)
        with pytest.raises(PeriodBackwards):
            statements.of(db, world.school, None, period[1], period[0])


@pytest.mark.parametrize("language", Language)
def test_the_paper_says_what_the_screen_says(world: World, noon: datetime, language: Language) -> None:
    a_short_history(world, noon)
    found = of_school(world)
    with read() as db, speaking(language):
        pdf = documents.to_pdf(services.facts(db, found), language)
    text = text_of(pdf)
    for part in ("+++202/6000/00293+++", "DN-2026-000002", "190,00", "45,00", "200,00", "40,00", "50,00", "10,00"):
        assert part in text.replace("190.00", "190,00").replace(".00", ",00"), part
    assert ("Beginsaldo" in text) is (language is Language.DUTCH)


def test_a_statement_is_mailed_to_the_billing_address_once_a_day(world: World, noon: datetime) -> None:
    a_short_history(world, noon)
    period = (date(2026, 11, 1), date(2026, 12, 31))
    with write() as db:
        services.send(db, world.school, None, period, b"%PDF")
    for actor, payer in ((world.school, None), (world.finance, (PayerKind.INSTITUTION, world.school_id))):
        with pytest.raises(services.MailedToday), write() as db:
            services.send(db, actor, payer, period, b"%PDF")
    with write() as db:
        nobody = an_institution(db, "Zonder adres").id
        with pytest.raises(services.NobodyToMail):
            services.send(db, world.finance, (PayerKind.INSTITUTION, nobody), period, b"%PDF")
        (mail,) = [each for each in queued(db) if each.name == "account-statement"]
    assert mail.recipient == "secretariaat@school.example"
    assert "€\u00a040,00" in mail.body
    with clock.frozen(noon + timedelta(days=1)), write() as db:
        services.send(db, world.school, None, period, b"%PDF")


def test_nothing_is_placed_that_a_statement_does_not_count(world: World, noon: datetime) -> None:
    """Every cent of the bank that was placed on a note or kept stands on the statement of exactly one payer."""
    a_short_history(world, noon)
    with read() as db:
        placed = db.scalar(select(func.sum(Allocation.cents)).where(Allocation.note_id.is_not(None)))
        payers = ((PayerKind.INSTITUTION, world.school_id), (PayerKind.PERSON, world.person_id))
        found = [statements.of(db, world.finance, payer, date(2026, 1, 1), date(2027, 1, 1)) for payer in payers]
    assert placed == -sum(entry.cents for each in found for entry in each.entries if entry.kind is EntryKind.PAYMENT)
