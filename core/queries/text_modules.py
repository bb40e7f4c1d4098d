"""The text modules of the coordinators."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import access
from core.db import Db
from core.models import TextModule
from core.vocabulary import Actor, ActorKind, Language


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A text module, and who changed it last."""

    module_id: int
    language: Language
    title: str
    text: str
    author: str
    changed_at: datetime


def modules(db: Db, actor: Actor, language: Language | None = None) -> tuple[ModuleRow, ...]:
    """The text modules by name, of one language or of all, Dutch first. Raises NotFound."""
    if actor.kind is not ActorKind.COORDINATOR:
        raise access.NotFound
    wanted = [TextModule.language == language] if language is not None else []
    rows = db.scalars(
        select(TextModule)
        .where(*wanted)
        .order_by(TextModule.language != Language.DUTCH, TextModule.title, TextModule.id)
        .limit(300)
    )
    return tuple(ModuleRow(row.id, row.language, row.title, row.text, row.author, row.changed_at) for row in rows)
