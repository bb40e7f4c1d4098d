"""Every query and every service, called by whoever has nothing to do with it: no word, no change, one answer.

That the table holds every one of them is a rule of the house (`tests/house/test_access.py`).
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_type_hints

import pytest
from sqlalchemy.orm import Session

from core.access import FinanceOnly, NotAllowed, NotFound
from core.db import Db, engine
from core.errors import DomainError
from core.i18n import say
from core.tokens import LinkNotValid
from core.vocabulary import VISITOR, Actor, TokenPurpose
from tests.access.table import (
    COORDINATOR,
    FINANCE,
    LINKS,
    OWN,
    READER,
    THEIRS,
    Given,
    Link,
    Own,
    Theirs,
)
from tests.access.world import UNKNOWN, Dump, World, dump, touched, written

Outcome = tuple[str, str]
#: What a list, a count, a page of a list or an overview give who has nothing.
NOTHING = {
    "()",
    "0",
    "{}",
    "Found(rows=(), total=0)",
    "LinkedPage(rows=(), total=0, to_ask=0)",
    "Overview(school_year=2026, lines=())",
}


#: What a list and a mapping by id give of what is somebody else's.
NONE = (("given", "()"), ("given", "{}"))


@contextmanager
def forgotten() -> Iterator[Db]:
    """A transaction of which nothing stays."""
    with Session(engine().execution_options(write=True)) as db:
        db.info["written"] = written(db)
        yield db
        db.rollback()


def now(db: Db, before: Dump) -> Dump:
    """The whole database; read only when this transaction wrote something."""
    return before if written(db) == db.info["written"] else dump(db)


def outcome(db: Db, name: str, actor: Actor, arguments: Given) -> Outcome:
    """What a call gives, or how and in which words it is refused; a bug is neither."""
    module, _, function_name = name.rpartition(".")
    function = getattr(importlib.import_module(f"core.{module}"), function_name)
    values, named = arguments
    who = (actor,) if Actor in get_type_hints(function).values() else ()
    try:
        return "given", repr(function(db, *who, *values, **named))
    except DomainError as refused:
        return type(refused).__name__, say(refused)


def leaks(world: World, *found: Outcome) -> list[str]:
    """The secrets of the first school that an answer tells."""
    return [secret for secret in world.secrets for _how, text in found if secret in text]


@pytest.fixture(scope="module")
def untouched(world: World) -> Iterator[Dump]:
    """The whole database before anybody tried anything, and after all tried."""
    with forgotten() as db:
        before = dump(db)
    yield before
    with forgotten() as db:
        assert dump(db) == before


def cases(table: dict[str, Any]) -> list[Any]:
    """Each case of a table, named after its function."""
    return [
        pytest.param(name, case, id=f"{name}-{getattr(case, 'of', number)}")
        for name, listed in table.items()
        for number, case in enumerate(listed)
    ]


@pytest.mark.parametrize(("name", "case"), cases(THEIRS))
def test_an_id_of_another_school_looks_unknown_and_nothing_changes(
    world: World, untouched: Dump, name: str, case: Theirs
) -> None:
    it = world.ids[case.of]
    refusals = {kind.__name__ for kind in (NotFound, NotAllowed, *case.refusals)}
    with forgotten() as db:
        for who, actor in (world.actors | {"a colleague": world.colleague}).items():
            if who == "a colleague" and case.refusals:
                continue  # may name the own school as payer
            theirs, unknown = (outcome(db, name, actor, case.call(each, world)) for each in (it, UNKNOWN))
            assert theirs == unknown, who
            assert theirs[0] in refusals or (not case.changes and theirs[0] == "given" and theirs[1] in {"()", "{}"}), (
                who
            )
            assert leaks(world, theirs) == [], who
        if case.changes and not case.is_made_by_looking:
            assert outcome(db, name, world.reader, case.call(it, world))[0] in refusals
        if case.right == FINANCE:
            assert outcome(db, name, world.coordinator, case.call(it, world))[0] == FinanceOnly.__name__
        assert now(db, untouched) == untouched
    if case.right is not None:
        with forgotten() as db:
            assert outcome(db, name, world.acting(case.right), case.call(it, world))[0] == "given"
            assert (now(db, untouched) != untouched) is case.changes


@pytest.mark.parametrize(("name", "case"), cases(OWN))
def test_without_an_id_everybody_gets_and_changes_only_the_own_things(
    world: World, untouched: Dump, name: str, case: Own
) -> None:
    strangers = world.actors | ({READER: world.reader} if case.changes else {})
    strangers |= {COORDINATOR: world.coordinator} if case.right == FINANCE else {}
    for who, actor in strangers.items():
        with forgotten() as db:
            found = outcome(db, name, actor, case.call(world))
            after = now(db, untouched)
        assert leaks(world, found) == [], who
        if who in case.owners:
            assert found[0] == "given", who
            assert found[1] == repr(case.gives.get(who, ...)) or not case.gives, who
            assert [row for row in touched(untouched, after) if is_theirs(world, *row)] == [], who
        else:
            assert after == untouched, who
            is_refused = found[0] in {NotFound.__name__, NotAllowed.__name__, FinanceOnly.__name__}
            assert is_refused or (found[1] in NOTHING and not case.changes), (who, found)
    with forgotten() as db:
        right = outcome(db, name, world.acting(case.right), case.call(world))
    assert right[0] == "given"
    if not case.changes:
        assert leaks(world, right) or case.gives, "else a leak would not be seen"


def is_theirs(world: World, table: str, row: dict[str, Any]) -> bool:
    """Whether a row is about the first school."""
    school = world.ids["institution"]
    owned = school in (row.get("institution_id"), row.get("payer_institution_id"))
    is_itself = (table == "institution" and row["id"] == school) or row.get("account_id") == world.ids["account"]
    return owned or is_itself or any(secret in repr(row) for secret in world.secrets)


@pytest.mark.parametrize(("name", "link"), LINKS.items(), ids=LINKS)
def test_a_mailed_link_opens_only_what_it_was_made_for(world: World, untouched: Dump, name: str, link: Link) -> None:
    others = [secret for purpose, secret in world.links.items() if purpose is not link.purpose]
    with forgotten() as db:
        for secret in ("", "x" * 43, *others):
            found = outcome(db, name, world.stranger_school, link.call(secret))
            assert found == (LinkNotValid.__name__, say(LinkNotValid()))
        assert now(db, untouched) == untouched
    with forgotten() as db:
        assert outcome(db, name, VISITOR, link.call(world.links[link.purpose]))[0] == "given"
        assert (now(db, untouched) != untouched) is link.changes


def test_the_table_of_links_is_whole() -> None:
    assert {link.purpose for link in LINKS.values()} == set(TokenPurpose) - {TokenPurpose.SIGN_IN_TICKET}
