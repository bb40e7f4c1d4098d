"""«Onze cursisten»: who is linked to an institution, and who of them can still be enrolled in a course (R28, R37)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import Db
from core.decisions import decisions
from core.models import Affiliation, Course, CourseDay, Enrolment, Person
from core.text import folded
from core.vocabulary import ACTIVE, Actor, EnrolmentStatus


@dataclass(frozen=True, slots=True)
class ComingCourse:
    """A course to come that the institution pays for somebody."""

    title: str
    first_day: date | None


@dataclass(frozen=True, slots=True)
class LinkedPerson:
    """Somebody linked to the institution. `is_asked`: it is a year since the institution last said so."""

    affiliation_id: int
    person_id: int
    name: str
    started_on: date
    is_asked: bool
    coming: tuple[ComingCourse, ...]


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """One page of the linked persons; `total` counts those found, `to_ask` all whose link is to be confirmed."""

    rows: tuple[LinkedPerson, ...]
    total: int
    to_ask: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague to enrol. `status`: how he or she is enrolled already; `overlap`: a course of the same hours.

    The title of a course that the institution does not pay stays private: then the overlap is an empty text.
    """

    person_id: int
    name: str
    started_on: date
    status: EnrolmentStatus | None
    overlap: str | None

    @property
    def can_be_chosen(self) -> bool:
        """Whether nothing stands in the way."""
        return self.status is None and self.overlap is None


def linked(
    db: Db, actor: Actor, text: str = "", *, only_to_ask: bool = False, page: int = 1, size: int = 20
) -> LinkedPage:
    """One page of the persons linked to the actor's institution, by name, with the courses to come that it pays."""
    before = clock.today() - timedelta(days=decisions(db).affiliation_check_days)
    is_asked = func.coalesce(Affiliation.kept_on, Affiliation.started_on) <= before
    own = and_(Affiliation.institution_id == (actor.institution_id or -1), Affiliation.ended_on.is_(None))
    matching = [Person.search_name.contains(word, autoescape=True) for word in folded(text).split()]
    if only_to_ask:
        matching.append(is_asked)
    to_ask = db.scalar(select(func.count()).select_from(Affiliation).where(own, is_asked)) or 0
    total = db.scalar(select(func.count()).select_from(Affiliation).join(Person).where(own, *matching)) or 0
    found = db.execute(
        select(Affiliation.id, Affiliation.started_on, is_asked, Person)
        .join(Person, Person.id == Affiliation.person_id)
        .where(own, *matching)
        .order_by(Person.search_name, Person.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    ).all()
    coming = _coming(db, actor, [person.id for _id, _started, _asked, person in found])
    return LinkedPage(
        rows=tuple(
            LinkedPerson(identity, person.id, person.name, started_on, bool(asked), tuple(coming[person.id]))
            for identity, started_on, asked, person in found
        ),
        total=total,
        to_ask=to_ask,
    )


def candidates(db: Db, actor: Actor, course_id: int) -> tuple[Candidate, ...]:
    """All persons linked to the actor's institution, by name, each with what stands in the way; three queries."""
    persons = db.execute(
        select(Person, Affiliation.started_on)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(Affiliation.institution_id == (actor.institution_id or -1), Affiliation.ended_on.is_(None))
        .order_by(Person.search_name, Person.id)
    ).all()
    linked_ids = select(Affiliation.person_id).where(
        Affiliation.institution_id == (actor.institution_id or -1), Affiliation.ended_on.is_(None)
    )
    status: dict[int | None, EnrolmentStatus] = dict(
        db.execute(
            select(Enrolment.person_id, Enrolment.status).where(
                Enrolment.course_id == course_id,
                Enrolment.status.in_(ACTIVE),
                Enrolment.person_id.in_(linked_ids),
            )
        ).all()
    )
    day, other = aliased(CourseDay), aliased(CourseDay)
    same_hours = and_(day.held_on == other.held_on, day.starts_at < other.ends_at, other.starts_at < day.ends_at)
    overlaps = {
        person_id: title if payer_id == actor.institution_id else ""
        for person_id, payer_id, title in db.execute(
            select(Enrolment.person_id, Enrolment.payer_institution_id, Course.title)
            .join(Course, Course.id == Enrolment.course_id)
            .join(other, other.course_id == Course.id)
            .join(day, and_(day.course_id == course_id, same_hours))
            .where(Enrolment.status.in_(ACTIVE), Enrolment.course_id != course_id, Enrolment.person_id.in_(linked_ids))
        )
    }
    return tuple(
        Candidate(person.id, person.name, started_on, status.get(person.id), overlaps.get(person.id))
        for person, started_on in persons
    )


def _coming(db: Db, actor: Actor, person_ids: list[int]) -> dict[int, list[ComingCourse]]:
    coming: dict[int, list[ComingCourse]] = defaultdict(list)
    found = db.execute(
        select(Enrolment.person_id, Course.title, Course.first_day)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            Enrolment.person_id.in_(person_ids),
            Enrolment.payer_institution_id == (actor.institution_id or -1),
            Enrolment.status.in_(ACTIVE),
            or_(Course.last_day.is_(None), Course.last_day >= clock.today()),
        )
        .order_by(Course.first_day)
    )
    for person_id, title, first_day in found:
        if person_id is not None:
            coming[person_id].append(ComingCourse(title, first_day))
    return coming
