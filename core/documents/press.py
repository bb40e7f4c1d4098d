"""The process that renders notes for another: `python -m core.documents.press`; a payload a line in, its files out.

Each answer is a line of JSON with the sizes of the files, and then their bytes; or with what went wrong.
"""

import json
import os
import sys
import traceback
from typing import BinaryIO

from core.documents import notes


def answer(line: bytes, out: BinaryIO) -> None:
    """Render what a line asks, and write it."""
    try:
        made = notes.rendered(json.loads(line))
    except Exception:
        out.write(json.dumps({"wrong": traceback.format_exc()}).encode() + b"\n")
        return
    sizes = {
        "files": [(kind.value, len(content)) for kind, content in made.files.items()],
        "copies": [(position, len(content)) for position, content in made.copies.items()],
    }
    out.write(json.dumps(sizes).encode() + b"\n")
    for content in (*made.files.values(), *made.copies.values()):
        out.write(content)


def main() -> None:
    """Answer until the other side is gone; whatever a library prints goes to the log, not among the files."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        for line in sys.stdin.buffer:
            answer(line, out)
            out.flush()


if __name__ == "__main__":
    main()
