"""Answers at enrolment know which institution filled them in. Nothing wrote the table before, so it is made anew.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("enrolment_answer")
    op.create_table(
        "enrolment_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_enrolment_answer_enrolment_id_enrolment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["course_question.id"],
            name=op.f("fk_enrolment_answer_question_id_course_question"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_enrolment_answer_institution_id_institution"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_answer")),
        sa.UniqueConstraint("enrolment_id", "question_id", name=op.f("uq_enrolment_answer_enrolment_id_question_id")),
    )
    op.create_index(op.f("ix_enrolment_answer_question_id"), "enrolment_answer", ["question_id"])
    op.create_index(op.f("ix_enrolment_answer_institution_id"), "enrolment_answer", ["institution_id"])


def downgrade() -> None:
    raise RuntimeError("answers of participants have no place in the older schema")
