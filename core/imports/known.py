"""What the database knows already of what an import names; asked in chunks, never a row at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import func, select

from core.db import Db
from core.models import (
    Account,
    Affiliation,
    CancellationTerms,
    Certificate,
    Course,
    CourseDay,
    Enrolment,
    FormerAddress,
    Institution,
    Note,
    NoteLine,
    Teacher,
    is_imported,
)
from core.rules.import_cells import name_key
from core.text import folded
from core.vocabulary import CertificateStatus, EnrolmentStatus, NoteKind, PayerKind, Role

_CHUNK = 5_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Named:
    """A person or an institution that is known."""

    id: int
    name: str


@dataclass
class Schools:
    """All institutions: by number, by name (several may share one), by the address of the account."""

    by_number: dict[str, Named] = field(default_factory=dict)
    by_name: dict[str, list[Named]] = field(default_factory=lambda: defaultdict(list))
    by_address: dict[str, Named] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownCourse:
    """A course in the database, as far as enrolments need it."""

    id: int
    title: str
    price_cents: int
    first_day: date | None


@dataclass(frozen=True, slots=True)
class KnownEnrolment:
    """An enrolment in the database."""

    id: int
    status: EnrolmentStatus
    payer_institution_id: int | None


@dataclass(frozen=True, slots=True)
class KnownNote:
    """An imported debit note in the database, and what was credited of it, in cents."""

    id: int
    total_cents: int
    credited_cents: int
    issued_on: date
    enrolment_id: int
    person_id: int | None
    payer_institution_id: int | None
    payload: str


def rows(db: Db, statement: Any, column: Any, keys: Iterable[Any]) -> Iterator[Any]:
    """The rows of a query whose column is one of many keys."""
    wanted = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), _CHUNK):
        yield from db.execute(statement.where(column.in_(wanted[start : start + _CHUNK])))


def persons(db: Db, addresses: Collection[str]) -> dict[str, Named]:
    """Who is known by each address, now or (when only one was) formerly."""
    former: dict[str, set[Named]] = defaultdict(set)
    past = select(FormerAddress.email, Account.person_id, Account.name).join(
        Account, Account.id == FormerAddress.account_id
    )
    for email, person_id, name in rows(db, past.where(Account.role == Role.PERSON), FormerAddress.email, addresses):
        former[email].add(Named(person_id, name))
    found = {email: next(iter(owners)) for email, owners in former.items() if len(owners) == 1}
    present = select(Account.email, Account.person_id, Account.name).where(Account.role == Role.PERSON)
    for email, person_id, name in rows(db, present, Account.email, addresses):
        found[email] = Named(person_id, name)
    return found


def schools(db: Db) -> Schools:
    """Every institution: there are a few thousand at most."""
    found = Schools()
    rows = db.execute(
        select(Institution.id, Institution.name, Institution.number, Account.email).outerjoin(
            Account, Account.institution_id == Institution.id
        )
    )
    for identity, name, number, email in rows:
        known = Named(identity, name)
        found.by_name[name_key(name)].append(known)
        if number:
            found.by_number[number] = known
        if email:
            found.by_address[email] = known
    return found


def links(db: Db, person_ids: Collection[int]) -> set[tuple[int, int]]:
    """Which of these persons are linked to which institutions now."""
    standing = select(Affiliation.person_id, Affiliation.institution_id).where(Affiliation.ended_on.is_(None))
    return {(person, school) for person, school in rows(db, standing, Affiliation.person_id, person_ids)}


def courses(db: Db, codes: Collection[str]) -> dict[str, KnownCourse]:
    """The courses of these codes."""
    columns = (Course.code, Course.id, Course.title, Course.price_cents, Course.first_day)
    return {code: KnownCourse(*rest) for code, *rest in rows(db, select(*columns), Course.code, codes)}


def course_titles(db: Db, codes: Collection[str]) -> dict[str, str]:
    """The titles of the courses of these codes in small letters, by such a code: capitals do not tell two apart."""
    code = func.lower(Course.code)
    return dict(tuple(row) for row in rows(db, select(code, Course.title), code, codes))


def teachers(db: Db) -> dict[str, int]:
    """All teachers by name, capitals aside: there are a few hundred at most."""
    found = db.execute(select(Teacher.name, Teacher.id).order_by(Teacher.id.desc()))
    return {name.casefold(): identity for name, identity in found}


def terms(db: Db) -> dict[str, int]:
    """All cancellation terms, by comparable name."""
    found = db.execute(select(CancellationTerms.name, CancellationTerms.id))
    return {folded(name): identity for name, identity in found}


def enrolments(db: Db, course_ids: Collection[int]) -> dict[tuple[int, int], list[KnownEnrolment]]:
    """The enrolments in these courses, by course and person."""
    found: dict[tuple[int, int], list[KnownEnrolment]] = defaultdict(list)
    columns = (
        Enrolment.course_id,
        Enrolment.person_id,
        Enrolment.id,
        Enrolment.status,
        Enrolment.payer_institution_id,
    )
    named = select(*columns).where(Enrolment.person_id.is_not(None))
    for course_id, person_id, *rest in rows(db, named, Enrolment.course_id, course_ids):
        found[course_id, person_id].append(KnownEnrolment(*rest))
    return found


def days(db: Db, course_ids: Collection[int]) -> dict[int, list[int]]:
    """The course days of courses."""
    found: dict[int, list[int]] = defaultdict(list)
    columns = select(CourseDay.course_id, CourseDay.id)
    for course_id, day_id in rows(db, columns, CourseDay.course_id, course_ids):
        found[course_id].append(day_id)
    return found


def taken(db: Db, column: Any, texts: Collection[str]) -> set[str]:
    """Which of these texts a unique column holds already."""
    return {text for (text,) in rows(db, select(column), column, texts)}


def debit_notes(db: Db, numbers: Collection[str]) -> dict[str, KnownNote]:
    """The debit notes of earlier imports with these numbers: our own are credited by the platform only."""
    credit = Note.__table__.alias("credit")
    credited = (
        select(func.coalesce(func.sum(credit.c.total_cents), 0))
        .where(credit.c.corrects_id == Note.id)
        .correlate(Note)
        .scalar_subquery()
    )
    found = (
        select(
            Note.number,
            Note.id,
            Note.total_cents,
            credited,
            Note.issued_on,
            NoteLine.enrolment_id,
            NoteLine.person_id,
            Note.payer_institution_id,
            Note.payload,
        )
        .join(NoteLine, NoteLine.note_id == Note.id)
        .where(Note.kind == NoteKind.DEBIT, is_imported(Note.series))
    )
    return {number: KnownNote(*rest) for number, *rest in rows(db, found, Note.number, numbers)}


def certified(db: Db, enrolment_ids: Collection[int]) -> set[int]:
    """Which of these enrolments have a valid certificate."""
    valid = select(Certificate.enrolment_id).where(Certificate.status == CertificateStatus.VALID)
    return {identity for (identity,) in rows(db, valid, Certificate.enrolment_id, enrolment_ids)}


def payer_kind(institution_id: int | None) -> PayerKind:
    """Who pays, by whether an institution does."""
    return PayerKind.PERSON if institution_id is None else PayerKind.INSTITUTION
