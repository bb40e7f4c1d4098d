"""What a merge changes, written down row by row so that undoing can do the opposite, backwards."""

import json
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Table, and_, delete, insert, select, update

from core.db import Db
from core.models import Base

Change = list[Any]


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _real(table: Table, column: str, value: Any) -> Any:
    """A value as the column wants it."""
    kind = table.c[column].type.python_type
    if value is None or not isinstance(value, str):
        return value
    if kind is datetime:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind is date else kind(value)


class Journal:
    """The changes of one merge, in order."""

    def __init__(self, db: Db) -> None:
        self.db, self.changes = db, list[Change]()

    def move(self, name: str, column: str, old: int, new: int) -> int:
        """Let rows point to another owner; returns how many."""
        table = Base.metadata.tables[name]
        moved = self.db.scalars(
            update(table).where(table.c[column] == old).values({column: new}).returning(table.c.id)
        ).all()
        if moved:
            self.changes.append(["move", name, column, old, new, list(moved)])
        return len(moved)

    def set(self, name: str, identity: int, /, **values: Any) -> None:
        """Give columns of one row other values."""
        table = Base.metadata.tables[name]
        row = self.db.execute(select(table).where(table.c.id == identity)).mappings().one()
        changed = {key: [_plain(row[key]), _plain(value)] for key, value in values.items() if row[key] != value}
        if changed:
            self.db.execute(update(table).where(table.c.id == identity).values({key: values[key] for key in changed}))
            self.changes.append(["set", name, identity, changed])

    def take_away(self, name: str, /, **where: Any) -> None:
        """Delete rows."""
        table = Base.metadata.tables[name]
        chosen = and_(*(table.c[key] == value for key, value in where.items()))
        for row in self.db.execute(select(table).where(chosen)).mappings():
            self.changes.append(["delete", name, {key: _plain(value) for key, value in row.items()}])
        self.db.execute(delete(table).where(chosen))

    def add(self, name: str, /, **values: Any) -> None:
        """Insert a row."""
        table = Base.metadata.tables[name]
        key = self.db.execute(insert(table).values(values).returning(*table.primary_key.columns)).mappings().one()
        self.changes.append(["insert", name, {column: _plain(value) for column, value in key.items()}])

    def text(self) -> str:
        """All changes, to keep."""
        return json.dumps(self.changes, ensure_ascii=False, separators=(",", ":"))


def undo(db: Db, text: str) -> None:
    """Do the opposite of every change, the last first; what was changed again since then stays as it is now."""
    for kind, name, *rest in reversed(json.loads(text)):
        table = Base.metadata.tables[name]
        if kind == "move":
            column, old, new, ids = rest
            moved = and_(table.c.id.in_(ids), table.c[column] == new)
            db.execute(update(table).where(moved).values({column: old}))
        elif kind == "set":
            identity, changed = rest
            for column, (before, after) in changed.items():
                is_unchanged = table.c[column].is_not_distinct_from(_real(table, column, after))
                db.execute(
                    update(table)
                    .where(table.c.id == identity, is_unchanged)
                    .values({column: _real(table, column, before)})
                )
        elif kind == "delete":
            db.execute(insert(table).values({key: _real(table, key, value) for key, value in rest[0].items()}))
        else:
            key = rest[0]
            db.execute(delete(table).where(and_(*(table.c[column] == value for column, value in key.items()))))
