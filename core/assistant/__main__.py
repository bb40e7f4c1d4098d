"""`python -m core.assistant`: JSON lines {"id", "subject", "text"} in; {"id", "intent", "score", "would_answer"} out.

In the same order, one line out for each line in (empty lines are passed over); a line that cannot be read is answered
as «other», with the id it has, if any. No database, no network.
"""

import json
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from core.assistant.decision import understand
from core.json_lines import read_line
from core.vocabulary import Intent


def understood(line: str) -> dict[str, Any]:
    """The answer to one line."""
    row = read_line(line)
    if not isinstance(row, dict):
        return {"id": None, "intent": Intent.OTHER.value, "score": 0.0, "would_answer": False}
    found = understand(_text(row.get("subject")), _text(row.get("text")))
    return {
        "id": row.get("id"),
        "intent": found.intent.value,
        "score": found.score,
        "would_answer": found.would_answer,
    }


def _text(value: object) -> str:
    """A field as text without halves of surrogate pairs, which JSON can carry and nothing can print."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def main(lines: Iterable[str], out: TextIO) -> None:
    """Answer line by line, each at once."""
    for line in lines:
        if line.strip():
            out.write(json.dumps(understood(line)) + "\n")
            out.flush()


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    main(sys.stdin, sys.stdout)
