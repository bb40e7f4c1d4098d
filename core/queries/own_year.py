"""The dossier of a person: the courses of a school year, hours followed, themes and certificates."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from core import access, clock
from core.db import Db
from core.decisions import decisions
from core.labels import label
from core.models import Certificate, Course, CourseTheme, Enrolment, Person
from core.queries.followed import followed
from core.queries.paid_enrolments import in_school_year
from core.rules import school_year as rules
from core.vocabulary import CALLED_OFF, Actor, CertificateStatus, EnrolmentStatus, PayerKind, Theme


@dataclass(frozen=True, slots=True)
class YearLine:
    """A course of the year. `followed_minutes` is None while it is not over, and 0 for who was there on no day."""

    enrolment_id: int
    course_code: str
    course_title: str
    first_day: date | None
    last_day: date | None
    given_minutes: int
    followed_minutes: int | None
    missed_days: int
    themes: tuple[Theme, ...]
    is_paid_by_institution: bool
    certificate_from: date | None
    certificate_number: str
    is_withdrawn: bool

    @property
    def has_certificate(self) -> bool:
        """Whether a certificate can be fetched today."""
        is_there = self.certificate_from is not None and self.certificate_from <= clock.today()
        return is_there and bool(self.followed_minutes) and not self.is_withdrawn


@dataclass(frozen=True, slots=True)
class OwnYear:
    """A school year of a person; `lines` by date."""

    school_year: int
    person_name: str
    lines: tuple[YearLine, ...]

    @property
    def followed_minutes(self) -> int:
        """Minutes followed in all."""
        return sum(line.followed_minutes or 0 for line in self.lines)

    @property
    def certificates(self) -> int:
        """How many certificates can be fetched."""
        return sum(line.has_certificate for line in self.lines)

    def minutes_by_theme(self) -> dict[Theme | None, int]:
        """Minutes followed by theme, the most first; a course of two themes counts for both."""
        sums: dict[Theme | None, int] = defaultdict(int)
        for line in self.lines:
            for theme in line.themes or (None,):
                sums[theme] += line.followed_minutes or 0
        return dict(sorted(sums.items(), key=lambda item: -item[1]))


def school_years(db: Db, actor: Actor, person_id: int | None = None) -> tuple[int, ...]:
    """The school years in which a person followed or follows a course, the latest first. Raises NotFound.

    Without `person_id` the actor's own; another's for coordinators.
    """
    first, last = db.execute(
        select(func.min(Course.first_day), func.max(Course.first_day))
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(_stands(access.seen_person_id(actor, person_id)))
    ).one()
    if first is None or last is None:
        return ()
    return tuple(range(rules.school_year(last), rules.school_year(first) - 1, -1))


def of_year(db: Db, actor: Actor, year: int, person_id: int | None = None) -> OwnYear:
    """What a person follows in a school year, in a few queries; whose: as :func:`school_years`. Raises NotFound."""
    person = db.get(Person, access.seen_person_id(actor, person_id))
    if person is None:
        raise access.NotFound
    wanted = and_(_stands(person.id), in_school_year(year))
    seats = select(Enrolment.id).join(Course, Course.id == Enrolment.course_id).where(wanted)
    minutes, themes, papers = followed(db, seats), _themes(db, seats), last_papers(db, seats)
    after = timedelta(days=decisions(db).certificate_after_days)
    found = db.execute(
        select(Enrolment, Course)
        .join(Course, Course.id == Enrolment.course_id)
        .where(wanted)
        .order_by(Course.first_day, Enrolment.id)
    )
    lines = []
    for seat, course in found:
        is_over = course.last_day is not None and course.last_day < clock.today()
        part = minutes.get(seat.id)
        paper = papers.get(seat.id)
        lines.append(
            YearLine(
                enrolment_id=seat.id,
                course_code=course.code,
                course_title=course.title,
                first_day=course.first_day,
                last_day=course.last_day,
                given_minutes=course.total_minutes,
                followed_minutes=(part.followed_minutes if part else 0) if is_over else None,
                missed_days=len(part.missed) if part and is_over else 0,
                themes=themes.get(course.id, ()),
                is_paid_by_institution=seat.payer_kind is PayerKind.INSTITUTION,
                certificate_from=course.last_day + after if course.last_day else None,
                certificate_number=paper.number if paper and paper.status is CertificateStatus.VALID else "",
                is_withdrawn=paper is not None and paper.status is CertificateStatus.WITHDRAWN,
            )
        )
    return OwnYear(year, person.name, tuple(lines))


def certified(db: Db, actor: Actor, year: int | None) -> tuple[tuple[int, str], ...]:
    """The actor's seats whose certificates have appeared, with the course's title; of one school year, or of all."""
    until = clock.today() - timedelta(days=decisions(db).certificate_after_days)
    condition = and_(_stands(access.own_person_id(actor)), Course.last_day <= until)
    if year is not None:
        condition = and_(condition, in_school_year(year))
    found = db.execute(
        select(Enrolment.id, Course.title)
        .join(Course, Course.id == Enrolment.course_id)
        .where(condition)
        .order_by(Course.first_day, Enrolment.id)
    )
    return tuple((enrolment_id, title) for enrolment_id, title in found)


def facts(found: OwnYear) -> dict[str, Any]:
    """A school year as plain values, for its PDF and its workbook, in the language of the moment."""
    return {
        "person": found.person_name,
        "school_year": rules.text(found.school_year),
        "made_on": clock.today().isoformat(),
        "courses": len(found.lines),
        "minutes": found.followed_minutes,
        "certificates": found.certificates,
        "themes": [(label(theme) if theme else "–", minutes) for theme, minutes in found.minutes_by_theme().items()],
        "lines": [
            {
                "code": line.course_code,
                "title": line.course_title,
                "first_day": line.first_day,
                "last_day": line.last_day,
                "given": line.given_minutes,
                "followed": line.followed_minutes,
                "missed": line.missed_days,
                "themes": ", ".join(label(theme) for theme in line.themes),
                "number": line.certificate_number,
                "has_certificate": line.has_certificate,
                "is_withdrawn": line.is_withdrawn,
            }
            for line in found.lines
        ],
    }


def _stands(person_id: int) -> ColumnElement[bool]:
    return and_(
        Enrolment.person_id == person_id,
        Enrolment.status == EnrolmentStatus.CONFIRMED,
        Course.status.not_in(CALLED_OFF),
    )


def _themes(db: Db, seats: Any) -> dict[int, tuple[Theme, ...]]:
    courses = select(Enrolment.course_id).where(Enrolment.id.in_(seats))
    found: dict[int, list[Theme]] = defaultdict(list)
    for course_id, theme in db.execute(
        select(CourseTheme.course_id, CourseTheme.theme)
        .where(CourseTheme.course_id.in_(courses))
        .order_by(CourseTheme.theme)
    ):
        found[course_id].append(Theme(theme))
    return {course_id: tuple(themes) for course_id, themes in found.items()}


def last_papers(db: Db, seats: Select[int]) -> dict[int, Certificate]:
    """The last certificate of each seat."""
    rows = db.scalars(select(Certificate).where(Certificate.enrolment_id.in_(seats)).order_by(Certificate.id))
    return {row.enrolment_id: row for row in rows}
