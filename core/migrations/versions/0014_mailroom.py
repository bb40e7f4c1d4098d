"""The coordinators' inbox: who has a conversation, until when it rests, attachments, text modules; measuring the bot.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _threads()
    op.add_column("incoming_mail", sa.Column("guesses", sa.String(200), nullable=False, server_default=""))
    op.add_column("intent_setting", sa.Column("threshold", sa.Double(), nullable=True))
    op.create_table(
        "mail_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["incoming_mail.id"],
            name=op.f("fk_mail_attachment_mail_id_incoming_mail"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_attachment")),
        sa.UniqueConstraint("mail_id", "position", name=op.f("uq_mail_attachment_mail_id_position")),
    )
    _modules()
    _measures()


def _threads() -> None:
    with op.batch_alter_table("mail_thread") as batch:
        batch.add_column(sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("snoozed_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("assigned_to_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE mail_thread SET waiting_since = last_mail_at, words = lower(subject || ' ' || address)")
    with op.batch_alter_table("mail_thread") as batch:
        batch.alter_column("waiting_since", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.create_foreign_key(
            op.f("fk_mail_thread_assigned_to_id_account"), "account", ["assigned_to_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_foreign_key(
            op.f("fk_mail_thread_merged_into_id_mail_thread"),
            "mail_thread",
            ["merged_into_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_index("ix_mail_thread_state_waiting", ["state", "waiting_since"])
        batch.create_index(op.f("ix_mail_thread_merged_into_id"), ["merged_into_id"])


def _modules() -> None:
    op.create_table(
        "text_module",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_module")),
        sa.UniqueConstraint("language", "title", name=op.f("uq_text_module_language_title")),
    )


def _measures() -> None:
    op.create_table(
        "shadow_answer",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("intent", sa.String(40), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_intent", sa.String(40), nullable=True),
        sa.Column("likeness", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["incoming_mail.id"],
            name=op.f("fk_shadow_answer_mail_id_incoming_mail"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mail_id", name=op.f("pk_shadow_answer")),
    )
    op.create_index(op.f("ix_shadow_answer_intent"), "shadow_answer", ["intent"])
    op.create_index(op.f("ix_shadow_answer_made_at"), "shadow_answer", ["made_at"])
    op.create_table(
        "proposed_example",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("was_intent", sa.String(40), nullable=True),
        sa.Column("intent", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("proposed_by", sa.String(200), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["incoming_mail.id"],
            name=op.f("fk_proposed_example_mail_id_incoming_mail"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_example")),
    )
    op.create_index(op.f("ix_proposed_example_mail_id"), "proposed_example", ["mail_id"])
    op.create_index(op.f("ix_proposed_example_state"), "proposed_example", ["state"])
    op.create_table(
        "replay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay")),
    )


def downgrade() -> None:
    raise RuntimeError("what coordinators decided about conversations has no place in the older schema")
