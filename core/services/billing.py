"""Debit and credit notes: numbered from a locked counter, frozen as a payload, never changed (`billing.md` §2–4).

No PDF, mail or network here: a slow step inside the issuing transaction would hold up everybody who needs a number.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import selectinload

from core import access, audit, clock
from core.db import Db, is_sqlite
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, Counter, Course, Enrolment, Institution, Note, NoteLine, NoteToRender
from core.money import euro
from core.queries import due_notes
from core.rules import billing as rules
from core.services import billing_payload, coming_changes
from core.vocabulary import Actor, AuditTag, ComingKind, NoteGrouping, NoteKind


class ClockWentBack(DomainError):
    """A note would be dated before the last one of its series; dates never decrease within a series."""

    message = N_("The last number of this series was given on {last}, after today. Check the server's clock.")


class CreditTooHigh(DomainError):
    """The credit notes of a debit note would together exceed it."""

    message = N_("Only {left} of debit note {number} can still be credited.")


class Numbered(NamedTuple):
    """A number of a series, and the day it was given on, in Brussels."""

    day: date
    series: str
    nr: int


def next_number(db: Db, series_on: Callable[[date], str]) -> Numbered:
    """The next number of the series of today, from its counter row, which stays locked until the transaction ends.

    The day is read when the row is locked, so that whoever had to wait over midnight is not dated before others.
    Raises ClockWentBack.
    """
    insert = sqlite.insert(Counter) if is_sqlite(db) else postgresql.insert(Counter)
    series, today = "", clock.today()
    while series != series_on(today):
        series = series_on(today)
        db.execute(insert.values(series=series, last=0).on_conflict_do_nothing())
        row = select(Counter.last, Counter.last_date).where(Counter.series == series).with_for_update()
        last, before = db.execute(row).one()
        today = clock.today()
    if before is not None and before > today:
        raise ClockWentBack(last=before)
    db.execute(update(Counter).where(Counter.series == series).values(last=last + 1, last_date=today))
    return Numbered(today, series, last + 1)


def issue_debit_note(db: Db, actor: Actor, enrolment_id: int) -> int | None:
    """Issue the debit note of a seat that is due; None when there is nothing (more) to bill yet.

    An institution that wants one note a day or a month gets all its seats that are due, of one reference, on it.
    Of two workers at once one issues and the other gets None; so does who comes after a coordinator kept it back.
    Raises NotAllowed or ClockWentBack.
    """
    access.require_staff(actor)
    return _bill(db, actor, enrolment_id, is_early=False)


def issue_early(db: Db, actor: Actor, enrolment_id: int) -> int | None:
    """Issue it before its day, because a coordinator wants so; None when there is nothing (more) to bill.

    On a note of several seats go those that would have left with this one. Raises NotAllowed or ClockWentBack.
    """
    access.require_coordinator(actor)
    return _bill(db, actor, enrolment_id, is_early=True)


def _bill(db: Db, actor: Actor, enrolment_id: int, *, is_early: bool) -> int | None:
    bills = [
        (seat, cents)
        for seat in seats_on_note(db, enrolment_id)
        for cents in (rules.amount_to_bill(seat.status, seat.price_cents, seat.cancellation_cents),)
        if cents > 0 and (is_early or _leaves_on(db, seat) <= clock.today())
    ]
    if enrolment_id not in [seat.id for seat, _cents in bills]:
        return None
    if not is_early and coming_changes.is_kept(db, ComingKind.DEBIT_NOTE, enrolment_id):
        return None
    note = _issue(db, NoteKind.DEBIT, bills)
    for seat, _cents in bills:
        seat.billed_on = note.issued_on
    audit.record(db, actor, AuditTag.NOTE_ISSUED, note, number=note.number, cents=note.total_cents)
    return note.id


def seats_on_note(db: Db, enrolment_id: int) -> list[Enrolment]:
    """The unbilled seats that leave on one note with this one, itself among them, locked; none when it was billed."""
    seats = _locked_seats(db, enrolment_id)
    asked = next((seat for seat in seats if seat.id == enrolment_id), None)
    if asked is None:
        return []
    day = max(clock.today(), _leaves_on(db, asked))
    return [seat for seat in seats if _leaves_on(db, seat) <= day]


def _leaves_on(db: Db, seat: Enrolment) -> date:
    if seat.confirmed_on is None:
        return date.max
    return rules.leaves_on(seat.confirmed_on, decisions(db).debit_note_after_days, seat.note_grouping)


def _locked_seats(db: Db, enrolment_id: int) -> list[Enrolment]:
    """The unbilled seats that belong on one note with this one, locked: the institution first, then each seat.

    Who cancels several seats locks them in the same order, by course. What a coordinator holds stays behind.
    """
    asked = db.execute(
        select(Enrolment.payer_institution_id, Enrolment.billing_reference).where(Enrolment.id == enrolment_id)
    ).one_or_none()
    if asked is None:
        return []
    institution_id, reference = asked
    wanted = Enrolment.id == enrolment_id
    if institution_id is not None and _shares(db, institution_id):
        alike = and_(
            Enrolment.payer_institution_id == institution_id,
            Enrolment.billing_reference == reference,
            ~due_notes.is_kept_back(),
        )
        wanted = or_(wanted, alike)
    found = db.scalars(
        select(Enrolment)
        .where(wanted, due_notes.billable())
        .order_by(Enrolment.course_id, Enrolment.id)
        .with_for_update(of=Enrolment)
        .options(selectinload(Enrolment.person), selectinload(Enrolment.payer_institution))
        .options(selectinload(Enrolment.course).selectinload(Course.days))
        .execution_options(populate_existing=True)
    ).all()
    if any((seat.payer_institution_id, seat.billing_reference) != (institution_id, reference) for seat in found):
        return []  # somebody just let another pay: the next run looks again
    return sorted(found, key=lambda seat: (seat.course.code, seat.person.search_name if seat.person else "", seat.id))


def _shares(db: Db, institution_id: int) -> bool:
    """Whether an institution gets several seats on one note; if so it is locked: nobody else then splits its seats."""
    grouping = select(Institution.note_grouping).where(Institution.id == institution_id)
    if db.scalar(grouping) is NoteGrouping.ENROLMENT:
        return False
    return db.scalar(grouping.with_for_update(key_share=True)) is not NoteGrouping.ENROLMENT


def issue_credit_note(db: Db, actor: Actor, debit_note_id: int, enrolment: Enrolment, cents: int) -> int:
    """Credit part of what a debit note bills for a seat, or all of it; the debit note is locked meanwhile.

    Raises NotFound when it bills no such seat, or CreditTooHigh.
    """
    debit = db.scalar(select(Note).where(Note.id == debit_note_id, Note.kind == NoteKind.DEBIT).with_for_update())
    line = line_of(db, debit, enrolment.seat) if debit is not None else None
    if debit is None or line is None:
        raise access.NotFound
    left = _creditable(db, debit, line, enrolment.seat)
    if cents > left:
        raise CreditTooHigh(left=euro(left), number=debit.number)
    note = _issue(db, NoteKind.CREDIT, [(enrolment, cents)], corrects=line)
    audit.record(db, actor, AuditTag.NOTE_ISSUED, note, number=note.number, cents=cents, corrects=debit.number)
    return note.id


def settle_cancellation(db: Db, actor: Actor, enrolment: Enrolment, cost_cents: int) -> int | None:
    """After cancelling (D2): a credit note for what is no longer due, when the debit note was issued already.

    Before that nothing happens here: the clock later bills the cost alone, or nothing when it is 0.
    """
    debit = open_debit_note(db, enrolment.seat)
    if debit is None:
        return None
    too_much = to_credit(db, debit, enrolment.seat, cost_cents)
    return issue_credit_note(db, actor, debit.id, enrolment, too_much) if too_much else None


def to_credit(db: Db, debit: Note, seat: int, cost_cents: int) -> int:
    """What a credit note must still take off a seat's line of a debit note, in cents, when only a cost stays due."""
    line = line_of(db, debit, seat)
    return max(0, _creditable(db, debit, line, seat) - cost_cents) if line is not None else 0


def _creditable(db: Db, debit: Note, line: NoteLine, seat: int) -> int:
    """What can still be credited of a line: never more than is left of it, nor than of the whole note."""
    corrections = (
        select(func.coalesce(func.sum(NoteLine.amount_cents), 0))
        .join(Note, Note.id == NoteLine.note_id)
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .where(Note.corrects_id == debit.id, or_(Enrolment.id == seat, Enrolment.seat_id == seat))
    )
    return min(line.amount_cents - (db.scalar(corrections) or 0), debit.total_cents - credited(db, debit.id))


def line_of(db: Db, debit: Note, seat: int) -> NoteLine | None:
    """The line by which a debit note bills a seat (`Enrolment.seat`), whoever of its holders it names."""
    return db.scalar(
        select(NoteLine)
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .where(NoteLine.note_id == debit.id, or_(Enrolment.id == seat, Enrolment.seat_id == seat))
        .order_by(NoteLine.position)
        .limit(1)
    )


def credited(db: Db, debit_note_id: int) -> int:
    """What has been credited of a debit note, in cents."""
    return db.scalar(select(func.coalesce(func.sum(Note.total_cents), 0)).where(Note.corrects_id == debit_note_id)) or 0


def open_debit_note(db: Db, seat: int) -> Note | None:
    """The last debit note that bills a seat (`Enrolment.seat`), whoever of its holders it names."""
    return db.scalar(
        select(Note)
        .join(NoteLine)
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .where(or_(Enrolment.id == seat, Enrolment.seat_id == seat), Note.kind == NoteKind.DEBIT)
        .order_by(Note.id.desc())
        .limit(1)
    )


def _issue(db: Db, kind: NoteKind, bills: Sequence[tuple[Enrolment, int]], *, corrects: NoteLine | None = None) -> Note:
    is_debit = kind is NoteKind.DEBIT
    today, series, nr = next_number(db, partial(rules.series, kind))
    number, ogm = rules.number_text(series, nr), rules.ogm(today, nr) if is_debit else None
    due_on = today + timedelta(days=decisions(db).payment_term_days) if is_debit else None
    first, _cents = bills[0]
    payload = billing_payload.frozen(
        decisions(db),
        kind=kind,
        number=number,
        issued_on=today,
        due_on=due_on,
        ogm=ogm,
        seats=bills,
        account=_payer_account(db, first),
        corrects=corrects,
    )
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    previous = db.scalar(select(Note.payload_sha256).where(Note.series == series).order_by(Note.nr.desc()).limit(1))
    note = Note(
        kind=kind,
        series=series,
        nr=nr,
        number=number,
        ogm=ogm,
        issued_on=today,
        due_on=due_on,
        payer_kind=first.payer_kind,
        payer_person_id=first.person_id if len(bills) == 1 else None,
        payer_institution_id=first.payer_institution_id,
        total_cents=payload["total_cents"],
        corrects_id=corrects.note_id if corrects else None,
        payload=text,
        payload_sha256=hashlib.sha256(text.encode()).hexdigest(),
        prev_sha256=previous,
        created_at=clock.now(),
        lines=[_line(line) for line in payload["lines"]],
    )
    db.add(note)
    db.flush()
    db.add(NoteToRender(note_id=note.id))
    return note


def _line(frozen: Mapping[str, Any]) -> NoteLine:
    """A line of the payload, for queries."""
    columns = ("position", "enrolment_id", "person_id", "description", "amount_cents")
    return NoteLine(**{name: frozen[name] for name in columns})


def _payer_account(db: Db, enrolment: Enrolment) -> Account | None:
    owner = (
        Account.institution_id == enrolment.payer_institution_id
        if enrolment.payer_institution_id is not None
        else Account.person_id == enrolment.person_id
    )
    return db.scalar(select(Account).where(owner))
