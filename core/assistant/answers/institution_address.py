"""«Onder welk adres is onze school gekend?»: one text for all; the institution's own address is told."""

from core.assistant.answers.common import Answer, Question, acknowledge, tell_address
from core.assistant.answers.matching import institution_account
from core.db import Db


def answer(db: Db, question: Question) -> Answer:
    """Acknowledge, and write to the address of the one institution that fits; several: a coordinator looks on too."""
    queued = acknowledge(db, question, "answer-institution-address")
    match = institution_account(db, question)
    if match.account is not None:
        queued += tell_address(db, question, match.account)
    return Answer(queued, needs_coordinator=match.is_doubtful)
