"""Certificates that were withdrawn: when and why.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("certificate", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("certificate", sa.Column("withdrawn_because", sa.String(500), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("certificate", "withdrawn_because")
    op.drop_column("certificate", "withdrawn_at")
