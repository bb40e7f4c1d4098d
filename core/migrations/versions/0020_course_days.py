"""The day itself: parts of days, links of teachers, reminders, evaluations.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_QUESTIONS = (
    ("Hoe tevreden bent u over deze nascholing?", "How satisfied are you with this course?", "stars", ""),
    ("Hoe beoordeelt u de docent(en)?", "How do you rate the teacher(s)?", "stars", ""),
    ("Hoe bruikbaar is dit voor uw eigen praktijk?", "How useful is this for your own practice?", "stars", ""),
    (
        "Zou u deze nascholing aanraden aan een collega?",
        "Would you recommend this course to a colleague?",
        "choice",
        "Ja | Yes\nMisschien | Perhaps\nNeen | No",
    ),
    ("Wat neemt u mee?", "What do you take away from it?", "text", ""),
    ("Wat kan beter?", "What could be better?", "text", ""),
)


def upgrade() -> None:
    with op.batch_alter_table("attendance") as table:
        table.add_column(sa.Column("part", sa.String(length=40), server_default="whole", nullable=False))
        table.add_column(sa.Column("minutes", sa.Integer(), nullable=True))
        table.add_column(sa.Column("recorded_by", sa.String(length=200), server_default="", nullable=False))
        table.create_check_constraint(op.f("ck_attendance_minutes"), "(part = 'minutes') = (minutes IS NOT NULL)")
        table.create_check_constraint(op.f("ck_attendance_part"), "is_present OR part = 'whole'")
    op.add_column("enrolment", sa.Column("reminded_on", sa.Date(), nullable=True))
    op.add_column("course", sa.Column("to_bring", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "teacher_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("teacher_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_teacher_link_course_id_course"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_teacher_link_teacher_id_teacher"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teacher_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_teacher_link_token_hash")),
    )
    op.create_index("ix_teacher_link_teacher_id", "teacher_link", ["teacher_id"])
    op.create_index("ix_teacher_link_course_id_teacher_id", "teacher_link", ["course_id", "teacher_id"])
    _evaluation()


def _evaluation() -> None:
    questions = op.create_table(
        "evaluation_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("text_en", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("is_asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_evaluation_question_course_id_course"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["origin_id"],
            ["evaluation_question.id"],
            name=op.f("fk_evaluation_question_origin_id_evaluation_question"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_question")),
    )
    op.create_index("ix_evaluation_question_course_id_position", "evaluation_question", ["course_id", "position"])
    op.create_index("ix_evaluation_question_origin_id", "evaluation_question", ["origin_id"])
    op.create_table(
        "evaluation_invitation",
        sa.Column("enrolment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_evaluation_invitation_course_id_course"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["enrolment.id"],
            name=op.f("fk_evaluation_invitation_enrolment_id_enrolment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_evaluation_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_evaluation_invitation_token_hash")),
    )
    op.create_index("ix_evaluation_invitation_course_id", "evaluation_invitation", ["course_id"])
    op.create_table(
        "evaluation_form",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_evaluation_form_course_id_course"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_form")),
    )
    op.create_index("ix_evaluation_form_course_id", "evaluation_form", ["course_id"])
    op.create_table(
        "evaluation_answer",
        sa.Column("form_id", sa.String(length=32), nullable=False),
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_evaluation_answer_stars")),
        sa.CheckConstraint("(stars IS NULL) = (text <> '')", name=op.f("ck_evaluation_answer_answer")),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["evaluation_form.id"],
            name=op.f("fk_evaluation_answer_form_id_evaluation_form"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["evaluation_question.id"],
            name=op.f("fk_evaluation_answer_question_id_evaluation_question"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("form_id", "question_id", name=op.f("pk_evaluation_answer")),
    )
    op.create_index("ix_evaluation_answer_question_id", "evaluation_answer", ["question_id"])
    op.bulk_insert(
        questions,
        [
            {"position": number, "text": text, "text_en": english, "kind": kind, "options": options, "is_asked": True}
            for number, (text, english, kind, options) in enumerate(_QUESTIONS, start=1)
        ],
    )


def downgrade() -> None:
    raise RuntimeError("presence of half days and evaluations have no place in the older schema")
