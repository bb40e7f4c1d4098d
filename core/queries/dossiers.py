"""The whole history of a person or an institution, section by section, for coordinators."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from core import access
from core.db import Db
from core.models import (
    Account,
    Affiliation,
    FormerAddress,
    Institution,
    Person,
    PersonLevel,
    PersonSubject,
    Remark,
)
from core.vocabulary import (
    Actor,
    JobFunction,
    Language,
    Level,
    Party,
    Subject,
)


@dataclass(frozen=True, slots=True)
class AccountState:
    """How somebody signs in."""

    account_id: int
    email: str
    language: Language
    is_active: bool
    has_password: bool
    created_at: datetime
    confirmed_at: datetime | None
    last_sign_in_at: datetime | None
    undeliverable_since: datetime | None
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link between a person and an institution, seen from one side: `other_id` and `name` are the other's."""

    affiliation_id: int
    other_id: int
    name: str
    city: str
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class PersonFile:
    """A person as a coordinator sees one; `merged_into_id` when it was a double."""

    person_id: int
    first_name: str
    last_name: str
    birth_year: int | None
    phone: str
    street: str
    postcode: str
    city: str
    function: JobFunction | None
    levels: tuple[Level, ...]
    subjects: tuple[Subject, ...]
    created_at: datetime
    merged_into_id: int | None
    account: AccountState | None
    links: tuple[LinkRow, ...]

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A remark of a coordinator."""

    remark_id: int
    author_id: int | None
    author: str
    text: str
    written_at: datetime
    changed_at: datetime | None


def person(db: Db, actor: Actor, person_id: int) -> PersonFile:
    """A person's data, account and links. Raises NotFound."""
    access.check_sees_all(actor)
    found = db.get(Person, person_id)
    if found is None:
        raise access.NotFound
    links = db.execute(
        select(Affiliation.id, Institution.id, Institution.name, Institution.city, *_DATES)
        .join(Institution, Institution.id == Affiliation.institution_id)
        .where(Affiliation.person_id == person_id)
        .order_by(Affiliation.ended_on.is_not(None), Affiliation.started_on.desc(), Affiliation.id)
    )
    return PersonFile(
        person_id=found.id,
        first_name=found.first_name,
        last_name=found.last_name,
        birth_year=found.birth_year,
        phone=found.phone,
        street=found.street,
        postcode=found.postcode,
        city=found.city,
        function=found.function,
        levels=tuple(db.scalars(select(PersonLevel.level).where(PersonLevel.person_id == person_id))),
        subjects=tuple(db.scalars(select(PersonSubject.subject).where(PersonSubject.person_id == person_id))),
        created_at=found.created_at,
        merged_into_id=found.merged_into_id,
        account=account_of(db, actor, Party.PERSON, person_id),
        links=tuple(LinkRow(*row) for row in links),
    )


_DATES = (Affiliation.started_on, Affiliation.ended_on)


def staff(db: Db, actor: Actor, institution_id: int, *, page: int = 1, size: int = 20) -> tuple[LinkRow, ...]:
    """One page of the persons linked to an institution now or earlier."""
    access.check_sees_all(actor)
    found = db.execute(
        select(Affiliation.id, Person, *_DATES)
        .join(Person, Person.id == Affiliation.person_id)
        .where(Affiliation.institution_id == institution_id)
        .order_by(Affiliation.ended_on.is_not(None), Person.search_name, Affiliation.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    return tuple(
        LinkRow(identity, each.id, each.name, each.city, started, ended) for identity, each, started, ended in found
    )


def count_staff(db: Db, actor: Actor, institution_id: int) -> int:
    """How many links :func:`staff` gives in all."""
    access.check_sees_all(actor)
    return db.scalar(select(func.count()).where(Affiliation.institution_id == institution_id)) or 0


def account_of(db: Db, actor: Actor, party: Party, identity: int) -> AccountState | None:
    """How a person or an institution signs in; None without an account."""
    access.check_sees_all(actor)
    owner = Account.person_id if party is Party.PERSON else Account.institution_id
    account = db.scalar(select(Account).where(owner == identity))
    if account is None:
        return None
    former = db.scalars(
        select(FormerAddress.email).where(FormerAddress.account_id == account.id).order_by(FormerAddress.id.desc())
    )
    return AccountState(
        account_id=account.id,
        email=account.email,
        language=account.language,
        is_active=account.is_active,
        has_password=account.password_hash is not None,
        created_at=account.created_at,
        confirmed_at=account.confirmed_at,
        last_sign_in_at=account.last_sign_in_at,
        undeliverable_since=account.undeliverable_since,
        former=tuple(dict.fromkeys(former)),
    )


def remarks(db: Db, actor: Actor, party: Party, identity: int) -> tuple[RemarkRow, ...]:
    """What coordinators noted, the newest first."""
    access.check_sees_all(actor)
    own = Remark.person_id == identity if party is Party.PERSON else Remark.institution_id == identity
    found = db.scalars(select(Remark).where(own).order_by(Remark.written_at.desc(), Remark.id.desc()).limit(200))
    return tuple(
        RemarkRow(each.id, each.author_id, each.author, each.text, each.written_at, each.changed_at) for each in found
    )
