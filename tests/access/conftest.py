"""One filled database a backend, used by every test of a file; whoever changes it rolls back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import clock
from core.db import engine_for
from core.rules import passwords
from core.settings import settings
from tests.access.world import World, fill
from tests.conftest import BACKENDS, NOON, on_server, use_database


@pytest.fixture(scope="module")
def on_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The filled world on SQLite, the clock standing still."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(sqlite_template, folder / "cno.sqlite3")
    yield from _filled(f"sqlite:///{folder}/cno.sqlite3", folder)


@pytest.fixture(scope="module")
def on_postgres(
    postgres_server: str, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The filled world on PostgreSQL, the clock standing still."""
    name = f"world_{postgres_template}"
    on_server(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield from _filled(f"{postgres_server}/{name}", tmp_path_factory.mktemp("world"))
    on_server(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module", params=BACKENDS)
def world(request: pytest.FixtureRequest) -> World:
    """The filled world, once on SQLite and once on PostgreSQL."""
    found: World = request.getfixturevalue("on_sqlite" if request.param == "sqlite" else "on_postgres")
    return found


def _filled(url: str, folder: Path) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch, clock.frozen(NOON):
        patch.setenv("MATERIAL_URL", f"file://{folder}/material")
        patch.setattr(passwords, "ROUNDS", 4)
        use_database(url, patch)
        yield fill()
        engine_for(url).dispose()
    settings.cache_clear()
