"""The dry run: every fault with its row and reason, no other, and nothing changed by looking."""

import pytest
from sqlalchemy import func, select

from core.db import read, write
from core.i18n import speaking
from core.imports import certificates, courses, enrolments, notes, persons, schools
from core.imports.book import (
    COLUMN_MISSING,
    IN_FILE,
    IN_FUTURE,
    IN_ROW,
    NO_PDF,
    NO_TABLE,
    SEVERAL_SCHOOLS,
    UNKNOWN_COURSE,
    UNKNOWN_PERSON,
    UNKNOWN_SCHOOL,
)
from core.imports.report import said
from core.imports.sheets import MIXED_ENCODINGS, NO_HEADING
from core.models import Account, Person
from core.rules import import_cells as cells
from core.rules.import_kinds import COLUMNS
from core.vocabulary import ImportKind, Language, Mending
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution
from tests.imports.files import csv_of, institutions, planted, upload, xlsx_of, zip_of
from tests.imports.history import AN, BO, FILES, checked, history, taken_in, uploads

S, P, C, D = ImportKind.INSTITUTIONS, ImportKind.PERSONS, ImportKind.COURSES, ImportKind.COURSE_DAYS
E, N, A = ImportKind.ENROLMENTS, ImportKind.NOTES, ImportKind.CERTIFICATES
PEOPLE = {S: institutions(300)}


def heading(kind: ImportKind, name: str) -> str:
    return next(column.heading for column in COLUMNS[kind] if column.name == name)


def test_the_37_planted_faults_are_found_and_no_other_and_mended_all_goes_in(database: str) -> None:
    files = planted()
    report = checked(uploads(PEOPLE, upload("cursisten.csv", files.broken)))
    assert len(files.faults) == 37
    assert sorted((fault.row, fault.column, fault.reason) for fault in report.faults) == files.faults
    assert [(count.kind, count.rows, count.faulty) for count in report.counts] == [(S, 300, 0), (P, 5000, 37)]
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 0
    taken_in(uploads(PEOPLE, upload("cursisten.csv", files.mended)))
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 5000
        assert db.scalar(select(func.count()).select_from(Account)) == 5300


def test_accepted_proposals_are_no_faults_and_are_what_goes_in(sqlite_database: str) -> None:
    files = [*uploads(PEOPLE), upload("cursisten.csv", planted().broken)]
    proposed = checked(files).proposed()
    assert proposed == {Mending.PAD_NUMBERS: 4, Mending.FIX_CHARACTERS: 3}
    report = checked(files, *proposed)
    assert len(report.faults) == 30
    assert len(report.accepted) == 7
    row = next(fault for fault in report.accepted if fault.row == 452)
    assert (row.value, row.proposal) == ("Chlo\ufffd", "Chloë")
    few = [{"email": AN, "first_name": "An", "last_name": "Maes", "schools": "12001", "phone": "470001234"}]
    taken_in(uploads(PEOPLE | {P: few}), Mending.PAD_NUMBERS)
    with read() as db:
        assert db.scalars(select(Person.phone)).all() == ["0470001234"]


def test_a_history_without_fault_has_none_in_either_form(database: str) -> None:
    report = checked(uploads(history()))
    assert report.faults == ()
    assert report.remarks == ()
    assert {count.kind: count.rows for count in report.counts} == {kind: len(rows) for kind, rows in history().items()}
    book = {
        FILES[kind].removesuffix(".csv"): (
            [column.heading for column in COLUMNS[kind]],
            [[row.get(column.name, "") for column in COLUMNS[kind]] for row in rows],
        )
        for kind, rows in history().items()
    }
    again = checked([upload("alles.xlsx", xlsx_of(book | {"Uitleg": (["Zomaar", "tekst"], [["x", "y"]])}))])
    assert (again.faults, again.counts) == ((), report.counts)


LATER = "01/01/2099"
SINGLE = [
    (S, 0, {"number": "1234567"}, "number", None),
    (S, 0, {"kbo": "0257.216.483"}, "kbo", "This is not a KBO number. It has ten digits, such as 0257.216.482."),
    (S, 1, {"kbo": "257216482"}, "kbo", cells.LEADING_ZEROS),
    (S, 0, {"network": "iets"}, "network", "«{word}» is not known here. Choose from: {words}."),
    (P, 0, {"email": BO}, "email", None),
    (P, 2, {"schools": "Onbekend"}, "schools", UNKNOWN_SCHOOL),
    (P, 2, {"schools": "12345"}, "schools", cells.LEADING_ZEROS),
    (P, 0, {"linked_on": LATER}, "linked_on", IN_FUTURE),
    (C, 0, {"price": "gratis"}, "price", "This is not an amount. Write it as 190,00."),
    (C, 0, {"held_on": "01/02/2017"}, "held_on", courses.TOO_EARLY),
    (C, 0, {"held_on": ""}, "held_on", courses.NO_DAY),
    (C, 0, {"starts_at": ""}, "starts_at", cells.EMPTY),
    (C, 0, {"ends_at": "08:00"}, "ends_at", courses.TIMES),
    (D, 0, {"code": "99/X"}, "code", UNKNOWN_COURSE),
    (D, 0, {"held_on": "2019-03-06"}, "held_on", None),
    (D, 0, {"held_on": "2019-02-30"}, "held_on", "This day does not exist."),
    (E, 4, {"email": "niemand@school.example"}, "email", UNKNOWN_PERSON),
    (E, 3, {"code": "99/X"}, "code", UNKNOWN_COURSE),
    (E, 3, {"payer": "999999"}, "payer", UNKNOWN_SCHOOL),
    (E, 4, {"email": AN}, "email", IN_ROW),
    (E, 1, {"enrolled_on": LATER}, "enrolled_on", IN_FUTURE),
    (E, 2, {"cancelled_on": "01/09/2018"}, "cancelled_on", enrolments.BEFORE_ENROLLING),
    (E, 2, {"cancellation": "200"}, "cancellation", enrolments.TOO_COSTLY),
    (E, 1, {"cancelled_on": "03/10/2018"}, "cancelled_on", enrolments.NOT_CANCELLED),
    (E, 1, {"status": "vervangen"}, "status", "«{word}» is not known here. Choose from: {words}."),
    (N, 1, {"number": "2018/0001"}, "number", None),
    (N, 1, {"number": "DN-2026-000012"}, "number", None),
    (N, 1, {"ogm": "123456789002"}, "ogm", IN_ROW),
    (N, 1, {"ogm": "123456789003"}, "ogm", "The check digits of this reference are wrong: it has twelve digits."),
    (N, 1, {"ogm": "202600012320"}, "ogm", notes.OURS),
    (N, 1, {"email": "cas@school.example", "code": "19/B"}, "email", notes.NOT_ENROLLED),
    (N, 0, {"email": ""}, "email", cells.EMPTY),
    (N, 0, {"amount": "0", "paid": ""}, "amount", notes.ABOVE_ZERO),
    (N, 0, {"paid": "191"}, "paid", notes.OVERPAID),
    (N, 0, {"due_on": "01/10/2018"}, "due_on", notes.DUE_BEFORE),
    (N, 0, {"file": "weg.pdf"}, "file", NO_PDF),
    (N, 2, {"corrects": ""}, "corrects", cells.EMPTY),
    (N, 2, {"corrects": "2018/9999"}, "corrects", notes.UNKNOWN_DEBIT),
    (N, 2, {"amount": "190,01"}, "amount", notes.TOO_MUCH),
    (N, 2, {"issued_on": "01/10/2018"}, "issued_on", notes.BEFORE_DEBIT),
    (N, 2, {"ogm": "+++090/9337/55493+++"}, "ogm", notes.ONLY_DEBIT),
    (N, 2, {"paid": "1"}, "paid", notes.ONLY_DEBIT),
    (A, 1, {"number": "A-1"}, "number", IN_ROW),
    (A, 0, {"number": "AT-2026-000001"}, "number", notes.OURS),
    (A, 0, {"certificate_code": "ABC"}, "certificate_code", certificates.CODE_WRONG),
    (A, 1, {"email": AN}, "email", IN_ROW),
    (A, 1, {"email": "cas@school.example"}, "email", certificates.NOT_FOLLOWED),
    (A, 1, {"issued_on": LATER}, "issued_on", IN_FUTURE),
]


@pytest.mark.parametrize("planted", SINGLE, ids=lambda planted: f"{planted[0]}-{planted[1]}-{planted[3]}")
def test_one_fault_is_one_fault(
    sqlite_database: str, noon: object, planted: tuple[ImportKind, int, dict[str, str], str, str | None]
) -> None:
    """Also what hangs on the row at fault stays without; None: other rows are at fault with it."""
    kind, at, change, name, reason = planted
    tables = history()
    tables[kind][at] = dict(tables[kind][at]) | change
    found = checked(uploads(tables)).faults
    assert found
    first = found[0]
    assert (first.file, first.row, first.column) == (FILES[kind], at + 2 if reason else first.row, heading(kind, name))
    if reason is not None:
        assert [fault.reason for fault in found] == [reason]
    with speaking(Language.DUTCH):
        assert "{" not in said(first)


def test_every_fault_of_a_row_is_listed(sqlite_database: str) -> None:
    row = {"email": "fout", "first_name": "=1", "last_name": "", "birth_year": "1800", "phone": "x", "levels": "Z"}
    found = checked(uploads({P: [row]})).faults
    assert [fault.column for fault in found] == [
        *("E-mailadres", "Voornaam", "Achternaam", "Geboortejaar", "Telefoon", "Niveaus")
    ]
    assert {fault.row for fault in found} == {2}


def test_what_two_files_say_twice_names_the_other_file(sqlite_database: str) -> None:
    row = {"email": AN, "first_name": "An", "last_name": "Maes"}
    files = [upload(f"cursisten {year}.csv", csv_of(P, [row])) for year in (2018, 2019)]
    (fault,) = checked(files).faults
    assert (fault.file, fault.reason) == ("cursisten 2019.csv", IN_FILE)
    assert "cursisten 2018.csv" in said(fault)


def test_known_persons_institutions_and_courses_are_proposed_to_be_attached(database: str) -> None:
    with write() as db:
        known = a_person(db, "An", "Bekend", phone="1")
        an_account(db, known, AN)
        school = an_institution(db, "De Beer", number="012345")
        an_account(db, school, "info@beer.example")
        a_course(db, "Bekende cursus", code="18/A", in_days=-2900)
    files = uploads(history())
    report = checked(files)
    assert [(fault.reason, fault.mending) for fault in report.faults] == [
        (schools.KNOWN, Mending.ATTACH_KNOWN),
        (persons.KNOWN, Mending.ATTACH_KNOWN),
        (courses.KNOWN, Mending.ATTACH_KNOWN),
    ]
    assert "An Bekend" in said(report.faults[1])
    report = checked(files, Mending.ATTACH_KNOWN)
    assert report.faults == ()
    assert [count.attached for count in report.counts] == [1, 1, 1, 0, 0, 0, 0]
    taken_in(files, Mending.ATTACH_KNOWN)
    with read() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 3
        assert db.get_one(Person, known.id).last_name == "Bekend"


def test_an_import_does_not_pass_by_the_rules_of_our_own_courses(sqlite_database: str) -> None:
    with write() as db:
        an_account(db, a_person(db), AN)
        bo = a_person(db, "Bo")
        an_account(db, bo, BO)
        a_course(db, code="26/A")
        past = a_course(db, code="26/B", in_days=-30)
        an_enrolment(db, past, bo)
    rows = [
        {"code": "26/A", "email": AN},
        {"code": "26/B", "email": AN, "is_present": "nee"},
        {"code": "26/B", "email": BO},
    ]
    assert [(fault.row, fault.reason) for fault in checked(uploads({E: rows})).faults] == [
        (2, enrolments.STILL_TO_COME),
        (3, enrolments.PRESENCE_ELSEWHERE),
        (4, enrolments.ENROLLED),
    ]


def test_an_account_of_another_institution_and_a_shared_name_are_told(sqlite_database: str) -> None:
    with write() as db:
        an_account(db, an_institution(db, "De Zwaan"), "info@beer.example")
        for number in ("990001", "990002"):
            an_institution(db, "Vrije Basisschool", number=number)
    tables = {S: history()[S], P: [{"email": AN, "first_name": "An", "last_name": "M", "schools": "vrije basisschool"}]}
    assert [fault.reason for fault in checked(uploads(tables)).faults] == [schools.OWNED_ADDRESS, SEVERAL_SCHOOLS]


def test_tables_and_columns_that_are_not_known_are_told(sqlite_database: str) -> None:
    unknown = upload("x.csv", b"Appel;Peer\n1;2\n")
    without = upload("cursisten.csv", b"E-mailadres;Voornaam;Lievelingskleur\na@x.example;An;rood\n")
    stray = upload("mensen.csv", b"E-mail;Voornaam;Achternaam;\na@x.example;An;Maes;wat is dit\n")
    report = checked([unknown, without, stray])
    assert [(fault.file, fault.reason) for fault in report.faults] == [
        ("x.csv", NO_TABLE),
        ("cursisten.csv", COLUMN_MISSING),
        ("mensen.csv", NO_HEADING),
    ]
    assert [said(remark) for remark in report.remarks] != []
    assert "Lievelingskleur" in said(report.remarks[0])


def test_signs_that_were_saved_twice_over_are_found_in_a_workbook_too(sqlite_database: str) -> None:
    rows = [["a@x.example", "ZoÃ«", "Maes"], ["b@x.example", "Bert", "DâEUR"]]
    (fault,) = checked([upload("c.xlsx", xlsx_of({"Blad1": (["E-mailadres", "Voornaam", "Naam"], rows)}))]).faults
    assert (fault.sheet, fault.row, fault.value, fault.proposal) == ("Blad1", 2, "ZoÃ«", "Zoë")
    assert fault.reason == MIXED_ENCODINGS


def test_pdfs_that_no_row_names_are_remarked_and_two_rows_cannot_share_one(sqlite_database: str) -> None:
    tables = history()
    tables[N][0] = dict(tables[N][0]) | {"file": "Een.pdf"}
    tables[N][1] = dict(tables[N][1]) | {"file": "map/een.PDF"}
    archive = upload("pdfs.zip", zip_of({"een.pdf": b"%PDF-1", "twee.pdf": b"%PDF-2"}))
    report = checked(uploads(tables, archive))
    assert [fault.reason for fault in report.faults] == [IN_ROW]
    assert ["twee.pdf" in said(remark) for remark in report.remarks] == [True]
