"""Shadow mode: the bot decides and writes, sends nothing, and is compared with what a coordinator then answers."""

from core import clock
from core.assistant import answers
from core.assistant.decision import Understanding
from core.assistant.proposals import question_of
from core.db import Db
from core.models import IncomingMail, ShadowAnswer


def keep(db: Db, mail: IncomingMail, understood: Understanding) -> None:
    """Write down what would have been answered to a mail."""
    draft = answers.draft(db, question_of(mail), understood.intent)
    if draft is None or not draft.is_enough:
        return
    db.add(
        ShadowAnswer(
            mail_id=mail.id,
            intent=understood.intent,
            score=understood.score,
            text=draft.whole_text,
            made_at=clock.now(),
        )
    )
