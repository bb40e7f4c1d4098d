"""What an import makes, on both databases: everything or nothing, no mail, no number of ours, and what portals show."""

import hashlib
import json
from datetime import date

import pytest
from sqlalchemy import func, select

from core import jobs
from core.access import NotAllowed
from core.db import read, write
from core.documents import certificates as certificate_documents
from core.models import (
    Account,
    Affiliation,
    Attendance,
    AuditEvent,
    Certificate,
    CertificateFile,
    Counter,
    Course,
    Enrolment,
    FormerAddress,
    ImportRun,
    Institution,
    Note,
    NoteFile,
    OutgoingMail,
    Person,
    Teacher,
)
from core.queries import billing, certificates, due_notes, enrolments
from core.services import accounts, imports
from core.services.accounts import Creation, NewPerson
from core.services.imports import NothingThere, Overtaken, StillFaulty
from core.vocabulary import (
    VISITOR,
    Actor,
    ActorKind,
    AuditTag,
    CoordinatorRole,
    CourseStatus,
    CourseType,
    EnrolmentStatus,
    ImportKind,
    ImportPurpose,
    NoteKind,
    NoteState,
    Role,
)
from tests.builders import a_person, acting, an_account, queued, secret_in
from tests.imports.files import upload, zip_of
from tests.imports.history import AN, BO, COORDINATOR, history, taken_in, uploads

PDF = b"%PDF-1.7 de nota van toen"


def actor_of(address: str, role: Role = Role.PERSON) -> Actor:
    with read() as db:
        return acting(db.scalars(select(Account).where(Account.email == address, Account.role == role)).one())


@pytest.fixture
def imported(database: str, noon: object) -> int:
    tables = history()
    tables[ImportKind.NOTES][0] = dict(tables[ImportKind.NOTES][0]) | {"file": "2018-0001.pdf"}
    tables[ImportKind.CERTIFICATES][0] = dict(tables[ImportKind.CERTIFICATES][0]) | {"file": "attest.pdf"}
    archive = zip_of({"2018-0001.pdf": PDF, "attest.pdf": b"%PDF-1.7 attest"})
    return taken_in(uploads(tables, upload("pdf.zip", archive)))


def test_everything_goes_in_with_what_belongs_to_it(imported: int) -> None:
    with read() as db:
        beer, museum = db.scalars(select(Institution).order_by(Institution.id))
        assert (beer.number, museum.number, museum.kbo) == ("012345", None, "0257216482")
        assert [address.email for address in museum.billing_addresses] == ["a@museum.example", "b@museum.example"]
        an, bo, _cas = db.scalars(select(Person).order_by(Person.id))
        assert (an.name, [row.level for row in an.levels]) == ("An D'Hondt", ["KO", "LO"])
        assert db.scalars(select(FormerAddress.email)).all() == ["bo.oud@school.example"]
        assert db.scalar(select(func.count()).select_from(Affiliation)) == 3
        first, second = db.scalars(select(Course).order_by(Course.code))
        assert (first.status, first.course_type, first.total_minutes) == (CourseStatus.CLOSED, CourseType.ONE_DAY, 330)
        assert (second.course_type, second.first_day, second.last_day) == (
            CourseType.MULTI_DAY,
            date(2019, 3, 6),
            date(2019, 3, 13),
        )
        assert [teacher.name for teacher in first.teachers] == ["Els Maes", "Jan Wouters"]
        assert db.scalar(select(func.count()).select_from(Teacher)) == 2
        seats = db.scalars(select(Enrolment).order_by(Enrolment.id)).all()
        assert [seat.payer_institution_id for seat in seats] == [beer.id, None, museum.id, None, None]
        assert [seat.status for seat in seats].count(EnrolmentStatus.CANCELLED) == 1
        assert seats[2].cancellation_cents == 4_000
        presence = {(row.enrolment_id, row.is_present) for row in db.scalars(select(Attendance))}
        assert presence == {(seats[3].id, False), (seats[4].id, True)}
        assert bo.id == seats[1].person_id == seats[4].person_id


def test_notes_keep_their_number_reference_and_pdf_and_touch_no_counter(imported: int) -> None:
    with read() as db:
        paid, open_note, credit = db.scalars(select(Note).order_by(Note.id))
        assert [note.number for note in (paid, open_note, credit)] == ["2018/0001", "2018/0002", "2018/C01"]
        assert {note.series for note in (paid, open_note, credit)} == {f"IMPORT-{imported}"}
        assert [note.nr for note in (paid, open_note, credit)] == [1, 2, 3]
        assert (paid.ogm, open_note.ogm) == ("123456789002", None)
        assert credit.corrects_id == open_note.id
        for note in (paid, open_note, credit):
            facts = json.loads(note.payload)
            assert sum(line["amount_cents"] for line in facts["lines"]) == note.total_cents
            assert [line.amount_cents for line in note.lines] == [note.total_cents]
            assert hashlib.sha256(note.payload.encode()).hexdigest() == note.payload_sha256
        assert open_note.prev_sha256 == paid.payload_sha256
        assert db.scalar(select(func.count()).select_from(Counter)) == 0
        rows = {row.number: row for row in billing.notes_of(db, COORDINATOR)}
        assert rows["2018/0001"].state is NoteState.PAID
        assert rows["2018/0002"].state is NoteState.PARTLY_CREDITED
        assert (rows["2018/0001"].has_file, rows["2018/0002"].has_file) == (True, False)
        assert all(row.is_imported for row in rows.values())


def test_payer_and_participant_fetch_the_pdf_of_then(imported: int) -> None:
    person, school = actor_of(AN), actor_of("info@beer.example", Role.INSTITUTION)
    with read() as db:
        note_id = db.scalars(select(Note.id).where(Note.number == "2018/0001")).one()
        for actor, is_copy in ((person, True), (school, False)):
            stored = billing.note_file(db, actor, note_id)
            assert (stored.filename, stored.content) == ("2018-0001.pdf", PDF)
            (row,) = billing.notes_of(db, actor)
            assert row.is_copy is is_copy


def test_certificates_keep_their_number_and_check_out(imported: int) -> None:
    with read() as db:
        first, second = db.scalars(select(Certificate).order_by(Certificate.number))
        assert db.scalars(select(CertificateFile.content)).all() == [b"%PDF-1.7 attest"]
        found = certificates.checked(db, first.code)
        assert found is not None
        assert (found.person, found.followed_minutes, found.given_minutes) == ("An D'Hondt", 240, 330)
        assert certificates.file(db, actor_of(BO), second.id) is None
        payload = certificates.payload(db, actor_of(BO), second.id)
    assert certificate_documents.render(payload).startswith(b"%PDF-")


def test_nothing_is_mailed_billed_or_rendered_ever(imported: int) -> None:
    done = jobs.run_due()
    assert (done.issued, done.rendered, done.failed) == (0, 0, 0)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(OutgoingMail)) == 0
        assert due_notes.count_coming(db, 4_000) == 0
        assert db.scalar(select(func.count()).select_from(NoteFile)) == 1


def test_an_account_opens_by_a_new_password_and_no_second_one_is_made(imported: int) -> None:
    with write() as db:
        account = db.scalars(select(Account).where(Account.email == BO)).one()
        assert (account.confirmed_at, account.password_hash, account.is_active) == (None, None, True)
        form = NewPerson("Iemand", "Anders", "bo.oud@school.example", "acht groene olifanten")
        assert accounts.create_account(db, VISITOR, form) is Creation.KNOWN_ADDRESS
        assert accounts.request_new_password(db, VISITOR, Role.PERSON, BO)
        accounts.set_new_password(db, VISITOR, secret_in(queued(db, "new-password")[0]), "acht groene olifanten")
    with read() as db:
        account = db.scalars(select(Account).where(Account.email == BO)).one()
        assert account.confirmed_at is not None
        rows = enrolments.own_enrolments(db, acting(account))
        assert [row.course_code for row in rows] == ["19/B", "18/A"]


def test_one_trace_tells_what_was_imported_by_whom(imported: int) -> None:
    with read() as db:
        event = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.IMPORT_DONE)).one()
        run = db.get_one(ImportRun, imported)
    details = json.loads(event.details)
    assert (event.actor_name, event.subject_type, event.subject_id) == ("Coördinator", "import_run", imported)
    assert details["counts"]["enrolments"] == {"attached": 0, "rows": 5}
    assert len(details["files"][0]["sha256"]) == 64
    assert run.made_by == "Coördinator"


def test_a_later_import_adds_credit_notes_to_an_earlier_one(imported: int) -> None:
    row = {
        "number": "2018/C02",
        "note_kind": "creditnota",
        "issued_on": "2018-12-01",
        "amount": "150",
        "corrects": "2018/0002",
    }
    with pytest.raises(StillFaulty):
        taken_in(uploads({ImportKind.NOTES: [row | {"amount": "150,01"}]}))
    taken_in(uploads({ImportKind.NOTES: [row]}))
    with read() as db:
        found = {each.number: each for each in billing.notes_of(db, COORDINATOR)}
        assert found["2018/0002"].state is NoteState.CREDITED
        assert db.scalars(select(Note.kind).where(Note.number == "2018/C02")).one() is NoteKind.CREDIT


def test_one_fault_keeps_everything_out(database: str) -> None:
    tables = history()
    tables[ImportKind.CERTIFICATES][1] = dict(tables[ImportKind.CERTIFICATES][1]) | {"issued_on": "ooit"}
    with pytest.raises(StillFaulty, match="left"):
        taken_in(uploads(tables))
    with pytest.raises(NothingThere):
        taken_in([upload("leeg.csv", b"E-mailadres;Voornaam;Achternaam\n")])
    with read() as db:
        for model in (Person, Institution, Course, ImportRun, AuditEvent):
            assert db.scalar(select(func.count()).select_from(model)) == 0


def test_what_breaks_half_way_leaves_nothing(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_all: object) -> None:
        raise RuntimeError("the power went")

    steps = imports._STEPS[ImportPurpose.HISTORY]
    monkeypatch.setitem(imports._STEPS, ImportPurpose.HISTORY, (*steps[:-1], broken))
    with pytest.raises(RuntimeError):
        taken_in(uploads(history()))
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 0
        assert db.scalar(select(func.count()).select_from(Note)) == 0


def test_an_address_that_was_taken_at_the_same_moment_is_a_refusal(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = imports.persons.make

    def late(book: object, maker: object) -> None:
        an_account(book.db, a_person(book.db), AN)  # type: ignore[attr-defined]
        made(book, maker)  # type: ignore[arg-type]

    monkeypatch.setitem(imports._STEPS, ImportPurpose.HISTORY, (imports.schools.make, late))
    with pytest.raises(Overtaken):
        taken_in(uploads({ImportKind.PERSONS: [*history()[ImportKind.PERSONS][1:2], an_row()]}))


def an_row() -> dict[str, str]:
    return {"email": AN, "first_name": "An", "last_name": "D'Hondt"}


@pytest.mark.parametrize(
    "actor",
    [
        Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.READER),
        Actor(ActorKind.INSTITUTION, institution_id=1),
        Actor(ActorKind.PERSON, person_id=1),
        VISITOR,
    ],
)
def test_only_coordinators_import(sqlite_database: str, actor: Actor) -> None:
    files = imports.opened(uploads(history()))
    with write() as db:
        with pytest.raises(NotAllowed):
            imports.check(db, actor, files)
        with pytest.raises(NotAllowed):
            imports.carry_out(db, actor, files)
        with pytest.raises(NotAllowed):
            imports.undo(db, actor, 1)
