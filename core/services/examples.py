"""«Dit was fout»: a message that was misunderstood becomes a proposed example; a reviewed one is learnt by the bot."""

from dataclasses import dataclass

from sqlalchemy import func, select

from core import access, audit, clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import IncomingMail, ProposedExample, ShadowAnswer
from core.queries.inbox_sender import sender
from core.rules.accounts import FieldMissing, required
from core.rules.anonymous import without_names
from core.vocabulary import Actor, AuditTag, ExampleState, Intent

LONGEST = 600


class AlreadyDecided(DomainError):
    """Somebody decided about this example meanwhile."""

    message = N_("{name} decided about this example already.")


class LearntMeanwhile(DomainError):
    """The bot learnt something else between the trial and the decision."""

    message = N_("The bot learnt another example meanwhile. Try this one again.")


@dataclass(frozen=True, slots=True)
class Trial:
    """A model that learnt this example beside `known` accepted ones, and the gates it fails, in words."""

    intent: Intent
    text: str
    known: int
    failures: tuple[str, ...]


def suggestion(db: Db, actor: Actor, mail_id: int, said: str) -> str:
    """What a mail said, without the names and addresses that are known, to look over before it is proposed.

    Raises NotFound or NotAllowed.
    """
    access.require_coordinator(actor)
    mail = db.get(IncomingMail, mail_id)
    if mail is None:
        raise access.NotFound
    return _plain(db, actor, mail, said)


def propose(db: Db, actor: Actor, mail_id: int, intent: Intent | None, said: str) -> int:
    """Say what a mail really asked; returns the id of the example. Raises NotFound, NotAllowed or FieldMissing."""
    access.require_coordinator(actor)
    mail = db.get(IncomingMail, mail_id)
    if mail is None:
        raise access.NotFound
    if intent is None:
        raise FieldMissing(field="intent")
    text = _plain(db, actor, mail, said)
    required(text, field="said", longest=LONGEST)
    row = ProposedExample(
        mail_id=mail.id,
        was_intent=mail.intent,
        intent=intent,
        text=text,
        proposed_by=actor.name,
        proposed_at=clock.now(),
    )
    db.add(row)
    if (shadow := db.get(ShadowAnswer, mail.id)) is not None:
        shadow.answered_intent, shadow.answered_at = intent, clock.now()
    db.flush()
    audit.record(db, actor, AuditTag.EXAMPLE_PROPOSED, row, intent=intent, was=mail.intent)
    return row.id


def accept(db: Db, actor: Actor, example_id: int, trial: Trial) -> tuple[str, ...]:
    """Let the bot learn an example as it was tried; or keep the old model, and return the gates that fail.

    Raises NotFound, NotAllowed, AlreadyDecided, LearntMeanwhile or FieldMissing.
    """
    row = _proposed(db, actor, example_id)
    required(trial.text, field="text", longest=LONGEST)
    known = select(func.count()).where(ProposedExample.state == ExampleState.ACCEPTED)
    if (db.scalar(known) or 0) != trial.known:
        raise LearntMeanwhile
    row.intent, row.text = trial.intent, trial.text
    if trial.failures:
        row.refused_because = "; ".join(trial.failures)
        audit.record(db, actor, AuditTag.EXAMPLE_FAILED, row, intent=row.intent, gates=row.refused_because)
        return trial.failures
    row.refused_because = ""
    _decide(row, actor, ExampleState.ACCEPTED)
    audit.record(db, actor, AuditTag.EXAMPLE_ACCEPTED, row, intent=row.intent)
    return ()


def reject(db: Db, actor: Actor, example_id: int) -> None:
    """Learn nothing from an example. Raises NotFound, NotAllowed or AlreadyDecided."""
    row = _proposed(db, actor, example_id)
    _decide(row, actor, ExampleState.REJECTED)
    audit.record(db, actor, AuditTag.EXAMPLE_REJECTED, row, intent=row.intent)


def _decide(row: ProposedExample, actor: Actor, state: ExampleState) -> None:
    row.state, row.decided_by, row.decided_at = state, actor.name, clock.now()


def _proposed(db: Db, actor: Actor, example_id: int) -> ProposedExample:
    access.require_coordinator(actor)
    row = db.get(ProposedExample, example_id, with_for_update=True)
    if row is None:
        raise access.NotFound
    if row.state is not ExampleState.PROPOSED:
        raise AlreadyDecided(name=row.decided_by)
    return row


def _plain(db: Db, actor: Actor, mail: IncomingMail, said: str) -> str:
    who = sender(db, actor, mail.from_address)
    names = [mail.from_name, mail.from_address.partition("@")[0].replace(".", " ")]
    names += [each.name for each in who.known] + [name for _identity, name in who.schools]
    names += [row.person_name for row in who.seats]
    return without_names(said, names)[:LONGEST]
