"""What every measurement stands on: a fresh database of its own, a figure with its unit."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text

from core.db import engine_for
from core.settings import settings

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    value: float
    unit: str
    aim: str = ""


def use(url: str, folder: Path) -> None:
    """Point this process at a database, and bring it to the newest schema."""
    os.environ |= {"DATABASE_URL": url, "MATERIAL_URL": f"file://{folder}/material", "ENVIRONMENT": "test"}
    settings.cache_clear()
    command.upgrade(Config(str(ROOT / "alembic.ini")), "head")


@contextmanager
def sqlite() -> Iterator[Path]:
    """A fresh SQLite database in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{name}/cno.sqlite3"
        use(url, Path(name))
        yield Path(name)
        engine_for(url).dispose()


@contextmanager
def postgresql(server: str) -> Iterator[Path]:
    """A fresh PostgreSQL database on a server."""
    admin = create_engine(make_url(f"{server}/postgres").set(drivername="postgresql+psycopg"))
    with admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE bench"))
    with tempfile.TemporaryDirectory() as name:
        use(f"{server}/bench", Path(name))
        yield Path(name)
        engine_for(f"{server}/bench").dispose()
    with admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("DROP DATABASE bench WITH (FORCE)"))
    admin.dispose()


@contextmanager
def settings_of(**values: str) -> Iterator[None]:
    """Environment variables that hold for a while, as settings."""
    before = {name: os.environ.get(name) for name in values}
    os.environ |= values
    settings.cache_clear()
    yield
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
    settings.cache_clear()


def seconds(action: Callable[[], object]) -> float:
    """How long an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def median_ms(action: Callable[[], object], times: int = 5) -> float:
    """The median of several runs, milliseconds."""
    return statistics.median(seconds(action) for _ in range(times)) * 1000


def memory_mb(pid: int) -> float:
    """The resident memory of a process, megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024
