"""What the CNO team sets and takes in."""

from enum import StrEnum


class DecisionSection(StrEnum):
    """What a decision of CNO is about, as the settings page groups them."""

    DELAYS = "delays"
    LINKS = "links"
    LIMITS = "limits"
    ORGANISER = "organiser"
    SIGNATURES = "signatures"
    MONEY = "money"
    CANCELLING = "cancelling"
    LEDGER = "ledger"


class Unit(StrEnum):
    """What the number of a decision counts, or that it is words."""

    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    TIMES = "times"
    PERCENT = "percent"
    HOUR_OF_DAY = "hour_of_day"
    TEXT = "text"
    CHOICE = "choice"


class ImportKind(StrEnum):
    """What a table of the history import holds (D15), in the order in which it is taken in."""

    INSTITUTIONS = "institutions"
    PERSONS = "persons"
    COURSES = "courses"
    COURSE_DAYS = "course_days"
    ENROLMENTS = "enrolments"
    NOTES = "notes"
    CERTIFICATES = "certificates"
    PLANNED_COURSES = "planned_courses"
    PLANNED_DAYS = "planned_days"


class ImportPurpose(StrEnum):
    """What files are taken in for; the value stands in the page's address."""

    HISTORY = "geschiedenis"
    COURSES = "nascholingen"


class ImportState(StrEnum):
    """Where an import stands; `undoing` only exists within the transaction that undoes it."""

    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class Mending(StrEnum):
    """What the platform proposes for faulty rows, and does when a coordinator accepts it."""

    ATTACH_KNOWN = "attach_known"
    PAD_NUMBERS = "pad_numbers"
    FIX_CHARACTERS = "fix_characters"
