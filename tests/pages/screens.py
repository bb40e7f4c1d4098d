"""Pages as somebody sees them: a small season to show, signing in, opening a page by its address, what it says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event, select
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core import clock
from core.db import engine, write
from core.models import Account, IncomingMail, MailThread
from core.services import sign_ins
from core.vocabulary import Language, Role
from pages.shared.signing import LANGUAGE, SIGN_IN
from pages.shared.site import DOORS, Door
from tests.builders import a_course, a_person, an_account, an_affiliation, an_enrolment, an_institution
from tests.conftest import ROOT

ADDRESSES = {
    Role.PERSON: "an@school.example",
    Role.INSTITUTION: "secretariaat@school.example",
    Role.COORDINATOR: "team@cno.example",
}


def a_season(rows: int) -> None:
    """A person, a school and a coordinator, with this many courses, enrolments, conversations and mails."""
    with write() as db:
        person, school = a_person(db), an_institution(db)
        an_account(db, person, ADDRESSES[Role.PERSON])
        an_account(db, school, ADDRESSES[Role.INSTITUTION])
        an_account(db, None, ADDRESSES[Role.COORDINATOR])
        an_affiliation(db, person, school)
        for number in range(rows):
            for in_days in (10 + number, -20 - number):
                payer = school if number % 2 else None
                on = clock.today() - timedelta(days=number)
                an_enrolment(db, a_course(db, f"Cursus {number}", in_days=in_days), person, payer, confirmed_on=on)
            now = clock.now()
            thread = MailThread(subject=f"Vraag {number}", address="x@x.example", created_at=now, last_mail_at=now)
            db.add(thread)
            db.flush()
            db.add(
                IncomingMail(
                    sha256=f"{number:064}", raw=b"x", size=1, subject="Vraag", arrived_at=now, thread_id=thread.id
                )
            )


def sign_in(role: Role) -> int:
    with write() as db:
        account_id = db.scalars(select(Account.id).where(Account.role == role)).first()
        assert account_id is not None
        return sign_ins.start(db, account_id)[0]


def opened(door: Door, role: Role | None, language: Language = Language.DUTCH, **query: str) -> AppTest:
    """A page as somebody sees it who comes by its address."""
    test = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=30)
    test.session_state[LANGUAGE] = language
    if role is not None:
        test.session_state[SIGN_IN] = sign_in(role)
    for name, value in query.items():
        test.query_params[name] = value
    test._page_hash = calc_hash(door.url_path)  # a first run of the catalogue would take as long again
    return test.run()


def said(test: AppTest) -> str:
    """Everything a page says."""
    parts = [*test.title, *test.markdown, *test.error, *test.warning, *test.info, *test.success, *test.caption]
    return "\n".join(str(part.value) for part in parts)


def door_of(file: str) -> Door:
    return next(door for door in DOORS if door.file == file)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine(), "before_cursor_execute", count)
    yield statements
    event.remove(engine(), "before_cursor_execute", count)
