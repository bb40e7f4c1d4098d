"""Importing the history (D15) and courses to come: a dry run, everything in or nothing, undoing the last one."""

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import access, audit, clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.imports import (
    certificates,
    courses,
    enrolments,
    note_rows,
    notes,
    parcel,
    persons,
    planned,
    report,
    schools,
    undoing,
)
from core.imports.book import Book
from core.imports.making import Maker
from core.imports.parcel import Parcel, Tell, Upload
from core.imports.report import Report
from core.models import ImportRun
from core.rules.import_kinds import KINDS
from core.settings import settings
from core.vocabulary import Actor, AuditTag, ImportPurpose, ImportState, Mending

_CHECKS = {
    ImportPurpose.HISTORY: (
        schools.check,
        persons.check,
        courses.check,
        enrolments.check,
        notes.check,
        certificates.check,
    ),
    ImportPurpose.COURSES: (planned.check,),
}
_STEPS = {
    ImportPurpose.HISTORY: (
        schools.make,
        persons.make,
        courses.make,
        enrolments.make,
        note_rows.make,
        certificates.make,
    ),
    ImportPurpose.COURSES: (planned.make,),
}


class StillFaulty(DomainError):
    """Rows that cannot be taken in: nothing is."""

    message = N_("Nothing was imported: faults are left ({count}). Mend the files and check them again.")


class NothingThere(DomainError):
    """No table with any row."""

    message = N_("There is nothing to import in these files.")


class Overtaken(DomainError):
    """Something was made at the same moment that an import may not double."""

    message = N_("Something in these files was added on the platform meanwhile. Check the files again.")


class NotTheLast(DomainError):
    """Only the last import can be undone."""

    message = N_("Only the last import can be undone.")


class BuiltOn(DomainError):
    """Others have gone on with what was imported."""

    message = N_("This import can no longer be undone: something has been built on it since.")


def opened(uploads: Iterable[Upload], tell: Tell = lambda _share: None) -> Parcel:
    """Read what was uploaded, before any transaction. Raises the refusals of `core.imports.parcel`."""
    return parcel.opened(uploads, tell)


def check(
    db: Db,
    actor: Actor,
    files: Parcel,
    mendings: frozenset[Mending] = frozenset(),
    tell: Tell = lambda _share: None,
    *,
    purpose: ImportPurpose = ImportPurpose.HISTORY,
) -> Report:
    """The dry run: every fault of every row, nothing changed. Raises NotAllowed."""
    access.require_coordinator(actor)
    return report.of(_checked(db, files, purpose, mendings, tell))


def carry_out(
    db: Db,
    actor: Actor,
    files: Parcel,
    mendings: frozenset[Mending] = frozenset(),
    tell: Tell = lambda _share: None,
    *,
    purpose: ImportPurpose = ImportPurpose.HISTORY,
) -> int:
    """Take everything in, or nothing; checked once more within the transaction. No mail leaves.

    Returns the id of the import. Raises NotAllowed, StillFaulty, NothingThere or Overtaken.
    """
    access.require_coordinator(actor)
    book = _checked(db, files, purpose, mendings, lambda share: tell(share / 4))
    found = report.of(book)
    if found.faults:
        raise StillFaulty(count=len(found.faults))
    if not found.rows:
        raise NothingThere
    counts = {count.kind.value: {"rows": count.rows, "attached": count.attached} for count in found.counts}
    run = ImportRun(
        files=json.dumps(files.files, ensure_ascii=False),
        counts=json.dumps(counts),
        account_id=actor.account_id,
        made_by=actor.name,
        made_at=clock.now(),
    )
    db.add(run)
    db.flush()
    try:
        maker = Maker(db, run, found.rows, lambda share: tell(0.25 + share * 0.75))
        for step in _STEPS[purpose]:
            step(book, maker)
    except IntegrityError as overtaken:
        raise Overtaken from overtaken
    audit.record(db, actor, AuditTag.IMPORT_DONE, run, files=files.files, counts=counts, accepted=len(found.accepted))
    return run.id


def _checked(db: Db, files: Parcel, purpose: ImportPurpose, mendings: frozenset[Mending], tell: Tell) -> Book:
    book = Book(db, clock.today(), settings().history_since, mendings, files, KINDS[purpose])
    book.open(lambda share: tell(share / 2))
    checks = _CHECKS[purpose]
    for position, step in enumerate(checks, start=1):
        step(book)
        tell(0.5 + position / len(checks) / 2)
    book.note_unnamed_pdfs()
    return book


def undo(db: Db, actor: Actor, import_id: int) -> None:
    """Take the last import back, whole. Raises NotAllowed, NotFound, NotTheLast or BuiltOn."""
    access.require_coordinator(actor)
    run = db.scalar(select(ImportRun).where(ImportRun.id == import_id).with_for_update())
    if run is None:
        raise access.NotFound
    last = select(ImportRun.id).where(ImportRun.state == ImportState.DONE).order_by(ImportRun.id.desc()).limit(1)
    if db.scalar(last) != run.id:
        raise NotTheLast
    if undoing.obstacles(db, run):
        raise BuiltOn
    run.state = ImportState.UNDOING
    db.flush()
    try:
        undoing.remove(db, run)
        db.flush()
    except IntegrityError as built_on:
        raise BuiltOn from built_on
    run.state, run.undone_by, run.undone_at = ImportState.UNDONE, actor.name, clock.now()
    counts: Mapping[str, object] = json.loads(run.counts)
    audit.record(db, actor, AuditTag.IMPORT_UNDONE, run, counts=counts)
