"""«Kunt u de debetnota nog eens sturen?»: the stored PDF again, to the address the notes of that payer go to (D3)."""

from functools import partial

from core import access, clock
from core.assistant.answers.asker import Asker, asker
from core.assistant.answers.common import Link, Question, Reply, help_page, page, sign_in_page
from core.assistant.answers.recognition import Titled, narrowed, note_numbers
from core.db import Db
from core.i18n import _
from core.queries.billing import NoteRow, notes_of
from core.services import note_copies
from core.vocabulary import MAILBOT, NoteKind

MOST = 200


def reply(db: Db, question: Question) -> Reply:
    """Send the one note that fits again; when none or several do, say where they are, and a coordinator looks on."""
    who = asker(db, question)
    fitting = _fitting(db, who, question.text)
    note = fitting[0] if len(fitting) == 1 else None
    facts = {
        "is_own": who.side is not None,
        "note_number": note.number if note else "",
        "is_credit_note": note is not None and note.kind is NoteKind.CREDIT,
    }
    return Reply(
        "answer-note-copy",
        facts,
        _links(who),
        who.side,
        effect=partial(_send_again, note_id=note.note_id) if note else None,
        needs_coordinator=note is None,
    )


def _fitting(db: Db, who: Asker, text: str) -> tuple[NoteRow, ...]:
    """The notes the asker pays that the message may mean; those of an import have no mail of ours."""
    rows = [
        row
        for account in who.accounts
        for row in notes_of(db, access.acting(account), limit=MOST)
        if row.has_file and not row.is_copy and not row.is_imported
    ]
    if numbers := note_numbers(text):
        return tuple(row for row in rows if row.number.replace("-", "") in numbers)
    told = [
        (row, line.course_title, line.course_code, line.person_name) for row in rows for line in row.lines or (row,)
    ]
    titled = [Titled(place, title, code) for place, (_row, title, code, _name) in enumerate(told)]
    people = [name if who.is_institution else "" for *_facts, name in told]
    fitting = dict.fromkeys(narrowed(text, [row for row, *_facts in told], titled, people))
    wanted = NoteKind.CREDIT if "credit" in text.lower() else NoteKind.DEBIT
    return tuple(row for row in fitting if row.kind is wanted)


def _send_again(db: Db, _question: Question, *, note_id: int) -> str:
    note_copies.send_again(db, MAILBOT, note_id, since=clock.now() - note_copies.ONCE_A_WEEK)
    return ""


def _links(who: Asker) -> tuple[Link, ...]:
    if who.side is None:
        return (sign_in_page(), help_page())
    if who.is_institution:
        return (page(_("Our documents"), "onze-documenten"),)
    return (page(_("My documents"), "mijn-documenten"),)
