"""Member → text: notes and payments."""

from enum import StrEnum

from core.i18n import N_
from core.vocabulary import FileKind, MatchKind, NoteKind, NoteState, PlacedAs

MONEY: tuple[tuple[StrEnum, str], ...] = (
    (NoteKind.DEBIT, N_("Debit note")),
    (NoteKind.CREDIT, N_("Credit note")),
    (FileKind.ORIGINAL, N_("Original")),
    (FileKind.COPY, N_("Copy")),
    (FileKind.UBL, N_("E-invoice (UBL)")),
    (NoteState.OPEN, N_("Open")),
    (NoteState.PARTLY_PAID, N_("Partly paid")),
    (NoteState.PAID, N_("Paid")),
    (NoteState.PARTLY_CREDITED, N_("Partly credited")),
    (NoteState.CREDITED, N_("Credited")),
    (PlacedAs.NOTE, N_("Paid")),
    (PlacedAs.KEPT, N_("Kept as credit")),
    (PlacedAs.ASIDE, N_("Set aside")),
    (MatchKind.EXACT, N_("Reference and amount fit")),
    (MatchKind.PARTIAL, N_("Part of a note")),
    (MatchKind.OVER, N_("More than the note")),
    (MatchKind.SETTLED, N_("Note already settled")),
    (MatchKind.SEVERAL, N_("Several notes")),
    (MatchKind.NUMBER, N_("By its number")),
    (MatchKind.NEARLY, N_("Mistyped reference")),
    (MatchKind.KNOWN_PAYER, N_("Known account")),
    (MatchKind.SAME_NAME, N_("Same name")),
    (MatchKind.REFUND, N_("Refund")),
    (MatchKind.REVERSAL, N_("Reversal")),
    (MatchKind.UNKNOWN, N_("Not recognised")),
)
