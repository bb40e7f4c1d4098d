"""What somebody who pays a debit note needs at hand: the open amount, the account, the reference, a QR code."""

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from stdnum import iban as any_iban

from core import access
from core.db import Db
from core.decisions import decisions
from core.documents import qr
from core.i18n import _
from core.models import Note, PaidBefore, received_for
from core.queries.billing import NoteRow
from core.rules import billing as rules
from core.vocabulary import Actor, NoteKind, NoteState

_SETTLED = (NoteState.PAID, NoteState.CREDITED)


@dataclass(frozen=True, slots=True)
class Paying:
    """How to pay what is open of a debit note; `qr` is SVG, `iban` and `ogm` are printed as a bank prints them."""

    note_id: int
    number: str
    open_cents: int
    due_on: date | None
    payee: str
    iban: str
    bic: str
    ogm: str
    qr: str


def can_pay(row: NoteRow) -> bool:
    """Whether the reader of this row pays it and something is open; a copy is paid by the institution (D6)."""
    return row.kind is NoteKind.DEBIT and not row.is_copy and row.ogm is not None and row.state not in _SETTLED


def how_to_pay(db: Db, actor: Actor, note_id: int) -> Paying | None:
    """How to pay a note, for who pays it; None when nothing is open. Raises NotFound for anybody else."""
    note = db.scalar(select(Note).where(Note.id == note_id, Note.kind == NoteKind.DEBIT, access.notes_paid_by(actor)))
    if note is None or note.ogm is None:
        raise access.NotFound
    cents = open_cents(db, note)
    if cents <= 0:
        return None
    own = decisions(db)
    payee = json.loads(note.payload).get("payee") or {
        "name": own.payee_name,
        "iban": own.payee_iban,
        "bic": own.payee_bic,
    }
    return Paying(
        note_id=note.id,
        number=note.number,
        open_cents=cents,
        due_on=note.due_on,
        payee=payee["name"],
        iban=any_iban.format(payee["iban"]),
        bic=payee["bic"],
        ogm=rules.printed_ogm(note.ogm),
        qr=qr.payment(**payee, cents=cents, ogm=note.ogm, slot=own.epc_slot, title=_("QR code for payment")),
    )


def open_cents(db: Db, note: Note) -> int:
    """What is still to be paid of a debit note, in cents: its total less what was credited and what was paid."""
    credited = select(func.coalesce(func.sum(Note.total_cents), 0)).where(Note.corrects_id == note.id)
    before = select(func.coalesce(func.sum(PaidBefore.cents), 0)).where(PaidBefore.note_id == note.id)
    gone = credited.scalar_subquery() + before.scalar_subquery() + received_for(note.id)
    return note.total_cents - (db.scalar(select(gone)) or 0)
