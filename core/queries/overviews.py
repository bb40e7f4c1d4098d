"""The dossier of an institution: who followed what in a school year, hours, themes, certificates, cost (R24)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select

from core import access, clock
from core.db import Db
from core.decisions import decisions
from core.labels import holder, label
from core.models import Certificate, Course, CourseTheme, Enrolment, Person
from core.queries.followed import followed
from core.queries.own_year import last_papers
from core.queries.paid_enrolments import in_school_year
from core.rules import school_year as years
from core.rules.billing import Participation
from core.vocabulary import CALLED_OFF, Actor, CertificateStatus, EnrolmentStatus, Theme

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """One seat of the year. `minutes` are those of the whole course, none when cancelled; `cents` what it cost.

    `followed_minutes` is None while the course is not over, and for a seat without a name or one that was given up.
    """

    person_id: int | None
    person_name: str
    course_code: str
    course_title: str
    first_day: date | None
    last_day: date | None
    status: EnrolmentStatus
    minutes: int
    cents: int
    theme: Theme | None
    followed_minutes: int | None
    missed_days: int
    certificate_from: date | None
    certificate_number: str
    is_withdrawn: bool

    @property
    def has_certificate(self) -> bool:
        """Whether a certificate can be fetched today."""
        is_there = self.certificate_from is not None and self.certificate_from <= clock.today()
        return is_there and bool(self.followed_minutes) and not self.is_withdrawn


@dataclass(frozen=True, slots=True)
class Overview:
    """A school year of an institution; `lines` are sorted by person and date, places without a name last."""

    school_year: int
    lines: tuple[OverviewLine, ...]

    @property
    def followed(self) -> tuple[OverviewLine, ...]:
        """The seats that stand."""
        return tuple(line for line in self.lines if line.status is EnrolmentStatus.CONFIRMED)

    @property
    def persons(self) -> int:
        """How many persons follow a course; places without a name are not counted."""
        return len({line.person_id for line in self.followed if line.person_id is not None})

    @property
    def courses(self) -> int:
        """How many different courses."""
        return len({line.course_code for line in self.followed})

    @property
    def minutes(self) -> int:
        """Minutes of training in all, each person counted."""
        return sum(line.minutes for line in self.followed)

    @property
    def followed_minutes(self) -> int:
        """Minutes that were really followed so far, each person counted."""
        return sum(line.followed_minutes or 0 for line in self.lines)

    @property
    def certificates(self) -> int:
        """How many certificates can be fetched."""
        return sum(line.has_certificate for line in self.lines)

    @property
    def cents(self) -> int:
        """What it costs in all, costs of cancelling included."""
        return sum(line.cents for line in self.lines)

    def minutes_by_theme(self) -> dict[Theme | None, int]:
        """Minutes of training by theme, the most first."""
        return _summed((line.theme, line.minutes) for line in self.followed)

    def minutes_by_month(self) -> dict[tuple[int, int], int]:
        """Minutes of training by year and month of the first day, the earliest first."""
        days = ((line.first_day, line.minutes) for line in self.followed if line.first_day is not None)
        return dict(sorted(_summed(((day.year, day.month), minutes) for day, minutes in days).items()))


def overview(
    db: Db, actor: Actor, school_year: int, *, institution_id: int | None = None, limit: int = 20_000
) -> Overview:
    """What an institution follows and pays in a school year, in a few queries. Raises NotFound.

    Without `institution_id` the actor's own; another's for coordinators.
    """
    wanted = and_(
        Enrolment.payer_institution_id == access.seen_institution_id(actor, institution_id),
        in_school_year(school_year),
        or_(
            Enrolment.status == EnrolmentStatus.CONFIRMED,
            and_(Enrolment.status == EnrolmentStatus.CANCELLED, Enrolment.cancellation_cents > 0),
        ),
    )
    first_theme = select(func.min(CourseTheme.theme)).where(CourseTheme.course_id == Course.id)
    found = db.execute(
        select(Enrolment, Person, Course, first_theme.correlate(Course).scalar_subquery())
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(wanted)
        .order_by(Person.search_name.nulls_last(), Course.first_day, Enrolment.id)
        .limit(limit)
    ).all()
    past = select(Enrolment.id).join(Course).where(wanted, _is_followed())
    minutes, papers = followed(db, past), last_papers(db, past)
    after = timedelta(days=decisions(db).certificate_after_days)
    return Overview(
        school_year,
        tuple(
            _line(seat, person, course, theme, _came_of(seat, course, minutes, papers, after))
            for seat, person, course, theme in found
        ),
    )


def facts(found: Overview, institution_name: str) -> dict[str, Any]:
    """An overview as plain values, for its PDF and its workbook, in the language of the moment."""
    return {
        "institution": institution_name,
        "school_year": years.text(found.school_year),
        "made_on": clock.today().isoformat(),
        "persons": found.persons,
        "courses": found.courses,
        "minutes": found.minutes,
        "followed": found.followed_minutes,
        "certificates": found.certificates,
        "cents": found.cents,
        "themes": [(label(theme) if theme else "–", minutes) for theme, minutes in found.minutes_by_theme().items()],
        "lines": [
            {
                "person": line.person_name,
                "code": line.course_code,
                "title": line.course_title,
                "first_day": line.first_day,
                "state": label(line.status),
                "is_cancelled": line.status is EnrolmentStatus.CANCELLED,
                "theme": label(line.theme) if line.theme else "",
                "minutes": line.minutes,
                "last_day": line.last_day,
                "followed": line.followed_minutes,
                "missed": line.missed_days,
                "number": line.certificate_number,
                "has_certificate": line.has_certificate,
                "is_withdrawn": line.is_withdrawn,
                "cents": line.cents,
            }
            for line in found.lines
        ],
    }


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a seat: see :class:`OverviewLine`."""

    followed_minutes: int | None = None
    missed_days: int = 0
    certificate_from: date | None = None
    certificate_number: str = ""
    is_withdrawn: bool = False


def _is_followed() -> ColumnElement[bool]:
    """The condition for a named seat of a course that is over and was given."""
    return and_(
        Enrolment.status == EnrolmentStatus.CONFIRMED,
        Enrolment.person_id.is_not(None),
        Course.status.not_in(CALLED_OFF),
        Course.last_day < clock.today(),
    )


def _came_of(
    seat: Enrolment,
    course: Course,
    minutes: Mapping[int, Participation | None],
    papers: Mapping[int, Certificate],
    after: timedelta,
) -> _Outcome:
    if seat.id not in minutes:
        return _Outcome()
    part, paper = minutes[seat.id], papers.get(seat.id)
    return _Outcome(
        followed_minutes=part.followed_minutes if part else 0,
        missed_days=len(part.missed) if part else 0,
        certificate_from=course.last_day + after if course.last_day else None,
        certificate_number=paper.number if paper and paper.status is CertificateStatus.VALID else "",
        is_withdrawn=paper is not None and paper.status is CertificateStatus.WITHDRAWN,
    )


def _line(
    enrolment: Enrolment, person: Person | None, course: Course, theme: str | None, outcome: _Outcome
) -> OverviewLine:
    is_standing = enrolment.status is EnrolmentStatus.CONFIRMED
    return OverviewLine(
        person_id=enrolment.person_id,
        person_name=holder(person.name if person else None),
        course_code=course.code,
        course_title=course.title,
        first_day=course.first_day,
        last_day=course.last_day,
        status=enrolment.status,
        minutes=course.total_minutes if is_standing else 0,
        cents=enrolment.price_cents if is_standing else enrolment.cancellation_cents or 0,
        theme=Theme(theme) if theme else None,
        followed_minutes=outcome.followed_minutes,
        missed_days=outcome.missed_days,
        certificate_from=outcome.certificate_from,
        certificate_number=outcome.certificate_number,
        is_withdrawn=outcome.is_withdrawn,
    )


def _summed(pairs: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    sums: dict[Key, int] = defaultdict(int)
    for key, amount in pairs:
        sums[key] += amount
    return dict(sorted(sums.items(), key=lambda item: -item[1]))
