"""One trace a change."""

import json
from datetime import datetime

from sqlalchemy import select

from core import clock
from core.db import Db
from core.models import AuditEvent, Base
from core.vocabulary import Actor, AuditTag


def latest(db: Db, subject: Base) -> tuple[str, datetime] | None:
    """Who changed a row last, and when: for telling the second of two what the first did."""
    row = db.execute(
        select(AuditEvent.actor_name, AuditEvent.at)
        .where(AuditEvent.subject_type == subject.__tablename__, AuditEvent.subject_id == getattr(subject, "id", None))
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def record(db: Db, actor: Actor, tag: AuditTag, subject: Base, **details: object) -> None:
    """Write down who did what to which row, in the transaction of the change itself.

    `details` must be of JSON's kinds or have a text; never a password, a token or a whole mail.
    """
    identity = getattr(subject, "id", None) or getattr(subject, "subject_id", None)
    if identity is None:
        db.flush()
        identity = getattr(subject, "id", None)
    db.add(
        AuditEvent(
            at=clock.now(),
            tag=tag,
            actor_kind=actor.kind,
            actor_name=actor.name,
            account_id=actor.account_id,
            subject_type=subject.__tablename__,
            subject_id=identity,
            details=json.dumps(details, sort_keys=True, ensure_ascii=False, default=str),
        )
    )
