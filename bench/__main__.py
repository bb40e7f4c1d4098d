"""`python -m bench [part]…`: measure and keep; the parts are those of `PARTS`.

`large` makes the large demo on both databases first; `sqlite=<file>` and `postgresql=<address>` name filled ones.
"""

import json
import platform as machine
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from bench import bank, certificates, hostile, imports, issuing, mail, material, pages, platform, services, year
from bench.ground import ROOT, Figure
from core import clock

PARTS: dict[str, Callable[[dict[str, str]], Iterator[Figure]]] = {
    "services": lambda _given: services.figures(),
    "certificates": lambda _given: certificates.figures(),
    "pages": pages.figures,
    "large": pages.large,
    "hostile": hostile.figures,
    "imports": lambda _given: imports.figures(),
    "bank": lambda _given: bank.figures(),
    "issuing": issuing.figures,
    "year": year.figures,
    "mail": mail.figures,
    "material": lambda _given: material.figures(),
    "platform": lambda _given: platform.figures(),
}
RESULT = Path(__file__).parent / "results" / "latest.json"


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def main() -> int:
    """Measure what is asked for; everything without arguments."""
    given = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
    chosen = [part for part in PARTS if part in sys.argv[1:]] or list(PARTS)
    known = json.loads(RESULT.read_text(encoding="utf-8"))["parts"] if RESULT.exists() else {}
    for part in chosen:
        found = []
        for figure in PARTS[part](given):
            found.append(asdict(figure))
            print(f"{figure.name:<72} {figure.value:>10.2f} {figure.unit:<12} {figure.aim}", flush=True)
        key = f"{part}, {given['on']}" if "on" in given else part  # one database at a time keeps the other's figures
        known[key] = {"measured_on": clock.today().isoformat(), "commit": _commit(), "figures": found}
    RESULT.parent.mkdir(exist_ok=True)
    result = {"python": machine.python_version(), "parts": known}
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
