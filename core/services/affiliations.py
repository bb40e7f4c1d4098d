"""The link person–institution, made and ended by the person; the institution is told and can undo it (R13, R44, D8)."""

from datetime import timedelta

from sqlalchemy import select

from core import access, audit, clock, mail, tokens
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, Affiliation, Institution
from core.settings import settings
from core.vocabulary import Actor, AuditTag, TokenPurpose


class AlreadyLinked(DomainError):
    """The link stands already."""

    message = N_("You are already linked to {name}.")


def link(db: Db, actor: Actor, institution_id: int) -> int:
    """Link the actor to an institution, as of today; the institution is told. Raises NotFound or AlreadyLinked."""
    person = access.own_person(db, actor)
    institution = db.get(Institution, institution_id)
    if institution is None:
        raise access.NotFound
    if _standing(db, person.id, institution.id) is not None:
        raise AlreadyLinked(name=institution.name)
    affiliation = Affiliation(person_id=person.id, institution_id=institution.id, started_on=clock.today())
    db.add(affiliation)
    db.flush()
    audit.record(db, actor, AuditTag.AFFILIATION_MADE, affiliation)
    account = db.scalar(select(Account).where(Account.institution_id == institution.id, Account.is_active))
    if account is not None:
        lifetime = timedelta(days=settings().undo_link_days)
        secret = tokens.make(db, TokenPurpose.UNDO_AFFILIATION, account, lifetime, affiliation_id=affiliation.id)
        mail.queue(
            db,
            "affiliation-made",
            dedupe=f"affiliation:{affiliation.id}",
            institution=institution,
            secret=secret,
            facts={
                "person_name": person.name,
                "institution_name": institution.name,
                "valid_days": settings().undo_link_days,
            },
        )
    return affiliation.id


def unlink(db: Db, actor: Actor, affiliation_id: int) -> None:
    """End an own link, as of today. Raises NotFound."""
    person = access.own_person(db, actor)
    affiliation = db.scalar(
        select(Affiliation)
        .where(Affiliation.id == affiliation_id, Affiliation.person_id == person.id, Affiliation.ended_on.is_(None))
        .with_for_update()
    )
    if affiliation is None:
        raise access.NotFound
    affiliation.ended_on = clock.today()
    audit.record(db, actor, AuditTag.AFFILIATION_ENDED, affiliation)


def look_at_undo(db: Db, secret: str) -> Affiliation:
    """The link that an undo-link would end, without ending it. Raises LinkNotValid."""
    _account, payload = tokens.look(db, TokenPurpose.UNDO_AFFILIATION, secret)
    affiliation = db.get(Affiliation, payload["affiliation_id"])
    if affiliation is None or affiliation.ended_on is not None:
        raise tokens.LinkNotValid
    return affiliation


def undo_by_link(db: Db, actor: Actor, secret: str) -> Affiliation:
    """The institution undoes a new link by the mailed link (D8); the person is told. Raises LinkNotValid."""
    affiliation = look_at_undo(db, secret)
    tokens.use(db, TokenPurpose.UNDO_AFFILIATION, secret)
    affiliation.ended_on = clock.today()
    audit.record(db, actor, AuditTag.AFFILIATION_ENDED, affiliation, by="institution")
    mail.queue(
        db,
        "affiliation-ended",
        dedupe=f"affiliation:{affiliation.id}",
        person=affiliation.person,
        facts={"institution_name": affiliation.institution.name},
    )
    return affiliation


def _standing(db: Db, person_id: int, institution_id: int) -> Affiliation | None:
    return db.scalar(
        select(Affiliation).where(
            Affiliation.person_id == person_id,
            Affiliation.institution_id == institution_id,
            Affiliation.ended_on.is_(None),
        )
    )
