"""Do notes add up? Their payload, chain, lines, files, mails and balance, some hundred at a time."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from core.db import Db
from core.models import (
    Allocation,
    Counter,
    Note,
    NoteBalance,
    NoteFile,
    NoteLine,
    NoteToRender,
    OutgoingMail,
    PaidBefore,
)
from core.vocabulary import ControlKind, FileKind, NoteKind, PlacedAs


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not add up, with the words of its sentence."""

    kind: ControlKind
    about: str
    subject_id: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around some notes, by note."""

    before: Mapping[int, str | None]
    lines: Mapping[int, list[NoteLine]]
    kinds: Mapping[int, set[FileKind]]
    mailed: set[int]
    waits: set[int]
    credited: Mapping[int, int]
    paid: Mapping[int, int]
    balances: Mapping[int, NoteBalance]
    own_series: set[str]


def faults(db: Db, note_ids: Sequence[int]) -> Iterator[Fault]:
    """All that is wrong with these notes."""
    notes = db.scalars(select(Note).where(Note.id.in_(note_ids)).order_by(Note.id)).all()
    damaged, kinds = _files(db, note_ids)
    around = _around(db, note_ids, kinds)
    for note in notes:
        for kind, facts in _wrong(note, around):
            yield Fault(kind, "note", note.id, {"number": note.number} | facts)
        for file in damaged.get(note.id, ()):
            yield Fault(ControlKind.FILE_HASH, "note", note.id, {"number": note.number, "file": file.value})


def _files(db: Db, note_ids: Sequence[int]) -> tuple[dict[int, list[FileKind]], dict[int, set[FileKind]]]:
    """The files whose bytes have another hash than they were stored with, and which there are; one file at a time."""
    damaged, kinds = defaultdict(list), defaultdict(set)
    found = db.execute(
        select(NoteFile.note_id, NoteFile.kind, NoteFile.sha256, NoteFile.content)
        .where(NoteFile.note_id.in_(note_ids))
        .execution_options(yield_per=50)
    )
    for note_id, kind, digest, content in found:
        kinds[note_id].add(kind)
        if hashlib.sha256(content).hexdigest() != digest:
            damaged[note_id].append(kind)
    return damaged, kinds


def _around(db: Db, note_ids: Sequence[int], kinds: Mapping[int, set[FileKind]]) -> _Around:
    earlier = aliased(Note)
    before: Any = db.execute(
        select(Note.id, earlier.payload_sha256)
        .join(earlier, and_(earlier.series == Note.series, earlier.nr == Note.nr - 1))
        .where(Note.id.in_(note_ids))
    ).all()
    lines = defaultdict(list)
    for line in db.scalars(select(NoteLine).where(NoteLine.note_id.in_(note_ids)).order_by(NoteLine.position)):
        lines[line.note_id].append(line)
    paid: dict[int, int] = defaultdict(int)
    of_bank = select(Allocation.note_id, func.sum(Allocation.cents)).where(
        Allocation.note_id.in_(note_ids), Allocation.placed_as == PlacedAs.NOTE
    )
    sums: Any
    for sums in (
        select(PaidBefore.note_id, PaidBefore.cents).where(PaidBefore.note_id.in_(note_ids)),
        of_bank.group_by(Allocation.note_id),
    ):
        for note_id, cents in db.execute(sums):
            paid[note_id] += int(cents)
    credited: Any = db.execute(
        select(Note.corrects_id, func.sum(Note.total_cents))
        .where(Note.corrects_id.in_(note_ids))
        .group_by(Note.corrects_id)
    )
    about = and_(OutgoingMail.subject_type == "note", OutgoingMail.subject_id.in_(note_ids))
    mailed: Any = db.scalars(select(OutgoingMail.subject_id).where(about))
    return _Around(
        before=dict(before),
        lines=lines,
        kinds=kinds,
        mailed=set(mailed),
        waits=set(db.scalars(select(NoteToRender.note_id).where(NoteToRender.note_id.in_(note_ids)))),
        credited={note_id: int(cents) for note_id, cents in credited},
        paid=paid,
        balances={
            each.note_id: each for each in db.scalars(select(NoteBalance).where(NoteBalance.note_id.in_(note_ids)))
        },
        own_series=set(db.scalars(select(Counter.series))),
    )


def _wrong(note: Note, around: _Around) -> Iterator[tuple[ControlKind, dict[str, Any]]]:
    is_ours = note.series in around.own_series
    if hashlib.sha256(note.payload.encode()).hexdigest() != note.payload_sha256 or _breaks_chain(note, around):
        yield ControlKind.CHAIN, {}
    if _differs(note, around.lines.get(note.id, [])):
        yield ControlKind.LINES, {}
    if not note.is_imported and FileKind.ORIGINAL not in around.kinds.get(note.id, ()):
        yield ControlKind.NO_FILE, {"waits": note.id in around.waits}
    elif is_ours and note.id not in around.mailed:
        yield ControlKind.NO_MAIL, {}
    if note.kind is NoteKind.DEBIT:
        yield from _money(note, around)


def _breaks_chain(note: Note, around: _Around) -> bool:
    """Whether it does not name the hash of the note before it; a missing one is told as a gap."""
    if note.id in around.before:
        return note.prev_sha256 != around.before[note.id]
    return note.nr == 1 and note.prev_sha256 is not None


def _differs(note: Note, lines: Sequence[NoteLine]) -> bool:
    """Whether the columns and lines that serve queries say something else than the payload."""
    try:
        said = json.loads(note.payload)
        frozen = [(each["position"], each["enrolment_id"], each["amount_cents"]) for each in said["lines"]]
    except (ValueError, KeyError, TypeError):
        return True
    stored = [(each.position, each.enrolment_id, each.amount_cents) for each in lines]
    head = (said["number"], said["total_cents"], said["ogm"], said["issued_on"], said["due_on"])
    due_on = note.due_on.isoformat() if note.due_on else None
    columns = (note.number, note.total_cents, note.ogm, note.issued_on.isoformat(), due_on)
    return frozen != stored or head != columns or sum(each.amount_cents for each in lines) != note.total_cents


def _money(note: Note, around: _Around) -> Iterator[tuple[ControlKind, dict[str, Any]]]:
    credited, paid = around.credited.get(note.id, 0), around.paid.get(note.id, 0)
    if credited > note.total_cents:
        yield ControlKind.OVER_CREDITED, {"cents": credited - note.total_cents}
    if paid > note.total_cents or paid < 0:
        yield ControlKind.OVER_PAID, {"cents": paid - note.total_cents if paid > 0 else paid}
    kept = around.balances.get(note.id)
    if kept is None or (kept.total_cents, kept.credited_cents, kept.paid_cents) != (note.total_cents, credited, paid):
        yield ControlKind.BALANCE, {}
