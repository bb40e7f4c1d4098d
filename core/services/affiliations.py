"""The link person–institution, made and ended by the person; the institution is told and can undo it (R13, R44, D8)."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select

from core import access, audit, clock, mail, tokens
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_, short_day
from core.models import Account, Affiliation, Course, Enrolment, Institution, Person, is_held
from core.rules.enrolment import AccountNotConfirmed
from core.services import coming_changes
from core.vocabulary import ACTIVE, Actor, AuditTag, ComingKind, TokenPurpose

_NAMES_IN_MAIL = 20


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
    if standing(db, person.id, institution.id) is not None:
        raise AlreadyLinked(name=institution.name)
    if _made_today(db, person.id) >= decisions(db).affiliations_a_day:
        raise TooManyAffiliations
    return made(db, actor, person, institution).id


def made(db: Db, actor: Actor, person: Person, institution: Institution) -> Affiliation:
    """A new link as of today; the institution is told, with a mailed link to undo it (D8)."""
    affiliation = Affiliation(person_id=person.id, institution_id=institution.id, started_on=clock.today())
    db.add(affiliation)
    db.flush()
    audit.record(db, actor, AuditTag.AFFILIATION_MADE, affiliation)
    account = db.scalar(select(Account).where(Account.institution_id == institution.id, Account.is_active))
    if account is not None:
        days = decisions(db).undo_link_days
        secret = tokens.make(
            db, TokenPurpose.UNDO_AFFILIATION, account, timedelta(days=days), affiliation_id=affiliation.id
        )
        mail.queue(
            db,
            "affiliation-made",
            dedupe=f"affiliation:{affiliation.id}",
            institution=institution,
            secret=secret,
            facts={"person_name": person.name, "institution_name": institution.name, "valid_days": days},
        )
    return affiliation


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
    tell_person(db, affiliation)


def remove(db: Db, actor: Actor, affiliation_id: int) -> str:
    """The institution ends a link from its side (R45, D7): enrolments stay, the person is told; returns the name.

    Raises NotFound.
    """
    affiliation = _own(db, actor, affiliation_id)
    affiliation.ended_on = clock.today()
    audit.record(db, actor, AuditTag.AFFILIATION_ENDED, affiliation)
    tell_person(db, affiliation)
    return affiliation.person.name


def keep(db: Db, actor: Actor, affiliation_id: int) -> str:
    """The institution says that somebody is still linked, so that it is not asked again for a year; returns the name.

    Raises NotFound.
    """
    affiliation = _own(db, actor, affiliation_id)
    affiliation.kept_on = clock.today()
    audit.record(db, actor, AuditTag.AFFILIATION_KEPT, affiliation)
    return affiliation.person.name


def institutions_to_ask(db: Db, *, limit: int = 200) -> tuple[int, ...]:
    """The institutions to ask who is still linked: not asked for a year, with a link nobody confirmed for a year."""
    before = clock.today() - timedelta(days=decisions(db).affiliation_check_days)
    return tuple(
        db.scalars(
            select(Institution.id)
            .where(
                func.coalesce(Institution.asked_links_on, before) <= before,
                exists().where(Affiliation.institution_id == Institution.id, to_ask(before)),
                ~is_held(ComingKind.LINK_QUESTION, Institution.id),
            )
            .order_by(Institution.id)
            .limit(limit)
        )
    )


def to_ask(before: date) -> ColumnElement[bool]:
    """The condition for a standing link that was made, or last confirmed, on or before a day."""
    return and_(Affiliation.ended_on.is_(None), func.coalesce(Affiliation.kept_on, Affiliation.started_on) <= before)


def ask_institution(db: Db, actor: Actor, institution_id: int) -> bool:
    """Mail the yearly question «nog verbonden?»; False when another worker was first, or nobody is left to ask of.

    Raises NotAllowed for whoever does not act for CNO.
    """
    access.require_staff(actor)
    before = clock.today() - timedelta(days=decisions(db).affiliation_check_days)
    institution = db.scalars(select(Institution).where(Institution.id == institution_id).with_for_update()).one()
    if institution.asked_links_on is not None and institution.asked_links_on > before:
        return False
    return _ask(db, actor, institution, before)


def ask_now(db: Db, actor: Actor, institution_id: int) -> bool:
    """Mail it before its day, because a coordinator wants so; False when that was done today, or nobody is to ask of.

    Raises NotAllowed.
    """
    access.require_coordinator(actor)
    institution = db.scalars(select(Institution).where(Institution.id == institution_id).with_for_update()).one()
    if institution.asked_links_on == clock.today():
        return False
    return _ask(db, actor, institution, clock.today() - timedelta(days=decisions(db).affiliation_check_days))


def _ask(db: Db, actor: Actor, institution: Institution, before: date) -> bool:
    names = db.execute(
        select(Person.first_name, Person.last_name, func.count().over())
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(Affiliation.institution_id == institution.id, to_ask(before))
        .order_by(Person.search_name)
        .limit(_NAMES_IN_MAIL)
    ).all()
    if not names:
        return False
    institution.asked_links_on = clock.today()
    audit.record(db, actor, AuditTag.INSTITUTION_CHANGED, institution, asked_links=clock.today())
    mail.queue(
        db,
        "still-linked",
        dedupe=f"institution:{institution.id}:{clock.today().isoformat()}",
        institution=institution,
        facts={
            "names": [f"{first} {last}" for first, last, _count in names],
            "count": names[0][2],
            "addition": coming_changes.addition(db, ComingKind.LINK_QUESTION, institution.id),
        },
    )
    return True


def _own(db: Db, actor: Actor, affiliation_id: int) -> Affiliation:
    institution = access.own_institution(db, actor)
    affiliation = db.scalar(
        select(Affiliation)
        .where(
            Affiliation.id == affiliation_id,
            Affiliation.institution_id == institution.id,
            Affiliation.ended_on.is_(None),
        )
        .with_for_update(of=Affiliation)
    )
    if affiliation is None:
        raise access.NotFound
    return affiliation


def tell_person(db: Db, affiliation: Affiliation, *, ended_by: str = "") -> None:
    """Tell somebody who ended the link (CNO by its name, else the institution), and which enrolments stay (D7)."""
    coming = db.execute(
        select(Course.title, Course.first_day)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(
            Enrolment.person_id == affiliation.person_id,
            Enrolment.payer_institution_id == affiliation.institution_id,
            Enrolment.status.in_(ACTIVE),
            Course.first_day >= clock.today(),
        )
        .order_by(Course.first_day)
    )
    mail.queue(
        db,
        "affiliation-ended",
        dedupe=f"affiliation:{affiliation.id}",
        person=affiliation.person,
        facts={
            "institution_name": affiliation.institution.name,
            "ended_by": ended_by,
            "coming": [f"{title}, {short_day(on)}" for title, on in coming if on is not None],
        },
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


def standing(db: Db, person_id: int, institution_id: int) -> Affiliation | None:
    """The link between these two, if it stands."""
    return db.scalar(
        select(Affiliation).where(
            Affiliation.person_id == person_id,
            Affiliation.institution_id == institution_id,
            Affiliation.ended_on.is_(None),
        )
    )
