"""Insert-only tables, guarded in the database: a row never changes, and none goes.

One way out, for the notes and certificates of an import that is being undone (`ImportRun`): they live in a series of
their own, `IMPORT-<id>`, which no issued note has or can get. A batch migration on SQLite copies its table and loses
the triggers: call :func:`guard` again in the same migration.
"""

import sqlalchemy as sa
from alembic import op

INSERT_ONLY = ("note", "note_line", "note_file", "certificate_file")
#: The books of the bank, since revision 0015; nothing of them ever goes.
BANK_BOOKS = ("bank_file", "bank_statement", "bank_transaction", "allocation")
#: Reminders that were sent, since revision 0019.
REMINDERS = ("reminder",)
_RUN = "SELECT 1 FROM import_run WHERE state = 'undoing' AND 'IMPORT-' || id ="
#: Whether the row that is about to go belongs to an import that is being undone.
_IS_UNDONE = {
    "note": f"EXISTS ({_RUN} OLD.series)",
    "note_line": f"EXISTS ({_RUN} (SELECT series FROM note WHERE note.id = OLD.note_id))",
    "note_file": f"EXISTS ({_RUN} (SELECT series FROM note WHERE note.id = OLD.note_id))",
    "certificate_file": f"EXISTS ({_RUN} (SELECT series FROM certificate WHERE certificate.id = OLD.certificate_id))",
}


def guard(table: str) -> None:
    """Make a table insert-only: UPDATE and DELETE (and TRUNCATE on PostgreSQL) raise IntegrityError."""
    is_undone = _IS_UNDONE.get(table, "")
    has_imports = is_undone and sa.inspect(op.get_bind()).has_table("import_run")  # not yet in the first migrations
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite(table, f"WHEN NOT {is_undone} " if has_imports else "")
    else:
        _guard_postgresql(table, is_undone if has_imports else "false")


def _guard_sqlite(table: str, unless_undone: str) -> None:
    for event, condition in (("update", ""), ("delete", unless_undone)):
        op.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}")
        op.execute(
            f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} {condition}"
            "BEGIN SELECT RAISE(ABORT, 'immutable'); END"
        )


def _guard_postgresql(table: str, is_undone: str) -> None:
    refuse = "RAISE EXCEPTION 'immutable' USING ERRCODE = 'integrity_constraint_violation'"
    op.execute(
        f"CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$"
    )
    op.execute(
        f"CREATE OR REPLACE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'DELETE' AND {is_undone} THEN RETURN OLD; END IF; {refuse}; END $$"
    )
    op.execute(
        f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_{table}()"
    )
    op.execute(
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
