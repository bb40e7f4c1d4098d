"""«Onder welk adres ben ik gekend?»: one text for all; the account's own address hears that it is the one (R9)."""

from core.assistant.answers.common import Answer, Question, acknowledge, tell_address
from core.assistant.answers.matching import person_account
from core.db import Db


def answer(db: Db, question: Question) -> Answer:
    """Acknowledge, and write to the address of the one account that fits; in doubt a coordinator looks on too."""
    queued = acknowledge(db, question, "answer-registered-address")
    match = person_account(db, question)
    if match.account is not None:
        queued += tell_address(db, question, match.account)
    return Answer(queued, needs_coordinator=match.is_doubtful)
