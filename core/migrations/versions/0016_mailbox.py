"""Billing addresses that refuse our mail; the text modules that coordinators begin with.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from core import clock
from core.migrations.first_modules import DUTCH, ENGLISH

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_REFUSED = "undeliverable_since IS NOT NULL"


def upgrade() -> None:
    op.add_column("billing_address", sa.Column("undeliverable_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_billing_address_undeliverable",
        "billing_address",
        ["undeliverable_since"],
        sqlite_where=sa.text(_REFUSED),
        postgresql_where=sa.text(_REFUSED),
    )
    _first_modules()


def _first_modules() -> None:
    """Those whose title is still free: what a coordinator wrote stands."""
    table = sa.table(
        "text_module",
        sa.column("language", sa.String),
        sa.column("title", sa.String),
        sa.column("text", sa.Text),
        sa.column("author", sa.String),
        sa.column("changed_at", sa.DateTime(timezone=True)),
    )
    taken = {tuple(row) for row in op.get_bind().execute(sa.select(table.c.language, table.c.title))}
    now = clock.now()
    op.bulk_insert(
        table,
        [
            {"language": language, "title": title, "text": text, "author": "CNO", "changed_at": now}
            for language, modules in (("nl", DUTCH), ("en", ENGLISH))
            for title, text in modules
            if (language, title) not in taken
        ],
    )


def downgrade() -> None:
    op.drop_index("ix_billing_address_undeliverable", "billing_address")
    with op.batch_alter_table("billing_address") as batch:
        batch.drop_column("undeliverable_since")
