"""What giving a course costs.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_costs",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("fixed_cents", sa.Integer(), nullable=False),
        sa.Column("person_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("fixed_cents >= 0 AND person_cents >= 0", name=op.f("ck_course_costs_costs")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_course_costs_course_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_costs")),
    )


def downgrade() -> None:
    op.drop_table("course_costs")
