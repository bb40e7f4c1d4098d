"""Every decision of CNO as the settings page shows it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import access
from core.db import Db
from core.decided import Decisions
from core.decisions import SPECS, Spec, decisions
from core.models import Account, AuditEvent, Decision
from core.settings import settings
from core.vocabulary import Actor, AuditTag

_REMEMBERED = 300  # changes in all, the latest


@dataclass(frozen=True, slots=True)
class Change:
    """One earlier decision: who gave it which value instead of which, and when."""

    at: datetime
    by: str
    old: int | str
    new: int | str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision: its value, the default of the installation, and who changed it last; `least` and `most` bound it.

    `history` holds its changes, the latest first.
    """

    key: str
    spec: Spec
    value: int | str
    default: int | str
    is_default: bool
    version: int
    changed_at: datetime | None
    changed_by: str
    least: int | None
    most: int | None
    choices: tuple[str, ...]
    history: tuple[Change, ...]


def all_decisions(db: Db, actor: Actor) -> tuple[DecisionRow, ...]:
    """All decisions, in the order of their sections; none for who does not work for CNO."""
    if not access.is_staff(actor):
        return ()
    now, default = decisions(db), settings().decisions
    rows = {
        row.key: (row, name or "")
        for row, name in db.execute(
            select(Decision, Account.name).outerjoin(Account, Account.id == Decision.changed_by)
        ).all()
    }
    found, changes = [], _changes(db)
    for key, spec in SPECS.items():
        row, name = rows.get(key, (None, ""))
        bounds = _bounds(key)
        found.append(
            DecisionRow(
                key=key,
                spec=spec,
                value=getattr(now, key),
                default=getattr(default, key),
                is_default=row is None or row.value is None,
                version=row.version if row else 0,
                changed_at=row.changed_at if row and row.version else None,
                changed_by=name,
                least=bounds.get("minimum"),
                most=bounds.get("maximum"),
                choices=tuple(bounds.get("enum", ())),
                history=tuple(changes.get(key, ())),
            )
        )
    return tuple(found)


def _changes(db: Db) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for at, by, details in db.execute(
        select(AuditEvent.at, AuditEvent.actor_name, AuditEvent.details)
        .where(AuditEvent.tag == AuditTag.DECISION_CHANGED)
        .order_by(AuditEvent.id.desc())
        .limit(_REMEMBERED)
    ):
        told = json.loads(details)
        found.setdefault(told["key"], []).append(Change(at, by, told["old"], told["new"]))
    return found


_SCHEMA = Decisions.model_json_schema()["properties"]


def _bounds(key: str) -> dict[str, Any]:
    found: dict[str, Any] = _SCHEMA[key]
    return found
