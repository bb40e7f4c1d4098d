"""Which debit notes are due to be reminded of, and why some are not: derived from dates, asked anew each time (§10).

One query tells the page what would leave and the sending what leaves: the same conditions hold for both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, false, func, literal, null, or_, select, true
from sqlalchemy.orm import aliased

from core import clock
from core.db import Db
from core.decisions import decisions
from core.mail.refusing import LAPSES
from core.models import (
    Account,
    Allocation,
    BillingAddress,
    Course,
    Enrolment,
    Institution,
    Note,
    NoteBalance,
    NoteFile,
    NoteLine,
    Person,
    Reminder,
    ReminderHold,
    ReminderStep,
    WaitingTransaction,
    is_imported,
)
from core.models.balances import IS_OPEN
from core.queries import matching, payments
from core.rules import reminders as rules
from core.rules.proposals import Payer
from core.rules.reminders import Ladder, Step
from core.vocabulary import CourseStatus, FileKind, PayerKind, ReminderBar, ReminderText


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds for all notes on a day. `waiting` and `keeping`: payers of whom a payment waits, or money is kept.

    `mark` changes whenever a bank line is read, placed or undone: as long as it does not, those payers are the same.
    """

    on: date
    ladder: Ladder
    gap_days: int
    with_imported: bool
    bank_until: date | None
    is_fresh: bool
    waiting: frozenset[Payer]
    keeping: frozenset[Payer]
    mark: tuple[int, ...]


def ground(db: Db, on: date, known: Ground | None = None) -> Ground:
    """What holds on a day; `known` saves the matching of all waiting lines as long as nothing moved at the bank."""
    own = decisions(db)
    until = payments.newest_booked(db)
    mark = _mark(db)
    is_known = known is not None and known.mark == mark
    return Ground(
        on=on,
        ladder=ladder(db),
        gap_days=own.reminder_gap_days,
        with_imported=own.remind_imported_notes == "yes",
        bank_until=until,
        is_fresh=rules.knows_the_bank(until, on, own.reminder_bank_days),
        waiting=known.waiting if known is not None and is_known else payments.payers_waiting(db),
        keeping=known.keeping if known is not None and is_known else _keeping(db),
        mark=mark,
    )


def quick_ground(db: Db, on: date) -> Ground:
    """What holds on a day, without looking at what waits or is kept: for a count that may be a little too high."""
    mark = _mark(db)
    nobody: frozenset[Payer] = frozenset()
    return ground(db, on, Ground(on, {}, 0, False, None, False, nobody, nobody, mark))


def ladder(db: Db) -> Ladder:
    """The steps of each kind of payer, as the finance office set them."""
    found: dict[PayerKind, list[Step]] = {kind: [] for kind in PayerKind}
    for row in db.scalars(select(ReminderStep).order_by(ReminderStep.payer_kind, ReminderStep.step)):
        found[row.payer_kind].append(Step(row.after_days, row.text, row.cost_cents))
    return {kind: tuple(steps) for kind, steps in found.items()}


def _mark(db: Db) -> tuple[int, ...]:
    waits = db.execute(
        select(
            func.count(), func.max(WaitingTransaction.transaction_id), func.sum(WaitingTransaction.left_cents)
        ).select_from(WaitingTransaction)
    ).one()
    return (*(int(each or 0) for each in waits), db.scalar(select(func.max(Allocation.id))) or 0)


def _keeping(db: Db) -> frozenset[Payer]:
    kept = {note_id for note_id, cents in matching.kept_by_note(db).items() if cents > 0}
    return frozenset(note.payer for note in matching.notes(db, Note.id.in_(kept))) if kept else frozenset()


def due(ground: Ground, *conditions: ColumnElement[bool]) -> Subquery:
    """The notes of which a step has come, with `step` (None: the team follows it up itself) and `bar` (why not)."""
    open_notes = _open(ground, *conditions)
    kind, due_on, last = open_notes.c.payer_kind, open_notes.c.due_on, func.coalesce(open_notes.c.last, 0)
    mails, lists = _steps(ground, kind, due_on, last)
    step = case(*mails, else_=null()) if mails else null()
    found = (
        select(open_notes, step.label("step"), or_(false(), *lists).label("is_listed"))
        .where(~_is_soon(ground, kind, open_notes.c.last_on))
        .subquery("climbed")
    )
    return (
        select(found, _bar(ground, found).label("bar"))
        .where(or_(found.c.step.is_not(None), found.c.is_listed))
        .subquery("due")
    )


def _open(ground: Ground, *conditions: ColumnElement[bool]) -> Subquery:
    """Debit notes past the first step of their ladder, with what they still ask and their last reminder."""
    first = [
        and_(Note.payer_kind == kind, NoteBalance.due_on <= ground.on - timedelta(days=steps[0].after_days))
        for kind, steps in ground.ladder.items()
        if steps
    ]
    soonest = min((steps[0].after_days for steps in ground.ladder.values() if steps), default=0)
    is_late = NoteBalance.due_on <= ground.on - timedelta(days=soonest)  # what its index is searched by
    own = true() if ground.with_imported else ~is_imported(Note.series)
    newest = select(func.max(Reminder.step)).where(Reminder.note_id == Note.id).correlate(Note).scalar_subquery()
    last = aliased(Reminder)  # joined: as columns SQLite would ask for them again at every mention
    return (
        select(
            Note.id.label("note_id"),
            Note.payer_kind,
            NoteBalance.due_on,
            is_imported(Note.series).label("is_imported"),
            func.coalesce(Institution.merged_into_id, Note.payer_institution_id).label("institution_id"),
            func.coalesce(Person.merged_into_id, Note.payer_person_id).label("person_id"),
            NoteBalance.left_cents.label("left"),
            last.step.label("last"),
            last.sent_on.label("last_on"),
        )
        .select_from(NoteBalance)
        .join(Note, Note.id == NoteBalance.note_id)
        .outerjoin(Institution, Institution.id == Note.payer_institution_id)
        .outerjoin(Person, and_(Note.payer_kind == PayerKind.PERSON, Person.id == Note.payer_person_id))
        .outerjoin(last, and_(last.note_id == Note.id, last.step == newest))
        .where(IS_OPEN, is_late, Note.ogm.is_not(None), or_(false(), *first), own, *conditions)
        .subquery("open_notes")
    )


def _steps(ground: Ground, kind: Any, due_on: Any, last: Any) -> tuple[list[Any], list[ColumnElement[bool]]]:
    """When which mail is due, the highest step first; and when the team follows a note up itself."""
    mails: list[Any] = []
    lists: list[ColumnElement[bool]] = []
    for payer, steps in ground.ladder.items():
        for number in range(len(steps), 0, -1):
            step = steps[number - 1]
            has_come = and_(kind == payer, due_on <= ground.on - timedelta(days=step.after_days))
            if step.text is ReminderText.LIST:
                lists.append(has_come)
            else:
                mails.append((and_(has_come, last < number), literal(number)))
    return mails, lists


def _is_soon(ground: Ground, kind: Any, last_on: Any) -> ColumnElement[bool]:
    """As :func:`core.rules.reminders.is_soon`."""
    days = {payer: timedelta(days=rules.days_between(payer, ground.gap_days)) for payer in PayerKind}
    soon = [and_(kind == payer, last_on > ground.on - apart) for payer, apart in days.items()]
    return func.coalesce(or_(*soon), false())


def _bar(ground: Ground, found: Subquery) -> ColumnElement[str]:
    """Why a due reminder does not leave; the first that holds. What the team follows up needs no address."""
    held = exists().where(ReminderHold.note_id == found.c.note_id, ReminderHold.until >= ground.on)
    cancelling = exists().where(
        NoteLine.note_id == found.c.note_id,
        Enrolment.id == NoteLine.enrolment_id,
        Course.id == Enrolment.course_id,
        Course.status == CourseStatus.CANCELLING,
    )
    address, works = _addresses(found)
    has_file = exists().where(NoteFile.note_id == found.c.note_id, NoteFile.kind == FileKind.ORIGINAL)
    return case(
        (held, literal(ReminderBar.ON_HOLD.value)),
        (cancelling, literal(ReminderBar.COURSE_CANCELLING.value)),
        (_is_of(found, ground.waiting), literal(ReminderBar.PAYMENT_WAITS.value)),
        (_is_of(found, ground.keeping), literal(ReminderBar.HAS_CREDIT.value)),
        (found.c.step.is_(None), null()),
        (~address, literal(ReminderBar.NO_ADDRESS.value)),
        (~works, literal(ReminderBar.ADDRESS_REFUSES.value)),
        (and_(~found.c.is_imported, ~has_file), literal(ReminderBar.NO_FILE.value)),
        else_=null(),
    )


def _is_of(found: Subquery, payers: Iterable[Payer]) -> ColumnElement[bool]:
    ids: dict[PayerKind, list[int]] = {kind: [] for kind in PayerKind}
    for kind, identity in sorted(payers):
        ids[kind].append(identity)
    parts: list[ColumnElement[bool]] = [
        and_(found.c.payer_kind == PayerKind.PERSON, found.c.person_id.in_(ids[PayerKind.PERSON])),
        and_(found.c.payer_kind == PayerKind.INSTITUTION, found.c.institution_id.in_(ids[PayerKind.INSTITUTION])),
    ]
    return or_(*parts)


def _addresses(found: Subquery) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether an address of the payer is known, and whether one of those that are used takes our mail."""
    refuses = select(Account.email).where(Account.undeliverable_since > clock.now() - LAPSES)
    school, person = found.c.institution_id, found.c.person_id
    kind = found.c.payer_kind
    is_person = kind == PayerKind.PERSON
    own_account, school_account = Account.person_id == person, Account.institution_id == school
    takes_mail = Account.email.not_in(refuses)
    account = case((is_person, exists().where(own_account)), else_=exists().where(school_account))
    account_works = case(
        (is_person, exists().where(own_account, takes_mail)), else_=exists().where(school_account, takes_mail)
    )
    billing = and_(~is_person, exists().where(BillingAddress.institution_id == school))
    billing_works = and_(
        ~is_person, exists().where(BillingAddress.institution_id == school, BillingAddress.email.not_in(refuses))
    )
    return or_(billing, account), or_(billing_works, and_(~billing, account_works))
