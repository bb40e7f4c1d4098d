"""`make translations`: collect every msgid of the code into `core/locale/nl.po`; says which have no Dutch text yet.

Read from the syntax tree, so that texts inside f-strings are found on every Python.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "core" / "locale" / "nl.po"
FOLDERS = ("core", "pages", "mailbot")

Msgid = str | tuple[str, str]


def msgids(root: Path = ROOT) -> dict[Msgid, str]:
    """Every text marked for translation, and where it was first seen.

    A text that is also the singular of a plural is in the catalogue once, with its plural.
    """
    found: dict[Msgid, str] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            for msgid, line in _in_file(path):
                found.setdefault(msgid, f"{path.relative_to(root)}:{line}")
    plurals = {msgid[0] for msgid in found if isinstance(msgid, tuple)}
    return {msgid: place for msgid, place in found.items() if msgid not in plurals}


def _in_file(path: Path) -> Iterator[tuple[Msgid, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if node.func.id in ("_", "N_") and len(texts) == 1 and isinstance(texts[0], str):
            yield texts[0], node.lineno
        elif node.func.id == "ngettext" and len(texts) == 2:
            yield (str(texts[0]), str(texts[1])), node.lineno


def catalogue() -> Catalog:
    """The Dutch catalogue as it stands."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="nl")


def is_translated(message: object) -> bool:
    """Whether a message of the catalogue has all its Dutch texts."""
    text = getattr(message, "string", "")
    return all(text) if isinstance(text, tuple | list) else bool(text)


def main() -> int:
    """Write the catalogue anew: sorted, without what the code no longer says; returns 1 while a text is missing."""
    known = catalogue()
    fresh = Catalog(locale="nl", project="CNO", charset="utf-8", fuzzy=False)
    missing = []
    for msgid, place in msgids().items():
        old = known.get(msgid if isinstance(msgid, str) else msgid[0])
        if old is not None and is_translated(old) and isinstance(old.string, str) == isinstance(msgid, str):
            fresh.add(msgid, string=old.string)
        else:
            fresh.add(msgid)
            missing.append(f"{place}: {msgid if isinstance(msgid, str) else ' | '.join(msgid)}")
    with CATALOGUE.open("wb") as file:
        write_po(file, fresh, sort_output=True, width=0, no_location=True, omit_header=False)
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By'))]
    CATALOGUE.write_text("\n".join(kept) + "\n", encoding="utf-8")
    sys.stdout.write(
        "".join(f"no Dutch text: {line}\n" for line in missing) + f"{len(known)} texts, {len(missing)} missing\n"
    )
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
