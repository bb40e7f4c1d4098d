"""Which way imports may point, and what may be used where: read from the code itself."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

Import = tuple[str, int]
LAYERS = {
    "core.vocabulary": 0,
    "core.settings": 0,
    "core.errors": 0,
    "core.text": 0,
    "core.json_lines": 0,
    "core.i18n": 1,
    "core.clock": 1,
    "core.db": 1,
    "core.logs": 1,
    "core.decided": 0,
    "core.money": 2,
    "core.labels": 2,
    "core.rules": 3,
    "core.models": 3,
    "core.storage": 3,
    "core.scanning": 3,
    "core.tokens": 4,
    "core.audit": 4,
    "core.access": 4,
    "core.decisions": 4,
    "core.calendar": 6,
    "core.mail": 5,
    "core.documents": 5,
    "core.services": 6,
    "core.queries": 6,
    "core.imports": 6,
    "core.assistant": 7,
    "core.start": 7,
    "core.issuing": 7,
    "core.books": 7,
    "core.tidying": 7,
    "core.jobs": 8,
    "core.demo": 8,
}


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        path = ROOT / folder
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[Import]:
    """The modules a file imports, as dotted names, and their lines."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def named(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def layer(module: str) -> int | None:
    """The floor a module of the core stands on."""
    return LAYERS.get(".".join(module.split(".")[:2]))


def uses(path: Path, *modules: str) -> list[str]:
    """The lines of a file that import one of these modules."""
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for name, line in imports(path)
        if any(name == module or name.startswith(module + ".") for module in modules)
    ]


def test_every_room_of_the_core_has_its_floor() -> None:
    rooms = {
        f"core.{path.stem}"
        for path in (ROOT / "core").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms - {"core.__init__", "core.migrations", "core.__pycache__"} == set(LAYERS)


def test_imports_in_the_core_never_point_upwards() -> None:
    wrong = []
    for path in files("core"):
        own = layer(named(path))
        if own is None:
            continue
        for name, line in imports(path):
            other = layer(name)
            if other is not None and other > own:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert wrong == []


@pytest.mark.parametrize(
    ("modules", "forbidden_in"),
    [
        (("streamlit",), ("core", "mailbot")),
        (("streamlit_authenticator",), ("core", "mailbot")),
        (("imap_tools", "yagmail", "smtplib", "imaplib"), ("core", "pages", "streamlit_app.py")),
        (("sqlalchemy",), ("pages", "core/rules", "streamlit_app.py")),
        (("core.models",), ("pages", "core/rules")),
        (("mailbot",), ("core", "pages")),
        (("pages",), ("core", "mailbot")),
        (("core.db", "core.clock", "core.settings"), ("core/rules",)),
        (("faker", "pymap", "aiosmtpd"), ("core/services", "core/queries", "core/mail", "core/assistant", "pages")),
        (("tests", "bench", "deploy"), ("core", "pages", "mailbot")),
    ],
)
def test_a_room_does_not_use_what_is_not_its_own(modules: tuple[str, ...], forbidden_in: tuple[str, ...]) -> None:
    assert [line for path in files(*forbidden_in) for line in uses(path, *modules)] == []


def test_only_the_embedded_server_knows_pymap() -> None:
    assert {path.name for path in files("mailbot") if uses(path, "pymap", "aiosmtpd", "pysasl")} == {"local_server.py"}


@pytest.mark.parametrize(
    ("calls", "allowed"),
    [
        ({"datetime.now", "datetime.utcnow", "date.today", "datetime.today"}, "core/clock.py"),
        ({"os.environ", "os.getenv"}, "core/settings.py"),
    ],
)
def test_time_and_environment_have_one_door(calls: set[str], allowed: str) -> None:
    found = []
    for path in files("core", "pages", "mailbot", "streamlit_app.py"):
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in calls:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert [place for place in found if not place.startswith(allowed)] == []
