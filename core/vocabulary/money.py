"""Payments: what a bank line is, how it is placed; reminders of what stays open."""

from enum import StrEnum


class PlacedAs(StrEnum):
    """Where money of a bank line went: to a note, kept as credit of its payer, or set aside because it is not ours."""

    NOTE = "note"
    KEPT = "kept"
    ASIDE = "aside"


class MatchKind(StrEnum):
    """What a bank line was found to be."""

    EXACT = "exact"
    PARTIAL = "partial"
    OVER = "over"
    SETTLED = "settled"
    SEVERAL = "several"
    NUMBER = "number"
    NEARLY = "nearly"
    KNOWN_PAYER = "known_payer"
    SAME_NAME = "same_name"
    REFUND = "refund"
    REVERSAL = "reversal"
    UNKNOWN = "unknown"


class ReminderText(StrEnum):
    """What a step of the ladder of reminders does: a friendly mail, a firm one, or the list of the team."""

    FRIENDLY = "friendly"
    FIRM = "firm"
    LIST = "list"


class HoldReason(StrEnum):
    """Why a coordinator lets no reminder of a note leave."""

    DISPUTE = "dispute"
    CANCELLING = "cancelling"
    AGREED = "agreed"
    OTHER = "other"


class ReminderBar(StrEnum):
    """Why a reminder that is due does not leave."""

    ON_HOLD = "on_hold"
    COURSE_CANCELLING = "course_cancelling"
    PAYMENT_WAITS = "payment_waits"
    HAS_CREDIT = "has_credit"
    NO_ADDRESS = "no_address"
    ADDRESS_REFUSES = "address_refuses"
    NO_FILE = "no_file"


class EntryKind(StrEnum):
    """What moved the balance of a payer, in the order in which a day is told."""

    DEBIT = "debit"
    CREDIT = "credit"
    BEFORE = "before"
    PAYMENT = "payment"
    REFUND = "refund"


class ControlKind(StrEnum):
    """What can be wrong with the books («Controle»); the value stands in the page's address."""

    GAP = "nummering"
    CHAIN = "ketting"
    LINES = "lijnen"
    NO_FILE = "zonder-bestand"
    FILE_HASH = "bestand-gewijzigd"
    NO_MAIL = "niet-gemaild"
    OVER_PAID = "te-veel-betaald"
    OVER_CREDITED = "te-veel-gecrediteerd"
    BANK_LINE = "banklijn"
    BALANCE = "saldo"
    GUARD = "bewaking"
