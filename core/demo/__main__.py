"""`python -m core.demo [normal|medium|large]`: fill an empty, migrated database with demo data."""

import argparse
import sys
import time

from core.demo import SIZES, NotEmpty, fill

_EVERY = 0.5  # seconds between two looks; without a terminal twenty times as long


class Terminal:
    """How far it is: the seconds, and the rows that each table of this step has got."""

    def __init__(self) -> None:
        self._started = self._shown = time.monotonic()
        self._rows: dict[str, int] = {}
        self._is_terminal = sys.stdout.isatty()

    def tell(self, table: str, rows: int) -> None:
        """So many rows of a table are in."""
        if rows < self._rows.get(table, 0):  # the next step has begun
            self._rows.clear()
        self._rows[table] = rows
        now = time.monotonic()
        if now - self._shown > _EVERY * (1 if self._is_terminal else 20):
            self._shown = now
            most = sorted(self._rows.items(), key=lambda item: -item[1])[:3]
            text = ", ".join(f"{name} {count:,}" for name, count in most)
            line = f"{now - self._started:5.0f} s  {text}"
            sys.stdout.write(f"\r{line:<78.78}" if self._is_terminal else f"{line}\n")
            sys.stdout.flush()

    def finish(self) -> None:
        """The last line."""
        start = "\r" if self._is_terminal else ""
        sys.stdout.write(f"{start}{f'demo data made in {time.monotonic() - self._started:.1f} s':<78}\n")


def main() -> int:
    """Fill the database of the settings; 1 when it is not empty."""
    arguments = argparse.ArgumentParser(prog="python -m core.demo", description=__doc__)
    arguments.add_argument("size", nargs="?", choices=tuple(SIZES), default="normal")
    arguments.add_argument("--seed", type=int, default=2026)
    chosen = arguments.parse_args()
    terminal = Terminal()
    try:
        fill(SIZES[chosen.size], chosen.seed, terminal.tell)
    except NotEmpty:
        sys.stderr.write("the database is not empty: demo data is never added to real data\n")
        return 1
    terminal.finish()
    return 0


if __name__ == "__main__":
    sys.exit(main())
