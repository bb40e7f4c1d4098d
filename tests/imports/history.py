"""A small history of every kind, as files, and the coordinator who imports it."""

from collections.abc import Iterable, Mapping

from core.db import read, write
from core.imports.parcel import Upload
from core.imports.report import Report
from core.services import imports
from core.vocabulary import Actor, ActorKind, CoordinatorRole, ImportKind, ImportPurpose, Mending
from tests.imports.files import Row, csv_of, upload

COORDINATOR = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR, name="Coördinator")
FILES = {
    ImportKind.INSTITUTIONS: "instellingen.csv",
    ImportKind.PERSONS: "cursisten.csv",
    ImportKind.COURSES: "nascholingen.csv",
    ImportKind.COURSE_DAYS: "cursusdagen.csv",
    ImportKind.ENROLMENTS: "inschrijvingen.csv",
    ImportKind.NOTES: "notas.csv",
    ImportKind.CERTIFICATES: "attesten.csv",
    ImportKind.PLANNED_COURSES: "nascholingen.csv",
    ImportKind.PLANNED_DAYS: "cursusdagen.csv",
}
Tables = Mapping[ImportKind, list[Row]]

AN, BO, CAS = "an@school.example", "bo@school.example", "cas@school.example"


def history() -> dict[ImportKind, list[Row]]:
    """Two schools, three participants, a course of one day and one of two, notes and certificates: no fault."""
    return {
        ImportKind.INSTITUTIONS: [
            {"number": "012345", "name": "Basisschool De Beer", "email": "info@beer.example", "city": "Gent"},
            {
                "name": "Museum Zonder Nummer",
                "billing_emails": "a@museum.example; b@museum.example",
                "kbo": "0257216482",
            },
        ],
        ImportKind.PERSONS: [
            {"email": AN, "first_name": "An", "last_name": "D'Hondt", "schools": "012345", "levels": "LO; KO"},
            {"email": BO, "first_name": "Bo", "last_name": "Çelik", "former_emails": "bo.oud@school.example"},
            {"email": CAS, "first_name": "Cas", "last_name": "Maes", "schools": "Museum Zonder Nummer; 012345"},
        ],
        ImportKind.COURSES: [
            {
                "code": "18/A",
                "title": "Taal in elke les",
                "price": "190,00",
                "held_on": "14/11/2018",
                "starts_at": "09:30",
                "ends_at": "16:00",
                "hours": "5,5",
                "teachers": "Els Maes; Jan Wouters",
                "levels": "LO",
            },
            {
                "code": "19/B",
                "title": "Rekenen: tweedaags",
                "price": "0",
                "place": "Campus Boogkeers",
                "city": "Antwerpen",
            },
        ],
        ImportKind.COURSE_DAYS: [
            {"code": "19/B", "held_on": "2019-03-13", "starts_at": "13:30", "ends_at": "16:30"},
            {"code": "19/B", "held_on": "2019-03-06", "starts_at": "13:30", "ends_at": "16:30", "room": "R.1"},
        ],
        ImportKind.ENROLMENTS: [
            {"code": "18/A", "email": AN, "payer": "012345", "enrolled_on": "01/10/2018", "reference": "BB 12"},
            {"code": "18/A", "email": BO, "enrolled_on": "02/10/2018"},
            {
                "code": "18/A",
                "email": CAS,
                "payer": "Museum Zonder Nummer",
                "enrolled_on": "03/10/2018",
                "status": "geannuleerd",
                "cancelled_on": "10/11/2018",
                "cancellation": "40,00",
            },
            {"code": "19/B", "email": AN, "is_present": "nee"},
            {"code": "19/B", "email": BO},
        ],
        ImportKind.NOTES: [
            {
                "number": "2018/0001",
                "note_kind": "debetnota",
                "issued_on": "08/10/2018",
                "due_on": "07/11/2018",
                "code": "18/A",
                "email": AN,
                "amount": "190,00",
                "ogm": "+++123/4567/89002+++",
                "paid": "190,00",
            },
            {
                "number": "2018/0002",
                "note_kind": "debetnota",
                "issued_on": "09/10/2018",
                "code": "18/A",
                "email": BO,
                "amount": "190,00",
            },
            {
                "number": "2018/C01",
                "note_kind": "creditnota",
                "issued_on": "12/11/2018",
                "amount": "40,00",
                "corrects": "2018/0002",
            },
        ],
        ImportKind.CERTIFICATES: [
            {"number": "A-1", "issued_on": "21/11/2018", "code": "18/A", "email": AN, "hours": "4"},
            {"number": "A-2", "issued_on": "21/11/2018", "code": "18/A", "email": "bo.oud@school.example"},
        ],
    }


def uploads(tables: Tables, *more: Upload) -> list[Upload]:
    """The tables as CSV files, each under its usual name, and what comes along."""
    return [*(upload(FILES[kind], csv_of(kind, rows)) for kind, rows in tables.items()), *more]


def checked(files: Iterable[Upload], *mendings: Mending, purpose: ImportPurpose = ImportPurpose.HISTORY) -> Report:
    """A dry run."""
    with read() as db:
        return imports.check(db, COORDINATOR, imports.opened(files), frozenset(mendings), purpose=purpose)


def taken_in(files: Iterable[Upload], *mendings: Mending, purpose: ImportPurpose = ImportPurpose.HISTORY) -> int:
    """An import; its id."""
    opened = imports.opened(files)
    with write() as db:
        return imports.carry_out(db, COORDINATOR, opened, frozenset(mendings), purpose=purpose)
