"""Whether the bot answers an intent by itself: what a coordinator set, and «shadow» where nothing was set."""

from core.assistant.decision import Understanding
from core.db import Db
from core.models import IntentSetting
from core.vocabulary import Intent, IntentMode


def mode(db: Db, intent: Intent) -> IntentMode:
    """The mode of an intent; in shadow the bot decides but sends nothing. Always off for what is not recognised.

    Where it is on for personal data, only a receipt leaves: those questions are answered by a person.
    """
    if intent is Intent.OTHER:
        return IntentMode.OFF
    setting = db.get(IntentSetting, intent)
    return setting.mode if setting is not None else IntentMode.SHADOW


def threshold(db: Db, intent: Intent) -> float:
    """How likely (0–1) an intent must be beyond the tested threshold, as a coordinator set it; 0 where nobody did."""
    setting = db.get(IntentSetting, intent)
    return (setting.threshold or 0.0) if setting is not None else 0.0


def is_sure(db: Db, understood: Understanding) -> bool:
    """Whether all that a message asks is as likely as coordinators demand; holds for mail and chat alike."""
    pairs = zip(understood.intents, understood.scores, strict=True)
    return all(score >= threshold(db, intent) for intent, score in pairs)


def is_on(db: Db, intent: Intent) -> bool:
    """Whether an answer to this intent may leave without a coordinator."""
    return mode(db, intent) is IntentMode.ON
