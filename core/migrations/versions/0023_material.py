"""Course material: per day, in order, removed and put back; files on their way in.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("material") as batch:
        batch.add_column(sa.Column("course_day_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("sha256", sa.String(64), nullable=False, server_default=""))
        batch.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("added_by", sa.String(200), nullable=False, server_default=""))
        batch.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_material_course_day_id_course_day"), "course_day", ["course_day_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_foreign_key(
            op.f("fk_material_replaces_id_material"), "material", ["replaces_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_index(op.f("ix_material_course_day_id"), ["course_day_id"])
        batch.create_index(op.f("ix_material_removed_at"), ["removed_at"])
    op.create_table(
        "material_upload",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("owner", sa.String(60), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("course_day_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("received BETWEEN 0 AND size", name=op.f("ck_material_upload_received")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_material_upload_course_id_course"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["course_day_id"],
            ["course_day.id"],
            name=op.f("fk_material_upload_course_day_id_course_day"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["material.id"], name=op.f("fk_material_upload_replaces_id_material"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_material_upload")),
    )
    op.create_index(op.f("ix_material_upload_course_id"), "material_upload", ["course_id"])
    op.create_index(op.f("ix_material_upload_course_day_id"), "material_upload", ["course_day_id"])
    op.create_index(op.f("ix_material_upload_started_at"), "material_upload", ["started_at"])


def downgrade() -> None:
    op.drop_table("material_upload")
    with op.batch_alter_table("material") as batch:
        batch.drop_index(op.f("ix_material_removed_at"))
        batch.drop_index(op.f("ix_material_course_day_id"))
        batch.drop_constraint(op.f("fk_material_replaces_id_material"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_material_course_day_id_course_day"), type_="foreignkey")
        for column in ("replaces_id", "removed_at", "added_by", "position", "sha256", "course_day_id"):
            batch.drop_column(column)
