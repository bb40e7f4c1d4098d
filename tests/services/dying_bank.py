"""A bank file that is read in a process of its own, which dies by SIGKILL: `dying_bank.py <step> <file> <account>`."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from core import access, audit
from core.db import write
from core.models import Account
from core.services import bank_files, bank_placing

STEPS: dict[str, tuple[Any, str]] = {"written": (bank_placing, "place_certain"), "placed": (audit, "record")}


def die(*_values: Any, **_named: Any) -> None:
    """End here and now, with the transaction open."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    step, file, account = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    setattr(*STEPS[step], die)
    with write() as db:
        bank_files.take_in(db, access.acting(db.get_one(Account, account)), file.name, file.read_bytes())
