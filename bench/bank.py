"""Bank files: 20,000 movements of one file in camt.053 and in CODA, read."""

from collections.abc import Iterator
from datetime import date, timedelta

from bench.ground import Figure, seconds
from core.demo.bank_files import Movement, camt_053, coda
from core.documents import bank

ACCOUNT = "BE71096123456769"
COUNT = 20_000
FIRST_DAY = date(2026, 1, 5)
WRITERS = {"camt.053": camt_053, "CODA": coda}


def _movements(count: int) -> list[Movement]:
    """Payments of many payers: half with a structured reference, half with it retyped in the text."""
    return [
        Movement(
            FIRST_DAY + timedelta(days=number % 5),
            9_500 + number % 7 * 1_000,
            f"REF{number:09}",
            f"SCHOOL NUMMER {number % 900}",
            f"BE10{number % 900:012}",
            ogm="202600012320" if number % 2 else "",
            text="" if number % 2 else "betaling 202/6000/12320 nascholing",
        )
        for number in range(count)
    ]


def figures() -> Iterator[Figure]:
    """All figures of this file."""
    for name, write in WRITERS.items():
        content = write(ACCOUNT, _movements(COUNT))
        bank.read(content)
        taken = seconds(lambda content=content: bank.read(content))
        yield Figure(f"movements read, {name}", COUNT / taken, "per second", "≥ 5,000")
