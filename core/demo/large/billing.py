"""Debit and credit notes of the past, in series of their own as imported notes have, each with its stored files."""

import json
from collections import Counter as Tally
from collections.abc import Iterator
from hashlib import sha256
from operator import itemgetter

from sqlalchemy import func, select

from core.db import Db
from core.decisions import Decisions, decisions
from core.demo.large.bulk import Loader, Row, Tell, instant, iso, without_indexes
from core.demo.large.enrolments import AUDIT
from core.demo.large.ground import Bill, Ground
from core.migrations import balances
from core.models import AuditEvent, Note, NoteBalance, NoteFile, NoteLine, PaidBefore
from core.rules import billing as rules
from core.services.billing_payload import VAT_CATEGORY, organiser
from core.vocabulary import ActorKind, AuditTag, FileKind, Language, NoteKind, PayerKind

_NOTE = (
    *("id", "kind", "series", "nr", "number", "ogm", "issued_on", "due_on", "payer_kind", "payer_person_id"),
    *("payer_institution_id", "total_cents", "corrects_id", "payload", "payload_sha256", "prev_sha256", "created_at"),
)
_LINE = ("note_id", "position", "enrolment_id", "person_id", "description", "amount_cents")
_PAID = ("note_id", "cents")
_FILE = ("note_id", "kind", "sha256", "content", "created_at")
#: A page without text: these notes' bytes are nothing to look at, but they are a PDF.
_PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj trailer<</Root 1 0 R>>\n%%EOF\n"
)
_HASH = sha256(_PAGE).hexdigest()


def notes(db: Db, ground: Ground, tell: Tell) -> None:
    """Every note on its day, in order; numbers and structured references meet those of no other series."""
    with balances.in_bulk(db.connection()), without_indexes(db, Note, NoteLine, NoteFile, NoteBalance, AuditEvent):
        load = Loader(db, tell)
        rows, lines = load.sink(Note, *_NOTE), load.sink(NoteLine, *_LINE)
        files, trail = load.sink(NoteFile, *_FILE), load.sink(AuditEvent, *AUDIT)
        payments = load.sink(PaidBefore, *_PAID)
        first = (db.scalar(select(func.max(Note.id))) or 0) + 1
        made = _Notes(ground, decisions(db), first)
        for kind, bill in _in_order(ground.notes):
            row, line = made.note(kind, bill)
            rows.add(row)
            lines.add(line)
            if kind is NoteKind.DEBIT and (cents := _paid(ground, bill)):
                payments.add((row[0], cents))
            for file in (FileKind.ORIGINAL, FileKind.COPY) if bill[3] else (FileKind.ORIGINAL,):
                files.add((row[0], file.value, _HASH, _PAGE, row[-1]))
            trail.add((row[-1], AuditTag.NOTE_ISSUED.value, ActorKind.CLOCK.value, "klok", "note", row[0], "{}"))
            load.spill()
        load.flush()


def _paid(ground: Ground, bill: Bill) -> int:
    """What has been paid of a debit note: nearly all after some weeks, now and then a part; never what was credited."""
    left = bill[4] - bill[7]
    if bill[0] > ground.today - 10 or ground.chance.random() < (0.6 if bill[0] > ground.today - 45 else 0.02):
        return 0
    return left // 2 if ground.chance.random() < 0.01 else left


def _in_order(bills: list[Bill]) -> Iterator[tuple[NoteKind, Bill]]:
    """The debit notes and what credits them, by day; on one day the debit notes come first."""
    both = [(bill[0], 0, bill) for bill in bills] + [(bill[6], 1, bill) for bill in bills if bill[7]]
    both.sort(key=itemgetter(0, 1))
    for _day, is_credit, bill in both:
        yield (NoteKind.CREDIT if is_credit else NoteKind.DEBIT), bill


class _Notes:
    """Numbers notes and freezes them."""

    def __init__(self, ground: Ground, own: Decisions, first: int) -> None:
        self.ground, self.next = ground, first
        self.numbers: Tally[str] = Tally()
        self.latest: dict[str, str] = {}
        self.credited: dict[int, tuple[int, str, str]] = {}
        self.organiser, self.vat, self.slot = organiser(own), own.vat_exemption, own.epc_slot
        self.payee = {"name": own.payee_name, "iban": own.payee_iban, "bic": own.payee_bic}
        self.term = own.payment_term_days

    def note(self, kind: NoteKind, bill: Bill) -> tuple[Row, Row]:
        """A note and its line."""
        _due, enrolment, person, institution, price, _index, gone, too_much = bill
        is_debit = kind is NoteKind.DEBIT
        on, cents = (bill[0], price) if is_debit else (gone, too_much)
        series = f"{'DNG' if is_debit else 'CNG'}-{iso(on)[:4]}"
        self.numbers[series] += 1
        nr = self.numbers[series]
        number = rules.number_text(series, nr)
        ogm = _reference(int(iso(on)[:4]), nr) if is_debit else None
        due_on = iso(on + self.term) if is_debit else None
        corrects = None if is_debit else self.credited.pop(enrolment)
        if is_debit and too_much:
            self.credited[enrolment] = (self.next, number, iso(on))
        payload, description = self._payload(kind, bill, number, on, due_on, ogm, cents, corrects)
        text_hash = sha256(payload.encode()).hexdigest()
        row = (
            *(self.next, kind.value, series, nr, number, ogm, iso(on), due_on),
            *(PayerKind.INSTITUTION.value if institution else PayerKind.PERSON.value, person, institution, cents),
            *(corrects[0] if corrects else None, payload, text_hash, self.latest.get(series), instant(on, 21_600)),
        )
        self.latest[series] = text_hash
        self.next += 1
        return row, (row[0], 1, enrolment, person, description, cents)

    def _payload(  # noqa: PLR0917 - a million times
        self,
        kind: NoteKind,
        bill: Bill,
        number: str,
        on: int,
        due_on: str | None,
        ogm: str | None,
        cents: int,
        corrects: tuple[int, str, str] | None,
    ) -> tuple[str, str]:
        given, person = self.ground.courses[bill[5]], bill[2]
        course = f"{given.code} {given.title}"
        if kind is NoteKind.CREDIT:
            description = f"Geannuleerd: {course}"
        else:
            description = course if cents == given.price else f"Kosten van annulering: {course}"
        name = self.ground.people[person].name if person else "(nog te bepalen)"
        line = {
            "position": 1,
            "enrolment_id": bill[1],
            "person_id": person,
            "person": name,
            "course_code": given.code,
            "course_title": given.title,
            "days": [f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in map(iso, given.days)],
            "description": description,
            "amount_cents": cents,
            "vat_category": VAT_CATEGORY,
        }
        facts = {
            "kind": kind.value,
            "number": number,
            "language": Language.DUTCH.value,
            "issued_on": iso(on),
            "due_on": due_on,
            "ogm": ogm,
            "epc_slot": self.slot,
            "organiser": self.organiser,
            "payee": self.payee,
            "payer": self._payer(person, bill[3]),
            "participant": name,
            "reference": "",
            "lines": [line],
            "total_cents": cents,
            "vat_text": self.vat,
            "corrects": {"number": corrects[1], "issued_on": corrects[2]} if corrects else None,
        }
        return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")), description

    def _payer(self, person: int | None, institution: int | None) -> dict[str, object]:
        if institution is not None:
            school = self.ground.schools[institution]
            facts: dict[str, object] = {"kind": "institution", "name": school.name, "address": school.address}
            return facts | {"email": school.email, "kbo": school.kbo, "number": school.number}
        human = self.ground.people[person or 0]
        facts = {"kind": "person", "name": human.name, "address": human.address}
        return facts | {"email": human.email, "kbo": None, "number": None}


def _reference(year: int, nr: int) -> str:
    """A structured reference that no note of the running series can have: its year lies a thousand back."""
    base = f"{year - 1000:04}{nr:06}"
    return f"{base}{int(base) % 97 or 97:02}"
