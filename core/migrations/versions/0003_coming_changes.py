"""What coordinators decide beforehand about what leaves by itself.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coming_change",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("addition", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_coming_change_account_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("kind", "subject_id", name=op.f("pk_coming_change")),
    )
    op.create_index(op.f("ix_coming_change_account_id"), "coming_change", ["account_id"])


def downgrade() -> None:
    op.drop_table("coming_change")
