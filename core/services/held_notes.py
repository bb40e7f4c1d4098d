"""Keeping a debit note from leaving, with the reason, and letting it leave after all; all seats of one note at once."""

from core import access
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.services import billing, coming_changes
from core.vocabulary import Actor, ComingKind


class HoldNeedsReason(DomainError):
    """Nobody knows later why a note was kept back."""

    message = N_("Say why, so that your colleagues know.")


def hold(db: Db, actor: Actor, enrolment_id: int, reason: str) -> int:
    """Keep the note of a seat back, with the others on it; returns how many seats that are.

    Raises NotAllowed, HoldNeedsReason, or NotFound when it was issued meanwhile.
    """
    access.require_coordinator(actor)
    if not reason.strip():
        raise HoldNeedsReason(field="reason")
    seats = billing.seats_on_note(db, enrolment_id)
    if not seats:
        raise access.NotFound
    for seat in seats:
        coming_changes.hold(db, actor, ComingKind.DEBIT_NOTE, seat.id, reason=reason)
    return len(seats)
