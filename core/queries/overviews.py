"""What an institution followed and paid for in a school year: persons, courses, hours, cost."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import and_, func, or_, select

from core import clock
from core.db import Db
from core.labels import holder, label
from core.models import Course, CourseTheme, Enrolment, Person
from core.queries.paid_enrolments import in_school_year
from core.rules import school_year as years
from core.vocabulary import Actor, EnrolmentStatus, Theme

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """One seat of the year. `minutes` are those of the whole course, none when cancelled; `cents` what it cost."""

    person_id: int | None
    person_name: str
    course_code: str
    course_title: str
    first_day: date | None
    status: EnrolmentStatus
    minutes: int
    cents: int
    theme: Theme | None


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


def overview(db: Db, actor: Actor, school_year: int, *, limit: int = 20_000) -> Overview:
    """What the actor's institution follows and pays in a school year, in one query."""
    first_theme = select(func.min(CourseTheme.theme)).where(CourseTheme.course_id == Course.id)
    theme = first_theme.correlate(Course).scalar_subquery()
    found = db.execute(
        select(Enrolment, Person, Course, theme)
        .join(Course, Course.id == Enrolment.course_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.payer_institution_id == (actor.institution_id or -1),
            in_school_year(school_year),
            or_(
                Enrolment.status == EnrolmentStatus.CONFIRMED,
                and_(Enrolment.status == EnrolmentStatus.CANCELLED, Enrolment.cancellation_cents > 0),
            ),
        )
        .order_by(Person.search_name.nulls_last(), Course.first_day, Enrolment.id)
        .limit(limit)
    )
    return Overview(
        school_year,
        tuple(
            _line(enrolment, person, course, Theme(theme_name) if theme_name else None)
            for enrolment, person, course, theme_name in found
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
                "cents": line.cents,
            }
            for line in found.lines
        ],
    }


def _line(enrolment: Enrolment, person: Person | None, course: Course, theme: Theme | None) -> OverviewLine:
    is_standing = enrolment.status is EnrolmentStatus.CONFIRMED
    return OverviewLine(
        person_id=enrolment.person_id,
        person_name=holder(person.name if person else None),
        course_code=course.code,
        course_title=course.title,
        first_day=course.first_day,
        status=enrolment.status,
        minutes=course.total_minutes if is_standing else 0,
        cents=enrolment.price_cents if is_standing else enrolment.cancellation_cents or 0,
        theme=theme,
    )


def _summed(pairs: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    sums: dict[Key, int] = defaultdict(int)
    for key, amount in pairs:
        sums[key] += amount
    return dict(sorted(sums.items(), key=lambda item: -item[1]))
