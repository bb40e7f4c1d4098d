"""How the bot does: its settings an intent, what shadow mode showed, replays of old mail, examples to review."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from core import access
from core.db import Db
from core.models import IncomingMail, IntentSetting, ProposedExample, Replay, ShadowAnswer
from core.rules.measuring import SAME, Outcome
from core.vocabulary import Actor, ActorKind, ExampleState, Intent, IntentMode


@dataclass(frozen=True, slots=True)
class IntentRow:
    """An intent: whether it is answered, how sure the bot must be, and how shadow mode went.

    `seen` counts mails understood so; `shadowed` what would have been answered, `compared` of these are answered by a
    person meanwhile, `agreed` as the bot would have.
    """

    intent: Intent
    mode: IntentMode
    threshold: float | None
    seen: int
    shadowed: int
    compared: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of one source: shadow mode, or a replay; an outcome an intent for what the bot would answer."""

    name: str
    at: datetime | None
    seen: dict[Intent, int]
    outcomes: dict[Intent, tuple[Outcome, ...]]


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """A correction by a coordinator, and what became of it."""

    example_id: int
    was_intent: Intent | None
    intent: Intent
    text: str
    state: ExampleState
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    refused_because: str


_IS_RIGHT = or_(
    ShadowAnswer.answered_intent == ShadowAnswer.intent,
    ShadowAnswer.answered_intent.is_(None) & (ShadowAnswer.likeness >= SAME),
)


def intents(db: Db, actor: Actor) -> tuple[IntentRow, ...]:
    """Every intent that can be answered. Raises NotFound."""
    _check(actor)
    settings = {row.intent: row for row in db.scalars(select(IntentSetting))}
    counted = db.execute(select(IncomingMail.intent, func.count()).group_by(IncomingMail.intent))
    seen = {intent: count for intent, count in counted if intent is not None}
    shadow = {
        row[0]: row[1:]
        for row in db.execute(
            select(
                ShadowAnswer.intent,
                func.count(),
                func.count(ShadowAnswer.answered_at),
                func.count().filter(ShadowAnswer.answered_at.is_not(None), _IS_RIGHT),
            ).group_by(ShadowAnswer.intent)
        )
    }
    rows = []
    for intent in Intent:
        if intent is Intent.OTHER:
            continue
        setting = settings.get(intent)
        rows.append(
            IntentRow(
                intent,
                setting.mode if setting else IntentMode.SHADOW,
                setting.threshold if setting else None,
                seen.get(intent, 0),
                *shadow.get(intent, (0, 0, 0)),
            )
        )
    return tuple(rows)


def measured(db: Db, actor: Actor) -> tuple[Measured, ...]:
    """What shadow mode showed, and the last replays, the newest first. Raises NotFound."""
    _check(actor)
    rows = db.execute(
        select(ShadowAnswer.intent, ShadowAnswer.score, _IS_RIGHT)
        .where(ShadowAnswer.answered_at.is_not(None))
        .order_by(ShadowAnswer.mail_id.desc())
        .limit(5_000)
    ).all()
    found = []
    if rows:
        seen = Counter(intent for intent, _score, _right in rows)
        found.append(Measured("", None, dict(seen), _grouped([(i, s, bool(r)) for i, s, r in rows])))
    for replay in db.scalars(select(Replay).order_by(Replay.id.desc()).limit(10)):
        kept = json.loads(replay.results)
        outcomes = [(Intent(name), float(score), bool(right)) for name, score, right in kept["outcomes"]]
        counts = {Intent(name): int(count) for name, count in kept["seen"].items()}
        found.append(Measured(replay.name, replay.at, counts, _grouped(outcomes)))
    return tuple(found)


def _grouped(rows: list[tuple[Intent, float, bool]]) -> dict[Intent, tuple[Outcome, ...]]:
    found: dict[Intent, list[Outcome]] = {}
    for intent, score, is_right in rows:
        found.setdefault(intent, []).append(Outcome(score, is_right))
    return {intent: tuple(outcomes) for intent, outcomes in found.items()}


def examples(db: Db, actor: Actor, *, page: int = 1, size: int = 10) -> tuple[tuple[ExampleRow, ...], int]:
    """One page of corrections, those to be reviewed first, and how many there are in all. Raises NotFound."""
    _check(actor)
    rows = db.scalars(
        select(ProposedExample)
        .order_by(ProposedExample.state != ExampleState.PROPOSED, ProposedExample.id.desc())
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    total = db.scalar(select(func.count()).select_from(ProposedExample)) or 0
    shown = tuple(
        ExampleRow(
            row.id, row.was_intent, row.intent, row.text, row.state, row.proposed_by, row.proposed_at, row.decided_by,
            row.refused_because,
        )
        for row in rows
    )  # fmt: skip
    return shown, total


def _check(actor: Actor) -> None:
    if actor.kind is not ActorKind.COORDINATOR:
        raise access.NotFound
