"""How each debit note stands, kept right by triggers; mails are found by what they are about.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from core.migrations import balances

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_LEFT = "total_cents - credited_cents - paid_cents"
_STATE = (
    "CASE WHEN credited_cents >= total_cents THEN 'credited'"
    " WHEN paid_cents >= total_cents - credited_cents THEN 'paid'"
    " WHEN paid_cents > 0 THEN 'partly_paid'"
    " WHEN credited_cents > 0 THEN 'partly_credited' ELSE 'open' END"
)
#: Index, its columns, and which rows it holds.
_INDEXES = (
    ("ix_note_balance_state", ("state", "issued_on", "note_id"), None),
    (
        "ix_note_balance_issued",
        ("issued_on", "due_on", "total_cents", "credited_cents", "paid_cents", "payer_institution_id"),
        None,
    ),
    ("ix_note_balance_course", ("course_id", "issued_on", "note_id"), None),
    (
        "ix_note_balance_open",
        ("due_on", "note_id", "left_cents", "payer_institution_id", "payer_person_id", "course_id"),
        "left_cents > 0",
    ),
    ("ix_note_balance_credited", ("issued_on", "note_id"), "credited_cents > 0"),
    ("ix_note_balance_too_much", ("issued_on", "note_id", "left_cents"), "left_cents < 0"),
)


def upgrade() -> None:
    op.create_table(
        "note_balance",
        sa.Column("note_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("payer_institution_id", sa.Integer(), nullable=True),
        sa.Column("payer_person_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("total_cents", sa.BigInteger(), nullable=False),
        sa.Column("credited_cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), nullable=False),
        sa.Column("left_cents", sa.BigInteger(), sa.Computed(_LEFT, persisted=True), nullable=False),
        sa.Column("state", sa.String(length=40), sa.Computed(_STATE, persisted=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_note_balance_note_id_note"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_note_balance")),
    )
    balances.rebuild(op.get_bind())
    balances.install(op.get_bind())
    for name, columns, condition in _INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, "note_balance", list(columns), sqlite_where=where, postgresql_where=where)
    op.create_index("ix_outgoing_mail_subject", "outgoing_mail", ["subject_type", "subject_id"])
    op.create_index("ix_note_total", "note", ["total_cents", "issued_on"])
    op.create_index("ix_note_nr", "note", ["nr"])


def downgrade() -> None:
    balances.remove(op.get_bind())
    op.drop_index("ix_note_nr", "note")
    op.drop_index("ix_note_total", "note")
    op.drop_index("ix_outgoing_mail_subject", "outgoing_mail")
    op.drop_table("note_balance")
