"""Reminders of debit notes: the ladder with its first steps, what was sent (insert-only), holds, the run of a day.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.triggers import REMINDERS, guard

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
#: Payer, step, days after the due date, what happens. No costs until the finance office decides.
LADDER = (
    ("person", 1, 7, "friendly"),
    ("person", 2, 22, "firm"),
    ("person", 3, 37, "list"),
    ("institution", 1, 7, "friendly"),
    ("institution", 2, 21, "firm"),
    ("institution", 3, 35, "list"),
)


def upgrade() -> None:
    ladder = op.create_table(
        "reminder_step",
        sa.Column("payer_kind", sa.String(length=40), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=40), nullable=False),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("after_days >= 1", name=op.f("ck_reminder_step_after")),
        sa.CheckConstraint("cost_cents >= 0", name=op.f("ck_reminder_step_cost")),
        sa.CheckConstraint("step >= 1", name=op.f("ck_reminder_step_step")),
        sa.PrimaryKeyConstraint("payer_kind", "step", name=op.f("pk_reminder_step")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=40), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.Column("open_cents", sa.Integer(), nullable=False),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("letter", sa.LargeBinary(), nullable=False),
        sa.Column("letter_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("open_cents > 0", name=op.f("ck_reminder_open")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_reminder_account_id_account"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_reminder_note_id_note"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    op.create_index("ix_reminder_sent", "reminder", ["sent_on"])
    op.create_index("uq_reminder_step", "reminder", ["note_id", "step"], unique=True)
    op.create_table(
        "reminder_hold",
        sa.Column("note_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("remark", sa.String(length=300), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_reminder_hold_account_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_reminder_hold_note_id_note"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_reminder_hold")),
    )
    op.create_table(
        "reminder_run",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bank_until", sa.Date(), nullable=True),
        sa.Column("was_fresh", sa.Boolean(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("kept_back", sa.Integer(), nullable=False),
        sa.Column("to_follow_up", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_reminder_run")),
    )
    names = ("payer_kind", "step", "after_days", "text", "cost_cents")
    op.bulk_insert(ladder, [dict(zip(names, (*each, 0), strict=True)) for each in LADDER])
    for table in REMINDERS:
        guard(table)


def downgrade() -> None:
    raise RuntimeError("reminders that were sent have no place in the older schema")
