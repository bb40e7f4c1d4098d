"""The notes of an import as rows: frozen like our own, in the series of the import, with the PDF that came along."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.imports import known
from core.imports.book import Book, SeatFacts
from core.imports.making import Maker
from core.models import Enrolment, Institution, Note, NoteFile, NoteLine, PaidBefore, Person
from core.services.billing_payload import VAT_CATEGORY
from core.vocabulary import FileKind, ImportKind, NoteKind

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bill:
    """Whom and what a debit note bills, as its credit notes repeat it; `payload` holds its words."""

    enrolment_id: int
    person_id: int | None
    institution_id: int | None
    payload: Facts
    note_id: int | None = None


def make(book: Book, maker: Maker) -> None:
    """The debit notes, and then the credit notes that name them."""
    _Notes(book, maker).make()


class _Notes:
    """Writes the notes of one import; its series is numbered from 1, in the order of the files."""

    def __init__(self, book: Book, maker: Maker) -> None:
        self._book, self._maker, self._nr = book, maker, 0
        self._before: str | None = None
        self._bills: dict[str, Bill] = {}

    def make(self) -> None:
        rows = [row for sheet in self._book.sheets[ImportKind.NOTES] for row in sheet.new()]
        for number, one in known.debit_notes(
            self._book.db, {row["corrects"] for row in rows if row["corrects"]}
        ).items():
            facts = json.loads(one.payload)
            self._bills[number] = Bill(one.enrolment_id, one.person_id, one.payer_institution_id, facts, one.id)
        debits = [row for row in rows if row["note_kind"] is NoteKind.DEBIT]
        corrections = [row for row in rows if row["note_kind"] is NoteKind.CREDIT]
        self._put(debits, [self._bill(row) for row in debits])
        self._put(corrections, [self._bills[row["corrects"]] for row in corrections])

    def _bill(self, facts: Facts) -> Bill:
        seat: SeatFacts = facts["seat"]
        book, id_of = self._book, self._maker.id_of
        person = book.person_names[seat.person]
        course = book.course_facts[seat.course]
        payer = person if seat.payer is None else book.school_names[seat.payer]
        line: Facts = {
            "position": 1,
            "enrolment_id": id_of(Enrolment, seat.ref),
            "person_id": id_of(Person, seat.person),
            "person": person,
            "course_code": course.code,
            "course_title": course.title,
            "description": f"{course.code} {course.title}",
            "vat_category": VAT_CATEGORY,
        }
        words = {
            "payer": {"kind": known.payer_kind(seat.payer).value, "name": payer},
            "participant": person,
            "lines": [line],
        }
        institution_id = id_of(Institution, seat.payer) if seat.payer is not None else None
        return Bill(line["enrolment_id"], line["person_id"], institution_id, words)

    def _put(self, rows: list[Facts], bills: list[Bill]) -> None:
        texts = [self._payload(row, bill) for row, bill in zip(rows, bills, strict=True)]
        pairs = list(zip(rows, bills, strict=True))
        ids = self._maker.put(Note, (self._note(*each) for each in zip(rows, bills, texts, strict=True)))
        for identity, (row, bill) in zip(ids, pairs, strict=True):
            if row["note_kind"] is NoteKind.DEBIT:
                self._bills[row["number"]] = Bill(
                    bill.enrolment_id, bill.person_id, bill.institution_id, bill.payload, identity
                )
        self._maker.owns(NoteLine, (_line(identity, pair) for identity, pair in zip(ids, pairs, strict=True)))
        paid = ({"note_id": each, "cents": row["paid"]} for each, row in zip(ids, rows, strict=True) if row["paid"])
        self._maker.owns(PaidBefore, paid)
        self._maker.owns(NoteFile, self._files(ids, rows), at_once=20)

    def _payload(self, row: Facts, bill: Bill) -> str:
        """The words of a note as JSON, sorted; a note without PDF is never rendered from it."""
        line = bill.payload["lines"][0] | {"amount_cents": row["amount"]}
        facts = {
            "kind": row["note_kind"].value,
            "number": row["number"],
            "language": "nl",
            "issued_on": row["issued_on"].isoformat(),
            "due_on": row["due_on"].isoformat() if row["due_on"] else None,
            "ogm": row["ogm"],
            "payer": bill.payload["payer"],
            "participant": bill.payload["participant"],
            "lines": [line],
            "total_cents": row["amount"],
            "corrects": {"number": row["corrects"]} if row["corrects"] else None,
            "imported": True,
        }
        return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def _note(self, row: Facts, bill: Bill, payload: str) -> Facts:
        self._nr += 1
        digest, before = hashlib.sha256(payload.encode()).hexdigest(), self._before
        self._before = digest
        return {
            "kind": row["note_kind"],
            "series": self._maker.run.series,
            "nr": self._nr,
            "number": row["number"],
            "ogm": row["ogm"],
            "issued_on": row["issued_on"],
            "due_on": row["due_on"],
            "payer_kind": known.payer_kind(bill.institution_id),
            "payer_person_id": bill.person_id,
            "payer_institution_id": bill.institution_id,
            "total_cents": row["amount"],
            "corrects_id": bill.note_id,
            "payload": payload,
            "payload_sha256": digest,
            "prev_sha256": before,
            "created_at": self._maker.now,
        }

    def _files(self, ids: list[int], rows: list[Facts]) -> Iterator[Facts]:
        for identity, row in zip(ids, rows, strict=True):
            if row["file"]:
                content = self._book.parcel.pdf(row["file"])
                yield {
                    "note_id": identity,
                    "kind": FileKind.ORIGINAL,
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "content": content,
                    "created_at": self._maker.now,
                }


def _line(note_id: int, pair: tuple[Facts, Bill]) -> Facts:
    row, bill = pair
    return {
        "note_id": note_id,
        "position": 1,
        "enrolment_id": bill.enrolment_id,
        "person_id": bill.person_id,
        "description": bill.payload["lines"][0]["description"],
        "amount_cents": row["amount"],
    }
