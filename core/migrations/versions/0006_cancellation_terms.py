"""Cancellation terms in working days, with an exception for illness and a cost of not showing up.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEW = (
    ("counting", sa.String(length=40), "calendar"),
    ("replace_until_days", sa.Integer(), "1"),
    ("is_free_when_ill", sa.Boolean(), sa.false()),
    ("absence_fixed_cents", sa.Integer(), "0"),
    ("absence_percentage", sa.Integer(), "100"),
    ("version", sa.Integer(), "1"),
)


def upgrade() -> None:
    with op.batch_alter_table("cancellation_terms") as batch:
        for name, kind, first in _NEW:
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=first))
        batch.create_check_constraint(
            op.f("ck_cancellation_terms_absence_percentage"), "absence_percentage BETWEEN 0 AND 100"
        )
        batch.create_check_constraint(op.f("ck_cancellation_terms_absence_fee"), "absence_fixed_cents >= 0")
        batch.create_check_constraint(op.f("ck_cancellation_terms_replace_until"), "replace_until_days >= 1")
    with op.batch_alter_table("cancellation_terms") as batch:
        for name, kind, _first in _NEW:
            batch.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("cancellation_terms") as batch:
        for name in ("absence_percentage", "absence_fee", "replace_until"):
            batch.drop_constraint(op.f(f"ck_cancellation_terms_{name}"), type_="check")
        for name, _kind, _first in _NEW:
            batch.drop_column(name)
