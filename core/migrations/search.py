"""What keeps the index of persons and institutions right on every way of writing: triggers in the database.

A batch migration on SQLite copies its table and loses the triggers: call :func:`install` again in the same migration.
The statements are the same for both databases; SQLite has them in each trigger, PostgreSQL in a function.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

LONGEST_WORD = 60
#: Of digits only so many beginnings are left out: what may stand before a telephone number («0», «32», «0032»).
_PREFIX_DIGITS = 4
_ACCENTS = ("éèëêÉ", "e"), ("ç", "c"), ("ï", "i"), ("ö", "o"), ("ü", "u")


@dataclass(frozen=True, slots=True)
class Field:
    """Something an owner is found by: its number in the index, and a query for its text ({id}: the owner)."""

    owner: str
    number: int
    text: str

    @property
    def function(self) -> str:
        """The name of its function on PostgreSQL."""
        return f"search_{self.owner}_{self.number}"


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose changes touch some fields of an owner; `owner_id` says whose, {row} being `new` or `old`.

    A new row can touch the `fresh` fields only.
    """

    table: str
    columns: tuple[str, ...]
    owner: str
    numbers: tuple[int, ...]
    fresh: tuple[int, ...]
    owner_id: str

    @property
    def name(self) -> str:
        """What its triggers begin with."""
        return f"{self.table}_search_{self.owner}"

    @property
    def is_owner(self) -> bool:
        """Whether it is the table of the owners themselves."""
        return self.table == self.owner


def _without(text: str, signs: str, instead: str = "") -> str:
    for sign in signs:
        text = f"replace({text}, '{sign if sign != chr(39) else chr(39) * 2}', '{instead}')"
    return text


def _digits(column: str) -> str:
    return _without(column, " /.-+()")


def _plain(column: str) -> str:
    """Letters without the accents of the country; names of persons and institutions are folded before they come."""
    for accented, plain in _ACCENTS:
        column = _without(column, accented, plain)
    return column


_OF_OWNER = "SELECT {what} FROM {owner} WHERE id = {{id}} AND merged_into_id IS NULL"
_ACCOUNT = (
    "SELECT account.email FROM account JOIN {owner} ON {owner}.id = account.{owner}_id"
    " WHERE account.{owner}_id = {{id}} AND {owner}.merged_into_id IS NULL"
)
_FORMER = (
    "SELECT {join}(former_address.email, ' ') FROM former_address"
    " JOIN account ON account.id = former_address.account_id JOIN {owner} ON {owner}.id = account.{owner}_id"
    " WHERE account.{owner}_id = {{id}} AND {owner}.merged_into_id IS NULL"
)
_ROWS = (
    "SELECT {join}({what}, ' ') FROM {table} JOIN institution ON institution.id = {table}.institution_id"
    " WHERE {table}.institution_id = {{id}} AND institution.merged_into_id IS NULL"
)
_NUMBERS = f"postcode || ' ' || coalesce(number, '') || ' ' || coalesce(kbo, '') || ' ' || {_digits('phone')}"
_CONTACT = f"{_plain('contact_person.name')} || ' ' || contact_person.email || ' ' || {_digits('contact_person.phone')}"

_WATCHED = (
    Watched("person", ("search_name", "phone", "merged_into_id"), "person", (1, 2, 3, 4), (1, 4), "{row}.id"),
    Watched(
        "institution",
        ("search_name", "postcode", "number", "kbo", "phone", "merged_into_id"),
        "institution",
        (1, 2, 3, 4, 5, 6),
        (1, 4),
        "{row}.id",
    ),
    Watched("account", ("email", "person_id"), "person", (2, 3), (2,), "{row}.person_id"),
    Watched("account", ("email", "institution_id"), "institution", (2, 3), (2,), "{row}.institution_id"),
    *(
        Watched(
            "former_address",
            ("email", "account_id"),
            owner,
            (3,),
            (3,),
            f"(SELECT {owner}_id FROM account WHERE id = {{row}}.account_id)",
        )
        for owner in ("person", "institution")
    ),
    Watched("billing_address", ("email", "institution_id"), "institution", (5,), (5,), "{row}.institution_id"),
    Watched(
        "contact_person",
        ("name", "email", "phone", "institution_id"),
        "institution",
        (6,),
        (6,),
        "{row}.institution_id",
    ),
)


def _fields(join: str) -> tuple[Field, ...]:
    """Everything that is searched, numbered as in `core.models.search.FoundBy`; `join` joins the texts of rows."""
    found = []
    for owner in ("person", "institution"):
        found += [
            Field(owner, 1, _OF_OWNER.format(what="search_name", owner=owner)),
            Field(owner, 2, _ACCOUNT.format(owner=owner)),
            Field(owner, 3, _FORMER.format(owner=owner, join=join)),
        ]
    return (
        *found,
        Field("person", 4, _OF_OWNER.format(what=_digits("phone"), owner="person")),
        Field("institution", 4, _OF_OWNER.format(what=_NUMBERS, owner="institution")),
        Field("institution", 5, _ROWS.format(table="billing_address", what="billing_address.email", join=join)),
        Field("institution", 6, _ROWS.format(table="contact_person", what=_CONTACT, join=join)),
    )


def _words(field: Field, owner_id: str, split: str, *, owners: str = "") -> str:
    """The words of one field of one owner; `split` is the database's way to cut a text at its spaces."""
    text = _without(f"lower(({field.text.format(id=owner_id)}))", "@.-_+/'&", " ")
    return split.format(text=text, longest=LONGEST_WORD, owners=owners)


def _statements(field: Field, owner_id: str, split: str) -> Iterator[str]:
    """What indexes one field of one owner anew."""
    table, column = f"{field.owner}_word", f"{field.owner}_id"
    words = f"(SELECT DISTINCT {_words(field, owner_id, split)}) AS found"
    yield f"DELETE FROM {table} WHERE {column} = {owner_id} AND field = {field.number}"
    yield (
        f"INSERT INTO search_word (word) SELECT found.word FROM {words} WHERE found.word <> ''"
        " AND (SELECT known.id FROM search_word AS known WHERE known.word = found.word LIMIT 1) IS NULL"
    )
    yield (
        f"INSERT INTO {table} ({column}, field, word) SELECT {owner_id}, {field.number}, found.word FROM {words}"
        " WHERE found.word <> '' ON CONFLICT DO NOTHING"
    )


_SPLIT_SQLITE = (
    "substr(value, 1, {longest}) AS word FROM {owners}"
    """json_each('[' || replace(json_quote({text}), ' ', '","') || ']')"""
)
_SPLIT_POSTGRESQL = "substr(value, 1, {longest}) AS word FROM {owners}regexp_split_to_table({text}, ' +') AS value"
_PLACES = (
    "place.place <= CASE WHEN length({word}) = 1 THEN 1"
    f" WHEN substr({{word}}, 1, 1) NOT BETWEEN '0' AND '9' OR length({{word}}) <= {_PREFIX_DIGITS} + 1"
    f" THEN length({{word}}) - 1 ELSE {_PREFIX_DIGITS} + 1 END"
)
_PARTS = (
    "INSERT INTO search_part (part, place, word_id) SELECT substr(new.word, place.place), place.place - 1, new.id"
    f" FROM search_place AS place WHERE {_PLACES.format(word='new.word')}"
)
_ALL_PARTS = (
    "INSERT INTO search_part (part, place, word_id)"
    " SELECT substr(known.word, place.place), place.place - 1, known.id"
    f" FROM search_word AS known JOIN search_place AS place ON {_PLACES.format(word='known.word')} ORDER BY 1, 2, 3"
)


def install(connection: Connection) -> None:
    """Make the triggers, anew when they exist."""
    if connection.dialect.name == "sqlite":
        _install_sqlite(connection)
    else:
        _install_postgresql(connection)


def remove(connection: Connection) -> None:
    """Take the triggers away: nothing is indexed until :func:`rebuild` and :func:`install`."""
    for name, table in _triggers():
        on = "" if connection.dialect.name == "sqlite" else f" ON {table}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")


def rebuild(connection: Connection) -> None:
    """Index everybody anew, all at once, while the triggers are away."""
    is_sqlite = connection.dialect.name == "sqlite"
    split = _SPLIT_SQLITE if is_sqlite else _SPLIT_POSTGRESQL
    for table in ("search_part", "search_word", "person_word", "institution_word"):
        connection.exec_driver_sql(f"DELETE FROM {table}")
    for field in _fields("group_concat" if is_sqlite else "string_agg"):
        words = _words(field, "owner.id", split, owners=f"{field.owner} AS owner, ")
        connection.exec_driver_sql(
            f"INSERT INTO {field.owner}_word ({field.owner}_id, field, word)"
            f" SELECT DISTINCT found.id, {field.number}, found.word FROM (SELECT owner.id, {words}) AS found"
            " WHERE found.word <> ''"
        )
    connection.exec_driver_sql(
        "INSERT INTO search_word (word) SELECT word FROM person_word UNION SELECT word FROM institution_word ORDER BY 1"
    )
    connection.exec_driver_sql(_ALL_PARTS)


@contextmanager
def in_bulk(connection: Connection) -> Iterator[None]:
    """For writing very many persons or institutions in one transaction: they are indexed at the end, all at once."""
    remove(connection)
    yield
    rebuild(connection)
    install(connection)


def triggers() -> set[str]:
    """The names of all triggers of the index."""
    return {name for name, _table in _triggers()}


def _triggers() -> Iterator[tuple[str, str]]:
    yield "search_word_parts", "search_word"
    for watched in _WATCHED:
        for event in ("insert", "update") if watched.is_owner else ("insert", "update", "delete"):
            yield f"{watched.name}_{event}", watched.table


def _install_sqlite(connection: Connection) -> None:
    fields = {(field.owner, field.number): field for field in _fields("group_concat")}

    def make(name: str, when: str, statements: Iterable[str]) -> None:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {when} BEGIN {'; '.join(statements)}; END")

    def indexed(watched: Watched, row: str, numbers: tuple[int, ...]) -> list[str]:
        owner_id = watched.owner_id.format(row=row)
        own = [fields[watched.owner, number] for number in numbers]
        return [statement for field in own for statement in _statements(field, owner_id, _SPLIT_SQLITE)]

    make("search_word_parts", "AFTER INSERT ON search_word", [_PARTS])
    for watched in _WATCHED:
        now = indexed(watched, "new", watched.numbers)
        before = indexed(watched, "old", watched.numbers)
        fresh = indexed(watched, "new", watched.fresh)
        make(f"{watched.name}_insert", f"AFTER INSERT ON {watched.table}", fresh)
        event = f"AFTER UPDATE OF {', '.join(watched.columns)} ON {watched.table}"
        make(f"{watched.name}_update", event, now if watched.is_owner else [*before, *now])
        if not watched.is_owner:
            make(f"{watched.name}_delete", f"AFTER DELETE ON {watched.table}", before)


def _install_postgresql(connection: Connection) -> None:
    """Without scans: a plan made while the index was still empty is kept for as long as a connection lasts."""
    for field in _fields("string_agg"):
        body = "; ".join(_statements(field, "owner", _SPLIT_POSTGRESQL))
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {field.function}(owner integer) RETURNS void LANGUAGE plpgsql"
            f" SET enable_seqscan TO off AS $$ BEGIN {body}; END $$"
        )

    def make(name: str, when: str, body: str) -> None:
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}; RETURN NULL; END $$"
        )
        connection.exec_driver_sql(f"CREATE OR REPLACE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()")

    def indexed(watched: Watched, row: str, numbers: tuple[int, ...]) -> str:
        owner_id = watched.owner_id.format(row=row)
        return "; ".join(f"PERFORM search_{watched.owner}_{number}({owner_id})" for number in numbers)

    make("search_word_parts", "AFTER INSERT ON search_word", _PARTS)
    for watched in _WATCHED:
        now = indexed(watched, "new", watched.numbers)
        before = indexed(watched, "old", watched.numbers)
        make(f"{watched.name}_insert", f"AFTER INSERT ON {watched.table}", indexed(watched, "new", watched.fresh))
        event = f"AFTER UPDATE OF {', '.join(watched.columns)} ON {watched.table}"
        make(f"{watched.name}_update", event, now if watched.is_owner else f"{before}; {now}")
        if not watched.is_owner:
            make(f"{watched.name}_delete", f"AFTER DELETE ON {watched.table}", before)
