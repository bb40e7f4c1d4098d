"""Sending a reminder of an unpaid debit note: to the payer's billing address only, once a step (`billing.md` §10).

The letter is rendered outside any transaction from a frozen payload. The one that sends looks again, the note locked:
whatever changed meanwhile (a payment, a hold, another worker) makes another payload or none, and then nothing leaves.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from core import access, audit, clock, mail
from core.db import Db, is_sqlite
from core.decisions import decisions
from core.i18n import day
from core.mail import Attachment
from core.models import Account, Institution, Note, NoteFile, NoteLine, Person, Reminder, ReminderRun
from core.money import euro
from core.queries import reminders, reminders_due
from core.queries.billing import filename
from core.queries.reminders import DueReminder, Shelf
from core.queries.reminders_due import Ground
from core.rules import reminders as rules
from core.rules.billing import printed_ogm
from core.services.billing_payload import organiser
from core.vocabulary import Actor, AuditTag, FileKind, Language, PayerKind, ReminderText

MAILS = {ReminderText.FRIENDLY: "note-reminder", ReminderText.FIRM: "note-reminder-firm"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was rendered: its payload, and the bytes of its PDF."""

    payload: str
    content: bytes


def prepared(db: Db, actor: Actor, note_id: int, known: Ground | None = None) -> str | None:
    """The payload of the letter that would leave now, as sorted JSON; None when nothing leaves.

    Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    ground = reminders_due.ground(db, clock.today(), known)
    row = reminders.one(db, ground, note_id) if ground.is_fresh else None
    if row is None or row.step is None or row.bar is not None:
        return None
    note = db.get_one(Note, note_id)
    facts = _facts(db, note, row, ground)
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def send(db: Db, actor: Actor, note_id: int, letter: Letter, known: Ground | None = None) -> bool:
    """Send a letter; False when it is no longer what would leave.

    Of two workers at once one sends. Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    note = db.scalar(select(Note).where(Note.id == note_id).with_for_update())
    if note is None or prepared(db, actor, note_id, known) != letter.payload:
        return False
    facts = json.loads(letter.payload)
    reminder = Reminder(
        note_id=note.id,
        step=facts["step"],
        text=ReminderText(facts["text"]),
        sent_on=clock.today(),
        pay_by=date.fromisoformat(facts["pay_by"]),
        open_cents=facts["open_cents"],
        cost_cents=facts["cost_cents"],
        payload=letter.payload,
        letter=letter.content,
        letter_sha256=hashlib.sha256(letter.content).hexdigest(),
        account_id=actor.account_id,
        made_by=actor.name,
        made_at=clock.now(),
    )
    db.add(reminder)
    db.flush()
    _queue(db, note, facts, letter.content)
    audit.record(
        db, actor, AuditTag.REMINDER_SENT, note, number=note.number, step=reminder.step, cents=reminder.open_cents
    )
    return True


def was_today(db: Db) -> bool:
    """Whether today's reminders were gone through already."""
    return db.get(ReminderRun, clock.today()) is not None


def finish_run(db: Db, actor: Actor, ground: Ground) -> None:
    """Write down that the reminders of the day were gone through; the first worker's word stands.

    Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    counts = reminders.counted(db, ground)
    sent = db.scalar(select(func.count()).select_from(Reminder).where(Reminder.sent_on == ground.on)) or 0
    make = sqlite.insert(ReminderRun) if is_sqlite(db) else postgresql.insert(ReminderRun)
    db.execute(
        make.values(
            day=ground.on,
            bank_until=ground.bank_until,
            was_fresh=ground.is_fresh,
            sent=sent,
            kept_back=counts[Shelf.KEPT_BACK],
            to_follow_up=counts[Shelf.TO_FOLLOW_UP],
            made_at=clock.now(),
        ).on_conflict_do_nothing()
    )


def _facts(db: Db, note: Note, row: DueReminder, ground: Ground) -> dict[str, Any]:
    """What the letter and its mail say. What the note says, as it was frozen; what is open, as it is now."""
    frozen, own = json.loads(note.payload), decisions(db)
    step = ground.ladder[note.payer_kind][(row.step or 1) - 1]
    earlier = db.execute(
        select(Reminder.step, Reminder.sent_on).where(Reminder.note_id == note.id).order_by(Reminder.step)
    ).all()
    last = rules.Sent(*earlier[-1]) if earlier else None
    further = ground.ladder[note.payer_kind][row.step or 1 :]
    account = _account(db, row)
    payee = frozen.get("payee") or {"name": own.payee_name, "iban": own.payee_iban, "bic": own.payee_bic}
    return {
        "language": (account.language if account else Language(frozen.get("language", Language.DUTCH))).value,
        "number": note.number,
        "issued_on": note.issued_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "ogm": note.ogm,
        "total_cents": note.total_cents,
        "open_cents": row.left_cents,
        "cost_cents": rules.cost_of(step, last),
        "next_cost_cents": max((each.cost_cents for each in further), default=0),
        "step": row.step,
        "text": step.text.value,
        "is_last": [each.text for each in further] == [ReminderText.LIST],
        "is_consumer": note.payer_kind is PayerKind.PERSON,
        "earlier": [on.isoformat() for _step, on in earlier],
        "made_on": ground.on.isoformat(),
        "pay_by": rules.pay_by(ground.on).isoformat(),
        "about": _about(db, note),
        "payer": frozen.get("payer") or _payer(db, row),
        "organiser": organiser(own),
        "payee": payee,
        "epc_slot": own.epc_slot,
    }


def _about(db: Db, note: Note) -> list[str]:
    lines = select(NoteLine.description).where(NoteLine.note_id == note.id).order_by(NoteLine.position)
    return list(dict.fromkeys(db.scalars(lines)))


def _account(db: Db, row: DueReminder) -> Account | None:
    if row.institution_id is not None and row.person_id is None:
        return db.scalar(select(Account).where(Account.institution_id == row.institution_id))
    return db.scalar(select(Account).where(Account.person_id == row.person_id))


def _payer(db: Db, row: DueReminder) -> dict[str, Any]:
    """Who an imported note is of, which has no payload of ours."""
    owner = db.get_one(Person, row.person_id) if row.person_id else db.get_one(Institution, row.institution_id)
    lines = [*owner.street.splitlines(), f"{owner.postcode} {owner.city}".strip()]
    return {"name": row.payer_name, "address": [line for line in lines if line], "kbo": None, "number": None}


def _queue(db: Db, note: Note, facts: Mapping[str, Any], letter: bytes) -> None:
    """The mail: the letter, and the note as it was stored."""
    stored = db.scalar(select(NoteFile.content).where(NoteFile.note_id == note.id, NoteFile.kind == FileKind.ORIGINAL))
    files = [Attachment(filename(f"{note.number}-{facts['step']}"), letter)]
    files += [Attachment(filename(note.number), stored)] if stored is not None else []
    is_school = note.payer_kind is PayerKind.INSTITUTION
    queued = mail.queue(
        db,
        MAILS[ReminderText(facts["text"])],
        dedupe=f"note:{note.number}:reminder:{facts['step']}",
        note=note,
        institution=_kept(db, Institution, note.payer_institution_id) if is_school else None,
        person=None if is_school else _kept(db, Person, note.payer_person_id),
        attachments=files,
        facts=_told(facts),
    )
    if not queued:
        raise LookupError(f"a reminder of note {note.number} found nobody to go to")


def _kept(db: Db, owner: type[Any], identity: int | None) -> Any:
    """Somebody, or whom a double was merged into."""
    found = db.get_one(owner, identity)
    return db.get_one(owner, found.merged_into_id) if found.merged_into_id else found


def _told(facts: Mapping[str, Any]) -> dict[str, object]:
    """The facts of the mail, made in the language of its addressee."""

    def on(key: str) -> date:
        return date.fromisoformat(facts[key])

    return {
        "open_amount": lambda: euro(facts["open_cents"]),
        "is_part": facts["open_cents"] < facts["total_cents"],
        "is_consumer": facts["is_consumer"],
        "is_last": facts["is_last"],
        "pay_by": lambda: day(on("pay_by")),
        "earlier_on": lambda: day(date.fromisoformat(facts["earlier"][-1])) if facts["earlier"] else "",
        "reminder_cost": lambda: euro(facts["cost_cents"]) if facts["cost_cents"] else "",
        "next_cost": lambda: euro(facts["next_cost_cents"]) if facts["next_cost_cents"] else "",
        "about": "; ".join(facts["about"][:3]),
        "iban": " ".join(facts["payee"]["iban"][index : index + 4] for index in range(0, 34, 4)).strip(),
        "ogm": printed_ogm(facts["ogm"]),
    }
