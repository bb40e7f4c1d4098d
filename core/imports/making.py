"""Plain inserts in chunks, the ids in the order of the rows, and a note of which rows an import made."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import insert

from core import clock
from core.db import Db
from core.imports.book import Ref
from core.imports.parcel import Tell
from core.models import Base, ImportedRow, ImportRun
from core.vocabulary import Language, Role

_CHUNK = 1_000


class Maker:
    """Writes the rows of one import, and tells how far it is."""

    def __init__(self, db: Db, run: ImportRun, total: int, tell: Tell) -> None:
        self.db, self.run, self.now = db, run, clock.now()
        self.ids: dict[type[Base], list[int]] = {}
        self._total, self._done, self._tell = max(total, 1), 0, tell

    def put(self, model: type[Any], rows: Iterable[dict[str, Any]]) -> list[int]:
        """Insert rows that the import owns; their ids, in their order. They count in the progress."""
        ids = self.ids.setdefault(model, [])
        statement = _returning(model)
        made: list[int] = []
        for chunk in _chunks(rows):
            fresh = list(self.db.execute(statement, chunk).scalars())
            marks = [{"table_name": model.__tablename__, "row_id": each, "import_id": self.run.id} for each in fresh]
            self.db.execute(insert(_table(ImportedRow)), marks)
            made += fresh
            self.advance(len(chunk))
        ids += made
        return made

    def part(self, model: type[Any], rows: Iterable[dict[str, Any]]) -> list[int]:
        """Insert rows that are a part of others, and go with them; their ids, in their order."""
        statement = _returning(model)
        return [identity for chunk in _chunks(rows) for identity in self.db.execute(statement, chunk).scalars()]

    def owns(self, model: type[Base], rows: Iterable[dict[str, Any]], *, at_once: int = _CHUNK) -> None:
        """Insert rows that are a part of others, and go with them; large ones few at once."""
        for chunk in _chunks(rows, at_once):
            self.db.execute(insert(_table(model)), chunk)

    def advance(self, rows: int) -> None:
        """Tell that so many rows more are in."""
        self._done += rows
        self._tell(min(self._done / self._total, 1.0))

    def id_of(self, model: type[Base], ref: Ref) -> int:
        """The id a reference stands for: itself, or that of the row made."""
        return ref if ref > 0 else self.ids[model][-ref - 1]

    def account(self, role: Role, email: str, name: str, **owner: int) -> dict[str, Any]:
        """An account that its owner opens by «Nieuw wachtwoord»: not confirmed, without password."""
        return {
            "role": role,
            "email": email,
            "name": name,
            "language": Language.DUTCH,
            "is_active": True,
            "created_at": self.now,
        } | owner


def _table(model: type[Any]) -> Any:
    """The table itself: plain inserts need nothing of the mapped class."""
    return model.__table__


def _returning(model: type[Any]) -> Any:
    table = _table(model)
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


def _chunks(rows: Iterable[dict[str, Any]], size: int = _CHUNK) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk
