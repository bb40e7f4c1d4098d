"""The HTTP door of course material: uploads that cannot be forged, downloads that go on where they broke off."""

import json
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core import clock
from core.db import engine, write
from core.models import AuditEvent, Material, MaterialUpload, TeacherLink
from core.services.material_uploads import PIECE
from core.vocabulary import ActorKind, AuditTag
from tests.access.test_wrong_routes import SITE, Answer, cookie_header
from tests.access.world import UNKNOWN, World
from tests.asgi import let_answer

MARK = {"x-cno-upload": "1"}
PDF = b"%PDF-1.7 " + bytes(range(250)) * 22_000  # two pieces


def sent(method: str, path: str, cookie: str, body: bytes = b"", **headers: str) -> Answer:
    """One request of any method; `headers` with _ for -."""
    place, _, query = path.partition("?")
    given = {"host": "cno.example", "cookie": cookie_header(cookie), "content-length": str(len(body))}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": place,
        "raw_path": place.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        answers.append(message)

    let_answer(SITE, scope, receive, send)
    told = {name.decode(): value.decode() for name, value in answers[0]["headers"]}
    return Answer(answers[0]["status"], told, b"".join(message.get("body", b"") for message in answers[1:]))


def marked(method: str, path: str, cookie: str, body: bytes = b"", **headers: str) -> Answer:
    return sent(method, path, cookie, body, x_cno_upload="1", **headers)


def announced(
    world: World, cookie: str, name: str = "klas.pdf", size: int = len(PDF), *, to: str = "course", **more: int
) -> Answer:
    body = json.dumps({"course": world.ids[to], "name": name, "size": size, **more}).encode()
    return marked("POST", "/upload/material", cookie, body)


@pytest.fixture(autouse=True)
def tidy(world: World) -> Any:
    """What a test adds to the world is taken away again."""
    yield
    with Session(engine().execution_options(write=True)) as db:
        db.execute(delete(Material).where(Material.filename == "klas.pdf"))
        db.execute(delete(MaterialUpload).where(MaterialUpload.filename != "Geheimbestand.pdf"))
        db.commit()


def test_a_coordinator_brings_a_file_in_pieces_and_it_goes_on_where_it_broke_off(world: World) -> None:
    cookie = world.cookies["coordinator"]
    told = announced(world, cookie)
    assert told.status == 201
    state = json.loads(told.body)
    assert (state["received"], state["piece"]) == (0, PIECE)
    path = f"/upload/material/{state['key']}"
    assert marked("PATCH", f"{path}?at=0", cookie, PDF[:PIECE]).status == 200
    assert marked("PATCH", f"{path}?at=0", cookie, PDF[:PIECE]).status == 409  # came already
    assert marked("POST", f"{path}/finish", cookie).status == 409  # a piece is missing
    assert json.loads(marked("GET", path, cookie).body)["received"] == PIECE
    assert marked("PATCH", f"{path}?at={PIECE}", cookie, PDF[PIECE:]).status == 200
    made = marked("POST", f"{path}/finish", cookie)
    assert made.status == 201
    assert marked("GET", path, cookie).status == 422
    fetched = sent("GET", f"/download/material/{json.loads(made.body)['id']}", cookie)
    assert (fetched.status, fetched.body) == (200, PDF)


@pytest.mark.parametrize("who", ["person", "school", "another school", "another person", "reader", "another teacher"])
def test_who_gives_no_material_cannot_begin_or_touch_an_upload(world: World, who: str) -> None:
    cookie = world.cookies[who]
    assert {announced(world, cookie, to=course).status for course in ("course", "past_course")} == {422}
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/finish"), ("PATCH", "?at=0")):
        known, taught, unknown = (
            marked(method, f"/upload/material/{key}{path}", cookie, b"x" * 10 if method == "PATCH" else b"")
            for key in (world.ids["upload"], world.ids["taught_upload"], UNKNOWN)
        )
        assert (known.status, known.body) == (unknown.status, unknown.body) and known.status == 422, method
        assert (taught.status, taught.body) == (unknown.status, unknown.body), method


def test_a_teacher_brings_and_fetches_files_of_the_own_courses_only_while_the_link_works(world: World) -> None:
    cookie, content = world.cookies["teacher"], b"%PDF-1.7 van de lesgever"
    assert announced(world, cookie).status == 422, "another's course"
    told = announced(world, cookie, size=len(content), to="past_course")
    path = f"/upload/material/{json.loads(told.body)['key']}"
    assert marked("GET", path, world.cookies["coordinator"]).status == 422, "each goes on with the own uploads"
    assert marked("PATCH", f"{path}?at=0", cookie, content).status == 200
    made = marked("POST", f"{path}/finish", cookie)
    assert made.status == 201
    address = f"/download/material/{json.loads(made.body)['id']}"
    assert sent("GET", address, cookie).body == content
    assert sent("GET", address, world.cookies["person"]).body == content, "who follows the course finds it"
    assert sent("GET", address, world.cookies["another teacher"]).status == 404
    with Session(engine().execution_options(write=True)) as db:
        row = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.MATERIAL_ADDED)).all()[-1]
        assert (row.actor_kind, row.actor_name) == (ActorKind.TEACHER, "Lut Maes")
        links = update(TeacherLink).where(TeacherLink.teacher_id == world.teacher.teacher_id)
        db.execute(links.values(revoked_at=clock.now()))
        db.commit()
        assert announced(world, cookie, to="past_course").status == 401
        assert marked("GET", path, cookie).status == 401
        assert sent("GET", address, cookie).status == 303
        db.execute(links.values(revoked_at=None))
        db.commit()


def test_who_follows_one_course_and_teaches_another_gets_the_files_of_both_in_one_browser(world: World) -> None:
    both = f"{cookie_header(world.cookies['another person'])}; {world.cookies['teacher']}"
    for file in ("material", "stranger_material"):
        assert sent("GET", f"/download/material/{world.ids[file]}", both).status == 200
    assert sent("GET", f"/download/material/{world.ids['chain_material']}", both).status == 404


def test_another_website_and_a_visitor_are_refused(world: World) -> None:
    cookie, path = world.cookies["coordinator"], f"/upload/material/{world.ids['upload']}"
    body = json.dumps({"course": world.ids["course"], "name": "klas.pdf", "size": 10}).encode()
    for method, each, content in (
        ("POST", "/upload/material", body),
        ("PATCH", f"{path}?at=0", b"x" * 10),
        ("DELETE", path, b""),
        ("POST", f"{path}/finish", b""),
    ):
        assert sent(method, each, cookie, content).status == 403, "without our mark"
        assert marked(method, each, cookie, content, sec_fetch_site="cross-site").status == 403
        assert marked(method, each, "", content).status == 401
    assert json.loads(marked("GET", path, cookie).body)["received"] == 0


def test_what_is_announced_wrongly_is_refused_in_words(world: World) -> None:
    cookie = world.cookies["coordinator"]
    assert "les.exe" in json.loads(announced(world, cookie, "les.exe").body)["message"]
    assert announced(world, cookie, size=10**9).status == 422
    assert marked("POST", "/upload/material", cookie, b"[]").status == 400
    assert marked("POST", "/upload/material", cookie, b"x" * 5000).status == 413
    key = json.loads(announced(world, cookie, "klas.pdf", 10).body)["key"]
    assert marked("PATCH", f"/upload/material/{key}?at=0", cookie, b"no pdf at ").status == 200
    wrong = marked("POST", f"/upload/material/{key}/finish", cookie)
    assert wrong.status == 422
    assert "klas.pdf" in json.loads(wrong.body)["message"]
    assert marked("DELETE", f"/upload/material/{key}", cookie).status == 204
    with Session(engine()) as db:
        assert db.scalar(select(MaterialUpload.key).where(MaterialUpload.key == key)) is None


@pytest.fixture
def fetched(world: World) -> str:
    """The address of a file with a fingerprint, which the first school may fetch."""
    with write() as db:
        db.get_one(Material, world.ids["material"]).sha256 = "a" * 64
    return f"/download/material/{world.ids['material']}"


BODY = b"Geheimbestand"
TAG = f'"{"a" * 64}"'


@pytest.mark.parametrize(
    ("asked", "status", "body", "told"),
    [
        ({}, 200, BODY, None),
        ({"range": "bytes=0-4"}, 206, BODY[:5], "bytes 0-4/13"),
        ({"range": "bytes=6-"}, 206, BODY[6:], "bytes 6-12/13"),
        ({"range": "bytes=-3"}, 206, BODY[-3:], "bytes 10-12/13"),
        ({"range": "bytes=6-999"}, 206, BODY[6:], "bytes 6-12/13"),
        ({"range": "bytes=13-"}, 416, b"", "bytes */13"),
        ({"range": "bytes=-0"}, 416, b"", "bytes */13"),
        ({"range": "bytes=5-2"}, 200, BODY, None),
        ({"range": "bytes=0-1,4-5"}, 200, BODY, None),
        ({"range": "hours=0-1"}, 200, BODY, None),
        ({"range": "bytes=6-", "if_range": TAG}, 206, BODY[6:], "bytes 6-12/13"),
        ({"range": "bytes=6-", "if_range": '"b"'}, 200, BODY, None),
        ({"range": "bytes=6-", "if_range": "Mon, 23 Nov 2026 11:00:00 GMT"}, 200, BODY, None),
        ({"if_none_match": TAG}, 304, b"", None),
    ],
)
def test_a_download_goes_on_where_it_broke_off(  # noqa: PLR0917 - a table
    world: World, fetched: str, asked: dict[str, str], status: int, body: bytes, told: str | None
) -> None:
    for method in ("GET", "HEAD"):
        answer = sent(method, fetched, world.cookies["person"], **asked)
        assert (answer.status, answer.headers.get("content-range")) == (status, told)
        assert answer.body == (body if method == "GET" else b"")
        assert (answer.headers["etag"], answer.headers["accept-ranges"]) == (TAG, "bytes")
        if status in (200, 206):
            assert answer.headers["content-length"] == str(len(body))
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.headers["x-content-type-options"] == "nosniff"
