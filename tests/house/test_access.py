"""Nobody forgets to ask on whose behalf: each query, service and download stands in a table of what strangers try."""

import importlib
import inspect
import pkgutil
import re
from typing import Any, get_type_hints

import pytest

import core.queries
import core.services
from core.vocabulary import Actor
from pages.http.routes import ROUTES
from tests.access.table import ANYBODY, LINKS, OWN, STEPS, THEIRS
from tests.access.test_wrong_routes import BY_ID, GATHERED, OPEN, UPLOADS
from tests.house.test_arrows import files


def takes_part(function: Any) -> bool:
    """Whether a function acts on behalf of somebody: it takes an actor, or the secret of a link."""
    return Actor in get_type_hints(function).values() or "secret" in inspect.signature(function).parameters


def functions() -> set[str]:
    """Every public query and service that acts on behalf of somebody, by its name below `core`."""
    modules = ["core.calendar"]
    for package in (core.queries, core.services):
        modules += [f"{package.__name__}.{each.name}" for each in pkgutil.iter_modules(package.__path__)]
    return {
        f"{name.removeprefix('core.')}.{function.__name__}"
        for name in modules
        for function in vars(importlib.import_module(name)).values()
        if inspect.isfunction(function)
        and function.__module__ == name
        and not function.__name__.startswith("_")
        and takes_part(function)
    }


def test_every_query_and_service_stands_in_the_table() -> None:
    tables = (THEIRS, OWN, LINKS, ANYBODY, STEPS)
    listed = [name for table in tables for name in table]
    assert functions() == set(listed), "tests/access/table.py"
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("name", STEPS)
def test_no_door_calls_what_is_only_a_part_of_another_service(name: str) -> None:
    call = re.compile(rf"[.]{name.rpartition('.')[2]}\(|import .*\b{name.rpartition('.')[2]}\b")
    doors = files("pages", "mailbot", "core/assistant", "core/jobs.py")
    assert [str(path) for path in doors if call.search(path.read_text(encoding="utf-8"))] == []


def test_every_route_stands_in_a_table() -> None:
    assert {route.path for route in ROUTES} == {*BY_ID, *GATHERED, *OPEN, *UPLOADS}, "tests/access/test_wrong_routes.py"
