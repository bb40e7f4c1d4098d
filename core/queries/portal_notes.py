"""A note as a row of a list: whole for who pays it, the own line alone for a participant (D6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.i18n import ngettext
from core.models import Note
from core.rules import billing as rules
from core.vocabulary import NoteKind, NoteState, PayerKind


@dataclass(frozen=True, slots=True)
class NoteLineRow:
    """A line of a note: whom and what it bills or credits."""

    position: int
    person_name: str
    course_title: str
    course_code: str
    cents: int


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A debit or credit note in a portal. `is_copy`: the reader is the participant, the institution pays (D6).

    `state` is that of a debit note, None for a credit note; `left_cents` is what it still asks, 0 for a credit note.
    An imported note has a file only if one came along.
    Of a note of several lines a participant has a row for each own line, `line`, of which alone it tells: what is
    paid of such a note is no news of one line. Whoever sees it whole finds its `lines`.
    """

    note_id: int
    number: str
    kind: NoteKind
    issued_on: date
    due_on: date | None
    total_cents: int
    ogm: str | None
    payer_name: str
    person_name: str
    course_title: str
    course_code: str
    is_copy: bool
    has_file: bool
    corrects_number: str | None
    state: NoteState | None
    left_cents: int
    is_imported: bool
    has_e_invoice: bool
    line: int | None = None
    lines: tuple[NoteLineRow, ...] = ()


def shown(  # noqa: PLR0917 - one row of one query
    lines: Sequence[NoteLineRow],
    note: Note,
    position: int,
    institution: str | None,
    corrects: str | None,
    has_file: bool,
    has_ubl: bool,
    credit_cents: int,
    paid_cents: int,
    *,
    is_participant: bool,
) -> NoteRow:
    """A note as its reader sees it; `position` is the participant's own line of it."""
    own = [line for line in lines if line.position == position] if is_participant else list(lines)
    is_part, is_copy = len(own) < len(lines), is_participant and note.payer_kind is PayerKind.INSTITUTION
    is_followed = note.kind is NoteKind.DEBIT and not is_part
    person_name, course_title, course_code = _about(own)
    return NoteRow(
        note_id=note.id,
        number=note.number,
        kind=note.kind,
        issued_on=note.issued_on,
        due_on=note.due_on,
        total_cents=own[0].cents if is_part else note.total_cents,
        ogm=None if is_part else note.ogm,
        payer_name=institution or person_name,
        person_name=person_name,
        course_title=course_title,
        course_code=course_code,
        is_copy=is_copy,
        has_file=has_file,
        corrects_number=corrects,
        state=rules.note_state(note.total_cents, credit_cents, paid_cents) if is_followed else None,
        left_cents=note.total_cents - credit_cents - paid_cents if is_followed else 0,
        is_imported=note.is_imported,
        has_e_invoice=has_ubl and not is_copy,
        line=position if is_part else None,
        lines=tuple(own) if len(own) > 1 else (),
    )


def _about(lines: Sequence[NoteLineRow]) -> tuple[str, str, str]:
    """Who and what a note is about, in words: the one participant and course, or how many."""
    persons = {line.person_name for line in lines}
    courses = {(line.course_title, line.course_code) for line in lines}
    who = (
        lines[0].person_name
        if len(persons) == 1
        else ngettext("{count} participant", "{count} participants", len(persons))
    )
    title, code = (
        next(iter(courses)) if len(courses) == 1 else (ngettext("{count} course", "{count} courses", len(courses)), "")
    )
    return who, title, code
