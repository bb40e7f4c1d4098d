"""What coordinators note of a person or an institution: dated, signed, changed by its author only, never shown."""

from core import access, audit, clock
from core.db import Db
from core.models import Remark
from core.rules.accounts import required
from core.vocabulary import Actor, ActorKind, AuditTag, Party


def write(db: Db, actor: Actor, party: Party, identity: int, text: str) -> int:
    """Note something; returns its id. Raises NotFound, NotAllowed or FieldMissing."""
    if actor.kind is not ActorKind.COORDINATOR:
        raise access.NotFound
    if party is Party.PERSON:
        access.editable_person(db, actor, identity)
    else:
        access.editable_institution(db, actor, identity)
    remark = Remark(
        person_id=identity if party is Party.PERSON else None,
        institution_id=identity if party is Party.INSTITUTION else None,
        author_id=actor.account_id,
        author=actor.name,
        text=_tidy(text),
        written_at=clock.now(),
    )
    db.add(remark)
    db.flush()
    audit.record(db, actor, AuditTag.REMARK_WRITTEN, remark)
    return remark.id


def change(db: Db, actor: Actor, remark_id: int, text: str) -> None:
    """Change the own remark; what it said before stays in the trail. Raises NotFound, NotAllowed or FieldMissing."""
    access.check_sees_all(actor)
    access.require_coordinator(actor)
    remark = db.get(Remark, remark_id, with_for_update=True)
    if remark is None:
        raise access.NotFound
    if remark.author_id != actor.account_id:
        raise access.NotAllowed
    before, remark.text = remark.text, _tidy(text)
    remark.changed_at = clock.now()
    audit.record(db, actor, AuditTag.REMARK_CHANGED, remark, before=before)


def _tidy(text: str) -> str:
    required(text, field="text", longest=4000)
    return text.strip()
