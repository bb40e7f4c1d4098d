"""Indexes for an inbox of many years: the lists of each shelf, and conversations about the same subject.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_LISTS = (("ix_mail_thread_state_last", "last_mail_at"), ("ix_mail_thread_state_waiting", "waiting_since"))
_STANDS = sa.text("merged_into_id IS NULL")


def upgrade() -> None:
    for name, column in _LISTS:
        op.drop_index(name, "mail_thread")
        op.create_index(name, "mail_thread", ["state", column, "id"], sqlite_where=_STANDS, postgresql_where=_STANDS)
    op.create_index(op.f("ix_mail_thread_subject"), "mail_thread", ["subject"])


def downgrade() -> None:
    op.drop_index(op.f("ix_mail_thread_subject"), "mail_thread")
    for name, column in _LISTS:
        op.drop_index(name, "mail_thread")
        op.create_index(name, "mail_thread", ["state", column])
