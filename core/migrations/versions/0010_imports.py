"""The history import: its runs, the rows they made, what was paid before; an import can be undone.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.triggers import INSERT_ONLY, guard

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_import_run_account_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "imported_row",
        sa.Column("table_name", sa.String(length=30), nullable=False),
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_run.id"],
            name=op.f("fk_imported_row_import_id_import_run"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("table_name", "row_id", name=op.f("pk_imported_row")),
    )
    op.create_index("ix_imported_row_import", "imported_row", ["import_id", "table_name", "row_id"])
    op.create_table(
        "paid_before",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_paid_before_cents")),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_paid_before_note_id_note"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_paid_before")),
    )
    for table, column in (("affiliation", "person_id"), ("certificate", "replaces_id"), ("course", "repeat_of_id")):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for table in INSERT_ONLY:
        guard(table)


def downgrade() -> None:
    raise RuntimeError("an import that was made has no place in the older schema")
