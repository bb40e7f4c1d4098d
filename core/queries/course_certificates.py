"""The certificates of one course, for its coordinator: who has one, in which version, and whether it still fits."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from core import access, clock
from core.db import Db
from core.decisions import decisions
from core.models import Certificate, Course, Enrolment, Person
from core.vocabulary import Actor, CertificateStatus, EnrolmentStatus, Language


@dataclass(frozen=True, slots=True)
class Version:
    """One certificate that was issued; `differs` while it is valid and its holder is called otherwise now."""

    certificate_id: int
    number: str
    language: Language
    status: CertificateStatus
    issued_on: date
    withdrawn_because: str
    differs: bool


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A participant with every version of the certificate, the newest first."""

    enrolment_id: int
    person_name: str
    versions: tuple[Version, ...]

    @property
    def is_valid(self) -> bool:
        """Whether there is one to withdraw."""
        return any(version.status is CertificateStatus.VALID for version in self.versions)


@dataclass(frozen=True, slots=True)
class HolderPage:
    """One page of participants; `total` counts all. `visible_from` is the day of R22; None without course days."""

    rows: tuple[HolderRow, ...]
    total: int
    visible_from: date | None

    @property
    def is_there(self) -> bool:
        """Whether certificates can be fetched today."""
        return self.visible_from is not None and self.visible_from <= clock.today()


def of_course(db: Db, actor: Actor, course_id: int, *, page: int = 1, size: int = 25) -> HolderPage:
    """One page of who followed a course, by name, with their certificates; two queries. Raises NotFound."""
    access.check_sees_all(actor)
    course = db.get(Course, course_id)
    if course is None:
        raise access.NotFound
    seats = select(Enrolment.id, Person).join(Person, Person.id == Enrolment.person_id).where(_followed(course_id))
    found = db.execute(
        seats.order_by(Person.search_name, Enrolment.id).limit(size).offset((max(page, 1) - 1) * size)
    ).all()
    total = db.scalar(select(func.count()).select_from(seats.subquery())) or 0
    names = {enrolment_id: person.name for enrolment_id, person in found}
    versions: dict[int, list[Version]] = {}
    for row in db.scalars(
        select(Certificate).where(Certificate.enrolment_id.in_(names)).order_by(Certificate.id.desc())
    ):
        versions.setdefault(row.enrolment_id, []).append(_version(row, names[row.enrolment_id]))
    return HolderPage(
        tuple(HolderRow(each, name, tuple(versions.get(each, ()))) for each, name in names.items()),
        total,
        course.last_day + timedelta(days=decisions(db).certificate_after_days) if course.last_day else None,
    )


def holders(db: Db, actor: Actor, course_id: int, *, limit: int = 2000) -> tuple[tuple[int, str], ...]:
    """The enrolments of a course whose certificates make its ZIP, with the names, in order. Raises NotFound."""
    access.check_sees_all(actor)
    found = db.execute(
        select(Enrolment.id, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .where(_followed(course_id))
        .order_by(Person.search_name, Enrolment.id)
        .limit(limit)
    )
    return tuple((enrolment_id, person.name) for enrolment_id, person in found)


def _followed(course_id: int) -> ColumnElement[bool]:
    return (Enrolment.course_id == course_id) & (Enrolment.status == EnrolmentStatus.CONFIRMED)


def _version(row: Certificate, name: str) -> Version:
    is_valid = row.status is CertificateStatus.VALID
    return Version(
        certificate_id=row.id,
        number=row.number,
        language=row.language,
        status=row.status,
        issued_on=row.issued_on,
        withdrawn_because=row.withdrawn_because,
        differs=is_valid and json.loads(row.payload).get("person") != name,
    )
