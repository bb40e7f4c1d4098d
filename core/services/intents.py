"""What the bot answers by itself: off, in shadow or on, and how sure it must be; set by coordinators."""

from core import access, audit
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import IntentSetting
from core.vocabulary import Actor, AuditTag, Intent, IntentMode


class NeverAnswered(DomainError):
    """What is not recognised can never be answered without a person."""

    message = N_("What the bot does not recognise always goes to a person.")


class NotAShare(DomainError):
    """A threshold is a probability."""

    message = N_("Choose a number from 0 to 100 %.")


def switch(db: Db, actor: Actor, intent: Intent, mode: IntentMode) -> None:
    """Set whether the bot answers an intent by itself. Raises NotAllowed or NeverAnswered."""
    row = _setting(db, actor, intent)
    before, row.mode = row.mode, mode
    audit.record(db, actor, AuditTag.INTENT_SWITCHED, row, intent=intent, mode=mode, before=before)


def require(db: Db, actor: Actor, intent: Intent, threshold: float | None) -> None:
    """Set how sure (0–1) the bot must be of an intent, beyond what was tested; None: no more than that.

    Raises NotAllowed, NeverAnswered or NotAShare.
    """
    if threshold is not None and not 0 <= threshold <= 1:
        raise NotAShare(field="threshold")
    row = _setting(db, actor, intent)
    before, row.threshold = row.threshold, threshold
    audit.record(db, actor, AuditTag.INTENT_SWITCHED, row, intent=intent, threshold=threshold, before=before)


def _setting(db: Db, actor: Actor, intent: Intent) -> IntentSetting:
    access.require_coordinator(actor)
    if intent is Intent.OTHER:
        raise NeverAnswered
    row = db.get(IntentSetting, intent, with_for_update=True)
    if row is None:
        row = IntentSetting(intent=intent, mode=IntentMode.SHADOW)
        db.add(row)
        db.flush()
    return row
