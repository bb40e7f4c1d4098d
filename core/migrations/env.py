"""Alembic's way in: every schema is made here, also the embedded one."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from core.db import engine
from core.models import Base
from core.models.base import UtcDateTime


def _rendered(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations name plain column types, so that they stand still when the models move on."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


with engine().execution_options(write=True).connect() as connection:
    if connection.dialect.name == "sqlite":
        # SQLite changes a column by copying its table; with foreign keys on, dropping the old one empties others.
        raw = connection.connection.driver_connection
        # Renaming the copy must not look into triggers of other tables, which name the old one.
        raw.execute("pragma foreign_keys=off")
        raw.execute("pragma legacy_alter_table=on")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_rendered,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("pragma foreign_key_check").first():
            raise RuntimeError("a migration left rows that point to nothing; all of it is undone")
    connection.invalidate()  # the pool's next connection has its foreign keys on again
