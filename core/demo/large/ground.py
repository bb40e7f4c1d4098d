"""What the steps of the large data hand on to each other, as plain values."""

import random
from dataclasses import dataclass, field

from core import clock
from core.demo.sizes import Size

#: The school that the institution portal is measured with: this many linked persons, enrolments of all years.
BIG_SCHOOL_ADDRESS = "secretariaat@grote-school.example"
BIG_SCHOOL_NAME = "Scholengroep De Grote Klok (demo)"
BIG_SCHOOL_PERSONS = 300
BIG_SCHOOL_SHARE = 200  # one of so many enrolments is its own: 5,000 of a million


@dataclass(slots=True)
class School:
    """An institution, and the persons linked to it."""

    identity: int
    name: str
    address: tuple[str, ...]
    kbo: str | None
    number: str
    email: str
    may_pay: bool
    staff: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Human:
    """A person, the school that pays for him or her, and the school years (by number) of taking courses."""

    name: str
    address: tuple[str, ...]
    email: str
    school: int | None
    years: range


@dataclass(slots=True)
class Given:
    """A course: days as ordinals."""

    identity: int
    code: str
    title: str
    days: tuple[int, ...]
    price: int
    is_cancelled: bool
    capacity: int
    wanted: int
    minutes: int
    place: str
    teachers: tuple[str, ...]
    day_ids: tuple[int, ...] = ()

    @property
    def begin(self) -> int:
        """The first day."""
        return self.days[0]


@dataclass(slots=True)
class Ground:
    """Everything that is known so far; `today` is an ordinal."""

    size: Size
    chance: random.Random
    password_hash: str
    today: int = field(default_factory=lambda: clock.today().toordinal())
    schools: dict[int, School] = field(default_factory=dict)
    big: int = 0
    people: dict[int, Human] = field(default_factory=dict)
    courses: list[Given] = field(default_factory=list)
    notes: list["Bill"] = field(default_factory=list)

    def year_of(self, ordinal: int) -> int:
        """How many years before today a day lies, counted from 0 for the oldest; the coming year is `size.years`."""
        return max(0, min(self.size.years, self.size.years - (self.today - ordinal) // 365))


#: A debit note to write: the day, enrolment, person, institution, cents, index of the course,
#: the day it is credited (0: never) and for how many cents.
Bill = tuple[int, int, int | None, int | None, int, int, int, int]
