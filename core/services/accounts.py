"""Accounts: creating one, confirming its address, new passwords (R5–R12, D9, D12, D13)."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import access, audit, clock, mail, tokens
from core.db import Db
from core.decisions import decisions
from core.errors import DomainError
from core.i18n import N_
from core.mail import refusing
from core.models import Account, Affiliation, FormerAddress, Institution, Person, Token
from core.rules import accounts as rules
from core.rules import passwords
from core.services import sign_ins
from core.settings import settings
from core.text import folded
from core.vocabulary import Actor, AuditTag, Language, Role, TokenPurpose


class PasswordWrong(DomainError):
    """The present password does not match."""

    message = N_("This is not your present password.")


class TooManyLinks(DomainError):
    """No more links of this kind leave today."""

    message = N_("We have sent several links today already. Look in your mailbox, or try again tomorrow.")


class Creation(StrEnum):
    """What became of a request for an account; the screen says the same for the first two."""

    CREATED = "created"
    KNOWN_ADDRESS = "known_address"
    LIKELY_DOUBLE = "likely_double"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What «Account aanmaken» asks. `institution_id` only helps to find a double; linking comes later (R13)."""

    first_name: str
    last_name: str
    email: str
    password: str
    birth_year: int | None = None
    phone: str = ""
    institution_id: int | None = None
    language: Language = Language.DUTCH


def create_account(db: Db, actor: Actor, form: NewPerson) -> Creation:
    """Make a personal account, unless the person is known already (D12): then the known account's address is told.

    Raises the refusals of `core.rules.accounts` and `core.rules.passwords`, each with its field.
    """
    form = replace(
        form,
        first_name=rules.required(form.first_name, field="first_name"),
        last_name=rules.required(form.last_name, field="last_name"),
        email=rules.checked_address(form.email),
        birth_year=rules.checked_birth_year(form.birth_year, clock.today().year),
    )
    _check_new_password(form.password, f"{form.first_name} {form.last_name}", form.email)
    password_hash = passwords.hashed(form.password)  # before looking, so that the time an answer takes tells nothing
    if _is_told_as_known(db, actor, form.email):
        return Creation.KNOWN_ADDRESS
    double = likely_double(db, form)
    if double is not None:
        _tell_known(db, actor, double)
        return Creation.LIKELY_DOUBLE
    try:
        with db.begin_nested():
            account = _made(db, form, password_hash)
    except IntegrityError:  # the same address, asked twice at the same moment
        _is_told_as_known(db, actor, form.email)
        return Creation.KNOWN_ADDRESS
    audit.record(db, actor, AuditTag.ACCOUNT_CREATED, account)
    mail_confirmation(db, account)
    return Creation.CREATED


def _made(db: Db, form: NewPerson, password_hash: str) -> Account:
    person = Person(
        first_name=form.first_name,
        last_name=form.last_name,
        search_name=folded(f"{form.first_name} {form.last_name}"),
        birth_year=form.birth_year,
        phone=form.phone.strip()[:40],
        created_at=clock.now(),
    )
    db.add(person)
    db.flush()
    account = Account(
        role=Role.PERSON,
        email=form.email,
        name=person.name,
        password_hash=password_hash,
        password_set_at=clock.now(),
        language=form.language,
        person_id=person.id,
        created_at=clock.now(),
    )
    db.add(account)
    db.flush()
    return account


def _check_new_password(password: str, name: str, email: str) -> None:
    personal = (name, *name.split(), email, email.partition("@")[0])
    passwords.check_password(password, least=settings().password_min_length, personal=personal)


def _is_told_as_known(db: Db, actor: Actor, email: str) -> bool:
    """Whether somebody owns or owned a personal account at this address; if so its address is told."""
    known = db.scalar(select(Account).where(Account.role == Role.PERSON, Account.email == email))
    known = known or account_by_former_address(db, email)
    if known is not None:
        _tell_known(db, actor, known)
    return known is not None


def _tell_known(db: Db, actor: Actor, account: Account) -> None:
    """Write to the known account's own address, at most once a day, that somebody tried to make a second one.

    Never the link that confirms it: whoever made the known account may be another than who asks now, so the way in
    is a new password, which confirms the address too.
    """
    audit.record(db, actor, AuditTag.ACCOUNT_DOUBLE_PREVENTED, account)
    mail.queue(db, "account-exists", dedupe=f"account:{account.id}:{clock.today()}", account=account)


def mail_confirmation(db: Db, account: Account) -> None:
    """Mail the link that confirms the address on file."""
    lifetime = timedelta(days=decisions(db).confirm_link_days)
    secret = tokens.make(db, TokenPurpose.CONFIRM_ACCOUNT, account, lifetime)
    mail.queue(
        db,
        "confirm-account",
        dedupe=f"token:{tokens.fingerprint(secret)[:16]}",
        account=account,
        secret=secret,
        facts={"valid_days": decisions(db).confirm_link_days},
    )


def account_by_address(db: Db, role: Role, email: str) -> Account | None:
    """The account of this kind that owns an address."""
    return db.scalar(select(Account).where(Account.role == role, Account.email == email, Account.is_active))


def account_by_former_address(db: Db, email: str, role: Role = Role.PERSON) -> Account | None:
    """The account that was known by an address earlier; None when several were (D10)."""
    found = db.scalars(
        select(Account)
        .join(FormerAddress, FormerAddress.account_id == Account.id)
        .where(FormerAddress.email == email, Account.role == role, Account.is_active)
        .distinct()
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def likely_double(db: Db, form: NewPerson) -> Account | None:
    """The account of somebody who is likely the same person, if there is one (D12)."""
    schools = frozenset({form.institution_id} if form.institution_id else ())
    new = rules.Likeness(form.first_name, form.last_name, form.birth_year, form.phone, schools)
    namesakes = db.execute(
        select(Person, Account)
        .join(Account, Account.person_id == Person.id)
        .where(Person.search_name == folded(f"{new.first_name} {new.last_name}"), Account.is_active)
        .limit(50)
    ).all()
    if not namesakes:
        return None
    links = db.execute(
        select(Affiliation.person_id, Affiliation.institution_id).where(
            Affiliation.person_id.in_([person.id for person, _account in namesakes])
        )
    ).all()
    for person, account in namesakes:
        linked = frozenset(institution_id for person_id, institution_id in links if person_id == person.id)
        known = rules.Likeness(person.first_name, person.last_name, person.birth_year, person.phone, linked)
        if rules.is_likely_double(new, known):
            return account
    return None


def ask_confirmation_again(db: Db, actor: Actor) -> None:
    """Send the link that confirms the own address once more, also when it refused our mail. Raises TooManyLinks."""
    account = access.own_account(db, actor)
    if account.confirmed_at is not None and account.undeliverable_since is None:
        return
    if has_enough_links(db, account, TokenPurpose.CONFIRM_ACCOUNT):
        raise TooManyLinks
    mail_confirmation(db, account)
    audit.record(db, actor, AuditTag.ACCOUNT_CONFIRMATION_ASKED, account)


def confirm_account(db: Db, actor: Actor, secret: str) -> None:
    """The address on file works: its owner clicked the link (D13). Raises LinkNotValid."""
    account, _payload = tokens.use(db, TokenPurpose.CONFIRM_ACCOUNT, secret)
    account.confirmed_at = account.confirmed_at or clock.now()
    refusing.works(db, account)
    audit.record(db, actor, AuditTag.ACCOUNT_CONFIRMED, account)


def has_enough_links(db: Db, account: Account, purpose: TokenPurpose) -> bool:
    """Whether `password_links_a_day` links of a kind have left in the last 24 hours."""
    since = clock.now() - timedelta(days=1)
    left = db.scalar(
        select(func.count()).where(Token.account_id == account.id, Token.purpose == purpose, Token.created_at > since)
    )
    return (left or 0) >= decisions(db).password_links_a_day


def request_new_password(db: Db, actor: Actor, role: Role, email: str) -> bool:
    """Mail a single-use link to the address on file (R11); at most `password_links_a_day` a day.

    Returns whether one left, which nobody outside may learn. Raises AddressNotValid.
    """
    account = account_by_address(db, role, rules.checked_address(email))
    if account is None or has_enough_links(db, account, TokenPurpose.NEW_PASSWORD):
        return False
    lifetime = timedelta(minutes=decisions(db).password_link_minutes)
    secret = tokens.make(db, TokenPurpose.NEW_PASSWORD, account, lifetime)
    mail.queue(
        db,
        "new-password",
        dedupe=f"token:{tokens.fingerprint(secret)[:16]}",
        account=account,
        secret=secret,
        facts={"valid_minutes": decisions(db).password_link_minutes, "role": role.value},
    )
    audit.record(db, actor, AuditTag.ACCOUNT_PASSWORD_REQUESTED, account)
    return True


def set_new_password(db: Db, actor: Actor, secret: str, password: str) -> Role:
    """Set a password by the mailed link: every sign-in ends, the address counts as confirmed, nothing brakes any more.

    Returns the kind of account. Raises LinkNotValid and the refusals of `core.rules.passwords`; the link is used up
    only when it worked.
    """
    account, _payload = tokens.look(db, TokenPurpose.NEW_PASSWORD, secret)
    _check_new_password(password, account.name, account.email)
    tokens.use(db, TokenPurpose.NEW_PASSWORD, secret)
    _store_password(db, account, password)
    account.confirmed_at = account.confirmed_at or clock.now()
    refusing.works(db, account)
    sign_ins.end_all(db, account.id)
    sign_ins.release_brake(db, account.role, account.email)
    audit.record(db, actor, AuditTag.ACCOUNT_PASSWORD_SET, account)
    return account.role


def change_password(db: Db, actor: Actor, present: str, password: str, *, sign_in_id: int | None = None) -> None:
    """Change the own password: every other sign-in ends. Raises PasswordWrong and the refusals of the password."""
    account = access.own_account(db, actor)
    if not passwords.matches(present, account.password_hash):
        raise PasswordWrong(field="present")
    _check_new_password(password, account.name, account.email)
    _store_password(db, account, password)
    sign_ins.end_all(db, account.id, but_sign_in_id=sign_in_id)
    audit.record(db, actor, AuditTag.ACCOUNT_PASSWORD_SET, account)


def _store_password(db: Db, account: Account, password: str) -> None:
    account.password_hash = passwords.hashed(password)
    account.password_set_at = clock.now()
    mail.queue(db, "password-changed", dedupe=f"account:{account.id}:{clock.now().isoformat()}", account=account)


def set_language(db: Db, actor: Actor, language: Language) -> None:
    """The language of the account's screens and mails."""
    account = access.own_account(db, actor)
    account.language = language
    audit.record(db, actor, AuditTag.ACCOUNT_LANGUAGE_SET, account, language=language.value)


def name_after_owner(account: Account) -> None:
    """Keep the account's shown name equal to its owner's."""
    owner: Person | Institution | None = account.person or account.institution
    if owner is not None:
        account.name = owner.name
