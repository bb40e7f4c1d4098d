"""One PostgreSQL database for all tests of a process, put back between them: far cheaper than a new one each time.

What a test did to the schema itself is noticed, and the database is then made anew from the template.
"""

import os

import psycopg
from psycopg import sql

#: Everything a migration makes: columns, indexes, triggers and constraints, in one number.
_SHAPE = """
SELECT count(*), sum(hashtext(concat_ws(' ', kind, name, detail))) FROM (
    SELECT 'column' AS kind, table_name::text || '.' || column_name AS name, data_type || is_nullable AS detail
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text || tgname, tgenabled::text FROM pg_trigger
    UNION ALL SELECT 'constraint', conname::text, pg_get_constraintdef(oid) FROM pg_constraint
) AS part
"""


def on_server(address: str, statement: str) -> None:
    """Run one statement outside a transaction, on the server's own database."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


class Emptied:
    """A database of the template's shape whose rows are put back before each test."""

    def __init__(self, server: str, template: str) -> None:
        """Note what the template holds, and make the database."""
        self._server, self._template, self._name = server, template, f"test_{os.getpid()}"
        with psycopg.connect(f"{server}/{template}", autocommit=True) as connection:
            self._shape = connection.execute(_SHAPE).fetchone()
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            self._tables = [name for (name,) in names if name != "alembic_version"]
            reached = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
            self._reached = connection.execute(reached).fetchall()
            self._seeds = {table: rows for table in self._filled(connection) if (rows := _copied(connection, table))}
        self._make()

    def fresh(self) -> str:
        """The address of the database, just as after the migrations; whoever was still connected is put out."""
        on_server(
            self._server,
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'",  # noqa: S608
        )
        address = f"{self._server}/{self._name}"
        with psycopg.connect(address, autocommit=True) as connection:
            if connection.execute(_SHAPE).fetchone() == self._shape:
                self._put_back(connection)
                return address
        self.drop()
        self._make()
        return address

    def drop(self) -> None:
        """Remove the database."""
        on_server(self._server, f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")

    def _make(self) -> None:
        on_server(self._server, f"CREATE DATABASE {self._name} TEMPLATE {self._template}")

    def _filled(self, connection: psycopg.Connection) -> list[str]:
        looks = (
            sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(table), sql.Identifier(table))
            for table in self._tables
        )
        return [name for (name,) in connection.execute(sql.SQL(" UNION ALL ").join(looks)).fetchall()]

    def _put_back(self, connection: psycopg.Connection) -> None:
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys
            for table in self._filled(connection):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            connection.execute(
                "SELECT setval((schemaname || '.' || sequencename)::regclass, start_value, false)"
                " FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
            )
            for name, value in self._reached:
                connection.execute("SELECT setval(%s::regclass, %s)", (name, value))
            for table, rows in self._seeds.items():
                into = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                with connection.cursor().copy(into) as copy:
                    copy.write(rows)


def _copied(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return b"".join(bytes(part) for part in copy)
