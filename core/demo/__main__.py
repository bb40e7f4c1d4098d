"""`python -m core.demo [large]`: fill an empty, migrated database with demo data; `large` is for measuring."""

import argparse
import sys
import time

from core.demo import NORMAL, NotEmpty, fill, large


def main() -> int:
    """Fill the database of the settings; 1 when it is not empty."""
    arguments = argparse.ArgumentParser(prog="python -m core.demo", description=__doc__)
    arguments.add_argument("size", nargs="?", choices=("normal", "large"), default="normal")
    arguments.add_argument("--seed", type=int, default=2026)
    chosen = arguments.parse_args()
    started = time.monotonic()
    try:
        fill(NORMAL, chosen.seed)
        if chosen.size == "large":
            large.grow(chosen.seed)
    except NotEmpty:
        sys.stderr.write("the database is not empty: demo data is never added to real data\n")
        return 1
    sys.stdout.write(f"demo data made in {time.monotonic() - started:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
