"""Whom a period reached: participants and their seats by level, subject, network or province."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, String, case, cast, func, literal, null, select, union_all

from core.db import Db
from core.documents.reports import Metric, Report, Table
from core.documents.sheets import Column
from core.i18n import _
from core.labels import label
from core.models import Affiliation, Enrolment, Institution, Person, PersonLevel, PersonSubject
from core.queries.reports.enrolments import HOLDS_SEAT, made_in
from core.queries.reports.spans import Pair, both
from core.queries.reports.words import groups
from core.rules.periods import Span
from core.rules.regions import province_of
from core.vocabulary import Level, Network, Province, Subject


class Per(StrEnum):
    """What the reach is divided by; the value stands in the page's address."""

    LEVEL = "niveau"
    SUBJECT = "vak"
    NETWORK = "net"
    REGION = "provincie"


@dataclass(frozen=True, slots=True)
class Reached:
    """Different persons, and the seats they hold."""

    persons: int = 0
    seats: int = 0

    @property
    def seats_each(self) -> float | None:
        """How many seats a person holds on average; None when nobody was reached."""
        return round(self.seats / self.persons, 2) if self.persons else None

    def __add__(self, other: "Reached") -> "Reached":
        return Reached(self.persons + other.persons, self.seats + other.seats)


@dataclass(frozen=True, slots=True)
class ReachNumbers:
    """The report «Bereik». `groups` has None for who filled in nothing.

    With several levels or subjects somebody counts in each (`is_overlapping`), but once in `totals`.
    """

    per: Per
    totals: Pair[Reached]
    groups: dict[StrEnum | None, Pair[Reached]]

    @property
    def is_overlapping(self) -> bool:
        """Whether somebody may stand in several groups."""
        return self.per in (Per.LEVEL, Per.SUBJECT)


def numbers(db: Db, span: Span, per: Per) -> ReachNumbers:
    """Whom a span reached, and the year before."""
    pair = both(span)
    now, before = _reached(db, pair.now, per), _reached(db, pair.before, per)
    members = [member for member in _MEMBERS[per] if member in now.groups or member in before.groups]
    return ReachNumbers(
        per,
        Pair(now.total, before.total),
        {member: Pair(now.groups.get(member, Reached()), before.groups.get(member, Reached())) for member in members},
    )


_MEMBERS: dict[Per, tuple[StrEnum | None, ...]] = {
    Per.LEVEL: (*Level, None),
    Per.SUBJECT: (*Subject, None),
    Per.NETWORK: (*Network, None),
    Per.REGION: tuple(Province),
}


@dataclass(frozen=True, slots=True)
class _Groups:
    total: Reached
    groups: dict[StrEnum | None, Reached]


def _reached(db: Db, span: Span, per: Per) -> _Groups:
    """The groups of a span, and all of them once: in one statement, so that each person is looked up once."""
    people = _people(span, per)
    value, joined = _QUERIES[per](people)
    measures = (func.count(), func.sum(people.c.seats))
    grouped = joined.add_columns(value.label("value"), literal(0), *measures).group_by(value)
    total = select(null().label("value"), literal(1), *measures).select_from(people)
    rows = db.execute(union_all(grouped, total)).all()
    found: dict[StrEnum | None, Reached] = defaultdict(Reached)
    for text, is_total, persons, seats in rows:
        if not is_total:
            found[_MEMBER_OF[per](text)] += Reached(int(persons), int(seats))
    return _Groups(
        next(Reached(int(persons), int(seats or 0)) for _text, is_total, persons, seats in rows if is_total),
        dict(found),
    )


def _people(span: Span, per: Per) -> CTE:
    """Each person reached, with the number of seats, and the school where it matters."""
    school = [_SCHOOL.label("school")] if per in (Per.NETWORK, Per.REGION) else []
    return (
        select(Enrolment.person_id, func.count().label("seats"), *school)
        .where(made_in(span), HOLDS_SEAT, Enrolment.person_id.is_not(None))
        .group_by(Enrolment.person_id)
        .cte("people")
        .prefix_with("MATERIALIZED")
    )


#: The school that somebody is linked to now; of several the first that CNO knew.
_SCHOOL = (
    select(func.min(Affiliation.institution_id))
    .where(Affiliation.person_id == Enrolment.person_id, Affiliation.ended_on.is_(None))
    .correlate(Enrolment)
    .scalar_subquery()
)
Grouped = tuple[ColumnElement[Any], Select[Any]]


def _by_level(people: CTE) -> Grouped:
    of_person = PersonLevel.person_id == people.c.person_id
    return cast(PersonLevel.level, String), select().select_from(people).outerjoin(PersonLevel, of_person)


def _by_subject(people: CTE) -> Grouped:
    of_person = PersonSubject.person_id == people.c.person_id
    return cast(PersonSubject.subject, String), select().select_from(people).outerjoin(PersonSubject, of_person)


def _with_school(people: CTE) -> Select[Any]:
    return select().select_from(people).outerjoin(Institution, Institution.id == people.c.school)


def _by_network(people: CTE) -> Grouped:
    return cast(Institution.network, String), _with_school(people)


def _by_postcode(people: CTE) -> Grouped:
    """The school's postcode; the own one of who has no school."""
    own = select(Person.postcode).where(Person.id == people.c.person_id).correlate(people).scalar_subquery()
    return case((Institution.id.is_(None), own), else_=Institution.postcode), _with_school(people)


_MEMBER_OF: dict[Per, Callable[[str | None], StrEnum | None]] = {
    Per.LEVEL: lambda text: Level(text) if text else None,
    Per.SUBJECT: lambda text: Subject(text) if text else None,
    Per.NETWORK: lambda text: Network(text) if text else None,
    Per.REGION: lambda text: province_of(text or ""),
}
_QUERIES: dict[Per, Callable[[CTE], Grouped]] = {
    Per.LEVEL: _by_level,
    Per.SUBJECT: _by_subject,
    Per.NETWORK: _by_network,
    Per.REGION: _by_postcode,
}


def told(found: ReachNumbers) -> Report:
    """The report in words."""
    now, before = found.totals.now, found.totals.before
    name = {
        Per.LEVEL: _("Level"),
        Per.SUBJECT: _("Subject"),
        Per.NETWORK: _("Network"),
        Per.REGION: _("Province"),
    }[found.per]
    listed = sorted(found.groups.items(), key=lambda item: -item[1].now.persons)
    named = [(label(member) if member else _("Not filled in"), pair) for member, pair in listed]
    chart, _plain = groups(
        _("Participants by {group}").format(group=name.lower()),
        name,
        [(each, pair.now.persons, pair.before.persons) for each, pair in named],
    )
    return Report(
        _("Reach"),
        (
            Metric(_("Participants"), now.persons, before.persons),
            Metric(_("Seats"), now.seats, before.seats),
            Metric(_("Seats a participant"), now.seats_each, before.seats_each),
        ),
        (chart,),
        (_group_table(name, named, found),),
        _remarks(found),
    )


def _group_table(name: str, named: list[tuple[str, Pair[Reached]]], found: ReachNumbers) -> Table:
    columns = (
        Column(name),
        Column(_("Participants"), "number"),
        Column(_("Of all participants"), "percent"),
        Column(_("Seats"), "number"),
        Column(_("Participants, a year before"), "number"),
        Column(_("Seats, a year before"), "number"),
    )
    whole = found.totals.now.persons
    rows = [
        (
            group,
            pair.now.persons,
            pair.now.persons / whole if whole else None,
            pair.now.seats,
            pair.before.persons,
            pair.before.seats,
        )
        for group, pair in (*named, (_("Total"), found.totals))
    ]
    return Table(_("Reach by {group}").format(group=name.lower()), columns, tuple(rows))


def _remarks(found: ReachNumbers) -> tuple[str, ...]:
    counted = _("Counted are the confirmed seats of enrolments made in the period; a person counts once.")
    if found.is_overlapping:
        return counted, _("Who has several levels or subjects counts in each of them, and once in the total.")
    school = _("The network and the province are those of the school somebody is linked to now.")
    if found.per is Per.REGION:
        return counted, school, _("Who has no school counts by the own postcode.")
    return counted, school
