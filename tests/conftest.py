"""What all tests share: a fresh database on SQLite and on PostgreSQL, a clock that stands still, small builders.

`TEST_POSTGRES_URL` names a server to use (its user may create databases); without it a throw-away one is started.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from streamlit.components.v2 import manifest_scanner

from core import clock, start
from core.db import engine_for
from core.documents import presses
from core.rules import passwords
from core.settings import settings
from deploy import postgres
from deploy.postgres import free_port
from tests import foreign
from tests.emptied import Emptied, on_server
from tests.journeys.together import Together
from tests.services import racing

ROOT = Path(__file__).parent.parent
MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's folder in memory
ENOUGH_MEMORY = 3 << 30
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, 12:00 in Brussels
BACKENDS = ("sqlite", "postgresql")
__all__ = ["ROOT", "free_port", "on_server"]

if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY:
    # Thousands of commits of throw-away databases need not reach a disk.
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def migrate(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bring a database to the newest schema, the way `make run` does."""
    use_database(url, monkeypatch)
    command.upgrade(Config(str(ROOT / "alembic.ini")), "head")
    engine_for(url).dispose()


def use_database(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point this process's settings at a database."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("ENVIRONMENT", "test")
    settings.cache_clear()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Journeys that share a platform run in one process."""
    return Together(config, log)


def pytest_collection_finish() -> None:
    """Thousands of tests and their modules stand until the end: no collection of garbage need walk them."""
    start.settle()


@pytest.fixture(scope="session", autouse=True)
def components_found_once(session_patch: pytest.MonkeyPatch) -> None:
    """Streamlit looks through all installed packages for components at each `AppTest`; here once for all."""
    session_patch.setattr(
        manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
    )


@pytest.fixture(scope="session")
def session_patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, session_patch: pytest.MonkeyPatch) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    migrate(f"sqlite:///{path}", session_patch)
    return path


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server, without a database name."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given.rstrip("/")
        return
    try:
        with postgres.running() as address:
            yield address
    except FileNotFoundError as missing:
        pytest.fail(str(missing))


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, session_patch: pytest.MonkeyPatch) -> str:
    name = f"template_{os.getpid()}"
    on_server(postgres_server, f"CREATE DATABASE {name}")
    migrate(f"{postgres_server}/{name}", session_patch)
    return name


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("databases")


@pytest.fixture
def sqlite_database(
    sqlite_template: Path, session_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A fresh, migrated SQLite database that the process's settings point at.

    Its address is the same in every test, so that the engine keeps the statements it has compiled.
    """
    path = session_folder / "cno.sqlite3"
    for file in session_folder.glob("cno.sqlite3*"):
        file.unlink()
    shutil.copy(sqlite_template, path)
    url = f"sqlite:///{path}"
    monkeypatch.setenv("MATERIAL_URL", f"file://{tmp_path}/material")
    use_database(url, monkeypatch)
    yield url
    engine_for(url).dispose()
    settings.cache_clear()


@pytest.fixture(scope="session")
def postgres_emptied(postgres_server: str, postgres_template: str) -> Iterator[Emptied]:
    """The PostgreSQL database that every test finds as the migrations left it."""
    emptied = Emptied(postgres_server, postgres_template)
    yield emptied
    emptied.drop()


@pytest.fixture
def postgres_database(postgres_emptied: Emptied, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database that the process's settings point at."""
    url = postgres_emptied.fresh()
    monkeypatch.setenv("MATERIAL_URL", f"file://{tmp_path}/material")
    use_database(url, monkeypatch)
    yield url
    settings.cache_clear()


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest) -> str:
    """A fresh database, once on SQLite and once on PostgreSQL; its address."""
    url: str = request.getfixturevalue("sqlite_database" if request.param == "sqlite" else "postgres_database")
    return url


@pytest.fixture(scope="session", autouse=True)
def no_foreign_addresses(session_patch: pytest.MonkeyPatch) -> None:
    """No automatic mail holds an address but its addressee's own, in whichever test it is made."""
    foreign.watch(session_patch)


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing a password costs as little as bcrypt allows."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)


@pytest.fixture(autouse=True)
def plain_notes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes and letters that are made on the way hold nothing, which is quick; where they are read: `renders`."""
    if request.node.get_closest_marker("renders") is None:
        monkeypatch.setattr(presses, "_here", racing.quickly)
        monkeypatch.setattr("core.documents.reminders.render", lambda _payload: b"%PDF")


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The clock stands at Monday 23 November 2026, 12:00 in Brussels."""
    with clock.frozen(NOON):
        yield NOON
