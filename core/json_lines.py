"""JSON lines in, as the two command-line interfaces read them: any line gets an answer, also one that is no JSON."""

import json
from typing import Any


def read_line(line: str) -> Any:
    """A line as JSON, or None; what JSON itself does not know (NaN, a number beyond all bounds) is no JSON."""
    try:
        row = json.loads(line, parse_constant=lambda _name: None)
        json.dumps(row, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return row
