"""Course material: added in pieces, looked at, scanned, ordered, replaced, removed and put back; on both databases."""

import io
import socketserver
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core import access, clock, jobs, storage
from core.db import read, write
from core.models import AuditEvent, Material, MaterialUpload
from core.queries import material as queries
from core.rules import material as rules
from core.scanning import Infected, ScannerSilent, ScannerTooSmall
from core.services import material as services
from core.services import material_uploads as uploads
from core.services.material import Values
from core.services.material_uploads import PIECE, OutOfStep, Upload
from core.settings import settings
from core.vocabulary import Actor, AuditTag
from tests.builders import a_coordinator, a_course

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40_000  # three pieces
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture
def bo(database: str, noon: datetime) -> Actor:
    with write() as db:
        return a_coordinator(db, "Bo Claes")


@pytest.fixture
def course_id(bo: Actor) -> int:
    with write() as db:
        return a_course(db, days=2).id


def sent(actor: Actor, course_id: int, content: bytes = PDF, name: str = "les 1.pdf", **to: int) -> Upload:
    """An upload of which all pieces have come."""
    with write() as db:
        upload = uploads.begin(db, actor, course_id, name, len(content), **to)
    for at in range(0, len(content), PIECE):
        piece = content[at : at + PIECE]
        storage.write(uploads.piece_key(upload.key, at), (piece,))
        with write() as db:
            upload = uploads.advance(db, actor, upload.key, at, len(piece))
    return upload


def given(actor: Actor, course_id: int, content: bytes = PDF, name: str = "les 1.pdf", **to: int) -> int:
    """A file of a course that came in."""
    upload = sent(actor, course_id, content, name, **to)
    stored = uploads.assembled(upload)
    with write() as db:
        identity = uploads.finish(db, actor, upload.key, stored)
    uploads.forget_pieces(upload.key)
    return identity


def titles(actor: Actor, course_id: int) -> list[str]:
    with read() as db:
        return [row.title for row in queries.of_course(db, actor, course_id) if row.removed_at is None]


def files() -> int:
    return sum(path.is_file() for path in Path(settings().material_url.removeprefix("file://")).rglob("*"))


def test_a_file_in_pieces_comes_in_whole_with_its_name_and_kind(bo: Actor, course_id: int) -> None:
    identity = given(bo, course_id)
    with read() as db:
        row = queries.material_file(db, bo, identity)
        assert db.scalar(select(MaterialUpload.key)) is None
    assert (row.filename, row.title, row.media_type, row.size) == ("les 1.pdf", "les 1", "application/pdf", len(PDF))
    assert b"".join(storage.chunks(row.storage_key)) == PDF
    assert b"".join(storage.chunks(row.storage_key, 5_000_000, 5_000_010)) == PDF[5_000_000:5_000_010]
    assert files() == 1


def test_pieces_come_in_order_and_only_from_who_began(bo: Actor, course_id: int) -> None:
    with write() as db:
        other = a_coordinator(db, "Cem Demir")
        upload = uploads.begin(db, bo, course_id, "les.pdf", len(PDF))
    for at, length in ((PIECE, PIECE), (0, 10), (0, PIECE + 1), (0, 0)):
        with pytest.raises(OutOfStep), write() as db:
            uploads.advance(db, bo, upload.key, at, length)
    with pytest.raises(access.NotFound), write() as db:
        uploads.advance(db, other, upload.key, 0, PIECE)
    with pytest.raises(OutOfStep):
        uploads.assembled(upload)


def test_of_two_that_bring_the_same_piece_one_counts(bo: Actor, course_id: int) -> None:
    with write() as db:
        upload = uploads.begin(db, bo, course_id, "les.pdf", len(PDF))

    def bring(_turn: int) -> bool:
        try:
            with write() as db:
                uploads.advance(db, bo, upload.key, 0, PIECE)
        except OutOfStep:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(bring, range(4))) == [False, False, False, True]
    with read() as db:
        assert uploads.look(db, bo, upload.key).received == PIECE


def a_zip(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"x" * 1000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("les.pdf", b"MZ\x90 no pdf", rules.ContentDiffers),
        ("les.docx", a_zip("ppt/x.xml"), rules.ContentDiffers),
        ("les.zip", a_zip("les.pdf", "start.exe"), rules.HoldsProgram),
        ("les.zip", b"PK\x03\x04 broken", rules.ContentDiffers),
    ],
)
def test_what_is_not_what_it_says_leaves_nothing(
    bo: Actor, course_id: int, name: str, content: bytes, refusal: type[Exception]
) -> None:
    upload = sent(bo, course_id, content, name)
    with pytest.raises(refusal):
        uploads.assembled(upload)
    uploads.forget_pieces(upload.key)
    assert (files(), titles(bo, course_id)) == (0, [])


class Clamd(socketserver.StreamRequestHandler):
    """What clamd says to INSTREAM: lengths in four bytes before each piece, a zero at the end."""

    seen = b""
    limit = 1 << 30

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
            if len(content) > self.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        type(self).seen = content
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(found)


@contextmanager
def scanner(address: str, patch: pytest.MonkeyPatch, **values: object) -> Iterator[type[Clamd]]:
    """A scanner at a port of loopback or in a file, and the setting that names it."""
    handler = type("Clamd", (Clamd,), values)
    kind = socketserver.ThreadingUnixStreamServer if address else socketserver.ThreadingTCPServer
    with kind(address or ("127.0.0.1", 0), handler) as server:  # type: ignore[arg-type]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        named = f"unix:{address}" if address else f"127.0.0.1:{server.server_address[1]}"
        patch.setenv("CLAMD_ADDRESS", named)
        settings.cache_clear()
        yield handler
        server.shutdown()


def test_a_scanner_sees_every_byte_and_what_is_clean_comes_in(
    bo: Actor, course_id: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with scanner(str(tmp_path / "clamd"), monkeypatch) as clamd:
        given(bo, course_id)
        assert clamd.seen == PDF
    assert titles(bo, course_id) == ["les 1"]


def test_a_virus_is_refused_traced_and_leaves_nothing(
    bo: Actor, course_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sent(bo, course_id, b"%PDF-1.7 " + EICAR)
    with scanner("", monkeypatch), pytest.raises(Infected) as found:
        uploads.assembled(upload)
    with write() as db:
        uploads.refuse(db, bo, upload.key, str(found.value.fields["virus"]))
    uploads.forget_pieces(upload.key)
    with read() as db:
        event = db.scalars(select(AuditEvent).where(AuditEvent.tag == AuditTag.MATERIAL_REFUSED)).one()
    assert "Eicar-Test-Signature" in event.details
    assert files() == 0


def test_a_scanner_that_is_silent_or_too_small_lets_nothing_in(
    bo: Actor, course_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sent(bo, course_id)
    with scanner("", monkeypatch, limit=1_000_000), pytest.raises((ScannerTooSmall, ScannerSilent)):
        uploads.assembled(upload)
    with pytest.raises(ScannerSilent):  # it has gone
        uploads.assembled(upload)
    with read() as db:
        assert uploads.look(db, bo, upload.key).received == len(PDF), "kept, to try again"
    assert titles(bo, course_id) == []


def test_a_file_gets_a_title_a_day_dates_and_a_place_in_the_order(bo: Actor, course_id: int) -> None:
    first, _second = given(bo, course_id, name="een.pdf"), given(bo, course_id, name="twee.pdf")
    with read() as db:
        day_id = queries.days_of(db, bo, course_id)[0][0]
    with write() as db:
        services.change(db, bo, first, Values(" Les  een ", day_id, date(2026, 12, 1), date(2026, 12, 31)))
        services.move(db, bo, first, earlier=False)
        services.move(db, bo, first, earlier=False)
    assert titles(bo, course_id) == ["twee", "Les een"]
    with pytest.raises(rules.DatesTurned), write() as db:
        services.change(db, bo, first, Values("Les", None, date(2026, 12, 2), date(2026, 12, 1)))
    with pytest.raises(access.NotFound), write() as db:
        services.change(db, bo, first, Values("Les", 999_999))


def test_what_is_replaced_keeps_its_place_and_can_come_back(bo: Actor, course_id: int) -> None:
    old, _other = given(bo, course_id, name="een.pdf"), given(bo, course_id, name="twee.pdf")
    with write() as db:
        services.change(db, bo, old, Values("Les een", None, None, date(2027, 1, 1)))
    new = given(bo, course_id, b"%PDF-1.7 beter", "beter.pdf", replaces_id=old)
    assert titles(bo, course_id) == ["Les een", "twee"]
    with read() as db:
        row = queries.of_course(db, bo, course_id)[0]
        assert (row.material_id, row.filename, row.visible_until) == (new, "beter.pdf", date(2027, 1, 1))
        with pytest.raises(access.NotFound):
            queries.material_file(db, bo, old)
    with write() as db:
        assert services.put_back(db, bo, old) == "Les een"
    with read() as db:
        assert next(row.material_id for row in queries.of_course(db, bo, course_id)) == old
        assert len(titles(bo, course_id)) == 2


def test_what_was_removed_is_gone_for_good_after_a_month(bo: Actor, course_id: int) -> None:
    kept, gone = given(bo, course_id, name="een.pdf"), given(bo, course_id, name="twee.pdf")
    with write() as db:
        services.remove(db, bo, kept)
        services.remove(db, bo, gone)
        services.put_back(db, bo, kept)
        uploads.begin(db, bo, course_id, "half.pdf", len(PDF))
    jobs.run_due()
    assert (files(), titles(bo, course_id)) == (2, ["een"])
    with clock.frozen(clock.now() + timedelta(days=31)):
        jobs.run_due()
        assert files() == 1
        with read() as db:
            assert db.scalars(select(Material.id)).all() == [kept]
            assert db.scalar(select(MaterialUpload.key)) is None
