"""Each page's script time and number of SQL statements: on the normal demo, and on the large one on both databases."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select
from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest

from bench.ground import ROOT, Figure, median_ms, memory_mb, postgresql, sqlite, use
from core import clock, demo
from core.db import engine, read, write
from core.demo.large import BIG_SCHOOL_ADDRESS
from core.models import Account, Course, Enrolment, Note
from core.queries.attention import Matter
from core.queries.note_search import Show
from core.queries.reports import ReportKind
from core.services import sign_ins
from core.vocabulary import CourseStatus, Role
from deploy import postgres
from pages.shared.outgoing import View
from pages.shared.signing import SIGN_IN
from pages.shared.site import DOORS

ADDRESSES = {
    Role.PERSON: demo.PERSON_ADDRESS,
    Role.INSTITUTION: demo.INSTITUTION_ADDRESS,
    Role.COORDINATOR: demo.COORDINATOR_ADDRESS,
}
#: The aims: a page's script, milliseconds.
AIM, MOST = 50, 300
SERVER = ("listen_addresses=127.0.0.1", "shared_buffers=512MB")


@dataclass(frozen=True, slots=True)
class Case:
    """A page as somebody looks at it. `address` is whose account signs in; None: a visitor."""

    file: str
    role: Role | None = None
    address: str | None = None
    query: dict[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def name(self) -> str:
        """What stands in the table."""
        asked = "&".join(f"{name}={value}" for name, value in self.query.items())
        return self.file + (f"?{asked}" if asked else "") + (f" ({self.note})" if self.note else "")


def _cases(course: str) -> list[Case]:
    """Every page, as its own kind of account sees it; pages about one course show `course`."""
    found = []
    for door in DOORS:
        role = door.audience or _role(door.file)
        query = {"id": course} if door.file in ("public/course.py", "public/enrol.py") else {}
        found.append(Case(door.file, role, ADDRESSES[role] if role else None, query))
    return found


def _role(file: str) -> Role | None:
    folder = file.partition("/")[0]
    if folder in tuple(Role):
        return Role(folder)
    return Role.PERSON if file == "public/enrol.py" else None


def _of_big_school() -> list[Case]:
    """Every page of the portal, for the school with 300 linked persons and 5,000 enrolments."""
    doors = [door for door in DOORS if door.file.startswith("institution/")]
    cases = [Case(door.file, Role.INSTITUTION, BIG_SCHOOL_ADDRESS, note="big school") for door in doors]
    asked = (
        ("institution/enrolments.py", {"periode": "past"}),
        ("institution/documents.py", {"soort": "attesten"}),
        ("institution/documents.py", {"soort": "schooljaar"}),
    )
    return cases + [Case(file, Role.INSTITUTION, BIG_SCHOOL_ADDRESS, query, "big school") for file, query in asked]


def _of_the_team(course: str) -> list[Case]:
    """What coordinators look at beside the first screen of each page: one course, one file, searches, each report."""
    with read() as db:
        person_id = db.execute(
            select(Enrolment.person_id)
            .where(Enrolment.person_id.is_not(None))
            .group_by(Enrolment.person_id)
            .order_by(func.count().desc())
            .limit(1)
        ).scalar_one()
        school_id = db.execute(select(Account.institution_id).where(Account.email == BIG_SCHOOL_ADDRESS)).scalar_one()
    course_id = course.rpartition("-")[2].lstrip("0")
    asked: list[tuple[str, dict[str, str]]] = [
        ("course.py", {"id": course_id}),
        ("course_edit.py", {"id": course_id}),
        ("courses.py", {"periode": "past"}),
        ("courses.py", {"zoek": "lezen"}),
        ("person.py", {"id": str(person_id)}),
        ("institution.py", {"id": str(school_id)}),
        *(("people.py", {"zoek_wie": words}) for words in ("peeters", "an pe", "vandenbrouke", "jan.maes@")),
        ("people.py", {"wie": "institution", "zoek_wie": "sint jozef"}),
        *(("outbox.py", {"lijst": view}) for view in View),
        *(("today.py", {"lijst": matter}) for matter in Matter),
        *(("reports.py", {"rapport": kind, "periode": "vorig-schooljaar"}) for kind in ReportKind),
        *_of_finance(school_id),
    ]
    return [Case(f"coordinator/{file}", Role.COORDINATOR, ADDRESSES[Role.COORDINATOR], query) for file, query in asked]


def _of_finance(school_id: int) -> list[tuple[str, dict[str, str]]]:
    """Lists and searches of notes, one note, what is open, each with the numbers of this database."""
    with read() as db:
        latest = select(Note).where(Note.ogm.is_not(None)).order_by(Note.id.desc()).limit(1)
        note = db.scalars(latest).one()
    return [
        *(("notes.py", {"toon": show}) for show in Show),
        *(("notes.py", {"zoek_nota": words}) for words in (note.number, note.ogm or "", "190,00", "peeters", "lezen")),
        ("notes.py", {"toon": "openstaand", "ouderdom": "4"}),
        ("notes.py", {"toon": "openstaand", "instelling": str(school_id)}),
        ("note.py", {"id": str(note.id)}),
        ("open_amounts.py", {"per": "nascholing"}),
    ]


def _sign_in(role: Role, address: str) -> int:
    with read() as db:
        account_id = db.scalars(select(Account.id).where(Account.role == role, Account.email == address)).one()
    with write() as db:
        return sign_ins.start(db, account_id)[0]


def _opened(case: Case) -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=120)
    if case.role is not None and case.address is not None:
        test.session_state[SIGN_IN] = _sign_in(case.role, case.address)
    test.run()
    for name, value in case.query.items():
        test.query_params[name] = value
    test.switch_page(str(ROOT / "pages" / case.file)).run()
    if test.exception or any("er is niets gewijzigd" in error.value for error in test.error):
        raise RuntimeError(f"{case.name} broke: {test.exception} {[error.value for error in test.error]}")
    return test


def _measured(where: str, cases: list[Case]) -> Iterator[Figure]:
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine(), "before_cursor_execute", count)
    for case in cases:
        test = _opened(case)
        statements.clear()
        test.run()
        queries, taken = len(statements), median_ms(test.run)
        aim = f"< {AIM}" if taken < AIM else f"< {AIM} MISSED" if taken < MOST else f"< {MOST} MISSED"
        yield Figure(f"{where}: {case.name}", taken, f"ms, {queries} SQL", aim)
    event.remove(engine(), "before_cursor_execute", count)


def _biggest_course() -> str:
    """The address of the coming course with the most enrolments."""
    with read() as db:
        slug, identity = db.execute(
            select(Course.slug, Course.id)
            .join(Enrolment, Enrolment.course_id == Course.id)
            .where(Course.first_day > clock.today(), Course.status == CourseStatus.PUBLISHED)
            .group_by(Course.id)
            .order_by(func.count().desc())
            .limit(1)
        ).one()
    return f"{slug}-{identity:05}"


def figures(_given: dict[str, str]) -> Iterator[Figure]:
    """Every page on the normal demo."""
    set_log_level("error")
    with sqlite():
        demo.fill()
        yield from _measured("normal", _cases("x-00006"))


def _large(where: str) -> Iterator[Figure]:
    course = _biggest_course()
    yield from _measured(where, [*_cases(course), *_of_big_school(), *_of_the_team(course)])
    yield Figure(f"{where}: memory of this process", memory_mb(os.getpid()), "MB")


def large(given: dict[str, str]) -> Iterator[Figure]:
    """Every page on the large demo, on both databases, or on the one that is given filled: `sqlite=`, `postgresql=`.

    A filled database is only read, but for the sign-ins.
    """
    set_log_level("error")
    if "sqlite" in given:
        use(f"sqlite:///{Path(given['sqlite']).absolute()}", Path("data"))
        yield from _large("SQLite")
        engine().dispose()
    elif not given:
        with sqlite():
            demo.fill(demo.LARGE)
            yield from _large("SQLite")
    if "postgresql" in given:
        use(given["postgresql"], Path("data"))
        yield from _large("PostgreSQL")
        engine().dispose()
    elif not given:
        with postgres.running(SERVER) as server, postgresql(server):
            demo.fill(demo.LARGE)
            with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
            yield from _large("PostgreSQL")
