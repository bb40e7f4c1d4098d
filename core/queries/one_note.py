"""A note's whole life on one page: what it says, its files and mails, what was credited and paid; for coordinators."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from core import access
from core.db import Db
from core.labels import holder
from core.models import (
    Allocation,
    BankTransaction,
    Course,
    Enrolment,
    Institution,
    Note,
    NoteBalance,
    NoteFile,
    NoteLine,
    NoteToRender,
    OutgoingMail,
    PaidBefore,
    Person,
    Reminder,
    ReminderHold,
)
from core.vocabulary import Actor, FileKind, HoldReason, NoteKind, NoteState, OutgoingState, PlacedAs, ReminderText


@dataclass(frozen=True, slots=True)
class LineOfNote:
    """One line: which seat it bills or corrects. `person_name` is as the line says it."""

    position: int
    description: str
    person_name: str
    cents: int
    vat_category: str
    enrolment_id: int
    person_id: int | None
    course_id: int
    course_title: str


@dataclass(frozen=True, slots=True)
class FileOfNote:
    """A stored file; bytes."""

    kind: FileKind
    size: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class MailOfNote:
    """A mail about the note; `error` is what the receiver's server said."""

    mail_id: int
    name: str
    recipient: str
    state: OutgoingState
    error: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentOfNote:
    """Money of a bank line that went to the note, or was kept with it. What was undone has its day of undoing."""

    transaction_id: int
    booked_on: date
    cents: int
    placed_as: PlacedAs
    name: str
    iban: str
    made_by: str
    made_at: datetime
    is_automatic: bool
    undone_at: datetime | None
    undone_by: str


@dataclass(frozen=True, slots=True)
class ReminderOfNote:
    """A reminder that was sent, with what was open then."""

    reminder_id: int
    text: ReminderText
    open_cents: int
    pay_by: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Related:
    """A credit note of this debit note, or the debit note that this credit note corrects."""

    note_id: int
    number: str
    issued_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class WholeNote:
    """Everything about a note. `state` and what follows from payments are those of a debit note."""

    note_id: int
    kind: NoteKind
    number: str
    ogm: str | None
    issued_on: date
    created_at: datetime
    due_on: date | None
    total_cents: int
    credited_cents: int
    paid_cents: int
    paid_before_cents: int
    left_cents: int
    state: NoteState | None
    payer_name: str
    payer_address: tuple[str, ...]
    payer_email: str
    reference: str
    payer_institution_id: int | None
    payer_person_id: int | None
    is_imported: bool
    waits_for_file: bool
    lines: tuple[LineOfNote, ...]
    files: tuple[FileOfNote, ...]
    mails: tuple[MailOfNote, ...]
    payments: tuple[PaymentOfNote, ...]
    credit_notes: tuple[Related, ...]
    corrects: Related | None
    reminders: tuple[ReminderOfNote, ...]
    held_until: date | None
    hold_reason: HoldReason | None

    @property
    def kinds(self) -> frozenset[FileKind]:
        """Which files it has."""
        return frozenset(file.kind for file in self.files)


def note(db: Db, actor: Actor, note_id: int) -> WholeNote:
    """A note with all that happened to it, some ten queries. Raises NotFound, also for whoever is not a coordinator."""
    access.check_sees_all(actor)
    row = db.execute(
        select(Note, NoteBalance, PaidBefore.cents, NoteToRender.note_id)
        .outerjoin(NoteBalance, NoteBalance.note_id == Note.id)
        .outerjoin(PaidBefore, PaidBefore.note_id == Note.id)
        .outerjoin(NoteToRender, NoteToRender.note_id == Note.id)
        .where(Note.id == note_id)
    ).first()
    if row is None:
        raise access.NotFound
    found, balance, before, waits = row
    payload = json.loads(found.payload)
    payer, hold = payload["payer"], db.get(ReminderHold, found.id)
    is_school = found.payer_institution_id is not None
    return WholeNote(
        note_id=found.id,
        kind=found.kind,
        number=found.number,
        ogm=found.ogm,
        issued_on=found.issued_on,
        created_at=found.created_at,
        due_on=found.due_on,
        total_cents=found.total_cents,
        credited_cents=balance.credited_cents if balance else 0,
        paid_cents=balance.paid_cents if balance else 0,
        paid_before_cents=before or 0,
        left_cents=balance.left_cents if balance else 0,
        state=balance.state if balance else None,
        payer_name=payer["name"],
        payer_address=tuple(payer.get("address", ())),
        payer_email=payer.get("email") or "",
        reference=payload.get("reference") or "",
        payer_institution_id=_kept(db, Institution, found.payer_institution_id),
        payer_person_id=None if is_school else _kept(db, Person, found.payer_person_id),
        is_imported=found.is_imported,
        waits_for_file=waits is not None,
        lines=_lines(db, found.id),
        files=_files(db, found.id),
        mails=_mails(db, found.id),
        payments=_payments(db, found.id),
        credit_notes=_related(db, Note.corrects_id == found.id),
        reminders=_reminders(db, found.id),
        held_until=hold.until if hold else None,
        hold_reason=hold.reason if hold else None,
        corrects=next(iter(_related(db, Note.id == found.corrects_id)), None) if found.corrects_id else None,
    )


def _kept(db: Db, owner: type[Person] | type[Institution], identity: int | None) -> int | None:
    """Whom a link leads to: who was merged is found under whoever was kept."""
    if identity is None:
        return None
    return db.scalar(select(func.coalesce(owner.merged_into_id, owner.id)).where(owner.id == identity))


def _lines(db: Db, note_id: int) -> tuple[LineOfNote, ...]:
    found: Any = db.execute(
        select(NoteLine, Person, Course.id, Course.title)
        .join(Enrolment, Enrolment.id == NoteLine.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == NoteLine.person_id)
        .where(NoteLine.note_id == note_id)
        .order_by(NoteLine.position)
    )
    return tuple(
        LineOfNote(
            position=line.position,
            description=line.description,
            person_name=holder(person.name if person else None),
            cents=line.amount_cents,
            vat_category=line.vat_category,
            enrolment_id=line.enrolment_id,
            person_id=(person.merged_into_id or person.id) if person else None,
            course_id=course_id,
            course_title=title,
        )
        for line, person, course_id, title in found
    )


def _files(db: Db, note_id: int) -> tuple[FileOfNote, ...]:
    found: Any = db.execute(
        select(NoteFile.kind, func.length(NoteFile.content), NoteFile.created_at)
        .where(NoteFile.note_id == note_id)
        .order_by(NoteFile.id)
    )
    return tuple(FileOfNote(*tuple(each)) for each in found)


def _mails(db: Db, note_id: int) -> tuple[MailOfNote, ...]:
    found: Any = db.execute(
        select(
            *(OutgoingMail.id, OutgoingMail.name, OutgoingMail.recipient, OutgoingMail.state, OutgoingMail.error),
            *(OutgoingMail.attempts, OutgoingMail.created_at, OutgoingMail.sent_at),
        )
        .where(OutgoingMail.subject_type == Note.__tablename__, OutgoingMail.subject_id == note_id)
        .order_by(OutgoingMail.id)
    )
    return tuple(MailOfNote(*tuple(each)) for each in found)


def _payments(db: Db, note_id: int) -> tuple[PaymentOfNote, ...]:
    undoing = aliased(Allocation)
    found: Any = db.execute(
        select(Allocation, BankTransaction, undoing.made_at, undoing.made_by)
        .join(BankTransaction, BankTransaction.id == Allocation.transaction_id)
        .outerjoin(undoing, undoing.undoes_id == Allocation.id)
        .where(and_(Allocation.note_id == note_id, Allocation.undoes_id.is_(None)))
        .order_by(Allocation.id)
    )
    return tuple(
        PaymentOfNote(
            transaction_id=line.id,
            booked_on=line.booked_on,
            cents=each.cents,
            placed_as=each.placed_as,
            name=line.name,
            iban=line.iban,
            made_by=each.made_by,
            made_at=each.made_at,
            is_automatic=each.is_automatic,
            undone_at=undone_at,
            undone_by=undone_by or "",
        )
        for each, line, undone_at, undone_by in found
    )


def _reminders(db: Db, note_id: int) -> tuple[ReminderOfNote, ...]:
    found: Any = db.execute(
        select(Reminder.id, Reminder.text, Reminder.open_cents, Reminder.pay_by, Reminder.made_at)
        .where(Reminder.note_id == note_id)
        .order_by(Reminder.id)
    )
    return tuple(ReminderOfNote(*tuple(each)) for each in found)


def _related(db: Db, condition: Any) -> tuple[Related, ...]:
    found: Any = db.execute(
        select(Note.id, Note.number, Note.issued_on, Note.total_cents).where(condition).order_by(Note.id)
    )
    return tuple(Related(*tuple(each)) for each in found)
