"""Issuing debit notes in bulk: the clock and a coordinator's screen go the same way, so that nothing differs.

Each note is issued in a transaction of its own, rendered outside any, and stored with its mails in another. It may
stop at any moment: what is issued and not rendered waits in `note_to_render`, what is not issued is still due.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.db import read, write
from core.documents.notes import Rendered
from core.documents.presses import Presses
from core.models import Note
from core.queries import billing as billing_queries
from core.services import billing, note_files
from core.settings import settings
from core.vocabulary import Actor

log = logging.getLogger(__name__)
#: So few notes are rendered here: another process would take longer to get warm.
FEW = 10


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: notes issued, notes whose files are stored and mails queued, and what failed, of so many."""

    total: int
    issued: int = 0
    rendered: int = 0
    failed: int = 0


def presses(count: int) -> Presses:
    """Where so many notes are rendered by a process that may render itself: a few here, many on every core."""
    return Presses(settings().render_processes if count > FEW else 0)


def presses_apart() -> Presses:
    """Where notes are rendered for a process that must not do so itself: a web server has others to answer."""
    return Presses(settings().render_processes)


def waiting() -> tuple[int, ...]:
    """The notes that were issued and are not rendered yet."""
    with read() as db:
        return billing_queries.notes_without_file(db)


def run(
    actor: Actor,
    due: Sequence[int],
    leftover: Sequence[int],
    where: Presses,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Progress]:
    """Issue what is due (`due_notes.due`) and render it, after what was left over (:func:`waiting`); tells how far.

    One note that fails is logged and skipped, and stops nothing else. `should_stop` is asked before each step.
    """
    far = Progress(total=len(due) + len(leftover))

    def work() -> Iterator[tuple[int, str]]:
        nonlocal far
        for note_id, is_new in _notes(actor, due, leftover, should_stop):
            if note_id is None:
                far = replace(far, failed=far.failed + 1)
                continue
            far = replace(far, issued=far.issued + is_new)
            if should_stop():
                return
            with read() as db:
                payload = db.get_one(Note, note_id).payload
            yield note_id, payload

    for note_id, made in where.rendered(work()):
        is_stored = _stored(actor, note_id, made)
        if is_stored is None:
            far = replace(far, failed=far.failed + 1)
        else:
            far = replace(far, rendered=far.rendered + is_stored)
        yield far
    yield far


def _stored(actor: Actor, note_id: int, made: Rendered | Exception) -> bool | None:
    """Keep the files of a note; False when another was first, None when something went wrong."""
    if isinstance(made, Exception):
        log.error("a due step failed", extra={"step": "render", "item": note_id}, exc_info=made)
        return None
    try:
        with write() as db:
            return note_files.store_and_mail(db, actor, note_id, made.files, made.copies)
    except Exception:
        log.exception("a due step failed", extra={"step": "store", "item": note_id})
        return None


def _notes(
    actor: Actor, due: Iterable[int], leftover: Iterable[int], should_stop: Callable[[], bool]
) -> Iterator[tuple[int | None, bool]]:
    """The notes to render, and whether each is new; None for one that could not be issued."""
    for note_id in leftover:
        if should_stop():
            return
        yield note_id, False
    for enrolment_id in due:
        if should_stop():
            return
        try:
            with write() as db:
                issued = billing.issue_debit_note(db, actor, enrolment_id)
        except Exception:
            log.exception("a due step failed", extra={"step": "issue", "item": enrolment_id})
            yield None, False
            continue
        if issued is not None:
            yield issued, True
