"""Undoing the last import: whole, only while nothing was built on it, and issued notes stay immutable meanwhile."""

import json

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit, clock
from core.access import NotFound
from core.db import Db, engine, read, write
from core.migrations.triggers import INSERT_ONLY
from core.models import (
    Account,
    AuditEvent,
    Base,
    Certificate,
    Course,
    Enrolment,
    ImportedRow,
    ImportRun,
    Institution,
    Note,
    Person,
)
from core.queries import imports as queries
from core.services import accounts, billing, certificates, imports, sign_ins
from core.services.imports import BuiltOn, NotTheLast
from core.vocabulary import CLOCK, VISITOR, AuditTag, ImportKind, ImportState, Language, Mending, Role
from tests.builders import a_course, a_person, an_account, an_affiliation, an_enrolment
from tests.imports.files import planted, upload, zip_of
from tests.imports.history import AN, BO, COORDINATOR, history, taken_in, uploads
from tests.imports.test_checking import PEOPLE

PDF = b"%PDF-1.7 x"


def everything() -> list[object]:
    """All tables but those that keep what happened, and the words the search has learnt (not whose they are)."""
    kept = {"audit_event", "import_run", "alembic_version", "search_place", "search_word", "search_part"}
    with read() as db:
        found = []
        for table in Base.metadata.sorted_tables:
            if table.name not in kept:
                found += [(table.name, tuple(row)) for row in db.execute(select(table).order_by(*table.primary_key))]
        return found


def imported() -> int:
    tables = history()
    tables[ImportKind.NOTES][0] = dict(tables[ImportKind.NOTES][0]) | {"file": "1.pdf"}
    tables[ImportKind.CERTIFICATES][0] = dict(tables[ImportKind.CERTIFICATES][0]) | {"file": "2.pdf"}
    return taken_in(uploads(tables, upload("pdf.zip", zip_of({"1.pdf": PDF, "2.pdf": PDF}))), Mending.ATTACH_KNOWN)


def undo(import_id: int) -> None:
    with write() as db:
        imports.undo(db, COORDINATOR, import_id)


def an_issued_note(db: Db) -> Note:
    """A note of our own, as the platform issues it."""
    seat = an_enrolment(db, a_course(db), a_person(db, "Eigen"), confirmed_on=clock.today().replace(year=2025))
    note_id = billing.issue_debit_note(db, CLOCK, seat.id)
    return db.get_one(Note, note_id)


def test_an_undone_import_leaves_nothing_and_can_be_made_again(database: str, noon: object) -> None:
    with write() as db:
        an_issued_note(db)
        known = a_person(db, "An", "Bekend")
        an_account(db, known, AN)
    before = everything()
    undo(imported())
    assert everything() == before
    again = imported()
    with read() as db:
        states = db.execute(select(ImportRun.state, ImportRun.undone_by).order_by(ImportRun.id)).all()
        assert states == [(ImportState.UNDONE, "Coördinator"), (ImportState.DONE, "")]
        tags = db.scalars(select(AuditEvent.tag).where(AuditEvent.subject_type == "import_run").order_by(AuditEvent.id))
        assert tags.all() == [AuditTag.IMPORT_DONE, AuditTag.IMPORT_UNDONE, AuditTag.IMPORT_DONE]
    undo(again)
    assert everything() == before


def test_five_thousand_participants_go_as_they_came(database: str) -> None:
    before = everything()
    undo(taken_in(uploads(PEOPLE, upload("cursisten.csv", planted().mended))))
    assert everything() == before


def test_only_the_last_import_is_undone_and_only_once(sqlite_database: str) -> None:
    first = taken_in(uploads({ImportKind.INSTITUTIONS: history()[ImportKind.INSTITUTIONS]}))
    second = taken_in(uploads({ImportKind.PERSONS: [{"email": BO, "first_name": "Bo", "last_name": "M"}]}))
    with pytest.raises(NotTheLast):
        undo(first)
    undo(second)
    with pytest.raises(NotTheLast):
        undo(second)
    undo(first)
    with pytest.raises(NotFound):
        undo(99)


def test_each_thing_built_on_an_import_keeps_it_and_says_why(database: str, noon: object) -> None:
    import_id = imported()
    with read() as db:
        assert queries.obstacles(db, COORDINATOR, import_id) == ()
    for build, table in BUILDS.items():
        with Session(engine().execution_options(write=True)) as db:  # never committed
            build(db)
            db.flush()
            found = queries.obstacles(db, COORDINATOR, import_id)
            assert table in {obstacle.table for obstacle in found}, build.__name__
            with pytest.raises(BuiltOn):
                imports.undo(db, COORDINATOR, import_id)
            db.rollback()
            db.begin()
    undo(import_id)


def bo(db: Db) -> Account:
    return db.scalars(select(Account).where(Account.email == BO)).one()


def a_new_password(db: Db) -> None:
    accounts.request_new_password(db, VISITOR, Role.PERSON, BO)


def a_sign_in(db: Db) -> None:
    sign_ins.start(db, bo(db).id)


def a_changed_person(db: Db) -> None:
    audit.record(db, COORDINATOR, AuditTag.PERSON_CHANGED, bo(db).person)  # type: ignore[arg-type]


def a_new_enrolment(db: Db) -> None:
    an_enrolment(db, db.scalars(select(Course)).all()[0], a_person(db, "Nieuw"))


def an_own_enrolment(db: Db) -> None:
    an_enrolment(db, a_course(db), bo(db).person)  # type: ignore[arg-type]


def a_certificate(db: Db) -> None:
    seats = db.scalars(select(Enrolment).where(Enrolment.person_id == bo(db).person_id).order_by(Enrolment.id)).all()
    certificates.issue(db, COORDINATOR, seats[1].id, Language.DUTCH)


def a_link(db: Db) -> None:
    an_affiliation(db, a_person(db), db.scalars(select(Institution)).all()[0])


def a_credit_note(db: Db) -> None:
    note = db.scalars(select(Note).where(Note.number == "2018/0001")).one()
    billing.issue_credit_note(db, COORDINATOR, note.id, db.get_one(Enrolment, note.lines[0].enrolment_id), 100)


BUILDS = {
    a_new_password: "token",
    a_sign_in: "sign_in",
    a_changed_person: "person",
    a_new_enrolment: "enrolment",
    an_own_enrolment: "enrolment",
    a_certificate: "certificate",
    a_link: "affiliation",
    a_credit_note: "note",
}


def test_a_teacher_whom_another_course_has_stays(sqlite_database: str) -> None:
    tables = {kind: history()[kind] for kind in (ImportKind.COURSES, ImportKind.COURSE_DAYS)}
    import_id = taken_in(uploads(tables))
    with write() as db:
        course = db.scalars(select(Course).where(Course.code == "18/A")).one()
        own = a_course(db)
        own.teachers = course.teachers[:1]
    undo(import_id)
    with read() as db:
        assert [teacher.name for teacher in db.get_one(Course, own.id).teachers] == ["Els Maes"]


@pytest.mark.parametrize("state", [ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE])
@pytest.mark.parametrize("table", INSERT_ONLY)
def test_issued_notes_and_certificates_never_change_or_go(
    database: str, noon: object, table: str, state: ImportState
) -> None:
    """Whatever an import's state says, and even when somebody lists the issued row as an imported one."""
    import_id = imported()
    column = {"note": "id", "certificate_file": "certificate_id"}.get(table, "note_id")
    with write() as db:
        issued = an_issued_note(db)
        seat = db.scalars(select(Enrolment).where(Enrolment.person_id == bo(db).person_id)).all()[1]
        certificate_id = certificates.issue(db, COORDINATOR, seat.id, Language.DUTCH)
        certificates.store_file(db, COORDINATOR, certificate_id, PDF)
        db.execute(
            sa.text(
                f"INSERT INTO note_file (note_id, kind, media_type, sha256, content, created_at) "  # noqa: S608
                f"VALUES ({issued.id}, 'original', 'x', 'x', 'x', '2026-01-01')"
            )
        )
        identity = certificate_id if table == "certificate_file" else issued.id
        db.add(ImportedRow(import_id=import_id, table_name="note", row_id=issued.id))
        db.get_one(ImportRun, import_id).state = state
    for statement in (
        f"DELETE FROM {table} WHERE {column} = {identity}",  # noqa: S608
        f"UPDATE {table} SET {column} = {column} WHERE {column} = {identity}",  # noqa: S608
        f"UPDATE {table} SET {column} = {column}",  # noqa: S608
    ):
        with pytest.raises(IntegrityError, match="immutable"), write() as db:
            db.execute(sa.text(statement))


@pytest.mark.parametrize("table", INSERT_ONLY)
def test_imported_notes_are_immutable_too_unless_their_import_is_being_undone(
    database: str, noon: object, table: str
) -> None:
    import_id = imported()
    for state in (ImportState.DONE, ImportState.UNDONE):
        with write() as db:
            db.get_one(ImportRun, import_id).state = state
        with pytest.raises(IntegrityError, match="immutable"), write() as db:
            db.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608
    with write() as db:
        db.get_one(ImportRun, import_id).state = ImportState.UNDOING
    change = "position = 2" if table == "note_line" else "created_at = created_at"
    with pytest.raises(IntegrityError, match="immutable"), write() as db:
        db.execute(sa.text(f"UPDATE {table} SET {change}"))  # noqa: S608


def test_the_history_of_imports_tells_what_went_in(sqlite_database: str, noon: object) -> None:
    imported()
    with read() as db:
        found = queries.page_of(db, COORDINATOR)
        assert db.scalar(select(func.count()).select_from(Certificate)) == 2
        assert db.scalar(select(func.count()).select_from(Person)) == 3
    (row,) = found.rows
    assert (row.made_by, row.state, row.is_last) == ("Coördinator", ImportState.DONE, True)
    assert [(count.kind, count.rows) for count in row.counts][:2] == [
        (ImportKind.INSTITUTIONS, 2),
        (ImportKind.PERSONS, 3),
    ]
    assert row.files[-1] == "pdf.zip"
    assert json.dumps(row.files)
