"""How much demo data to make: NORMAL to look around in, MEDIUM and LARGE to measure with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each there are in the end. `enrolments` 0: only those of the demo's own situations.

    `years` is how far back the courses go, `mails` how many of the past were sent, `threads` how many conversations.
    """

    persons: int
    institutions: int
    courses: int
    enrolments: int = 0
    years: int = 0
    mails: int = 0
    threads: int = 0


NORMAL = Size(persons=600, institutions=60, courses=40)
MEDIUM = Size(60_000, 3_000, 4_500, enrolments=90_000, years=8, mails=100_000, threads=20_000)
LARGE = Size(250_000, 8_000, 10_000, enrolments=1_000_000, years=20, mails=300_000, threads=60_000)
SIZES = {"normal": NORMAL, "medium": MEDIUM, "large": LARGE}
