"""Many rows at once: plain tuples, by COPY on PostgreSQL and by one prepared statement on SQLite.

Values are numbers and text: a day as ISO text, an instant as text in UTC, a state by its value. Both databases read these.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, text

from core.db import Db, is_sqlite
from core.models import Base

CHUNK = 20_000
Row = tuple[Any, ...]
Tell = Callable[[str, int], None]


@lru_cache(maxsize=20_000)
def iso(ordinal: int) -> str:
    """A day, by its ordinal, as text."""
    return date.fromordinal(ordinal).isoformat()


def instant(ordinal: int, seconds: int) -> str:
    """So many seconds after midnight UTC of a day, as text."""
    minutes, second = divmod(seconds, 60)
    return f"{iso(ordinal)} {minutes // 60:02}:{minutes % 60:02}:{second:02}.000000"


class Sink:
    """Takes the rows of one table; columns that are not named get the default of the model."""

    def __init__(self, db: Db, table: type[Base], columns: Sequence[str]) -> None:
        self._db, self.name, self.rows = db, table.__tablename__, list[Row]()
        self.count = 0
        rest = [(column.name, column.default) for column in table.__table__.columns if column.name not in columns]
        constant = [(name, _plain(default.arg)) for name, default in rest if default is not None and default.is_scalar]
        self._tail = tuple(value for _name, value in constant)
        self._columns = (*columns, *(name for name, _value in constant))
        self.add = self.rows.append

    def flush(self) -> None:
        """Bring what was added to the database."""
        if not self.rows:
            return
        rows = [row + self._tail for row in self.rows] if self._tail else self.rows
        names = ", ".join(f'"{name}"' for name in self._columns)
        if is_sqlite(self._db):
            marks = ", ".join("?" * len(self._columns))
            self._db.connection().exec_driver_sql(f"INSERT INTO {self.name} ({names}) VALUES ({marks})", rows)  # noqa: S608 - names of the model
        else:
            raw: Any = self._db.connection().connection.driver_connection
            with raw.cursor() as cursor, cursor.copy(f"COPY {self.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        self.count += len(self.rows)
        self.rows.clear()


class Loader:
    """Several sinks that are filled together, flushed in the order in which they were opened (parents first)."""

    def __init__(self, db: Db, tell: Tell) -> None:
        self._db, self._tell, self._sinks = db, tell, list[Sink]()
        if not is_sqlite(db):
            db.execute(text("SET LOCAL timezone TO 'UTC'"))

    def sink(self, table: type[Base], *columns: str) -> Sink:
        """A sink for a table; rows hold the columns in this order."""
        self._sinks.append(Sink(self._db, table, columns))
        return self._sinks[-1]

    def spill(self) -> None:
        """Flush when enough has been gathered."""
        if any(len(sink.rows) >= CHUNK for sink in self._sinks):
            self.flush()

    def flush(self) -> None:
        """Flush everything, and tell how many rows each table has got."""
        for sink in self._sinks:
            sink.flush()
        for sink in self._sinks:
            self._tell(sink.name, sink.count)

    def put(self, table: type[Base], columns: Sequence[str], rows: Iterable[Row]) -> None:
        """All rows of one table."""
        sink = self.sink(table, *columns)
        for row in rows:
            sink.add(row)
            if len(sink.rows) >= CHUNK:
                self.flush()
        self.flush()


def _plain(value: Any) -> Any:
    plain = value.value if isinstance(value, Enum) else value
    return int(plain) if isinstance(plain, bool) else plain


@contextmanager
def without_indexes(db: Db, *tables: type[Base]) -> Iterator[None]:
    """Drop the secondary indexes of some tables, and build them once all rows are in: much faster than one by one."""
    names = {table.__tablename__ for table in tables}
    if is_sqlite(db):
        found = db.execute(
            text("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        )
    else:
        found = db.execute(
            text(
                "SELECT indexname, indexdef, tablename FROM pg_indexes WHERE schemaname = current_schema()"
                " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
            )
        )
    indexes = [(name, made) for name, made, table in found if table in names]
    for name, _made in indexes:
        db.execute(text(f'DROP INDEX "{name}"'))
    yield
    for _name, made in indexes:
        db.connection().exec_driver_sql(made)


def settle(db: Db) -> None:
    """After loading: numbers that the database gives itself go on behind ours, and the planner counts what there is."""
    if not is_sqlite(db):
        for table in Base.metadata.sorted_tables:
            if "id" in table.columns and isinstance(table.columns["id"].type, Integer):
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                highest = f"(SELECT max(id) FROM {table.name})"  # noqa: S608 - names of the model
                db.execute(text(f"SELECT setval({sequence}, {highest}) WHERE {highest} IS NOT NULL"))
    db.execute(text("ANALYZE"))
