"""Course material in an S3-compatible bucket: a real server on loopback takes it, in pieces, and gives it in parts."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import fsspec
import pytest

from core import clock, jobs, storage
from core.db import read, write
from core.queries import material as queries
from core.services import material as services
from core.services import material_uploads as uploads
from core.services import sign_ins
from core.services.material_uploads import PIECE
from core.settings import settings
from core.vocabulary import Actor
from tests.access.test_uploads import marked
from tests.access.test_uploads import sent as asked
from tests.builders import a_course, acting, an_account
from tests.conftest import ROOT, free_port
from tests.services.test_material import PDF, given
from tests.services.test_material import sent as brought

BUCKET = "cno-material"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an S3 server of its own process."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _turn in range(300):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=2):
                    break
            except OSError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def bucket(sqlite_database: str, noon: datetime, server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Actor]:
    """An empty bucket that the settings point at, and a coordinator."""
    monkeypatch.setenv("MATERIAL_URL", f"s3://{BUCKET}/cursussen")
    monkeypatch.setenv("MATERIAL_S3_ENDPOINT", server)
    monkeypatch.setenv("MATERIAL_S3_KEY", "key")
    monkeypatch.setenv("MATERIAL_S3_SECRET", "secret")
    settings.cache_clear()
    files = fsspec.core.url_to_fs(settings().material_url, **storage._options())[0]
    if not files.exists(BUCKET):
        files.mkdir(BUCKET)
    for each in files.find(BUCKET):
        files.rm(each)
    with write() as db:
        coordinator = acting(an_account(db, None, "bo@cno.example"))
    yield coordinator


def objects() -> list[str]:
    """The names of all that lies in the bucket."""
    files = fsspec.core.url_to_fs(settings().material_url, **storage._options())[0]
    found: list[str] = files.find(BUCKET)
    return found


def of_course() -> int:
    with write() as db:
        return a_course(db, days=2).id


def test_what_is_written_is_read_in_parts_and_what_breaks_off_leaves_nothing(bucket: Actor) -> None:
    pieces = [bytes([number]) * 1_000_000 for number in range(12)]
    whole = b"".join(pieces)
    assert storage.write("material/een", iter(pieces)) == len(whole)  # more than one part of the bucket
    assert storage.exists("material/een") and not storage.exists("material/twee")
    assert b"".join(storage.chunks("material/een")) == whole
    assert b"".join(storage.chunks("material/een", 5_999_990, 6_000_010)) == whole[5_999_990:6_000_010]
    with storage.opened("material/een") as source:
        source.seek(-10, 2)
        assert source.read() == whole[-10:]

    def breaking() -> Iterator[bytes]:
        yield from pieces
        raise ConnectionError

    with pytest.raises(ConnectionError):
        storage.write("material/twee", breaking())
    with pytest.raises(FileNotFoundError):
        next(storage.chunks("material/twee"))
    storage.remove("material/een")
    storage.remove("material/een")  # nothing there is fine
    assert objects() == []


def test_pieces_are_put_together_by_the_bucket_itself(bucket: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    course_id = of_course()
    upload = brought(bucket, course_id)
    assert [name.rpartition("/")[2] for name in objects()] == [f"{at:012}" for at in range(0, len(PDF), PIECE)]
    through = []
    with monkeypatch.context() as patch:
        patch.setattr(storage, "write", lambda key, _pieces: through.append(key))
        stored = uploads.assembled(upload)
    assert through == [], "no byte passed through this process to be written"
    with write() as db:
        identity = uploads.finish(db, bucket, upload.key, stored)
    uploads.forget_pieces(upload.key)
    with read() as db:
        row = queries.material_file(db, bucket, identity)
    assert (row.size, row.sha256) == (len(PDF), stored.sha256)
    assert b"".join(storage.chunks(row.storage_key)) == PDF
    assert objects() == [f"{BUCKET}/cursussen/{row.storage_key}"]


def test_the_door_takes_a_file_in_pieces_and_gives_it_from_where_it_broke_off(bucket: Actor) -> None:
    course_id = of_course()
    with write() as db:
        _identity, ticket = sign_ins.start(db, bucket.account_id or 0)
        cookie = sign_ins.redeem_ticket(db, ticket) or ""
    body = json.dumps({"course": course_id, "name": "les 1.pdf", "size": len(PDF)}).encode()
    path = f"/upload/material/{json.loads(marked('POST', '/upload/material', cookie, body).body)['key']}"
    for at in range(0, len(PDF), PIECE):
        assert marked("PATCH", f"{path}?at={at}", cookie, PDF[at : at + PIECE]).status == 200
    made = marked("POST", f"{path}/finish", cookie)
    address = f"/download/material/{json.loads(made.body)['id']}"
    whole = asked("GET", address, cookie)
    assert (whole.status, whole.body) == (200, PDF)
    rest = asked("GET", address, cookie, range="bytes=6000000-", if_range=whole.headers["etag"])
    assert (rest.status, rest.body) == (206, PDF[6_000_000:])
    assert rest.headers["content-range"] == f"bytes 6000000-{len(PDF) - 1}/{len(PDF)}"
    assert asked("HEAD", address, cookie).headers["content-length"] == str(len(PDF))
    assert len(objects()) == 1


def test_what_is_removed_can_be_put_back_and_leaves_the_bucket_after_a_month(bucket: Actor) -> None:
    course_id = of_course()
    kept = given(bucket, course_id, b"%PDF-1.7 een", "een.pdf")
    gone = given(bucket, course_id, b"%PDF-1.7 twee", "twee.pdf")
    with write() as db:
        services.remove(db, bucket, kept)
        services.remove(db, bucket, gone)
        services.put_back(db, bucket, kept)
    assert len(objects()) == 2
    with clock.frozen(clock.now() + timedelta(days=31)):
        jobs.run_due()
    with read() as db:
        row = queries.material_file(db, bucket, kept)
    assert objects() == [f"{BUCKET}/cursussen/{row.storage_key}"]
    assert b"".join(storage.chunks(row.storage_key)) == b"%PDF-1.7 een"
