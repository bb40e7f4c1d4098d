"""The history import: 5,000 participants with 37 faults, then mended, in, undone; 50,000 too; on both databases."""

import gc
import io
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from pathlib import Path

from bench.ground import Figure, memory_mb, postgresql, seconds, sqlite
from core.db import read, write
from core.imports.parcel import Upload
from core.rules.import_kinds import COLUMNS
from core.services import imports
from core.vocabulary import Actor, ActorKind, CoordinatorRole, ImportKind
from deploy import postgres
from tests.imports.files import csv_of, headings, institutions, persons, planted, xlsx_of

COORDINATOR = Actor(ActorKind.COORDINATOR, coordinator_role=CoordinatorRole.COORDINATOR, name="bench")
SCHOOLS = 300


def _uploads(content: bytes, name: str = "cursisten.csv") -> list[Upload]:
    schools = csv_of(ImportKind.INSTITUTIONS, institutions(SCHOOLS))
    return [Upload("instellingen.csv", io.BytesIO(schools)), Upload(name, io.BytesIO(content))]


def _dry_run(uploads: list[Upload]) -> int:
    with read() as db:
        return len(imports.check(db, COORDINATOR, imports.opened(uploads)).faults)


def _carry_out(uploads: list[Upload]) -> int:
    with write() as db:
        return imports.carry_out(db, COORDINATOR, imports.opened(uploads))


def _undo(import_id: int) -> None:
    with write() as db:
        imports.undo(db, COORDINATOR, import_id)


def _workbook(count: int) -> bytes:
    names = [column.name for column in COLUMNS[ImportKind.PERSONS]]
    rows = ([row.get(name, "") for name in names] for row in persons(count, SCHOOLS))
    return xlsx_of({"Cursisten": (headings(ImportKind.PERSONS), rows)})


def _peak_mb() -> float:
    """The most memory this process has held, megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def _memory(size: str, make: Callable[[], bytes], name: str, action: Callable[[list[Upload]], int]) -> Figure:
    """How much more memory an action takes at its highest than the process with the file in its hands."""
    with sqlite():
        uploads = _uploads(make(), name)
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest mark begins anew
        before = memory_mb(os.getpid())
        action(uploads)
        return Figure(f"memory, {size}", _peak_mb() - before, "MB more")


def _fresh(count: int) -> bytes:
    return csv_of(ImportKind.PERSONS, persons(count, SCHOOLS))


def _few() -> bytes:
    return _fresh(5_000)


def _many() -> bytes:
    return _fresh(50_000)


def _many_in_a_workbook() -> bytes:
    return _workbook(50_000)


def _timed(name: str, ground: AbstractContextManager[Path]) -> Iterator[Figure]:
    files = planted()
    with ground:
        found: list[int] = []
        broken = _uploads(files.broken)
        taken = seconds(lambda: found.append(_dry_run(broken)))
        yield Figure(f"dry run of 5,000 with 37 faults, {name}", taken, f"s, {found[0]} found")
        for size, content in (("5,000", files.mended), ("50,000", _many())):
            uploads = _uploads(content)
            if size == "50,000":
                yield Figure(f"dry run of 50,000, {name}", seconds(lambda uploads=uploads: _dry_run(uploads)), "s")
            ids: list[int] = []
            taken = seconds(lambda uploads=uploads, ids=ids: ids.append(_carry_out(uploads)))
            yield Figure(f"import of {size} participants, {name}", taken, "s")
            yield Figure(f"undoing it, {name}", seconds(lambda ids=ids: _undo(ids[0])), "s")


def figures() -> Iterator[Figure]:
    """All figures of this file."""
    yield from _timed("SQLite", sqlite())
    with postgres.running(("listen_addresses=127.0.0.1",)) as server:
        yield from _timed("PostgreSQL", postgresql(server))
    with sqlite():
        for size, make in (("5,000", lambda: _workbook(5_000)), ("50,000", _many_in_a_workbook)):
            uploads = _uploads(make(), "cursisten.xlsx")
            taken = seconds(lambda uploads=uploads: _dry_run(uploads))
            yield Figure(f"dry run of {size} in a workbook", taken, "s")
    measured = (
        ("dry run of 5,000", _few, "cursisten.csv", _dry_run),
        ("dry run of 50,000", _many, "cursisten.csv", _dry_run),
        ("dry run of 50,000 in a workbook", _many_in_a_workbook, "cursisten.xlsx", _dry_run),
        ("import of 50,000", _many, "cursisten.csv", _carry_out),
    )
    for each in measured:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            yield pool.submit(_memory, *each).result()
