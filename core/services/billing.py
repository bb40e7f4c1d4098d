"""Debit and credit notes: numbered from a locked counter, frozen as a payload, never changed (`billing.md` §2–4).

No PDF, mail or network here: a slow step inside the issuing transaction would hold up everybody who needs a number.
"""

import hashlib
import json
from datetime import timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import access, audit, clock
from core.db import Db, is_sqlite
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, Counter, Enrolment, Note, NoteLine, NoteToRender
from core.rules import billing as rules
from core.services import billing_payload
from core.vocabulary import Actor, AuditTag, NoteKind


class ClockWentBack(DomainError):
    """A note would be dated before the last one of its series; dates never decrease within a series."""

    message = N_("The last number of this series was given on {last}, after today. Check the server's clock.")


class CreditTooHigh(DomainError):
    """The credit notes of a debit note would together exceed it."""

    message = N_("Only {left} of debit note {number} can still be credited.")


def next_number(db: Db, series: str) -> int:
    """The next number of a series, from its counter row, which stays locked until the end of the transaction.

    Raises ClockWentBack.
    """
    today = clock.today()
    insert = sqlite.insert(Counter) if is_sqlite(db) else postgresql.insert(Counter)
    db.execute(insert.values(series=series, last=0).on_conflict_do_nothing())
    last, before = db.execute(
        update(Counter)
        .where(Counter.series == series)
        .values(last=Counter.last + 1)
        .returning(Counter.last, Counter.last_date)
    ).one()
    if before is not None and before > today:
        raise ClockWentBack(last=before)
    db.execute(update(Counter).where(Counter.series == series).values(last_date=today))
    return int(last)


def issue_debit_note(db: Db, actor: Actor, enrolment_id: int) -> int | None:
    """Issue the debit note of an enrolment that is due; None when there is nothing (more) to bill yet.

    Of two workers at once one issues and the other gets None. Raises NotAllowed or ClockWentBack.
    """
    access.require_staff(actor)
    return _bill(db, actor, enrolment_id, after_days=decisions(db).debit_note_after_days)


def issue_early(db: Db, actor: Actor, enrolment_id: int) -> int | None:
    """Issue it before its day, because a coordinator wants so; None when there is nothing (more) to bill.

    Raises NotAllowed or ClockWentBack.
    """
    access.require_coordinator(actor)
    return _bill(db, actor, enrolment_id, after_days=0)


def _bill(db: Db, actor: Actor, enrolment_id: int, *, after_days: int) -> int | None:
    enrolment = db.scalar(
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    )
    if enrolment is None or enrolment.billed_on is not None or enrolment.confirmed_on is None:
        return None
    cents = rules.amount_to_bill(enrolment.status, enrolment.price_cents, enrolment.cancellation_cents)
    if cents <= 0 or not rules.is_due(enrolment.confirmed_on, after_days, clock.today()):
        return None
    enrolment.billed_on = clock.today()
    note = _issue(db, NoteKind.DEBIT, enrolment, cents, corrects=None)
    audit.record(db, actor, AuditTag.NOTE_ISSUED, note, number=note.number, cents=cents)
    return note.id


def issue_credit_note(db: Db, actor: Actor, debit_note_id: int, enrolment: Enrolment, cents: int) -> int:
    """Credit part of a debit note, or all of it; the debit note is locked meanwhile. Raises CreditTooHigh."""
    debit = db.scalar(select(Note).where(Note.id == debit_note_id, Note.kind == NoteKind.DEBIT).with_for_update())
    if debit is None:
        raise access.NotFound
    left = debit.total_cents - credited(db, debit.id)
    if cents > left:
        raise CreditTooHigh(left=f"{left / 100:.2f} EUR", number=debit.number)
    note = _issue(db, NoteKind.CREDIT, enrolment, cents, corrects=debit)
    audit.record(db, actor, AuditTag.NOTE_ISSUED, note, number=note.number, cents=cents, corrects=debit.number)
    return note.id


def settle_cancellation(db: Db, actor: Actor, enrolment: Enrolment, cost_cents: int) -> int | None:
    """After cancelling (D2): a credit note for what is no longer due, when the debit note was issued already.

    Before that nothing happens here: the clock later bills the cost alone, or nothing when it is 0.
    """
    debit = open_debit_note(db, enrolment.seat)
    if debit is None:
        return None
    too_much = to_credit(db, debit, cost_cents)
    return issue_credit_note(db, actor, debit.id, enrolment, too_much) if too_much else None


def to_credit(db: Db, debit: Note, cost_cents: int) -> int:
    """What a credit note must still take off a debit note, in cents, when only a cost stays due."""
    return max(0, debit.total_cents - credited(db, debit.id) - cost_cents)


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


def _issue(db: Db, kind: NoteKind, enrolment: Enrolment, cents: int, *, corrects: Note | None) -> Note:
    today = clock.today()
    series = rules.series(kind, today)
    nr = next_number(db, series)
    number = rules.number_text(series, nr)
    ogm = rules.ogm(today, nr) if kind is NoteKind.DEBIT else None
    due_on = today + timedelta(days=decisions(db).payment_term_days) if kind is NoteKind.DEBIT else None
    account = _payer_account(db, enrolment)
    payload = billing_payload.frozen(
        decisions(db),
        kind=kind,
        number=number,
        issued_on=today,
        due_on=due_on,
        ogm=ogm,
        enrolment=enrolment,
        account=account,
        cents=cents,
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
        payer_kind=enrolment.payer_kind,
        payer_person_id=enrolment.person_id,
        payer_institution_id=enrolment.payer_institution_id,
        total_cents=cents,
        corrects_id=corrects.id if corrects else None,
        payload=text,
        payload_sha256=hashlib.sha256(text.encode()).hexdigest(),
        prev_sha256=previous,
        created_at=clock.now(),
        lines=[
            NoteLine(
                position=1,
                enrolment_id=enrolment.id,
                person_id=enrolment.person_id,
                description=str(payload["lines"][0]["description"]),
                amount_cents=cents,
            )
        ],
    )
    db.add(note)
    db.flush()
    db.add(NoteToRender(note_id=note.id))
    return note


def _payer_account(db: Db, enrolment: Enrolment) -> Account | None:
    owner = (
        Account.institution_id == enrolment.payer_institution_id
        if enrolment.payer_institution_id is not None
        else Account.person_id == enrolment.person_id
    )
    return db.scalar(select(Account).where(owner))
