"""Bank files, their lines and where the money went: insert-only books, and the list of what waits.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.triggers import BANK_BOOKS, guard

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_bank_file_account_id_account"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_bank_file_sha256")),
    )
    op.create_table(
        "bank_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("opened_cents", sa.BigInteger(), nullable=True),
        sa.Column("closed_cents", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["bank_file.id"], name=op.f("fk_bank_statement_file_id_bank_file"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statement")),
    )
    op.create_index("ix_bank_statement_account", "bank_statement", ["account", "until"])
    op.create_index("ix_bank_statement_file_id", "bank_statement", ["file_id"])

    op.create_table(
        "bank_transaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=True),
        sa.Column("bank_ref", sa.String(length=60), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("end_to_end", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("iban", sa.String(length=40), nullable=False),
        sa.Column("refs", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("type_code", sa.String(length=40), nullable=False),
        sa.Column("is_reversal", sa.Boolean(), nullable=False),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_bank_transaction_cents")),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["bank_statement.id"],
            name=op.f("fk_bank_transaction_statement_id_bank_statement"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_transaction")),
    )
    op.create_index("ix_bank_transaction_booked", "bank_transaction", ["booked_on"])
    op.create_index("ix_bank_transaction_iban", "bank_transaction", ["iban"])
    op.create_index("ix_bank_transaction_statement_id", "bank_transaction", ["statement_id"])
    op.create_index(
        "uq_bank_transaction_line",
        "bank_transaction",
        ["account", "booked_on", "bank_ref", "cents", "sequence"],
        unique=True,
    )

    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transaction_id", sa.Integer(), nullable=False),
        sa.Column("placed_as", sa.String(length=40), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(placed_as = 'aside') = (note_id IS NULL)", name=op.f("ck_allocation_note")),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_allocation_cents")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_allocation_account_id_account"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_allocation_note_id_note"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["bank_transaction.id"],
            name=op.f("fk_allocation_transaction_id_bank_transaction"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["allocation.id"], name=op.f("fk_allocation_undoes_id_allocation"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_allocation_undoes_id")),
    )
    op.create_index("ix_allocation_note", "allocation", ["note_id", "placed_as", "cents"])
    op.create_index("ix_allocation_transaction_id", "allocation", ["transaction_id"])

    op.create_table(
        "waiting_transaction",
        sa.Column("transaction_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("left_cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["bank_transaction.id"],
            name=op.f("fk_waiting_transaction_transaction_id_bank_transaction"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("transaction_id", name=op.f("pk_waiting_transaction")),
    )
    for table in BANK_BOOKS:
        guard(table)


def downgrade() -> None:
    raise RuntimeError("payments that were placed have no place in the older schema")
