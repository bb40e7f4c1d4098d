"""One file an intent: what the bot answers by itself. An intent without a file here always goes to a coordinator."""

from collections.abc import Callable

from core.assistant.answers import institution_address, new_password, registered_address
from core.assistant.answers.common import Answer, Question
from core.db import Db
from core.rules.accounts import AddressNotValid, checked_address
from core.vocabulary import Intent, Verdict

__all__ = ["ANSWERS", "Answer", "Question", "respond"]

ANSWERS: dict[Intent, Callable[[Db, Question], Answer]] = {
    Intent.NEW_PASSWORD: new_password.answer,
    Intent.REGISTERED_ADDRESS: registered_address.answer,
    Intent.INSTITUTION_ADDRESS: institution_address.answer,
}


def respond(db: Db, question: Question, intent: Intent) -> bool:
    """Queue the answer to a question; False hands it to a coordinator.

    False can also come with an answer that was queued: the asker reads the usual text, and a coordinator looks on
    (several accounts might be meant). A sender who fails the checks, or cannot be written to, gets nothing.
    """
    answer = ANSWERS.get(intent)
    if answer is None or question.verdict in (Verdict.FAIL, Verdict.BAD):
        return False
    try:
        checked_address(question.sender)
    except AddressNotValid:
        return False
    return not answer(db, question).needs_coordinator
