"""What keeps `note_balance` right on every way of writing: triggers on notes, their lines and what pays them.

A batch migration on SQLite copies its table and loses the triggers: call :func:`install` again in the same migration.
The statements are the same for both databases.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

_COURSE = "(SELECT course_id FROM enrolment WHERE id = new.enrolment_id)"
#: Name, when it fires, for which rows, and what it does.
_TRIGGERS = (
    (
        "note_balance_begins",
        "AFTER INSERT ON note",
        "new.kind = 'debit'",
        (
            "INSERT INTO note_balance (note_id, issued_on, due_on, payer_institution_id, payer_person_id, lines,"
            " total_cents, credited_cents, paid_cents) VALUES (new.id, new.issued_on, new.due_on,"
            " new.payer_institution_id, new.payer_person_id, 0, new.total_cents, 0, 0)"
        ),
    ),
    (
        "note_balance_credited",
        "AFTER INSERT ON note",
        "new.kind = 'credit'",
        "UPDATE note_balance SET credited_cents = credited_cents + new.total_cents WHERE note_id = new.corrects_id",
    ),
    (
        "note_balance_uncredited",
        "AFTER DELETE ON note",
        "old.kind = 'credit'",
        "UPDATE note_balance SET credited_cents = credited_cents - old.total_cents WHERE note_id = old.corrects_id",
    ),
    (
        "note_balance_lined",
        "AFTER INSERT ON note_line",
        "true",
        (
            f"UPDATE note_balance SET course_id = CASE WHEN lines = 0 OR course_id = {_COURSE} THEN {_COURSE} END,"
            " lines = lines + 1 WHERE note_id = new.note_id"
        ),
    ),
    (
        "note_balance_paid_before",
        "AFTER INSERT ON paid_before",
        "true",
        "UPDATE note_balance SET paid_cents = paid_cents + new.cents WHERE note_id = new.note_id",
    ),
    (
        "note_balance_not_paid_before",
        "AFTER DELETE ON paid_before",
        "true",
        "UPDATE note_balance SET paid_cents = paid_cents - old.cents WHERE note_id = old.note_id",
    ),
    (
        "note_balance_paid",
        "AFTER INSERT ON allocation",
        "new.placed_as = 'note'",
        "UPDATE note_balance SET paid_cents = paid_cents + new.cents WHERE note_id = new.note_id",
    ),
)
_ALL = (
    "INSERT INTO note_balance (note_id, issued_on, due_on, payer_institution_id, payer_person_id, course_id, lines,"
    " total_cents, credited_cents, paid_cents)"
    " SELECT note.id, note.issued_on, note.due_on, note.payer_institution_id, note.payer_person_id,"
    " CASE WHEN lined.first_course = lined.last_course THEN lined.first_course END, coalesce(lined.lines, 0),"
    " note.total_cents, coalesce(credited.cents, 0), coalesce(before.cents, 0) + coalesce(paid.cents, 0)"
    " FROM note"
    " LEFT JOIN (SELECT note_id, min(course_id) AS first_course, max(course_id) AS last_course, count(*) AS lines"
    " FROM note_line JOIN enrolment ON enrolment.id = note_line.enrolment_id GROUP BY note_id) AS lined"
    " ON lined.note_id = note.id"
    " LEFT JOIN (SELECT corrects_id, sum(total_cents) AS cents FROM note WHERE corrects_id IS NOT NULL"
    " GROUP BY corrects_id) AS credited ON credited.corrects_id = note.id"
    " LEFT JOIN paid_before AS before ON before.note_id = note.id"
    " LEFT JOIN (SELECT note_id, sum(cents) AS cents FROM allocation WHERE placed_as = 'note'"
    " GROUP BY note_id) AS paid ON paid.note_id = note.id"
    " WHERE note.kind = 'debit' ORDER BY note.id"
)


def install(connection: Connection) -> None:
    """Make the triggers, anew when they exist."""
    for name, when, condition, statement in _TRIGGERS:
        table = when.rpartition(" ")[2]
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE TRIGGER {name} {when} WHEN {condition} BEGIN {statement}; END")
        else:
            connection.exec_driver_sql(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {statement}; RETURN NULL; END $$"
            )
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} {when} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
            )


def remove(connection: Connection) -> None:
    """Take the triggers away: balances stand still until :func:`rebuild` and :func:`install`."""
    for name, when, _condition, _statement in _TRIGGERS:
        on = "" if connection.dialect.name == "sqlite" else f" ON {when.rpartition(' ')[2]}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")


def rebuild(connection: Connection) -> None:
    """Reckon every balance anew from the books, all at once."""
    connection.exec_driver_sql("DELETE FROM note_balance")
    connection.exec_driver_sql(_ALL)


@contextmanager
def in_bulk(connection: Connection) -> Iterator[None]:
    """For writing very many notes in one transaction: they are reckoned at the end, all at once."""
    remove(connection)
    yield
    rebuild(connection)
    install(connection)


def triggers() -> set[str]:
    """The names of all triggers of the balances."""
    return {name for name, *_rest in _TRIGGERS}
