"""What the bot learnt from coordinators: examples that were accepted, once a model that knows them passed the gates."""

from sqlalchemy import func, select

from core.assistant import gates, model
from core.db import Db
from core.models import ProposedExample
from core.services.examples import Trial
from core.vocabulary import ExampleState, Intent


def accepted(db: Db) -> model.Learnt:
    """The accepted examples, the oldest first."""
    rows = db.execute(
        select(ProposedExample.intent, ProposedExample.text)
        .where(ProposedExample.state == ExampleState.ACCEPTED)
        .order_by(ProposedExample.id)
    )
    return tuple((intent, text) for intent, text in rows)


def refresh(db: Db) -> bool:
    """Let this process's model know what was accepted meanwhile, perhaps in another process; whether it learnt."""
    if not db.scalar(select(func.count()).where(ProposedExample.state == ExampleState.ACCEPTED)):
        return False
    return model.learn(accepted(db))


def tried(learnt: model.Learnt, intent: Intent, text: str) -> Trial:
    """Train a model with one more example and run the gates on it, seconds long; the model in use stays as it is."""
    candidate = model.trained((*learnt, (intent, text)))
    return Trial(intent, text, len(learnt), tuple(gates.failures(gates.measure(candidate))))
