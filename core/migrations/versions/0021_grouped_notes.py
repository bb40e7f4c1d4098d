"""Notes of several lines: what an institution wants on one note, a copy a line, and why something is held.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("institution", sa.Column("note_grouping", sa.String(40), nullable=False, server_default="enrolment"))
    op.add_column("coming_change", sa.Column("reason", sa.String(200), nullable=False, server_default=""))
    op.add_column("note_file", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("uq_note_file_kind", "note_file")
    op.create_index("uq_note_file_kind", "note_file", ["note_id", "kind", "position"], unique=True)


def downgrade() -> None:
    raise RuntimeError("notes of several lines have no place in the older schema")
