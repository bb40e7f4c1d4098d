"""Every decision of CNO as the settings page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import access
from core.db import Db
from core.decisions import SPECS, Spec, decisions
from core.models import Account, Decision
from core.settings import Decisions, settings
from core.vocabulary import Actor


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision: its value, the default of the installation, and who changed it last; `least` and `most` bound it."""

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
    found = []
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
            )
        )
    return tuple(found)


_SCHEMA = Decisions.model_json_schema()["properties"]


def _bounds(key: str) -> dict[str, Any]:
    found: dict[str, Any] = _SCHEMA[key]
    return found
