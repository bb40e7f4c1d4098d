"""Merging doubles, remarks of coordinators, the search index of persons and institutions.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from core.migrations import search

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_WORD = sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql")


def upgrade() -> None:
    for table in ("person", "institution"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_merged_into_id_{table}"), table, ["merged_into_id"], ["id"], ondelete="RESTRICT"
            )
            batch.create_index(op.f(f"ix_{table}_merged_into_id"), ["merged_into_id"])
    op.create_index(op.f("ix_person_created_at"), "person", ["created_at"])
    _doubles()
    _index()
    search.rebuild(op.get_bind())
    search.install(op.get_bind())


def _doubles() -> None:
    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("absorbed_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_merge_made_by_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    op.create_index("ix_merge_kept", "merge", ["party", "kept_id"])
    op.create_index("ix_merge_absorbed", "merge", ["party", "absorbed_id"])
    op.create_table(
        "likely_double",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=40), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(length=100), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likely_double")),
    )
    op.create_index("uq_likely_double_pair", "likely_double", ["party", "first_id", "second_id"], unique=True)
    op.create_index("ix_likely_double_second", "likely_double", ["party", "second_id"])
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(person_id IS NULL) <> (institution_id IS NULL)", name=op.f("ck_remark_subject")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_remark_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_remark_institution_id_institution"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_remark_author_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    op.create_index(op.f("ix_remark_person_id"), "remark", ["person_id"])
    op.create_index(op.f("ix_remark_institution_id"), "remark", ["institution_id"])


def _index() -> None:
    op.create_table(
        "search_place",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_place")),
    )
    op.execute(
        "INSERT INTO search_place WITH RECURSIVE counted(place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM counted"
        f" WHERE place < {search.LONGEST_WORD}) SELECT place FROM counted"
    )
    op.create_table(
        "search_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", _WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
    )
    op.create_index(op.f("ix_search_word_word"), "search_word", ["word"])
    op.create_table(
        "search_part",
        sa.Column("part", _WORD, nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("part", "place", "word_id", name=op.f("pk_search_part")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_search_part_word_id"), "search_part", ["word_id"])
    for owner in ("person", "institution"):
        table, column = f"{owner}_word", f"{owner}_id"
        op.create_table(
            table,
            sa.Column(column, sa.Integer(), nullable=False),
            sa.Column("field", sa.SmallInteger(), nullable=False),
            sa.Column("word", _WORD, nullable=False),
            sa.ForeignKeyConstraint(
                [column], [f"{owner}.id"], name=op.f(f"fk_{table}_{column}_{owner}"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint(column, "field", "word", name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )
        op.create_index(f"ix_{table}_word", table, ["word", column])


def downgrade() -> None:
    raise RuntimeError("merged doubles have no place in the older schema")
