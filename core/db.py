"""The database: one engine a process, a short read or write an action. Nothing of SQLAlchemy leaves the core.

SQLite (the default) runs in WAL mode with foreign keys on, and a writer begins with BEGIN IMMEDIATE; PostgreSQL locks
rows. The doors open :func:`read` or :func:`write`; the core itself never commits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from core.settings import settings

Db = Session


@lru_cache(maxsize=4)
def engine_for(url: str) -> Engine:
    """The engine of a database address, made once a process."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            # A page's queries are over before they would be compiled; disks of today seek as they read.
            connect_args={"options": "-c jit=off -c random_page_cost=1.1"},
            pool_size=10,
            max_overflow=20,
            pool_pre_ping=True,
            hide_parameters=True,  # what somebody wrote stays out of the log
        )
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 30}, pool_size=10, max_overflow=20, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(raw: Any, _record: object) -> None:
    raw.isolation_level = None
    for pragma in (
        "journal_mode=wal",
        "synchronous=full",
        "foreign_keys=on",
        "recursive_triggers=on",
        "busy_timeout=30000",
        "cache_size=-32000",
    ):
        raw.execute(f"pragma {pragma}")


def _begin_sqlite(connection: Any) -> None:
    is_writer = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


def engine() -> Engine:
    """The engine of this process's database."""
    return engine_for(settings().database_url)


@contextmanager
def read() -> Iterator[Db]:
    """One consistent look; whatever it changed by mistake is rolled back."""
    with Session(engine()) as db:
        yield db


@contextmanager
def write() -> Iterator[Db]:
    """One action: committed whole at the end, or rolled back whole on any exception."""
    with Session(engine().execution_options(write=True), expire_on_commit=False) as db, db.begin():
        yield db


def is_sqlite(db: Db) -> bool:
    """Whether this transaction runs on SQLite (writers there hold the whole database, no row locks are needed)."""
    return db.get_bind().dialect.name == "sqlite"
