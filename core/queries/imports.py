"""The imports that were made, and whether the last one can still be undone."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core import access
from core.db import Db
from core.imports import undoing
from core.imports.undoing import Obstacle
from core.models import ImportRun
from core.vocabulary import Actor, ImportKind, ImportState


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many rows of a kind an import took in; `attached` of them stood for something known."""

    kind: ImportKind
    rows: int
    attached: int


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import; only the last one that stands (`is_last`) can be undone."""

    import_id: int
    state: ImportState
    made_at: datetime
    made_by: str
    undone_at: datetime | None
    undone_by: str
    files: tuple[str, ...]
    counts: tuple[CountRow, ...]
    is_last: bool


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One page of the imports, the latest first."""

    rows: tuple[ImportRow, ...]
    total: int


def page_of(db: Db, actor: Actor, *, page: int = 1, size: int = 10) -> ImportPage:
    """One page of the imports. Raises NotAllowed for who is not of the team."""
    if not access.is_staff(actor):
        raise access.NotAllowed
    runs = db.scalars(
        select(ImportRun).order_by(ImportRun.id.desc()).limit(size).offset((max(page, 1) - 1) * size)
    ).all()
    last = db.scalar(select(func.max(ImportRun.id)).where(ImportRun.state == ImportState.DONE))
    total = db.scalar(select(func.count()).select_from(ImportRun)) or 0
    return ImportPage(tuple(_row(run, is_last=run.id == last) for run in runs), total)


def obstacles(db: Db, actor: Actor, import_id: int) -> tuple[Obstacle, ...]:
    """Why an import can no longer be undone; nothing when it can. Raises NotAllowed or NotFound."""
    if not access.is_staff(actor):
        raise access.NotAllowed
    run = db.get(ImportRun, import_id)
    if run is None:
        raise access.NotFound
    return undoing.obstacles(db, run)


def _row(run: ImportRun, *, is_last: bool) -> ImportRow:
    counts = json.loads(run.counts)
    return ImportRow(
        import_id=run.id,
        state=run.state,
        made_at=run.made_at,
        made_by=run.made_by,
        undone_at=run.undone_at,
        undone_by=run.undone_by,
        files=tuple(file["name"] for file in json.loads(run.files)),
        counts=tuple(CountRow(kind, **counts[kind.value]) for kind in ImportKind if kind.value in counts),
        is_last=is_last,
    )
