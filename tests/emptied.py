"""One PostgreSQL database for all tests of a process, put back between them: far cheaper than a new one each time.

What a test did to the schema itself is noticed, and the database is then made anew from the template.
"""

import os
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import event

from core.db import engine_for

#: Everything a migration makes: tables, indexes, columns, triggers and constraints, and which transaction made each.
_SHAPE = """
SELECT
    (SELECT sum(hashtext(xmin::text || relname)) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT sum(hashtext(part.xmin::text || attname)) FROM pg_attribute AS part
     JOIN pg_class AS whole ON whole.oid = attrelid WHERE relnamespace = 'public'::regnamespace),
    (SELECT sum(hashtext(xmin::text || tgname)) FROM pg_trigger),
    (SELECT sum(hashtext(xmin::text || conname)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace)
"""
_PUT_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = %s AND pid <> pg_backend_pid() AND NOT (state = 'idle' AND pid = ANY(%s))
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
        self._own: set[int] = set()  # connections of this process
        event.listen(engine_for(self.address), "connect", self._remember)
        self._make()

    def _remember(self, raw: Any, _record: object) -> None:
        self._own.add(raw.info.backend_pid)

    @property
    def address(self) -> str:
        """The same in every test."""
        return f"{self._server}/{self._name}"

    def fresh(self) -> str:
        """The address of the database, just as after the migrations; whoever still works in it is put out.

        This process's own idle connections stay: a new one reads the whole catalogue again, which is slow.
        """
        self._keeper.execute(_PUT_OUT, (self._name, list(self._own)))
        if self._keeper.execute(_SHAPE).fetchone() == self._shape:
            self._put_back(self._keeper)
        else:
            self.drop()
            self._make()
        return self.address

    def drop(self) -> None:
        """Remove the database."""
        self._keeper.close()
        engine_for(self.address).dispose()
        on_server(self._server, f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")

    def _make(self) -> None:
        on_server(self._server, f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
        self._keeper = psycopg.connect(self.address, autocommit=True)

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
