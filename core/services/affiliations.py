"""The link person–institution, made and ended by the person; the institution is told and can undo it (R13, R44, D8)."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from core import access, audit, clock, mail, tokens
from core.db import Db
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, Affiliation, Institution
from core.rules.enrolment import AccountNotConfirmed
from core.settings import settings
from core.vocabulary import Actor, AuditTag, TokenPurpose


class AlreadyLinked(DomainError):
    """The link stands already."""

    message = N_("You are already linked to {name}.")


class TooManyAffiliations(DomainError):
    """As many links were made today as anybody needs."""

    message = N_("You have made several links today. Write to us if you are attached to still more institutions.")


@dataclass(frozen=True, slots=True)
class LinkToUndo:
    """What an institution is asked before it undoes a link."""

    person_name: str
    institution_name: str


def link(db: Db, actor: Actor, institution_id: int) -> int:
    """Link the actor to an institution, as of today; the institution is told.

    Raises NotFound, AlreadyLinked, AccountNotConfirmed or TooManyAffiliations.
    """
    person = access.own_person(db, actor)
    if access.own_account(db, actor).confirmed_at is None:
        raise AccountNotConfirmed
    institution = db.get(Institution, institution_id)
    if institution is None:
        raise access.NotFound
    if _standing(db, person.id, institution.id) is not None:
        raise AlreadyLinked(name=institution.name)
    if _made_today(db, person.id) >= settings().affiliations_a_day:
        raise TooManyAffiliations
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


def look_at_undo(db: Db, secret: str) -> LinkToUndo:
    """The link that an undo-link would end, without ending it. Raises LinkNotValid."""
    _account, payload = tokens.look(db, TokenPurpose.UNDO_AFFILIATION, secret)
    affiliation = _undoable(db, payload["affiliation_id"])
    return LinkToUndo(affiliation.person.name, affiliation.institution.name)


def undo_by_link(db: Db, actor: Actor, secret: str) -> None:
    """The institution undoes a new link by the mailed link (D8); the person is told. Raises LinkNotValid."""
    account, payload = tokens.use(db, TokenPurpose.UNDO_AFFILIATION, secret)
    affiliation = _undoable(db, payload["affiliation_id"])
    affiliation.ended_on = clock.today()
    audit.record(db, actor, AuditTag.AFFILIATION_ENDED, affiliation, by_link_of_account=account.id)
    mail.queue(
        db,
        "affiliation-ended",
        dedupe=f"affiliation:{affiliation.id}",
        person=affiliation.person,
        facts={"institution_name": affiliation.institution.name},
    )


def _undoable(db: Db, affiliation_id: int) -> Affiliation:
    affiliation = db.scalar(
        select(Affiliation).where(Affiliation.id == affiliation_id, Affiliation.ended_on.is_(None)).with_for_update()
    )
    if affiliation is None:
        raise tokens.LinkNotValid
    return affiliation


def _made_today(db: Db, person_id: int) -> int:
    made = select(func.count()).where(Affiliation.person_id == person_id, Affiliation.started_on == clock.today())
    return db.scalar(made) or 0


def _standing(db: Db, person_id: int, institution_id: int) -> Affiliation | None:
    return db.scalar(
        select(Affiliation).where(
            Affiliation.person_id == person_id,
            Affiliation.institution_id == institution_id,
            Affiliation.ended_on.is_(None),
        )
    )
