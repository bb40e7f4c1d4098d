"""Coordinators keep what they choose in a list under a name; each sees only the own ones."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from core import access, audit
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import SavedView
from core.rules.accounts import required
from core.vocabulary import Actor, AuditTag

MOST = 20


class TooManyViews(DomainError):
    """More than anybody finds back."""

    message = N_("You keep {most} views already. Remove one first.")


def save(db: Db, actor: Actor, place: str, name: str, choices: Mapping[str, Sequence[str]]) -> int:
    """Keep a choice under a name, in place of the one of that name. Raises NotFound, FieldMissing or TooManyViews."""
    account_id = _account(actor)
    name = required(name, field="view_name", longest=60)
    own = select(SavedView).where(SavedView.account_id == account_id, SavedView.place == place)
    view = db.scalar(own.where(SavedView.name == name))
    if view is None:
        if (db.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MOST:
            raise TooManyViews(field="view_name", most=MOST)
        view = SavedView(account_id=account_id, place=place, name=name)
        db.add(view)
    view.choices = json.dumps({key: list(codes) for key, codes in choices.items()}, sort_keys=True)
    db.flush()
    audit.record(db, actor, AuditTag.VIEW_SAVED, view, name=name)
    return view.id


def remove(db: Db, actor: Actor, view_id: int) -> None:
    """Forget an own view. Raises NotFound."""
    view = db.scalar(select(SavedView).where(SavedView.id == view_id, SavedView.account_id == _account(actor)))
    if view is None:
        raise access.NotFound
    audit.record(db, actor, AuditTag.VIEW_REMOVED, view, name=view.name)
    db.delete(view)


def _account(actor: Actor) -> int:
    """The account of somebody of the team; a reader may keep views too, they change nothing of CNO's."""
    if not access.is_staff(actor) or actor.account_id is None:
        raise access.NotFound
    return actor.account_id
