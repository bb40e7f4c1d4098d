"""The large demo data: made-up, made in bulk, past the services; to measure with, and to see what a full house is like.

It grows a filled NORMAL demo. Its notes count as imported ones: series of their own, every file stored.
"""

import random

from core.db import write
from core.demo.large.billing import notes
from core.demo.large.bulk import Tell, settle
from core.demo.large.courses import courses
from core.demo.large.enrolments import enrolments
from core.demo.large.ground import BIG_SCHOOL_ADDRESS, BIG_SCHOOL_PERSONS, Ground
from core.demo.large.mail import mail
from core.demo.large.people import institutions, persons
from core.demo.sizes import Size
from core.rules.passwords import hashed

__all__ = ["BIG_SCHOOL_ADDRESS", "BIG_SCHOOL_PERSONS", "Tell", "grow"]
_STEPS = (institutions, persons, courses, enrolments, notes, mail)


def grow(size: Size, password: str, seed: int, tell: Tell) -> None:
    """Grow a filled demo to a size, one transaction a step; `tell` hears how many rows each table has got so far."""
    ground = Ground(size, random.Random(seed), hashed(password))
    for step in _STEPS:
        with write() as db:
            step(db, ground, tell)
    with write() as db:
        settle(db)
