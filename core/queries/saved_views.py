"""The views that a coordinator keeps of a list."""

import json
from dataclasses import dataclass

from sqlalchemy import select

from core.db import Db
from core.models import SavedView
from core.vocabulary import Actor


@dataclass(frozen=True, slots=True)
class View:
    """A named choice; `choices` as the list's address writes them."""

    view_id: int
    name: str
    choices: dict[str, list[str]]


def own(db: Db, actor: Actor, place: str) -> tuple[View, ...]:
    """The actor's own views of a list, by name."""
    found = db.scalars(
        select(SavedView)
        .where(SavedView.account_id == (actor.account_id or -1), SavedView.place == place)
        .order_by(SavedView.name)
    )
    return tuple(View(row.id, row.name, json.loads(row.choices)) for row in found)
