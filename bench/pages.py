"""Each page's script time and number of SQL statements, at 600 and at 60,000 persons, on SQLite."""

import os
from collections.abc import Iterator
from typing import Any

from sqlalchemy import event, select
from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest

from bench.ground import ROOT, Figure, median_ms, memory_mb, sqlite
from core import demo
from core.db import engine, read, write
from core.models import Account
from core.services import sign_ins
from core.vocabulary import Role

ADDRESSES = {
    Role.PERSON: demo.PERSON_ADDRESS,
    Role.INSTITUTION: demo.INSTITUTION_ADDRESS,
    Role.COORDINATOR: demo.COORDINATOR_ADDRESS,
}
QUERIES = {"public/course.py": {"id": "x-00006"}, "public/enrol.py": {"id": "x-00006"}}


def _sign_in(role: Role) -> int:
    with read() as db:
        account_id = db.scalars(select(Account.id).where(Account.role == role, Account.email == ADDRESSES[role])).one()
    with write() as db:
        return sign_ins.start(db, account_id)[0]


def _role(file: str) -> Role | None:
    folder = file.partition("/")[0]
    if folder in (Role.PERSON, Role.INSTITUTION, Role.COORDINATOR):
        return Role(folder)
    return Role.PERSON if file == "public/enrol.py" else None


def _page(file: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    role = _role(file)
    if role is not None:
        test.session_state["_sign_in_id"] = _sign_in(role)
    test.run()
    for name, value in QUERIES.get(file, {}).items():
        test.query_params[name] = value
    test.switch_page(str(ROOT / "pages" / file))
    test.run()
    if test.exception or any("er is niets gewijzigd" in error.value for error in test.error):
        raise RuntimeError(f"{file} broke: {test.exception} {[error.value for error in test.error]}")
    return test


def _measured(size: str) -> Iterator[Figure]:
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine(), "before_cursor_execute", count)
    folders = ("public", "person", "institution", "coordinator")
    for path in sorted(path for folder in folders for path in (ROOT / "pages" / folder).glob("*.py")):
        file = f"{path.parent.name}/{path.name}"
        test = _page(file)
        statements.clear()
        test.run()
        queries = len(statements)
        yield Figure(f"{file}, {size} persons", median_ms(test.run), f"ms, {queries} SQL")


def figures() -> Iterator[Figure]:
    """All figures of this file."""
    set_log_level("error")
    with sqlite():
        demo.fill()
        yield from _measured("600")
    with sqlite():
        demo.fill(demo.MEDIUM)
        yield from _measured("60,000")
        yield Figure("memory of a process after all pages", memory_mb(os.getpid()), "MB")
