"""Undoing an import: only while nothing has been built on its rows, and then without leaving any of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, true

from core.db import Db
from core.models import (
    Account,
    Affiliation,
    AuditEvent,
    Base,
    BillingAddress,
    Certificate,
    CertificateFile,
    Course,
    CourseDay,
    CourseTeacher,
    Enrolment,
    FormerAddress,
    ImportedRow,
    ImportRun,
    Institution,
    Note,
    NoteFile,
    NoteLine,
    PaidBefore,
    Person,
    Teacher,
)
from core.vocabulary import AuditTag

#: What an import makes, in the order in which it can go. Teachers stay where a course of somebody else has them.
_MADE: tuple[type[Any], ...] = (Certificate, Note, Enrolment, Affiliation, Course, Person, Institution)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an import cannot be undone: so many rows of a table were changed, or made on top of it, since."""

    table: str
    count: int
    is_change: bool


def _of(run: ImportRun, model: type[Any]) -> Select[Any]:
    """The ids of the rows of a table that the import made."""
    return select(ImportedRow.row_id).where(
        ImportedRow.import_id == run.id, ImportedRow.table_name == model.__tablename__
    )


def _parts(run: ImportRun) -> dict[type[Any], ColumnElement[bool]]:
    """Which rows of the tables without a mark are parts of what the import made, in the order in which they go."""
    notes, certificates = _of(run, Note), _of(run, Certificate)
    owned = or_(Account.person_id.in_(_of(run, Person)), Account.institution_id.in_(_of(run, Institution)))
    return {
        CertificateFile: CertificateFile.certificate_id.in_(certificates),
        PaidBefore: PaidBefore.note_id.in_(notes),
        NoteFile: NoteFile.note_id.in_(notes),
        NoteLine: NoteLine.note_id.in_(notes),
        CourseDay: CourseDay.course_id.in_(_of(run, Course)),
        FormerAddress: FormerAddress.account_id.in_(select(Account.id).where(owned)),
        Account: owned,
        BillingAddress: BillingAddress.institution_id.in_(_of(run, Institution)),
    }


def obstacles(db: Db, run: ImportRun) -> tuple[Obstacle, ...]:
    """What has been built on an import, or changed in it, since: nothing of it may be lost by undoing."""
    made = {model: _of(run, model) for model in _MADE}
    parts = _parts(run)
    made |= {model: select(model.id).where(parts[model]) for model in (Account, CourseDay)}
    found = [*_changed(db, run, made), *_built_on(db, made, parts)]
    return tuple(obstacle for obstacle in found if obstacle.count)


def _changed(db: Db, run: ImportRun, made: dict[type[Any], Select[Any]]) -> Iterator[Obstacle]:
    """What the audit trail tells of the rows since."""
    since = select(func.max(AuditEvent.id)).where(
        AuditEvent.tag == AuditTag.IMPORT_DONE,
        AuditEvent.subject_type == ImportRun.__tablename__,
        AuditEvent.subject_id == run.id,
    )
    last = db.scalar(since) or 0
    for model, ids in made.items():
        count = select(func.count(AuditEvent.subject_id.distinct())).where(
            AuditEvent.id > last, AuditEvent.subject_type == model.__tablename__, AuditEvent.subject_id.in_(ids)
        )
        yield Obstacle(model.__tablename__, db.scalar(count) or 0, is_change=True)


def _built_on(
    db: Db, made: dict[type[Any], Select[Any]], parts: dict[type[Any], ColumnElement[bool]]
) -> Iterator[Obstacle]:
    """Rows of other makers that point to rows of the import, in whatever table."""
    ids_by_table = {model.__table__: ids for model, ids in made.items()}
    own_parts = {model.__table__: condition for model, condition in parts.items()}
    for table in Base.metadata.sorted_tables:
        pointing = [
            column.in_(ids_by_table[key.column.table])
            for column in table.columns
            for key in column.foreign_keys
            if key.column.table in ids_by_table and not _goes_along(column, key.ondelete)
        ]
        if not pointing or table in (AuditEvent.__table__, CourseTeacher.__table__):
            continue
        count = select(func.count()).select_from(table).where(or_(*pointing))
        if table in own_parts:
            count = count.where(~own_parts[table])
        elif table in ids_by_table:
            count = count.where(table.c.id.not_in(ids_by_table[table]))
        yield Obstacle(table.name, db.scalar(count) or 0, is_change=False)


def _goes_along(column: Any, on_delete: str | None) -> bool:
    """Whether a row is only a part of the one it points to (a level, a subject): its key begins with it."""
    return on_delete == "CASCADE" and bool(column.primary_key)


def remove(db: Db, run: ImportRun) -> None:
    """Let every row of an import go; the triggers of the notes allow it while its state says so."""
    parts = _parts(run)

    def drop(*models: type[Any], condition: ColumnElement[bool] | None = None) -> None:
        for model in models:
            own = parts[model] if model in parts else model.id.in_(_of(run, model))
            db.execute(delete(model).where(own, true() if condition is None else condition))

    drop(CertificateFile, PaidBefore, NoteFile, NoteLine)
    drop(Note, condition=Note.corrects_id.is_not(None))  # a credit note goes before the debit note it corrects
    drop(Certificate, Note, Enrolment, Affiliation)
    drop(CourseDay, FormerAddress, Account, BillingAddress)
    drop(Course, Person, Institution)
    drop(Teacher, condition=Teacher.id.not_in(select(CourseTeacher.teacher_id)))
    db.execute(delete(ImportedRow).where(ImportedRow.import_id == run.id))
