"""Payments: what a bank line is, how it is placed."""

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
