"""The pieces of text that coordinators put into their answers; {words} between braces are filled in."""

import re

from sqlalchemy import exists, select

from core import access, audit, clock
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import TextModule
from core.rules.accounts import required
from core.rules.text_modules import PLACEHOLDERS
from core.vocabulary import Actor, AuditTag, Language

_BRACES = re.compile(r"{([^{}]*)}")


class UnknownPlaceholder(DomainError):
    """A word between braces that nothing is known for."""

    message = N_("«{word}» is not filled in. Possible are: {known}.")


class TitleTaken(DomainError):
    """Another text module of this language has this name."""

    message = N_("There is a text module of this name already.")


def save(
    db: Db, actor: Actor, module_id: int | None, *, title: str, text: str, language: Language = Language.DUTCH
) -> int:
    """Change a text module, or (None) make one; returns its id.

    Raises NotAllowed, NotFound, FieldMissing, TitleTaken or UnknownPlaceholder.
    """
    access.require_coordinator(actor)
    required(title, field="title", longest=80)
    required(text, field="text", longest=4_000)
    for word in _BRACES.findall(text):
        if word not in PLACEHOLDERS:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise UnknownPlaceholder(field="text", word=f"{{{word}}}", known=known)
    same = exists().where(
        TextModule.language == language, TextModule.title == title.strip(), TextModule.id != (module_id or 0)
    )
    if db.scalar(select(same)):
        raise TitleTaken(field="title")
    row = _found(db, module_id) if module_id is not None else TextModule()
    row.language, row.title, row.text = language, title.strip(), text.strip()
    row.author, row.changed_at = actor.name, clock.now()
    db.add(row)
    db.flush()
    audit.record(db, actor, AuditTag.TEXT_MODULE_SAVED, row, title=row.title, language=language)
    return row.id


def remove(db: Db, actor: Actor, module_id: int) -> None:
    """Take a text module away. Raises NotAllowed or NotFound."""
    access.require_coordinator(actor)
    row = _found(db, module_id)
    audit.record(db, actor, AuditTag.TEXT_MODULE_REMOVED, row, title=row.title, text=row.text)
    db.delete(row)


def _found(db: Db, module_id: int) -> TextModule:
    row = db.get(TextModule, module_id, with_for_update=True)
    if row is None:
        raise access.NotFound
    return row
