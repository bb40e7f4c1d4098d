"""Who pays, and the week in which it can still change without any paper (R15, R34)."""

from sqlalchemy import select

from core import access, audit, clock, mail
from core.db import Db
from core.models import Affiliation, Enrolment, Institution, Person
from core.rules import enrolment as rules
from core.rules import seats
from core.services import payer_requests
from core.vocabulary import ACTIVE, Actor, ActorKind, AuditTag, PayerKind, PayerPolicy


def nameable(db: Db, person: Person, institution_id: int) -> Institution:
    """An institution that a person may name as payer. Raises PayerNotLinked or PayerForbidden."""
    institution = db.get(Institution, institution_id)
    is_linked = institution is not None and db.scalar(
        select(Affiliation.id).where(
            Affiliation.person_id == person.id,
            Affiliation.institution_id == institution_id,
            Affiliation.ended_on.is_(None),
        )
    )
    if institution is None or is_linked is None:
        raise rules.PayerNotLinked(field="payer")
    rules.check_payer(institution.name, institution.payer_policy, is_linked=True)
    return institution


def paying_or_asked(named: Institution | None, price_cents: int) -> tuple[Institution | None, Institution | None]:
    """Who pays from now on, and who must be asked first: the named institution is the one or the other."""
    if named is not None and named.payer_policy is PayerPolicy.APPROVAL and price_cents:
        return None, named
    return named, None


def change_payer(db: Db, actor: Actor, enrolment_id: int, institution_id: int | None) -> None:
    """Let somebody else pay, until the debit note leaves (the grace week).

    A person chooses «myself» (None) or a linked institution, which may want to be asked; an institution can only hand
    the bill back to a person who named it. Raises NotFound, AlreadyBilled, EnrolledByInstitution, PayerSetByTeam,
    PayerNotLinked or PayerForbidden, or AlreadyDeclined when that institution was asked before and said no.
    """
    enrolment = access.editable_enrolment(db, actor, enrolment_id)
    person, before = enrolment.person, enrolment.payer_institution
    if enrolment.status not in ACTIVE:
        raise access.NotFound
    seats.check_unbilled(enrolment.billed_on)
    if enrolment.enrolled_by is ActorKind.INSTITUTION or person is None:
        raise seats.EnrolledByInstitution
    if enrolment.enrolled_by is not ActorKind.PERSON:
        raise seats.PayerSetByTeam
    if actor.kind is ActorKind.INSTITUTION and institution_id is not None:
        raise access.NotFound
    named = nameable(db, person, institution_id) if institution_id is not None else None
    payer, asked = paying_or_asked(named, enrolment.price_cents)
    payer_requests.withdraw(db, actor, enrolment.id)
    if asked is not None and (before is None or before.id != asked.id):
        payer_requests.ask(db, actor, enrolment, asked)
    elif asked is not None:
        payer = before
    _set_payer(db, actor, enrolment, payer)


def change_reference(db: Db, actor: Actor, enrolment_id: int, reference: str) -> None:
    """Put another reference of the school on the debit note to come. Raises NotFound or AlreadyBilled."""
    enrolment = access.editable_enrolment(db, actor, enrolment_id)
    if enrolment.status not in ACTIVE or enrolment.payer_kind is not PayerKind.INSTITUTION:
        raise access.NotFound
    seats.check_unbilled(enrolment.billed_on)
    before, enrolment.billing_reference = enrolment.billing_reference, reference.strip()[:100]
    if before != enrolment.billing_reference:
        audit.record(
            db, actor, AuditTag.ENROLMENT_REFERENCE_CHANGED, enrolment, before=before, after=enrolment.billing_reference
        )


def _set_payer(db: Db, actor: Actor, enrolment: Enrolment, payer: Institution | None) -> None:
    before = enrolment.payer_institution
    if (before.id if before else None) == (payer.id if payer else None):
        return
    enrolment.payer_kind = PayerKind.PERSON if payer is None else PayerKind.INSTITUTION
    enrolment.payer_institution = payer
    db.flush()
    audit.record(
        db,
        actor,
        AuditTag.ENROLMENT_PAYER_CHANGED,
        enrolment,
        before=before.id if before else None,
        after=payer.id if payer else None,
    )
    moment = clock.now().isoformat()
    for institution in filter(None, (before, payer)):
        mail.queue(
            db,
            "payer-changed",
            dedupe=f"enrolment:{enrolment.id}:{moment}",
            enrolment=enrolment,
            institution=institution,
            facts={
                "old_payer": before.name if before else "",
                "new_payer": payer.name if payer else "",
                "institution_name": institution.name,  # to which no other institution is named
            },
        )
