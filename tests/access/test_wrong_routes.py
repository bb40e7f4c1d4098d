"""Every HTTP route with the first school's ids and another's cookie: what is not yours looks unknown, whoever asks."""

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pytest
from sqlalchemy.orm import Session
from starlette.applications import Starlette

from core.db import engine
from core.services import sign_ins
from pages.http.headers import SecurityHeaders
from pages.http.routes import ROUTES
from pages.http.session import COOKIE, PATH
from tests.access.world import UNKNOWN, Dump, World, dump
from tests.asgi import let_answer

SITE = SecurityHeaders(Starlette(routes=ROUTES))
STRANGERS = ("another school", "another person", "a colleague")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answers."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Everything that can be read in it: of a ZIP or a workbook each file, of a PDF its words."""
        if self.body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(self.body)) as archive:
                files = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
            return "\n".join([*archive.namelist(), *files])
        if self.body.startswith(b"%PDF-"):
            return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(self.body))
        return self.body.decode(errors="replace")


def cookie_header(cookie: str) -> str:
    """What a browser sends for a cookie of the world: of a sign-in, or with the name of its own."""
    return cookie if "=" in cookie else f"{COOKIE}={cookie}"


def asked(path: str, cookie: str = "", *, body: bytes | None = None) -> Answer:
    """One request to the site, in this process."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    place, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST" if body is not None else "GET",
        "scheme": "http",
        "path": place,
        "raw_path": place.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"cno.example"), (b"cookie", cookie_header(cookie).encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    let_answer(SITE, scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


#: The routes that name something by its id: what of the first school to ask for, and who may have it.
BY_ID: dict[str, tuple[tuple[str, str], ...]] = {
    "/download/note/{identity:int}": (("note", "school"), ("credit", "school"), ("note", "person")),
    "/download/reminder/{identity:int}": (("reminder", "school"), ("reminder", "coordinator")),
    "/download/institution/{identity:int}/statement.pdf": (("institution", "school"), ("institution", "coordinator")),
    "/download/person/{identity:int}/statement.pdf": (("person", "person"), ("person", "coordinator")),
    "/download/institution/{identity:int}/overview.xlsx": (("institution", "coordinator"),),
    "/download/institution/{identity:int}/overview.pdf": (("institution", "coordinator"),),
    "/download/person/{identity:int}/dossier.xlsx": (("person", "person"), ("person", "coordinator")),
    "/download/person/{identity:int}/dossier.pdf": (("person", "reader"),),
    "/download/certificate/{identity:int}": (("past", "school"), ("past", "person")),
    "/download/material/{identity:int}": (("material", "school"), ("material", "person")),
    "/download/calendar/{identity:int}.ics": (("named", "school"), ("named", "person")),
    "/download/mail/{identity:int}": (("mail", "coordinator"),),
    "/download/attachment/{identity:int}": (("attachment", "coordinator"),),
    "/download/ledger/{identity:int}.csv": (("export", "coordinator"),),
    "/download/ledger/{identity:int}.xlsx": (("export", "coordinator"),),
    "/download/course/{identity:int}/participants.xlsx": (("course", "coordinator"),),
    "/download/course/{identity:int}/participants.pdf": (("course", "coordinator"),),
    "/download/course/{identity:int}/evaluations.xlsx": (("past_course", "coordinator"),),
    "/download/day/{identity:int}/sign-in.pdf": (("held_day", "coordinator"),),
    "/download/course/{identity:int}/certificates.zip": (("course", "coordinator"),),
}
#: The routes that gather what is one's own, and in which form.
GATHERED: dict[str, tuple[str, ...]] = {
    "/download/notes.zip": ("/download/notes.zip",),
    "/download/statement.pdf": ("/download/statement.pdf",),
    "/download/certificates.zip": ("/download/certificates.zip",),
    "/download/overview.{kind:str}": ("/download/overview.xlsx", "/download/overview.pdf"),
    "/download/report.xlsx": ("/download/report.xlsx",),
    "/download/open-amounts.xlsx": ("/download/open-amounts.xlsx",),
    "/download/dossier.{kind:str}": ("/download/dossier.xlsx", "/download/dossier.pdf"),
}
#: Of what is gathered, what only coordinators get.
FOR_THE_TEAM = ("report", "open-amounts")
#: What everybody may ask for; a certificate's code is the proof, and stands on the certificate alone.
#: The figures of the mailbox are numbers only, and ask for a token of their own (tests/queries/test_operations.py).
#: The link of a teacher is the proof; without one that works the cookie goes away (tests/pages/test_teaching.py).
#: What is asked with a key instead of an id, and by more than GET: tests/access/test_uploads.py.
UPLOADS = {"/upload/material", "/upload/material/{key}", "/upload/material/{key}/finish"}
OPEN = {PATH, "/agenda/{secret}.ics", "/robots.txt", "/attest/{code}", "/metrics", "/docent"}
#: Seats that give no certificate or calendar, and why that is no news either.
GIVEN_UP = ("cancelled", "replaced", "waits", "offered", "unnamed")


def at(route: str, identity: int) -> str:
    """The address of something, on a route."""
    return route.replace("{identity:int}", str(identity))


@pytest.fixture(scope="module")
def untouched(world: World) -> Dump:
    """The whole database before anybody asked for anything."""
    with Session(engine()) as db:
        return dump(db)


def unchanged(untouched: Dump) -> bool:
    """Whether the database is still what it was."""
    with Session(engine()) as db:
        return dump(db) == untouched


@pytest.mark.parametrize("route", BY_ID)
def test_a_file_of_another_school_looks_like_one_that_is_not_there(world: World, untouched: Dump, route: str) -> None:
    given_up = GIVEN_UP if "download/certificate" in route or "calendar" in route else ()
    for of in {of for of, _who in BY_ID[route]} | {*given_up}:
        for who in STRANGERS:
            cookie = world.cookies[who]
            theirs, unknown = (asked(at(route, each), cookie) for each in (world.ids[of], UNKNOWN))
            assert theirs == unknown, (of, who)
            assert theirs.status == 404
        for cookie in ("", "x" * 43):
            visitor = asked(at(route, world.ids[of]), cookie)
            assert (visitor.status, visitor.headers["location"], visitor.body) == (303, "/aanmelden", b"")
    for of, who in BY_ID[route]:
        assert asked(at(route, world.ids[of]), world.cookies[who]).status == 200, (of, who)
    assert unchanged(untouched)


@pytest.mark.parametrize("query", ["", "?year=2026", "?person=Geheimnaam&course=Geheimcursus", "?person=%25&course=_"])
@pytest.mark.parametrize("address", [address for addresses in GATHERED.values() for address in addresses])
def test_what_is_gathered_holds_nothing_of_another_school(
    world: World, untouched: Dump, address: str, query: str
) -> None:
    if query and address.endswith(".pdf"):
        return  # as its workbook
    for who in STRANGERS:
        answer = asked(address + query, world.cookies[who])
        assert [secret for secret in world.secrets if secret in answer.text] == [], who
        is_for_others = any(name in address for name in FOR_THE_TEAM) or (
            "overview" in address and who != "another school"
        )
        is_for_others |= "dossier" in address and who == "another school"
        assert answer.status == (404 if is_for_others else 200)
    assert asked(address + query).status == 303
    assert unchanged(untouched)


@pytest.mark.parametrize(
    ("address", "others"),
    [
        ("/download/notes.zip", "DN-2026"),
        ("/download/certificates.zip?course=voorbij", ""),
        ("/download/overview.xlsx?year=2026", "Gewone cursus"),
        ("/download/overview.pdf?year=2026", "Andere school"),
    ],
)
def test_a_school_that_asks_for_its_own_gets_it(world: World, address: str, others: str) -> None:
    assert "Geheimnaam" in asked(address, world.cookies["school"]).text
    assert others in asked(address, world.cookies["another school"]).text


def test_a_signed_out_cookie_opens_nothing_any_more(world: World) -> None:
    with Session(engine().execution_options(write=True)) as db:
        identity, ticket = sign_ins.start(db, world.ids["account"])
        secret = sign_ins.redeem_ticket(db, ticket) or ""
        db.commit()
        note = at("/download/note/{identity:int}", world.ids["note"])
        assert asked(note, secret).status == 200
        sign_ins.end(db, identity)
        db.commit()
    assert asked(note, secret).status == 303


@pytest.mark.parametrize("of", GIVEN_UP)
def test_who_gave_up_or_waits_gets_no_calendar_and_no_certificate(world: World, of: str) -> None:
    for route in ("/download/calendar/{identity:int}.ics", "/download/certificate/{identity:int}"):
        expected = 200 if of == "unnamed" and "calendar" in route else 404
        assert asked(at(route, world.ids[of]), world.cookies["school"]).status == expected
