"""«Hebben wij betaald, en op welke rekening?»: the own open notes; the note itself carries account and reference."""

from core import access
from core.assistant.answers.asker import Asker, asker
from core.assistant.answers.common import Link, Question, Reply, help_page, page, sign_in_page
from core.db import Db
from core.decisions import decisions
from core.i18n import _, day
from core.money import euro
from core.queries.billing import NoteRow, notes_of
from core.queries.enrolments import EnrolmentRow, own_enrolments
from core.vocabulary import NoteKind, NoteState, PayerKind

MOST = 5


def reply(db: Db, question: Question) -> Reply:
    """The asker's notes that are not paid as far as we know; for a stranger how one pays."""
    who = asker(db, question)
    unpaid = _open_notes(db, who)
    facts = {
        "is_own": who.side is not None,
        "notes": [
            {
                "number": note.number,
                "total": euro(note.total_cents),
                "due_on": day(note.due_on) if note.due_on else "",
                "course_title": note.course_title,
                "is_partly_credited": note.state is NoteState.PARTLY_CREDITED,
            }
            for note in unpaid[:MOST]
        ],
        "coming_notes": [
            {
                "course_title": row.course_title,
                "person_name": row.person_name if who.is_institution else "",
                "total": euro(row.price_cents),
                "leaves_on": day(row.debit_note_on) if row.debit_note_on else "",
            }
            for row in _coming_notes(db, who)[:MOST]
        ],
        "more": max(0, len(unpaid) - MOST),
        "term_days": decisions(db).payment_term_days,
    }
    return Reply("answer-payment", facts, _links(who), who.side)


def _open_notes(db: Db, who: Asker) -> tuple[NoteRow, ...]:
    """The debit notes the asker pays that are neither paid nor credited whole, the newest first."""
    if who.side is None:
        return ()
    standing = (NoteState.OPEN, NoteState.PARTLY_PAID, NoteState.PARTLY_CREDITED)
    return tuple(
        row
        for row in notes_of(db, access.acting(who.side))
        if row.kind is NoteKind.DEBIT and not row.is_copy and row.state in standing
    )


def _coming_notes(db: Db, who: Asker) -> tuple[EnrolmentRow, ...]:
    """The enrolments whose debit note to the asker has not left yet, the first to leave first."""
    if who.side is None:
        return ()
    payer = PayerKind.INSTITUTION if who.is_institution else PayerKind.PERSON
    rows = own_enrolments(db, access.acting(who.side))
    waiting = [(row.debit_note_on, row) for row in rows if not row.is_billed and row.payer_kind is payer]
    found = [(on, row) for on, row in waiting if on is not None]
    return tuple(row for _on, row in sorted(found, key=lambda each: (each[0], each[1].enrolment_id)))


def _links(who: Asker) -> tuple[Link, ...]:
    if who.side is None:
        return (sign_in_page(), help_page())
    if who.is_institution:
        return (page(_("Our documents"), "onze-documenten"),)
    return (page(_("My documents"), "mijn-documenten"),)
