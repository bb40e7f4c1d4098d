"""What every process checks before it begins."""

import gc

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core import logs
from core.db import engine
from core.settings import settings


class SchemaIsOld(RuntimeError):
    """The database has not been brought to the newest schema."""


def check() -> None:
    """Refuse to start on unsafe settings (ValueError) or on an old schema (SchemaIsOld)."""
    logs.begin()
    settings().decisions  # noqa: B018 - a default that is not valid shows here
    if not is_migrated():
        raise SchemaIsOld("the database schema is not the newest: run `alembic upgrade head` first")


def settle() -> None:
    """Leave what stands now out of every later garbage collection: walking all modules takes longer than a page."""
    gc.collect()
    gc.freeze()


def is_migrated() -> bool:
    """Whether the database stands at the newest migration."""
    newest = ScriptDirectory.from_config(Config("alembic.ini")).get_current_head()
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
