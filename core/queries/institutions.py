"""Institutions: searching one, and what an institution sees of itself."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from core import access
from core.db import Db
from core.mail import refusing
from core.models import Affiliation, Institution
from core.text import folded
from core.vocabulary import Actor, Network, NoteGrouping, PayerPolicy


@dataclass(frozen=True, slots=True)
class InstitutionHit:
    """One institution found."""

    institution_id: int
    name: str
    city: str
    postcode: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact person of an institution."""

    name: str
    function: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class OwnInstitution:
    """What an institution sees of itself; `persons` counts those linked to it now.

    `refusing_addresses` are those of the billing addresses that refuse our mail.
    """

    name: str
    number: str | None
    kbo: str | None
    street: str
    postcode: str
    city: str
    phone: str
    billing_name: str
    billing_reference: str
    billing_addresses: tuple[str, ...]
    refusing_addresses: tuple[str, ...]
    contacts: tuple[ContactRow, ...]
    payer_policy: PayerPolicy
    persons: int
    network: Network = Network.OTHER
    merged_into_id: int | None = None
    note_grouping: NoteGrouping = NoteGrouping.ENROLMENT


def search(db: Db, text: str, *, limit: int = 20) -> tuple[InstitutionHit, ...]:
    """Institutions whose name, town, postcode or number hold every word of a text; none for under two characters."""
    words = folded(text).split()
    if len("".join(words)) < 2:
        return ()
    conditions = [
        or_(
            Institution.search_name.contains(word, autoescape=True),
            Institution.postcode.startswith(word, autoescape=True),
            Institution.number.startswith(word, autoescape=True),
        )
        for word in words
    ]
    rows = db.execute(
        select(Institution.id, Institution.name, Institution.city, Institution.postcode)
        .where(Institution.merged_into_id.is_(None), *conditions)
        .order_by(Institution.search_name)
        .limit(limit)
    )
    return tuple(InstitutionHit(*row) for row in rows)


def own(db: Db, actor: Actor) -> OwnInstitution:
    """The actor's own institution. Raises NotFound for anybody else."""
    return _shown(db, access.own_institution(db, actor))


def one(db: Db, actor: Actor, institution_id: int) -> OwnInstitution:
    """Any institution, for a coordinator. Raises NotFound."""
    access.check_sees_all(actor)
    institution = db.get(Institution, institution_id)
    if institution is None:
        raise access.NotFound
    return _shown(db, institution)


def _shown(db: Db, institution: Institution) -> OwnInstitution:
    persons = db.scalar(
        select(func.count()).where(Affiliation.institution_id == institution.id, Affiliation.ended_on.is_(None))
    )
    return OwnInstitution(
        name=institution.name,
        number=institution.number,
        kbo=institution.kbo,
        street=institution.street,
        postcode=institution.postcode,
        city=institution.city,
        phone=institution.phone,
        billing_name=institution.billing_name,
        billing_reference=institution.billing_reference,
        billing_addresses=tuple(billing.email for billing in institution.billing_addresses),
        refusing_addresses=tuple(each.email for each in institution.billing_addresses if refusing.is_refused(each)),
        contacts=tuple(
            ContactRow(contact.name, contact.function, contact.email, contact.phone) for contact in institution.contacts
        ),
        payer_policy=institution.payer_policy,
        persons=persons or 0,
        network=institution.network,
        merged_into_id=institution.merged_into_id,
        note_grouping=institution.note_grouping,
    )
