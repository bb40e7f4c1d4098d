"""Seats without a name, billing addresses, contact persons, questions to the payer.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from core.migrations.triggers import guard

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_CHAINS = """
WITH RECURSIVE chain(id, seat) AS (
    SELECT id, id FROM enrolment WHERE replaces_id IS NULL
    UNION ALL
    SELECT enrolment.id, chain.seat FROM enrolment JOIN chain ON enrolment.replaces_id = chain.id
)
UPDATE enrolment SET seat_id = (SELECT seat FROM chain WHERE chain.id = enrolment.id) WHERE replaces_id IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "billing_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_billing_address_institution_id_institution"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing_address")),
    )
    op.create_index(op.f("ix_billing_address_email"), "billing_address", ["email"])
    op.create_index("uq_billing_address_email", "billing_address", ["institution_id", "email"], unique=True)
    op.create_table(
        "contact_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("function", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_contact_person_institution_id_institution"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_person")),
    )
    op.create_index(op.f("ix_contact_person_institution_id"), "contact_person", ["institution_id"])
    op.create_table(
        "payer_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_payer_request_enrolment_id_enrolment"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_payer_request_institution_id_institution"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_request")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_payer_request_enrolment_id")),
    )
    op.create_index(op.f("ix_payer_request_institution_id"), "payer_request", ["institution_id"])
    op.create_index(op.f("ix_payer_request_state"), "payer_request", ["state"])
    op.add_column("affiliation", sa.Column("kept_on", sa.Date(), nullable=True))
    op.add_column("institution", sa.Column("asked_links_on", sa.Date(), nullable=True))
    op.execute(
        "INSERT INTO billing_address (institution_id, email) "
        "SELECT id, billing_email FROM institution WHERE billing_email IS NOT NULL"
    )
    op.drop_column("institution", "billing_email")
    with op.batch_alter_table("enrolment") as batch:
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("name_reminded_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("seat_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_enrolment_seat_id_enrolment"), "enrolment", ["seat_id"], ["id"], ondelete="RESTRICT"
        )
        batch.create_index(op.f("ix_enrolment_seat_id"), ["seat_id"])
        batch.create_check_constraint(op.f("ck_enrolment_named"), "person_id IS NOT NULL OR payer_kind = 'institution'")
    op.execute(_CHAINS)
    with op.batch_alter_table("note_line") as batch:
        batch.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
    guard("note_line")


def downgrade() -> None:
    raise RuntimeError("seats without a name and their notes have no place in the older schema")
