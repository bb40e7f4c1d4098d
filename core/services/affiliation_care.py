"""What coordinators do with the link person–institution: make one because the person asked for it, and end one."""

from sqlalchemy import select

from core import access, audit, clock, mail
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.models import Affiliation, Institution
from core.services import affiliations
from core.vocabulary import Actor, AuditTag


class NotAsked(DomainError):
    """Nobody but the person decides on a link (R44): a coordinator makes one only when asked to."""

    message = N_("Only the person decides on a link: say that he or she asked for it.")


class LinkStands(DomainError):
    """The two are linked already."""

    message = N_("{person} is linked to {name} already.")


def make(db: Db, actor: Actor, person_id: int, institution_id: int, *, is_asked: bool) -> int:
    """Link somebody to an institution as of today, at the person's request; both are told, and can undo it (D8).

    Raises NotFound, NotAllowed, NotAsked or LinkStands.
    """
    access.check_sees_all(actor)
    access.require_coordinator(actor)
    person = access.editable_person(db, actor, person_id)
    institution = db.scalar(
        select(Institution).where(Institution.id == institution_id, Institution.merged_into_id.is_(None))
    )
    if institution is None:
        raise access.NotFound
    if not is_asked:
        raise NotAsked(field="asked")
    if affiliations.standing(db, person.id, institution.id) is not None:
        raise LinkStands(person=person.name, name=institution.name)
    affiliation = affiliations.made(db, actor, person, institution)
    mail.queue(
        db,
        "affiliation-made-for-you",
        dedupe=f"affiliation:{affiliation.id}",
        person=person,
        facts={"institution_name": institution.name},
    )
    return affiliation.id


def end(db: Db, actor: Actor, affiliation_id: int) -> str:
    """A coordinator ends a link; the person is told by whom; returns the institution's name.

    Raises NotFound or NotAllowed.
    """
    access.check_sees_all(actor)
    access.require_coordinator(actor)
    affiliation = db.scalar(
        select(Affiliation)
        .where(Affiliation.id == affiliation_id, Affiliation.ended_on.is_(None))
        .with_for_update(of=Affiliation)
    )
    if affiliation is None:
        raise access.NotFound
    affiliation.ended_on = clock.today()
    audit.record(db, actor, AuditTag.AFFILIATION_ENDED, affiliation)
    affiliations.tell_person(db, affiliation, ended_by=decisions(db).organiser_name)
    return affiliation.institution.name
