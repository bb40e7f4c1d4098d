"""Whatever the audit trail writes down has words on the page «Logboek»."""

import ast

from pages.shared.trace_names import HIDDEN, NAMES, PAIRS
from tests.conftest import ROOT

_TOLD_ANOTHER_WAY = {"changes", "counts"}


def test_every_detail_of_an_event_has_a_name_in_trace_words() -> None:
    known = {*NAMES, *HIDDEN, *_TOLD_ANOTHER_WAY, *(name for pair in PAIRS for name in pair[:2])}
    unknown = {
        f"{file.relative_to(ROOT)}:{node.lineno}: {each.arg}"
        for file in (*(ROOT / "core").rglob("*.py"), *(ROOT / "mailbot").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"
        for each in node.keywords
        if each.arg and each.arg not in known
    }
    assert not unknown, "give it a name in NAMES of pages/shared/trace_names.py, or put it in HIDDEN"
