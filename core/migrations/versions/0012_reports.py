"""Indexes that hold all that reports ask: sums over a year without looking at a single row.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CORRECTS = sa.text("corrects_id IS NOT NULL")
_CANCELLED = sa.text("cancelled_at IS NOT NULL")
#: Table, index, its columns; each takes the place of the index on the first column alone.
_INDEXES = (
    ("note", "ix_note_issued", ("issued_on", "kind", "payer_kind", "total_cents", "due_on", "payer_institution_id")),
    ("note", "ix_note_payer_issued", ("payer_institution_id", "issued_on")),
    ("incoming_mail", "ix_incoming_mail_arrived", ("arrived_at", "state", "intent", "thread_id")),
    ("outgoing_mail", "ix_outgoing_mail_thread", ("thread_id", "kind", "created_at")),
)


def upgrade() -> None:
    op.create_index(
        "ix_enrolment_made",
        "enrolment",
        ["created_at", "status", "replaces_id", "payer_kind", "enrolled_by", "person_id"],
    )
    op.create_index(
        "ix_enrolment_cancelled",
        "enrolment",
        ["cancelled_at", "status", "cancellation_reason", "course_id", "cancellation_cents"],
        sqlite_where=_CANCELLED,
        postgresql_where=_CANCELLED,
    )
    op.create_index(
        "ix_note_corrects",
        "note",
        ["corrects_id", "issued_on", "total_cents"],
        sqlite_where=_CORRECTS,
        postgresql_where=_CORRECTS,
    )
    op.drop_index("ix_note_corrects_id", "note")
    op.create_index("ix_affiliation_person", "affiliation", ["person_id", "ended_on", "institution_id"])
    for table, name, columns in _INDEXES:
        op.create_index(name, table, list(columns))
        op.drop_index(f"ix_{table}_{columns[0]}", table)


def downgrade() -> None:
    for table, name, columns in reversed(_INDEXES):
        op.create_index(f"ix_{table}_{columns[0]}", table, [columns[0]])
        op.drop_index(name, table)
    op.drop_index("ix_affiliation_person", "affiliation")
    op.create_index("ix_note_corrects_id", "note", ["corrects_id"])
    op.drop_index("ix_note_corrects", "note")
    op.drop_index("ix_enrolment_cancelled", "enrolment")
    op.drop_index("ix_enrolment_made", "enrolment")
