"""Persons, institutions and accounts made by hand, by a coordinator; likely doubles are shown first (R10, D12)."""

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import access, audit, clock, mail, tokens
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.models import Account, Institution, Person
from core.queries import doubles as double_queries
from core.rules import accounts as rules
from core.rules.doubles import new_place
from core.services import accounts, doubles, institutions
from core.services.institutions import Data
from core.text import folded
from core.vocabulary import Actor, AuditTag, Language, Party, Role, TokenPurpose


class LikelyKnown(DomainError):
    """Somebody alike is known: the coordinator must look first."""

    message = N_("This is likely known already: look at who is shown here, or say that it is another one.")


class AddressHasAccount(DomainError):
    """The address signs in already."""

    message = N_("{name} has an account with this address already.")


class AccountStands(DomainError):
    """There is an account already, or it needs no invitation."""

    message = N_("There is an account already: send a link for a new password instead.")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A participant as a coordinator fills one in; without an address there is no account."""

    first_name: str
    last_name: str
    email: str = ""
    birth_year: int | None = None
    phone: str = ""
    language: Language = Language.DUTCH


@dataclass(frozen=True, slots=True)
class NewInstitution:
    """An institution as a coordinator fills one in; without an address there is no account."""

    data: Data
    email: str = ""
    phone: str = ""
    number: str = ""
    kbo: str = ""
    language: Language = Language.DUTCH


def add_person(db: Db, actor: Actor, form: NewPerson, *, is_another: bool) -> int:
    """Make a participant, and with an address an account with its invitation; returns the person's id.

    `is_another`: the coordinator looked at those who are alike, and it is none of them; that is kept.
    Raises NotAllowed, FieldMissing, BirthYearNotValid, AddressNotValid, AddressHasAccount or LikelyKnown.
    """
    access.check_sees_all(actor)
    access.require_coordinator(actor)
    form = replace(
        form,
        first_name=rules.required(form.first_name, field="first_name"),
        last_name=rules.required(form.last_name, field="last_name"),
        birth_year=rules.checked_birth_year(form.birth_year, clock.today().year),
        email=_free(db, Role.PERSON, form.email),
    )
    name = f"{form.first_name} {form.last_name}"
    new = rules.Likeness(form.first_name, form.last_name, form.birth_year, form.phone)
    alike = double_queries.like_person(db, actor, new, email=form.email)
    if alike and not is_another:
        raise LikelyKnown
    person = Person(
        first_name=form.first_name,
        last_name=form.last_name,
        search_name=folded(name),
        birth_year=form.birth_year,
        phone=form.phone.strip()[:40],
        created_at=clock.now(),
    )
    db.add(person)
    db.flush()
    audit.record(db, actor, AuditTag.PERSON_ADDED, person, name=name)
    doubles.set_apart(db, actor, Party.PERSON, person.id, alike)
    if form.email:
        _invited(db, actor, person, form.email, form.language)
    return person.id


def add_institution(db: Db, actor: Actor, form: NewInstitution, *, is_another: bool) -> int:
    """Make an institution, and with an address an account with its invitation; returns its id.

    Raises NotAllowed, FieldMissing, NumberNotValid, NumberTaken, KboNotValid, AddressNotValid, AddressHasAccount or
    LikelyKnown.
    """
    access.check_sees_all(actor)
    access.require_coordinator(actor)
    name = rules.required(form.data.name, field="name", longest=200)
    email = _free(db, Role.INSTITUTION, form.email)
    data = replace(form.data, name=name)
    new = new_place(name, data.city, kbo=form.kbo, street=data.street, postcode=data.postcode)
    alike = double_queries.like_institution(db, actor, new)
    if alike and not is_another:
        raise LikelyKnown
    institution = Institution(name=name, search_name=folded(name), network=data.network, created_at=clock.now())
    db.add(institution)
    db.flush()
    audit.record(db, actor, AuditTag.INSTITUTION_ADDED, institution, name=name)
    institutions.change_data(db, actor, institution.id, data)
    institutions.change_numbers(
        db, actor, phone=form.phone, number=form.number, kbo=form.kbo, institution_id=institution.id
    )
    doubles.set_apart(db, actor, Party.INSTITUTION, institution.id, alike)
    if email:
        _invited(db, actor, institution, email, form.language)
    return institution.id


def give_account(db: Db, actor: Actor, party: Party, identity: int, email: str, *, language: Language) -> str:
    """Give somebody known without an account one, and mail the invitation; returns the address.

    Raises NotFound, NotAllowed, FieldMissing, AddressNotValid, AddressHasAccount or AccountStands.
    """
    access.check_sees_all(actor)
    access.require_coordinator(actor)
    is_person = party is Party.PERSON
    owner = (access.editable_person if is_person else access.editable_institution)(db, actor, identity)
    own = Account.person_id if is_person else Account.institution_id
    if db.scalar(select(Account.id).where(own == identity)) is not None:
        raise AccountStands(field="email")
    address = _free(db, Role.PERSON if is_person else Role.INSTITUTION, rules.required(email, field="email"))
    _invited(db, actor, owner, address, language)
    return address


def invite_again(db: Db, actor: Actor, account_id: int) -> str:
    """Mail the invitation once more to who has not chosen a password; returns the address.

    Raises NotFound, NotAllowed, AccountStands or TooManyLinks.
    """
    account = access.editable_account(db, actor, account_id)
    if account.password_hash is not None or not account.is_active:
        raise AccountStands
    if accounts.has_enough_links(db, account, TokenPurpose.NEW_PASSWORD):
        raise accounts.TooManyLinks
    audit.record(db, actor, AuditTag.ACCOUNT_GIVEN, account)
    _send_link(db, account)
    return account.email


def _free(db: Db, role: Role, text: str) -> str:
    """An address that no account of this kind has; empty when none was filled in."""
    if not text.strip():
        return ""
    address = rules.checked_address(text)
    known = db.scalar(select(Account.name).where(Account.role == role, Account.email == address))
    if known is not None:
        raise AddressHasAccount(field="email", name=known)
    return address


def _invited(db: Db, actor: Actor, owner: Person | Institution, address: str, language: Language) -> None:
    is_person = isinstance(owner, Person)
    account = Account(
        role=Role.PERSON if is_person else Role.INSTITUTION,
        email=address,
        name=owner.name,
        language=language,
        person_id=owner.id if is_person else None,
        institution_id=None if is_person else owner.id,
        created_at=clock.now(),
    )
    try:
        with db.begin_nested():
            db.add(account)
            db.flush()
    except IntegrityError as taken:  # the same address at the same moment
        raise AddressHasAccount(field="email", name=address) from taken
    audit.record(db, actor, AuditTag.ACCOUNT_GIVEN, account)
    _send_link(db, account)


def _send_link(db: Db, account: Account) -> None:
    days = decisions(db).confirm_link_days
    secret = tokens.make(db, TokenPurpose.NEW_PASSWORD, account, timedelta(days=days))
    mail.queue(
        db,
        "account-given",
        dedupe=f"token:{tokens.fingerprint(secret)[:16]}",
        account=account,
        secret=secret,
        facts={"name": account.name, "role": account.role.value, "valid_days": days},
    )
