"""Reminders of unpaid notes: once a step, never after a payment, never while the bank is not known (§10, §12.10)."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from core import access, clock, jobs
from core.db import read, write
from core.demo.bank_files import Movement, camt_053
from core.documents import reminders as letters
from core.models import (
    Account,
    BillingAddress,
    Course,
    Enrolment,
    ImportRun,
    Institution,
    Note,
    OutgoingMail,
    Person,
    Reminder,
)
from core.queries import reminders as queries
from core.queries import reminders_due
from core.queries.reminders import Shelf
from core.rules.proposals import Part
from core.rules.reminders import Sent, Step, is_soon, is_to_follow_up, next_mail
from core.services import bank_files, billing, decisions, note_files, payments, reminder_care, reminders
from core.vocabulary import (
    CLOCK,
    Actor,
    CoordinatorRole,
    CourseStatus,
    FileKind,
    HoldReason,
    Language,
    PayerKind,
    ReminderBar,
    ReminderText,
)
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution, queued
from tests.services.dying import dying, ended

OURS = "BE71096123456769"
DUE = date(2026, 12, 23)  # thirty days after NOON
FIRST = date(2026, 12, 30)  # a Wednesday, a week later
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class World:
    """A school with a billing address of its own and a person: a note of € 190 each, issued at noon."""

    finance: Actor
    school_id: int
    person_id: int
    of_school: int
    of_person: int


@pytest.fixture
def world(database: str, noon: datetime) -> World:
    with write() as db:
        account = an_account(db, None, "financien@cno.example", coordinator_role=CoordinatorRole.FINANCE)
        school = an_institution(db, billing_addresses=[BillingAddress(email="boekhouding@school.example")])
        an_account(db, school, "secretariaat@school.example")
        person, colleague = a_person(db, "Zoë", "De Wolf"), a_person(db)
        an_account(db, person, "zoe@adres.example", language=Language.ENGLISH)
        an_account(db, colleague, "an@school.example")
        finance = access.acting(account)
        course = a_course(db)
        of_school = noted(db, finance, an_enrolment(db, course, colleague, school))
        of_person = noted(db, finance, an_enrolment(db, course, person))
        return World(finance, school.id, person.id, of_school, of_person)


def noted(db: object, finance: Actor, seat: Enrolment) -> int:
    """A seat's debit note with its files; the mail is as good as sent."""
    note_id = billing.issue_early(db, finance, seat.id)  # type: ignore[arg-type]
    assert note_id is not None
    note_files.store_and_mail(db, CLOCK, note_id, dict.fromkeys(FileKind, b"%PDF note"))  # type: ignore[arg-type]
    return note_id


def at(day: date, hour: int = 8) -> datetime:
    return clock.at(day, time(hour))


def bank(world: World, until: date, *movements: Movement) -> None:
    """A bank file until a day, in which somebody unknown pays € 1 beside what is given."""
    moved = [*movements, Movement(until, 100, f"KLEIN{until}", "Iemand")]
    with write() as db:
        bank_files.take_in(db, world.finance, f"{until}.xml", camt_053(OURS, moved, number=until.toordinal()))


def paid(world: World, note_id: int, until: date, cents: int = 19_000, *, with_ogm: bool = True) -> None:
    """A bank file in which a note is paid, with its reference or only its number."""
    with read() as db:
        note = db.get_one(Note, note_id)
    words = {"ogm": note.ogm or ""} if with_ogm else {"text": f"betaling {note.number}"}
    bank(world, until, Movement(until, cents, f"B{note_id}", "Payer", "BE10000000000404", **words))


def run(on: date, hour: int = 8) -> list[tuple[int, int]]:
    """What the clock sends on a day: note and step."""
    before = {each.id for each in sent()}
    with clock.frozen(at(on, hour)):
        assert jobs.run_due().failed == 0
    return [(each.note_id, each.step) for each in sent() if each.id not in before]


def sent() -> list[Reminder]:
    with read() as db:
        return list(db.scalars(select(Reminder).order_by(Reminder.id)))


def listed(world: World, shelf: Shelf, on: date) -> dict[int, ReminderBar | None]:
    with clock.frozen(at(on, 7)), read() as db:
        return {row.note_id: row.bar for row in queries.due(db, world.finance, shelf).rows}


def test_a_reminder_leaves_once_a_step_and_the_last_step_is_for_the_team(world: World) -> None:
    both = [(world.of_school, 1), (world.of_person, 1)]
    bank(world, FIRST - timedelta(days=2))
    assert run(FIRST - timedelta(days=1)) == []
    assert run(FIRST, hour=6) == []  # the day has not begun
    assert run(FIRST) == both
    assert run(FIRST, hour=9) == []
    for day in (13, 14, 15):
        bank(world, FIRST + timedelta(days=day - 1))
    assert run(FIRST + timedelta(days=13)) == []
    assert run(FIRST + timedelta(days=14)) == [(world.of_school, 2)]
    assert run(FIRST + timedelta(days=15)) == [(world.of_person, 2)]  # a consumer's days begin the day after
    bank(world, FIRST + MONTH)
    assert run(FIRST + MONTH + timedelta(days=2)) == []
    assert listed(world, Shelf.TO_FOLLOW_UP, FIRST + MONTH + timedelta(days=2)) == {
        world.of_school: None,
        world.of_person: None,
    }


def test_it_goes_to_the_billing_address_alone_with_letter_note_balance_and_a_fresh_code(world: World) -> None:
    with write() as db:
        billing.issue_credit_note(db, CLOCK, world.of_school, db.get_one(Enrolment, 1), 9_000)
    bank(world, FIRST)
    run(FIRST)
    with read() as db:
        mails = {mail.recipient: mail for mail in queued(db) if mail.name.startswith("note-reminder")}
        facts = {each.note_id: (each.open_cents, each.pay_by) for each in sent()}
        assert mails.keys() == {"boekhouding@school.example", "zoe@adres.example"}
        assert facts[world.of_school] == (10_000, FIRST + timedelta(days=14))
        to_school, to_person = mails["boekhouding@school.example"], mails["zoe@adres.example"]
        assert "€\u00a0100,00" in to_school.body
        assert "ten laatste op 13 januari 2027" in to_school.body
        assert "This first reminder is free of charge" in to_person.body
        assert "BE 0257216482" in to_person.body
        files = [part.get_content() for part in attached(to_school)]
        assert [file[:4] for file in files] == [b"%PDF", b"%PDF"]
        assert files[1] == b"%PDF note"


def attached(mail: OutgoingMail) -> list[object]:
    message = message_from_bytes(mail.raw or b"", policy=default)
    return list(message.iter_attachments())  # type: ignore[attr-defined]


def test_never_after_a_payment_and_for_the_rest_after_a_part(world: World) -> None:
    paid(world, world.of_school, FIRST)
    with write() as db:
        part = Movement(FIRST, 5_000, "DEEL", "Zoë", "BE10000000000404", db.get_one(Note, world.of_person).ogm or "")
    bank(world, FIRST, part)
    assert run(FIRST) == []
    assert listed(world, Shelf.KEPT_BACK, FIRST + timedelta(days=1)) == {world.of_person: ReminderBar.PAYMENT_WAITS}
    with write() as db:
        line = db.scalar(text("SELECT transaction_id FROM waiting_transaction WHERE left_cents = 5000"))
        payments.place(db, world.finance, line, [Part(world.of_person, 5_000)])
    assert run(FIRST + timedelta(days=1)) == [(world.of_person, 1)]
    assert sent()[0].open_cents == 14_000


@pytest.mark.parametrize("days", [2, 8])
def test_nothing_leaves_while_the_bank_data_is_old_and_it_leaves_the_day_after_it_is_fresh(
    world: World, days: int
) -> None:
    bank(world, FIRST - timedelta(days=days))
    assert (run(FIRST) != []) is (days == 2)
    if days == 8:
        bank(world, FIRST - timedelta(days=1))
        assert run(FIRST, hour=10) == []  # the coordinator sees first what will leave
        assert len(run(FIRST + timedelta(days=1))) == 2


def test_nothing_leaves_without_any_bank_file_nor_on_a_holiday_nor_switched_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(FIRST) == []
    bank(world, FIRST)
    assert run(date(2027, 1, 1)) == []
    with write() as db:
        decisions.decide(db, world.finance, {"reminders_leave": "no"}, seen={})
    assert run(FIRST + timedelta(days=1)) == []


def test_a_waiting_payment_of_the_payer_keeps_all_its_reminders_back(world: World) -> None:
    paid(world, world.of_school, FIRST, cents=25_000)  # too much: it waits
    assert run(FIRST) == [(world.of_person, 1)]
    assert listed(world, Shelf.KEPT_BACK, FIRST + timedelta(days=1)) == {world.of_school: ReminderBar.PAYMENT_WAITS}


def test_money_that_is_kept_for_a_payer_keeps_its_reminders_back(world: World, noon: datetime) -> None:
    with write() as db:
        second = noted(db, world.finance, an_enrolment(db, a_course(db), a_person(db), db.get_one(Institution, 1)))
    paid(world, second, FIRST, cents=20_000)
    with write() as db:
        line = db.scalar(text("SELECT transaction_id FROM waiting_transaction WHERE left_cents = 20000"))
        payments.place(db, world.finance, line, [Part(second, 19_000), Part(second, 1_000, is_kept=True)])
    assert run(FIRST) == [(world.of_person, 1)]
    assert listed(world, Shelf.KEPT_BACK, FIRST + timedelta(days=1)) == {world.of_school: ReminderBar.HAS_CREDIT}


def test_a_hold_with_reason_and_end_keeps_it_back_until_it_ends_or_is_released(world: World) -> None:
    until = FIRST + timedelta(days=5)
    with clock.frozen(at(FIRST)), write() as db:
        for note_id in (world.of_school, world.of_person):
            reminder_care.hold(db, world.finance, note_id, reason=HoldReason.DISPUTE, until=until, remark="belde")
    bank(world, FIRST)
    assert run(FIRST) == []
    with clock.frozen(at(FIRST, 9)), read() as db:
        row = queries.due(db, world.finance, Shelf.KEPT_BACK).rows[0]
        assert row.hold is not None
        assert (row.bar, row.hold.remark, row.hold.until) == (ReminderBar.ON_HOLD, "belde", until)
    with clock.frozen(at(FIRST, 10)), write() as db:
        reminder_care.release(db, world.finance, world.of_school)
        with pytest.raises(reminder_care.NotHeld):
            reminder_care.release(db, world.finance, world.of_school)
    assert run(FIRST, hour=11) == []  # from the next run on
    bank(world, FIRST + timedelta(days=1))
    assert run(FIRST + timedelta(days=1)) == [(world.of_school, 1)]
    bank(world, until)
    assert run(until) == []
    assert run(until + timedelta(days=1)) == [(world.of_person, 1)]


def test_a_hold_needs_an_end_and_finance(world: World) -> None:
    with write() as db:
        for days in (-1, 400):
            end = clock.today() + timedelta(days=days)
            with pytest.raises(reminder_care.HoldEndsTooSoon):
                reminder_care.hold(db, world.finance, world.of_school, reason=HoldReason.OTHER, until=end)
        coordinator = access.acting(an_account(db, None, "team@cno.example"))
        with pytest.raises(access.FinanceOnly):
            reminder_care.hold(db, coordinator, world.of_school, reason=HoldReason.OTHER, until=clock.today())


def _no_address(world: World) -> None:
    with write() as db:
        school = db.get_one(Institution, world.school_id)
        school.billing_addresses = []
        account = db.scalars(select(Account).where(Account.institution_id == school.id)).one()
        account.institution_id = an_institution(db, "Elders").id


def _refusing(world: World) -> None:
    with clock.frozen(at(FIRST)), write() as db:
        db.get_one(Institution, world.school_id).billing_addresses = []
        account = db.scalars(select(Account).where(Account.institution_id == world.school_id)).one()
        account.undeliverable_since = clock.now() - timedelta(days=1)


def _cancelling(world: World) -> None:
    with write() as db:
        course_id = db.get_one(Enrolment, 1).course_id
        other = a_course(db)
        db.get_one(Enrolment, 2).course_id = other.id
        db.get_one(Course, course_id).status = CourseStatus.CANCELLING
        db.get_one(Course, course_id).cancelled_at = clock.now()


@pytest.mark.parametrize(
    ("happens", "bar"),
    [
        (_no_address, ReminderBar.NO_ADDRESS),
        (_refusing, ReminderBar.ADDRESS_REFUSES),
        (_cancelling, ReminderBar.COURSE_CANCELLING),
    ],
)
def test_what_cannot_arrive_or_is_being_cancelled_stands_on_the_list_with_its_reason(
    world: World, happens: Callable[[World], None], bar: ReminderBar
) -> None:
    happens(world)
    bank(world, FIRST)
    with clock.frozen(at(FIRST, 7)), read() as db:
        ground = reminders_due.ground(db, FIRST)
        assert queries.to_send(db, ground) == (world.of_person,)
    assert listed(world, Shelf.KEPT_BACK, FIRST) == {world.of_school: bar}


def test_a_note_without_its_file_waits_and_an_imported_one_only_leaves_when_switched_on(world: World) -> None:
    with write() as db:
        bare = billing.issue_early(db, world.finance, an_enrolment(db, a_course(db), a_person(db)).id)
        db.add(ImportRun(files="[]", counts="{}", made_by="x", made_at=clock.now()))
        db.flush()
        imported = Note(
            **{name: getattr(db.get_one(Note, world.of_person), name) for name in _COPIED},
            series="IMPORT-1",
            nr=1,
            number="2025/17",
            ogm="202500001781",
            payload="{}",
            created_at=clock.now(),
        )
        db.add(imported)
        db.flush()
        old = imported.id
    bank(world, FIRST)
    with clock.frozen(at(FIRST, 7)):
        assert listed(world, Shelf.KEPT_BACK, FIRST)[bare or 0] in (ReminderBar.NO_ADDRESS, ReminderBar.NO_FILE)
        assert old not in listed(world, Shelf.LEAVES, FIRST)
        with write() as db:
            decisions.decide(db, world.finance, {"remind_imported_notes": "yes"}, seen={})
        assert old in listed(world, Shelf.LEAVES, FIRST)
    assert (old, 1) in run(FIRST)


_COPIED = ("kind", "issued_on", "due_on", "payer_kind", "payer_person_id", "total_cents", "payload_sha256")


def test_the_reminder_of_a_merged_payer_goes_to_who_was_kept(world: World) -> None:
    with write() as db:
        kept = an_institution(db, "Gebleven school")
        an_account(db, kept, "gebleven@school.example")
        db.get_one(Institution, world.school_id).merged_into_id = kept.id
        one = a_person(db, "Gebleven", "Mens")
        an_account(db, one, "mens@adres.example")
        db.get_one(Person, world.person_id).merged_into_id = one.id
    bank(world, FIRST)
    assert len(run(FIRST)) == 2
    with read() as db:
        to = {mail.recipient for mail in queued(db) if mail.name == "note-reminder"}
    assert to == {"gebleven@school.example", "mens@adres.example"}


def test_two_workers_at_once_remind_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bank(world, FIRST)
    together = threading.Barrier(2)

    def render(_payload: str) -> bytes:
        together.wait(timeout=20)
        return b"%PDF letter"

    monkeypatch.setattr(letters, "render", render)
    found: list[bool] = []

    def work() -> None:
        with clock.frozen(at(FIRST)):
            found.append(jobs.remind_of_note(CLOCK, world.of_school))

    at_once(work, work)
    assert sorted(found) == [False, True]
    assert [(each.note_id, each.step) for each in sent()] == [(world.of_school, 1)]


def at_once(*jobs_: Callable[[], None]) -> None:
    failed: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as wrong:
            failed.append(wrong)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs_]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []


def test_a_payment_that_is_booked_while_the_letter_is_made_stops_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank(world, FIRST - timedelta(days=1))

    def render(_payload: str) -> bytes:
        paid(world, world.of_school, FIRST)
        return b"%PDF letter"

    monkeypatch.setattr(letters, "render", render)
    with clock.frozen(at(FIRST)):
        assert jobs.remind_of_note(CLOCK, world.of_school) is False
    assert sent() == []


@pytest.mark.parametrize("with_ogm", [True, False])
def test_a_payment_booked_while_reminders_run_and_a_reminder_never_follow_each_other(
    world: World, monkeypatch: pytest.MonkeyPatch, with_ogm: bool
) -> None:
    """Whoever has the note first: a reminder that was sent was sent before the payment was known."""
    with clock.frozen(at(FIRST)), write() as db:
        school = db.get_one(Institution, world.school_id)
        notes = [noted(db, world.finance, an_enrolment(db, a_course(db), a_person(db), school)) for _ in range(4)]
        db.execute(text("DELETE FROM reminder_step"))
        db.execute(
            text(
                "INSERT INTO reminder_step (payer_kind, step, after_days, text, cost_cents)"
                " VALUES ('institution', 1, 1, 'friendly', 0)"
            )
        )
    on = date(2027, 2, 3)
    bank(world, on)
    monkeypatch.setattr(letters, "render", lambda _payload: b"%PDF letter")
    with clock.frozen(at(on)):
        booked: dict[int, bool] = {}

        def book() -> None:
            with clock.frozen(at(on)):
                for note_id in notes:
                    paid(world, note_id, on - timedelta(days=note_id), with_ogm=with_ogm)
                    booked[note_id] = True

        reminded: list[int] = []

        def remind() -> None:
            with clock.frozen(at(on)):
                for note_id in reversed(notes):
                    was_known = note_id in booked
                    if jobs.remind_of_note(CLOCK, note_id):
                        reminded.append(note_id)
                        assert not was_known, "it was sent though its payment was booked before"

        at_once(book, remind)
        with read() as db:
            ground = reminders_due.ground(db, on)
            assert queries.to_send(db, ground) in ((), (world.of_school,))
        if not with_ogm:  # what waits keeps all notes of that payer back, also the one that is not paid
            assert listed(world, Shelf.KEPT_BACK, on)[world.of_school] is ReminderBar.PAYMENT_WAITS
    assert len(sent()) == len(set(reminded)) == len(reminded)


@pytest.mark.parametrize("step", ["_queue", "finish_run"])
def test_a_worker_that_is_killed_reminds_nobody_twice_and_forgets_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    bank(world, FIRST)
    with monkeypatch.context() as patch, clock.frozen(at(FIRST)):
        patch.setattr(reminders, step, dying(getattr(reminders, step)))
        assert ended(jobs.run_due) == -signal.SIGKILL
    first = [(each.note_id, each.step) for each in sent()]
    assert len(first) == (0 if step == "_queue" else 2)
    again = run(FIRST, hour=9)
    assert sorted(first + again) == [(world.of_school, 1), (world.of_person, 1)]
    with read() as db:
        assert len([mail for mail in queued(db) if mail.name == "note-reminder"]) == 2


def test_what_was_sent_never_changes_and_a_step_is_sent_once_in_the_database_too(world: World) -> None:
    bank(world, FIRST)
    run(FIRST)
    for statement in ("UPDATE reminder SET open_cents = 1", "DELETE FROM reminder"):
        with pytest.raises(IntegrityError), write() as db:
            db.execute(text(statement))
    copied = (
        "note_id, step, text, sent_on, pay_by, open_cents, cost_cents, payload, letter, letter_sha256, made_by, made_at"
    )
    with pytest.raises(IntegrityError), write() as db:
        db.execute(text(f"INSERT INTO reminder ({copied}) SELECT {copied} FROM reminder"))  # noqa: S608


def test_finance_sets_the_steps_and_nobody_overwrites_the_other(world: World) -> None:
    new = (Step(10, ReminderText.FIRM, 500), Step(40, ReminderText.LIST))
    with write() as db:
        seen = reminders_due.ladder(db)[PayerKind.INSTITUTION]
        assert [step.after_days for step in seen] == [7, 21, 35]
        reminder_care.change_ladder(db, world.finance, PayerKind.INSTITUTION, new, seen=seen)
        with pytest.raises(reminder_care.LadderChangedMeanwhile):
            reminder_care.change_ladder(db, world.finance, PayerKind.INSTITUTION, seen, seen=seen)
        assert reminders_due.ladder(db)[PayerKind.INSTITUTION] == new
    bank(world, FIRST)
    assert run(FIRST) == [(world.of_person, 1)]
    bank(world, FIRST + timedelta(days=5))
    assert run(FIRST + timedelta(days=5)) == [(world.of_school, 1)]
    assert sent()[-1].cost_cents == 0  # the first that somebody gets is free


def test_the_query_and_the_rule_agree_on_every_day(world: World) -> None:
    """The page and the sending ask the database; the rule says it in words that a test can read."""
    bank(world, FIRST)
    run(FIRST)
    with read() as db:
        ladder = reminders_due.ladder(db)
        for days in range(0, 60, 3):
            on = FIRST + timedelta(days=days)
            ground = reminders_due.ground(db, on)
            for note_id, kind in ((world.of_school, PayerKind.INSTITUTION), (world.of_person, PayerKind.PERSON)):
                row = queries.one(db, ground, note_id)
                last, steps = Sent(1, FIRST), ladder[kind]
                step = next_mail(steps, DUE, last, on)
                is_due = (step or is_to_follow_up(steps, DUE, last, on)) and not is_soon(kind, last, 14, on)
                assert (row.step if row else None) == (step if is_due else None), (days, kind)
                assert (row is not None) is bool(is_due), (days, kind)
