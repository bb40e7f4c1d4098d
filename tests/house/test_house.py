"""The rules of the house that a program can see."""

import ast
import re
import subprocess
import tomllib
from enum import StrEnum
from pathlib import Path

import pytest

from core import labels
from core.decided import Decisions
from core.settings import Settings
from core.vocabulary import AuditTag
from deploy import translations
from pages.shared.site import DOORS
from tests.conftest import ROOT
from tests.house.test_arrows import files

CODE = ("core", "pages", "mailbot", "deploy", "bench", "streamlit_app.py")
PAGES = sorted(path for path in (ROOT / "pages").glob("*/*.py") if path.parent.name not in ("shared", "http"))
#: Services that change nothing, or leave their trace through the service that calls them.
UNTRACED = {
    "merge_journal.py",
    "bank_placing.py",
    "billing_payload.py",
    "coming.py",
    "group_cancelling.py",
    "held_notes.py",
    "invitations.py",
    "seat_mails.py",
    "terms.py",
    "__init__.py",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_the_first_statement_of_a_page_is_its_guard(page: Path) -> None:
    body = ast.parse(page.read_text(encoding="utf-8")).body
    first = next(
        node
        for node in body
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.ClassDef | ast.FunctionDef)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    )
    value = getattr(first, "value", None)
    assert isinstance(value, ast.Call)
    assert ast.unparse(value.func) in ("require", "public")


def test_no_page_lies_directly_in_pages_and_each_one_has_a_door() -> None:
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["frame.py"]
    assert {str(page.relative_to(ROOT / "pages")) for page in PAGES} == {door.file for door in DOORS}
    assert len({door.url_path for door in DOORS}) == len(DOORS)


def test_every_text_has_its_dutch_and_none_is_fuzzy() -> None:
    catalogue = translations.catalogue()
    missing = [
        place
        for msgid, place in translations.msgids().items()
        if not translations.is_translated(catalogue.get(msgid if isinstance(msgid, str) else msgid[0]))
    ]
    assert missing == []
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []


def test_no_text_stands_both_alone_and_with_a_plural() -> None:
    """Gettext knows a plural by its singular: the two would share one Dutch text."""
    ids = translations.msgids()
    assert [each for each in ids if not isinstance(each, str) and each[0] in ids] == []


def test_placeholders_of_a_text_stand_in_its_dutch_too() -> None:
    wrong = []
    for message in translations.catalogue():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if ids == ("",):
            continue
        fields = [set(re.findall(r"{(\w*)}", text)) for text in ids]
        wrong += [text for text in texts if set(re.findall(r"{(\w*)}", text)) not in fields]
    assert wrong == []


@pytest.mark.parametrize(
    "kind", sorted({type(member) for member, _text in labels.LABELS}, key=lambda kind: kind.__name__)
)
def test_every_member_that_is_shown_has_a_label(kind: type[StrEnum]) -> None:
    for member in kind:
        assert labels.label(member)


def test_every_service_that_writes_leaves_a_trace_and_every_tag_is_used() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in files("core/services")}
    assert [name for name, text in texts.items() if "AuditTag." not in text and name not in UNTRACED] == []
    everywhere = "\n".join(path.read_text(encoding="utf-8") for path in files("core", "mailbot"))
    later = {AuditTag.INTENT_SWITCHED}  # the intents' page
    unused = [tag for tag in AuditTag if f"AuditTag.{tag.name}" not in everywhere and tag not in later]
    assert unused == []


@pytest.mark.parametrize("word", ["unsafe_allow_html", "NotImplementedError", "TODO", "FIXME", "XXX"])
def test_nothing_is_left_undone_or_unsafe(word: str) -> None:
    places = [str(path) for path in files(*CODE) if word in path.read_text(encoding="utf-8")]
    allowed = {"XXX": 1}  # the shape of a certificate's code, as its check page shows it
    assert len(places) <= allowed.get(word, 0) + 1 * (word == "XXX")


def test_no_module_and_no_page_has_grown_too_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files(*CODE)}
    longest = dict.fromkeys(PAGES, 122)
    grown = [
        f"{path.relative_to(ROOT)}: {length}"
        for path, length in lengths.items()
        if "migrations/versions" not in str(path) and length > longest.get(path, 300)
    ]
    assert grown == []


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    fields = Settings.model_fields | Decisions.model_fields
    assert [name for name in fields if f"`{name.upper()}`" not in readme] == []
    assert [name for name, each in fields.items() if not each.description] == []
    known = {name.upper() for name in fields} | {"TEST_POSTGRES_URL", "UPDATE_GOLDEN"}
    table = re.findall(r"^\| `([A-Z_]+)`", readme, re.MULTILINE)
    assert set(table) <= known


def test_every_command_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"make ([a-z]+)", readme)) - {"it"} <= targets
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme):
        assert (ROOT / picture).exists()


def test_the_packages_are_pinned_and_name_no_host() -> None:
    for name in ("requirements.txt", "requirements-demo.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        pinned = [line for line in lines if line and not line.startswith("#")]
        assert [line for line in pinned if "==" not in line or "://" in line] == []


def test_nothing_secret_or_private_is_under_version_control() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in listed if name.endswith((".sqlite3", ".env", "secrets.toml", ".pem", ".key"))] == []
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["license"]["text"] == "MIT"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("IMAP_PASSWORD", None),
        ("ARCHIVE_IMAP_PASSWORD", None),
        ("PUBLIC_URL", "http://cno.example"),
        ("CLOCK_OFFSET_DAYS", "1"),
        ("IMAP_HOST", "imap.cno.example"),
        ("SMTP_HOST", "smtp.cno.example"),
    ],
)
def test_production_refuses_what_is_not_safe(monkeypatch: pytest.MonkeyPatch, name: str, value: str | None) -> None:
    safe = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "x" * 40,
        "IMAP_PASSWORD": "een echt wachtwoord",
        "ARCHIVE_IMAP_PASSWORD": "een echt wachtwoord",
        "PUBLIC_URL": "https://cno.example",
    }
    for key, text in safe.items():
        monkeypatch.setenv(key, text)
    assert Settings().environment == "production"
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match="not safe for production"):
        Settings()


def test_what_cno_decides_is_never_asked_of_the_environment() -> None:
    asked = re.compile(rf"settings\(\)\.(decisions|{'|'.join(Decisions.model_fields)})\b")
    allowed = {"core/decisions.py", "core/services/decisions.py", "core/queries/decisions.py", "core/start.py"}
    found = {str(path.relative_to(ROOT)) for path in files(*CODE) if asked.search(path.read_text(encoding="utf-8"))}
    assert found <= allowed
