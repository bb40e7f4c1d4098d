"""What a million enrolments need: notes that wait for their files, and indexes that fit the questions.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OLD_UNBILLED = "billed_on IS NULL AND price_cents > 0"
_UNBILLED = f"{_OLD_UNBILLED} AND (status = 'confirmed' OR cancellation_cents > 0)"
_REFUSED = "undeliverable_since IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "note_to_render",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name=op.f("fk_note_to_render_note_id_note"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_note_to_render")),
    )
    op.execute(
        "INSERT INTO note_to_render (note_id) SELECT note.id FROM note WHERE NOT EXISTS"
        " (SELECT 1 FROM note_file WHERE note_file.note_id = note.id AND note_file.kind = 'original')"
    )
    _unbilled(_UNBILLED)
    op.create_index("ix_enrolment_payer_status", "enrolment", ["payer_institution_id", "status", "course_id"])
    op.drop_index("ix_enrolment_payer_institution_id", "enrolment")
    op.create_index("ix_outgoing_mail_name_state", "outgoing_mail", ["name", "state"])
    op.drop_index("ix_outgoing_mail_name", "outgoing_mail")
    op.create_index(
        "ix_account_undeliverable",
        "account",
        ["undeliverable_since"],
        sqlite_where=sa.text(_REFUSED),
        postgresql_where=sa.text(_REFUSED),
    )


def _unbilled(condition: str) -> None:
    op.drop_index("ix_enrolment_unbilled", "enrolment")
    op.create_index(
        "ix_enrolment_unbilled",
        "enrolment",
        ["confirmed_on"],
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def downgrade() -> None:
    op.drop_index("ix_account_undeliverable", "account")
    op.create_index("ix_outgoing_mail_name", "outgoing_mail", ["name"])
    op.drop_index("ix_outgoing_mail_name_state", "outgoing_mail")
    op.create_index("ix_enrolment_payer_institution_id", "enrolment", ["payer_institution_id"])
    op.drop_index("ix_enrolment_payer_status", "enrolment")
    _unbilled(_OLD_UNBILLED)
    op.drop_table("note_to_render")
