"""A stranger's cold request to every address: nothing is shown, nor sent, that is not public."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from core import clock, jobs
from core.db import write
from core.models import Account, IncomingMail, MailThread, Material
from core.services import sign_ins
from core.settings import settings
from core.vocabulary import CourseStatus
from deploy.postgres import free_port
from pages.http.session import COOKIE
from pages.shared.site import DOORS
from tests.builders import a_course, a_person, an_account, an_enrolment, an_institution
from tests.conftest import ROOT, migrate

SECRETS = (
    "Vertrouwelijk",
    "geheim.adres",
    "Geheimschool",
    "Geheimonderwerp",
    "Geheimcursus",
    "Geheimbestand",
    "DN-20",
)


def fill() -> None:
    """One of everything that is nobody else's business."""
    with write() as db:
        person = a_person(db, "Geheimnaam", "Vertrouwelijk", phone="0470 99 99 99")
        school = an_institution(db, "Geheimschool")
        an_account(db, person, "geheim.adres@school.example")
        an_account(db, school, "geheim.adres2@school.example")
        an_account(db, None, "geheim.adres3@cno.example")
        an_account(db, a_person(db, "Iemand", "Anders"), "ander@school.example")
        course = a_course(db, "Openbare cursus", in_days=-20, status=CourseStatus.PUBLISHED)
        an_enrolment(db, course, person, school, confirmed_on=clock.today() - timedelta(days=30))
        a_course(db, "Geheimcursus", status=CourseStatus.DRAFT)
        thread = MailThread(
            subject="Geheimonderwerp",
            address="geheim.adres4@school.example",
            created_at=clock.now(),
            last_mail_at=clock.now(),
        )
        db.add(thread)
        db.flush()
        db.add(
            IncomingMail(
                sha256="1" * 64,
                raw=b"Subject: Geheimonderwerp\n\nVertrouwelijk",
                size=3,
                subject="Geheimonderwerp",
                body="Vertrouwelijk",
                arrived_at=clock.now(),
                thread_id=thread.id,
            )
        )
        db.add(
            Material(
                course_id=course.id,
                title="Geheimbestand",
                filename="Geheimbestand.pdf",
                storage_key="x",
                size=3,
                media_type="application/pdf",
                visible_from=clock.today(),
                created_at=clock.now(),
            )
        )
    assert jobs.run_due().rendered == 1


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A web server on data of its own; its address."""
    folder: Path = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        url = f"sqlite:///{folder}/cno.sqlite3"
        patch.setenv("MATERIAL_URL", f"file://{folder}/material")
        patch.setenv("DAY_STARTS_AT_HOUR", "0")
        migrate(url, patch)
        fill()
        port = free_port()
        options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url, "ENVIRONMENT": "test"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        settings.cache_clear()
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while not _is_up(address):
            assert time.monotonic() < until
            time.sleep(0.1)
        yield address
        server.terminate()
        server.wait(timeout=20)
    settings.cache_clear()


def _is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@pytest.fixture(scope="module")
def stranger() -> Iterator[Page]:
    """A browser without any cookie."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
        )
        page = browser.new_page(locale="nl-BE")
        yield page
        browser.close()


PRIVATE_FIRST = sorted(DOORS, key=lambda door: door.audience is None)


@pytest.mark.parametrize("door", PRIVATE_FIRST, ids=lambda door: door.url_path or "catalogue")
def test_no_page_shows_or_sends_what_is_not_public(site: str, stranger: Page, door: object) -> None:
    received: list[bytes] = []

    def listen(socket: object) -> None:
        socket.on(  # type: ignore[attr-defined]
            "framereceived", lambda data: received.append(data if isinstance(data, bytes) else data.encode())
        )

    stranger.on("websocket", listen)
    stranger.goto(f"{site}/{door.url_path}")  # type: ignore[attr-defined]
    stranger.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']", timeout=30_000)
    stranger.remove_listener("websocket", listen)
    shown = stranger.inner_text("body")
    sent = b"\n".join(received).decode("utf-8", "replace")
    assert received, "the page talks over a websocket"
    assert [secret for secret in SECRETS if secret in shown or secret in sent] == []
    if door.audience is not None:  # type: ignore[attr-defined]
        assert "Aanmelden" in shown


def fetched(site: str, path: str, *, cookie: str = "", ticket: bytes | None = None) -> tuple[int, str, bytes]:
    """Status, where it leads and content of one request; a redirection is not followed."""
    connection = HTTPConnection(site.removeprefix("http://"), timeout=20)
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    connection.request("POST" if ticket is not None else "GET", path, body=ticket, headers=headers)
    answer = connection.getresponse()
    found = answer.status, answer.headers.get("Location", ""), answer.read()
    connection.close()
    return found


FILES = ("note/1", "certificate/1", "material/1", "mail/1", "calendar/1.ics", "note/999", "mail/999")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("cookie", ["", "x" * 43])
def test_a_stranger_who_asks_for_a_file_is_asked_to_sign_in_whether_it_exists_or_not(
    site: str, file: str, cookie: str
) -> None:
    status, leads_to, body = fetched(site, f"/download/{file}", cookie=cookie)
    assert (status, leads_to, body) == (303, "/aanmelden", b"")


def cookie_of(address: str) -> str:
    """The cookie that signing in with an account's address gives."""
    with write() as db:
        account_id = db.scalars(select(Account.id).where(Account.email == address)).one()
        _identity, ticket = sign_ins.start(db, account_id)
        secret = sign_ins.redeem_ticket(db, ticket)
    assert secret is not None
    return secret


def test_who_may_fetch_what(site: str) -> None:
    """The participant and the school that pays get the note; somebody else's file looks like one that is not there."""
    person, school, other, team = (
        cookie_of(address)
        for address in (
            "geheim.adres@school.example",
            "geheim.adres2@school.example",
            "ander@school.example",
            "geheim.adres3@cno.example",
        )
    )
    given = {
        (file, who): fetched(site, f"/download/{file}", cookie=cookie)[0]
        for file in ("note/1", "certificate/1", "mail/1", "note/999")
        for who, cookie in {"person": person, "school": school, "other": other, "team": team}.items()
    }
    allowed = {place for place, status in given.items() if status == 200}
    assert allowed == {
        *(("note/1", who) for who in ("person", "school", "team")),
        *(("certificate/1", who) for who in ("person", "school", "team")),
        ("mail/1", "team"),
    }
    assert set(given.values()) == {200, 404}
    assert fetched(site, "/download/note/1", cookie=other) == fetched(site, "/download/note/999", cookie=other)
    assert fetched(site, "/download/note/1", cookie=person)[2].startswith(b"%PDF")


@pytest.mark.parametrize("ticket", [b"", b"x" * 43, b"\xff\xfe", b"x" * 100_000])
def test_a_made_up_ticket_gives_no_cookie(site: str, ticket: bytes) -> None:
    assert 400 <= fetched(site, "/sessie", ticket=ticket)[0] < 500


def test_the_headers_forbid_what_a_page_never_needs(site: str) -> None:
    with urllib.request.urlopen(f"{site}/", timeout=10) as answer:  # noqa: S310 - loopback
        headers = {name.lower(): value for name, value in answer.headers.items()}
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers
