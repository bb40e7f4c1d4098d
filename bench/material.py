"""Course material through the HTTP door: 20 people bring and fetch 200 MB at a time, each broken off in the middle.

The server is the real one; its memory is read from /proc before, during and after.
"""

import hashlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

from bench.ground import ROOT, Figure, memory_mb, sqlite
from core.db import write
from core.services import sign_ins
from core.services.material_uploads import PIECE
from pages.http.session import COOKIE
from tests.builders import a_course, an_account
from tests.conftest import free_port

PEOPLE, SIZE = 20, 200_000_000
_READ = 1 << 20


@dataclass
class _Person:
    """Somebody with a sign-in, and a file of its own."""

    number: int
    cookie: str
    sha256: str = ""
    material_id: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def pieces(self) -> Iterator[bytes]:
        """The file, the same each time, never whole in this process."""
        block = hashlib.sha256(str(self.number).encode()).digest() * (PIECE // 32)
        left = SIZE
        head = b"%PDF-1.7\n"
        while left:
            piece = (head + block)[: min(PIECE, left)]
            head = b""
            left -= len(piece)
            yield piece


class _Memory:
    """The memory of a process, looked at ten times a second; megabytes."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._stop = threading.Event()
        self.most = 0.0

    def now(self) -> float:
        """What it holds now."""
        return memory_mb(self._pid)

    def processor_seconds(self) -> float:
        """The processor time it has used up, of itself and for the system."""
        fields = Path(f"/proc/{self._pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Remember the most while something runs."""
        self.most, self._stop = self.now(), threading.Event()
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        yield
        self._stop.set()
        thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            self.most = max(self.most, self.now())


def _asked(port: int, person: _Person, method: str, path: str, body: bytes | None = None) -> tuple[int, dict[str, int]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"Cookie": f"{COOKIE}={person.cookie}", "X-CNO-Upload": "1"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content or b"{}")


def _broken_piece(port: int, person: _Person, path: str, piece: bytes) -> None:
    """Half a piece, then the line is cut."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.putrequest("PATCH", path)
    for name, value in (
        ("Cookie", f"{COOKIE}={person.cookie}"),
        ("X-CNO-Upload", "1"),
        ("Content-Length", str(len(piece))),
    ):
        connection.putheader(name, value)
    connection.endheaders(piece[: len(piece) // 2])
    connection.close()


def _bring(port: int, person: _Person, course_id: int) -> None:
    started = time.perf_counter()
    announced = json.dumps({"course": course_id, "name": f"les {person.number}.pdf", "size": SIZE}).encode()
    status, state = _asked(port, person, "POST", "/upload/material", announced)
    assert status == 201, state
    path, digest, at = f"/upload/material/{state['key']}", hashlib.sha256(), 0
    for number, piece in enumerate(person.pieces()):
        if number == SIZE // PIECE // 2:
            _broken_piece(port, person, f"{path}?at={at}", piece)
            _status, state = _asked(port, person, "GET", path)
            assert state["received"] == at, "where it goes on"
        status, state = _asked(port, person, "PATCH", f"{path}?at={at}", piece)
        assert status == 200, state
        digest.update(piece)
        at += len(piece)
    status, made = _asked(port, person, "POST", f"{path}/finish")
    assert status == 201, made
    person.sha256, person.material_id = digest.hexdigest(), made["id"]
    person.seconds["up"] = time.perf_counter() - started


def _fetch(port: int, person: _Person) -> None:
    started = time.perf_counter()
    digest, at, etag = hashlib.sha256(), 0, ""
    for until in (SIZE // 2, SIZE):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        headers = {"Cookie": f"{COOKIE}={person.cookie}"}
        if at:
            headers |= {"Range": f"bytes={at}-", "If-Range": etag}
        connection.request("GET", f"/download/material/{person.material_id}", headers=headers)
        answer = connection.getresponse()
        assert answer.status == (206 if at else 200)
        etag = answer.headers["ETag"]
        while at < until and (piece := answer.read(min(_READ, until - at))):
            digest.update(piece)
            at += len(piece)
        connection.close()
    assert digest.hexdigest() == person.sha256, "what came down is what went up"
    person.seconds["down"] = time.perf_counter() - started


@contextmanager
def _server(folder: Path) -> Iterator[tuple[int, int]]:
    """The web server on the database of this process; its port and its process."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.address", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--server.port", str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "server.log").open("wb"),
        env=dict(os.environ),
    )
    try:
        for _turn in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                    break
            except (URLError, OSError):
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _people() -> tuple[list[_Person], int]:
    with write() as db:
        course = a_course(db)
        people = []
        for number in range(PEOPLE):
            account = an_account(db, None, f"team{number}@cno.example")
            _identity, ticket = sign_ins.start(db, account.id)
            people.append(_Person(number, sign_ins.redeem_ticket(db, ticket) or ""))
        return people, course.id


def transfers() -> Iterator[Figure]:
    """20 people at a time: up, then down."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as name, sqlite():
        os.environ["MATERIAL_URL"] = f"file://{name}/material"
        people, course_id = _people()
        with _server(Path(name)) as (port, pid):
            memory = _Memory(pid)
            yield Figure("memory of the server before", memory.now(), "MB")
            for what, act in (
                ("up", lambda person: _bring(port, person, course_id)),
                ("down", lambda person: _fetch(port, person)),
            ):
                yield from _at_once(people, what, act, memory)
            time.sleep(2)
            yield Figure("memory of the server after", memory.now(), "MB")
        del os.environ["MATERIAL_URL"]


def _at_once(people: list[_Person], what: str, act: Callable[[_Person], None], memory: _Memory) -> Iterator[Figure]:
    started, busy = time.perf_counter(), memory.processor_seconds()
    with memory.watched(), ThreadPoolExecutor(PEOPLE) as threads:
        list(threads.map(act, people))
    took, load = time.perf_counter() - started, os.getloadavg()[0]
    yield Figure(f"{PEOPLE} × 200 MB {what}, broken off once each: all", took, "s")
    yield Figure(f"{PEOPLE} × 200 MB {what}: slowest", max(person.seconds[what] for person in people), "s")
    yield Figure(f"{PEOPLE} × 200 MB {what}: together", PEOPLE * SIZE / took / 1e6, "MB/s")
    yield Figure(f"processor time of the server while {what}", memory.processor_seconds() - busy, "CPU s")
    yield Figure(f"processes that wanted a core at the end of {what}", load, "")
    yield Figure(f"memory of the server while {what}, highest", memory.most, "MB")


def figures() -> Iterator[Figure]:
    """All figures of this file."""
    yield from transfers()
