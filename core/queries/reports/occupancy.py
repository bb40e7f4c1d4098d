"""How full the courses are that began in a period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from core.db import Db
from core.documents.reports import Good, Measure, Metric, Report, Table
from core.documents.sheets import Column
from core.i18n import _, ngettext, number
from core.labels import label
from core.models import Course, Enrolment
from core.queries.reports.spans import Pair, both, on_days
from core.queries.reports.words import groups, heading, step_names, timeline_of
from core.rules.periods import Span, Step
from core.vocabulary import SEATED, CourseStatus, CourseType

#: The bands of the distribution: up to this many percent of the places taken; the last one is full.
BANDS = (25, 50, 75, 99)
_GONE = (CourseStatus.CANCELLED, CourseStatus.CANCELLING)


@dataclass(frozen=True, slots=True)
class Fill:
    """Courses that were held, their places and the seats taken; `bands` counts them by :data:`BANDS`, then the full."""

    held: int
    cancelled: int
    places: int
    taken: int
    below_minimum: int
    bands: tuple[int, ...]

    @property
    def full(self) -> int:
        """Courses without a place left."""
        return self.bands[-1]

    @property
    def share(self) -> float | None:
        """The part of the places that is taken; None when there are no places."""
        return self.taken / self.places if self.places else None


@dataclass(frozen=True, slots=True)
class OccupancyNumbers:
    """The report «Bezetting». `coming` are the courses of the period that are still to begin."""

    step: Step
    spans: tuple[Span, ...]
    steps: Pair[tuple[Fill, ...]]
    totals: Pair[Fill]
    by_type: dict[CourseType, Pair[Fill]]
    coming: Fill


@dataclass(frozen=True, slots=True)
class _Row:
    first_day: date
    course_type: CourseType
    is_cancelled: bool
    capacity: int
    minimum: int
    taken: int


def numbers(db: Db, span: Span, whole: Span) -> OccupancyNumbers:
    """The courses that began in a span, and in the year before; `whole` is the period with what is still to come."""
    pair, steps = both(span), span.steps()
    now, before = _rows(db, pair.now), _rows(db, pair.before)
    types = [each for each in CourseType if any(row.course_type is each for row in (*now, *before))]
    return OccupancyNumbers(
        step=span.step,
        spans=steps,
        steps=Pair(_by_step(now, steps), _by_step(before, [each.year_before() for each in steps])),
        totals=Pair(_fill(now), _fill(before)),
        by_type={
            each: Pair(
                _fill(row for row in now if row.course_type is each),
                _fill(row for row in before if row.course_type is each),
            )
            for each in types
        },
        coming=_fill(_rows(db, Span(span.after, max(span.after, whole.after)))),
    )


def _rows(db: Db, span: Span) -> list[_Row]:
    """One row a course with its seats counted by the database: some hundreds a year."""
    taken = (
        select(func.count())
        .where(Enrolment.course_id == Course.id, Enrolment.status.in_(SEATED))
        .correlate(Course)
        .scalar_subquery()
    )
    found = db.execute(
        select(Course.first_day, Course.course_type, Course.status, Course.capacity, Course.minimum, taken).where(
            on_days(Course.first_day)(span), Course.status != CourseStatus.DRAFT
        )
    )
    return [
        _Row(first, kind, status in _GONE, capacity, minimum, count)
        for first, kind, status, capacity, minimum, count in found
    ]


def _by_step(rows: list[_Row], steps: Iterable[Span]) -> tuple[Fill, ...]:
    return tuple(_fill(row for row in rows if each.first <= row.first_day < each.after) for each in steps)


def _fill(rows: Iterable[_Row]) -> Fill:
    listed = list(rows)
    held = [row for row in listed if not row.is_cancelled]
    bands = [0] * (len(BANDS) + 1)
    for row in held:
        bands[_band(row)] += 1
    return Fill(
        held=len(held),
        cancelled=len(listed) - len(held),
        places=sum(row.capacity for row in held),
        taken=sum(row.taken for row in held),
        below_minimum=sum(row.taken < row.minimum for row in held),
        bands=tuple(bands),
    )


def _band(row: _Row) -> int:
    if row.taken >= row.capacity:
        return len(BANDS)
    percentage = 100 * row.taken / row.capacity
    return next(number for number, most in enumerate((*BANDS[:-1], 100)) if percentage <= most)


def told(found: OccupancyNumbers) -> Report:
    """The report in words."""
    now, before = found.totals.now, found.totals.before
    shares = (tuple(fill.share for fill in found.steps.now), tuple(fill.share for fill in found.steps.before))
    chart, _share_table = timeline_of(_("Places taken, in percent"), found.step, found.spans, shares, Measure.PERCENT)
    bands, band_table = groups(
        _("Courses by occupancy"), _("Places taken"), list(zip(_band_names(), now.bands, before.bands, strict=True))
    )
    return Report(
        _("Occupancy"),
        (
            Metric(_("Places taken"), now.share, before.share, Measure.PERCENT),
            Metric(_("Courses that began"), now.held, before.held),
            Metric(_("Full courses"), now.full, before.full),
            Metric(_("Below the minimum"), now.below_minimum, before.below_minimum, good=Good.LESS),
            Metric(_("Cancelled courses"), now.cancelled, before.cancelled, good=Good.LESS),
        ),
        (chart, bands),
        (_by_time(found), _by_type(found), band_table),
        (
            _("Courses count in the period in which their first day lies; cancelled ones have no places."),
            *_still_to_come(found.coming),
        ),
    )


def _band_names() -> tuple[str, ...]:
    lows = (0, *BANDS[:-1])
    names = [
        _("{low} to {high} %").format(low=low, high=high) for low, high in zip(lows, (*BANDS[:-1], 99), strict=True)
    ]
    return *names, _("Full")


def _still_to_come(coming: Fill) -> tuple[str, ...]:
    if not coming.held:
        return ()
    courses = ngettext(
        "{count} course of this period is still to begin.",
        "{count} courses of this period are still to begin.",
        coming.held,
    )
    places = _("Of their {places} places {taken} are taken.")
    return (f"{courses} {places.format(places=number(coming.places), taken=number(coming.taken))}",)


def _columns(first: str) -> tuple[Column, ...]:
    return (
        Column(first),
        Column(_("Courses"), "number"),
        Column(_("Places"), "number"),
        Column(_("Taken"), "number"),
        Column(_("Taken, %"), "percent"),
        Column(_("A year before, %"), "percent"),
    )


def _line(name: str, now: Fill, before: Fill) -> tuple[object, ...]:
    return name, now.held, now.places, now.taken, now.share, before.share


def _by_time(found: OccupancyNumbers) -> Table:
    rows = [
        _line(*each)
        for each in zip(step_names(found.step, found.spans), found.steps.now, found.steps.before, strict=True)
    ]
    return Table(
        _("Occupancy over time"),
        _columns(heading(found.step)),
        (*rows, _line(_("Total"), found.totals.now, found.totals.before)),
    )


def _by_type(found: OccupancyNumbers) -> Table:
    rows = tuple(_line(label(kind), pair.now, pair.before) for kind, pair in found.by_type.items())
    return Table(_("By kind of course"), _columns(_("Kind")), rows)
