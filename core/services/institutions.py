"""What an institution changes of itself: numbers, billing addresses, contact persons, payer policy (R34–R36)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from stdnum.be import vat
from stdnum.exceptions import ValidationError

from core import access, audit, clock, mail
from core.db import Db
from core.errors import DomainError
from core.i18n import N_, speaking
from core.labels import label
from core.models import Account, BillingAddress, ContactPerson, Institution
from core.rules.accounts import checked_address, required
from core.text import address_key, folded
from core.vocabulary import Actor, AuditTag, Language, Network, NoteGrouping, PayerPolicy

MOST_BILLING_ADDRESSES = 5
MOST_CONTACTS = 10


class KboNotValid(DomainError):
    """Ten digits with check digits, as the Crossroads Bank for Enterprises gives them."""

    message = N_("This is not a KBO number. It has ten digits, such as 0257.216.482.")


class NumberNotValid(DomainError):
    """Six digits, as the ministry gives them."""

    message = N_("An institution number has six digits.")


class NumberTaken(DomainError):
    """Another institution is known by this number."""

    message = N_("Another institution is known by this number. Write to us if it is yours.")


class TooMany(DomainError):
    """More rows than anybody needs."""

    message = N_("At most {most} of these can be kept.")


class ContactNeedsName(DomainError):
    """A contact person without a name."""

    message = N_("Fill in the name of this contact person.")


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact person as typed in."""

    name: str
    function: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    """What of an institution only CNO changes."""

    name: str
    network: Network
    street: str
    postcode: str
    city: str


def change_data(db: Db, actor: Actor, institution_id: int, data: Data) -> None:
    """A coordinator changes name, network and address; the account goes along. Raises NotFound or FieldMissing."""
    access.require_coordinator(actor)
    institution = access.editable_institution(db, actor, institution_id)
    before = (institution.name, institution.street, institution.postcode, institution.city, institution.network)
    institution.name = required(data.name, field="name", longest=200)
    institution.street = data.street.strip()[:200]
    institution.postcode = data.postcode.strip()[:12]
    institution.city = data.city.strip()[:100]
    institution.network = data.network
    institution.search_name = folded(f"{institution.name} {institution.city}")[:300]
    account = db.scalar(select(Account).where(Account.institution_id == institution.id).with_for_update(of=Account))
    if account is not None:
        account.name = institution.name
    after = (institution.name, institution.street, institution.postcode, institution.city, institution.network)
    audit.record(db, actor, AuditTag.INSTITUTION_CHANGED, institution, before=before, after=after)


def change_numbers(
    db: Db, actor: Actor, *, phone: str, number: str, kbo: str, institution_id: int | None = None
) -> None:
    """Set telephone, institution number and KBO number. Raises KboNotValid, NumberNotValid or NumberTaken."""
    institution = access.editable_institution(db, actor, institution_id)
    institution.phone = phone.strip()[:40]
    institution.kbo = _kbo(kbo)
    digits = _number(db, institution.id, number)
    try:
        with db.begin_nested():
            institution.number = digits
            db.flush()
    except IntegrityError as taken:  # another institution took it at the same moment
        raise NumberTaken(field="number") from taken
    audit.record(db, actor, AuditTag.INSTITUTION_CHANGED, institution, number=institution.number, kbo=institution.kbo)


def change_billing(
    db: Db,
    actor: Actor,
    *,
    name: str,
    addresses: Sequence[str],
    reference: str,
    institution_id: int | None = None,
) -> None:
    """Say where debit and credit notes go (R35); no address means: to the account's own. The account is told by mail.

    Raises AddressNotValid with the field `billing_<row>` at fault, or TooMany.
    """
    institution = access.editable_institution(db, actor, institution_id)
    wanted: list[str] = []
    for row, text in enumerate(addresses):
        if not text.strip():
            continue
        address = checked_address(text, field=f"billing_{row}")
        if address not in wanted:
            wanted.append(address)
    if len(wanted) > MOST_BILLING_ADDRESSES:
        raise TooMany(most=MOST_BILLING_ADDRESSES)
    before = [billing.email for billing in institution.billing_addresses]
    texts = (name.strip()[:200], reference.strip()[:100])
    if (institution.billing_name, institution.billing_reference) == texts and before == wanted:
        return
    institution.billing_name, institution.billing_reference = texts
    if before != wanted:
        since = {billing.email: billing.undeliverable_since for billing in institution.billing_addresses}
        institution.billing_addresses.clear()
        db.flush()
        institution.billing_addresses.extend(
            BillingAddress(email=address, undeliverable_since=since.get(address)) for address in wanted
        )
    db.flush()
    audit.record(db, actor, AuditTag.INSTITUTION_CHANGED, institution, billing_before=before, billing_after=wanted)
    _tell(db, institution)


def trust_billing_again(db: Db, actor: Actor, *, institution_id: int | None = None) -> None:
    """The billing addresses work again: notes go there as before, until one refuses again. Raises NotFound."""
    institution = access.editable_institution(db, actor, institution_id)
    refused = [billing for billing in institution.billing_addresses if billing.undeliverable_since is not None]
    for billing in refused:
        billing.undeliverable_since = None
    if refused:
        audit.record(
            db, actor, AuditTag.INSTITUTION_CHANGED, institution, works_again=[billing.email for billing in refused]
        )


def change_policy(db: Db, actor: Actor, policy: PayerPolicy, *, institution_id: int | None = None) -> None:
    """Say whether staff may name the institution as payer (R34); standing enrolments stay. The account is told."""
    institution = access.editable_institution(db, actor, institution_id)
    before, institution.payer_policy = institution.payer_policy, policy
    if before is policy:
        return
    audit.record(db, actor, AuditTag.INSTITUTION_CHANGED, institution, policy_before=before, policy_after=policy)
    _tell(db, institution)


def change_grouping(db: Db, actor: Actor, grouping: NoteGrouping, *, institution_id: int | None = None) -> None:
    """Say whether each enrolment gets a note of its own, or those of a day or a month share one. The account is told.

    It holds for all that has no note yet.
    """
    institution = access.editable_institution(db, actor, institution_id)
    before, institution.note_grouping = institution.note_grouping, grouping
    if before is grouping:
        return
    audit.record(db, actor, AuditTag.INSTITUTION_CHANGED, institution, grouping_before=before, grouping_after=grouping)
    _tell(db, institution)


def change_contacts(db: Db, actor: Actor, contacts: Sequence[Contact], *, institution_id: int | None = None) -> None:
    """Replace the contact persons; rows left empty are dropped. Raises ContactNeedsName, AddressNotValid or TooMany."""
    institution = access.editable_institution(db, actor, institution_id)
    kept = []
    for row, contact in enumerate(contacts):
        texts = (contact.name, contact.function, contact.email, contact.phone)
        if not any(text.strip() for text in texts):
            continue
        if not contact.name.strip():
            raise ContactNeedsName(field=f"contact_{row}")
        email = checked_address(contact.email, field=f"contact_{row}") if contact.email.strip() else ""
        kept.append(
            ContactPerson(
                name=contact.name.strip()[:200],
                function=contact.function.strip()[:100],
                email=email,
                phone=contact.phone.strip()[:40],
            )
        )
    if len(kept) > MOST_CONTACTS:
        raise TooMany(most=MOST_CONTACTS)
    institution.contacts.clear()
    db.flush()
    institution.contacts.extend(kept)
    db.flush()
    audit.record(db, actor, AuditTag.INSTITUTION_CHANGED, institution, contacts=len(kept))


def _number(db: Db, institution_id: int, text: str) -> str | None:
    digits = "".join(text.split())
    if not digits:
        return None
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        raise NumberNotValid(field="number")
    if db.scalar(select(Institution.id).where(Institution.number == digits, Institution.id != institution_id)):
        raise NumberTaken(field="number")
    return digits


def _kbo(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return str(vat.validate(text))
    except ValidationError as wrong:
        raise KboNotValid(field="kbo") from wrong


def _tell(db: Db, institution: Institution) -> None:
    """Tell the account's own address, so that nobody moves the notes unseen."""
    account = db.scalar(select(Account).where(Account.institution_id == institution.id))
    addresses = [billing.email for billing in institution.billing_addresses]
    with speaking(account.language if account else Language.DUTCH):
        policy, grouping = label(institution.payer_policy), label(institution.note_grouping)
    mail.queue(
        db,
        "billing-details-changed",
        dedupe=f"institution:{institution.id}:{clock.now().isoformat()}",
        institution=institution,
        facts={
            "institution_name": institution.name,
            "sent_to": ", ".join(addresses) or (address_key(account.email) if account else ""),
            "billing_name": institution.billing_name or institution.name,
            "policy": policy,
            "grouping": grouping,
        },
    )
