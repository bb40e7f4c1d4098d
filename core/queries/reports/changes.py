"""Cancellations and replacements, on the day they were made."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.db import Db
from core.documents.reports import Good, Measure, Metric, Report
from core.i18n import _
from core.models import Course, Enrolment
from core.queries.reports.enrolments import IS_NEW, made_in
from core.queries.reports.spans import Flow, Pair, at_instants, both, counted, flows
from core.queries.reports.words import groups, timeline
from core.rules import seats
from core.rules.periods import Span
from core.vocabulary import CourseStatus, EnrolmentStatus

cancelled_in = at_instants(Enrolment.cancelled_at)
_GONE = (CourseStatus.CANCELLED, CourseStatus.CANCELLING)
#: A replacement that was taken back leaves a row behind that is neither a cancellation nor a replacement.
_IS_CANCELLATION = and_(Enrolment.status == EnrolmentStatus.CANCELLED, Enrolment.cancellation_reason != seats.UNDONE)
_IS_REPLACEMENT = and_(
    Enrolment.replaces_id.is_not(None),
    or_(Enrolment.status != EnrolmentStatus.CANCELLED, Enrolment.cancellation_reason != seats.UNDONE),
)


@dataclass(frozen=True, slots=True)
class Changed:
    """What was cancelled (`by_course`: the whole course was) and taken over. `enrolments` were made in the period."""

    enrolments: int
    cancelled: int
    by_course: int
    with_cost: int
    cost_cents: int
    replaced: int
    courses: int

    @property
    def by_participant(self) -> int:
        """Cancelled by the participant, the institution or CNO for one person."""
        return self.cancelled - self.by_course

    @property
    def share(self) -> float | None:
        """Cancellations to enrolments made in the same period; None when there were none."""
        return self.cancelled / self.enrolments if self.enrolments else None


@dataclass(frozen=True, slots=True)
class ChangeNumbers:
    """The report «Annuleringen en vervangingen»."""

    cancelled: Flow
    replaced: Flow
    totals: Pair[Changed]


def _replaced_in(span: Span) -> ColumnElement[bool]:
    return and_(made_in(span), _IS_REPLACEMENT)


def numbers(db: Db, span: Span) -> ChangeNumbers:
    """What was cancelled and replaced in a span, and in the year before."""
    pair = both(span)
    return ChangeNumbers(
        flows(db, span, cancelled_in, {"cancelled": counted(_IS_CANCELLATION)})["cancelled"],
        flows(db, span, _replaced_in, {"replaced": counted()})["replaced"],
        Pair(_changed(db, pair.now), _changed(db, pair.before)),
    )


def _changed(db: Db, span: Span) -> Changed:
    made = db.scalar(select(counted(IS_NEW)).where(made_in(span))) or 0
    replaced = db.scalar(select(func.count()).where(_replaced_in(span))) or 0
    cost = func.coalesce(Enrolment.cancellation_cents, 0)
    cancelled, by_course, with_cost, cents = db.execute(
        select(
            func.count(),
            counted(Course.status.in_(_GONE)),
            counted(cost > 0),
            func.coalesce(func.sum(cost), 0),
        )
        .select_from(Enrolment)
        .join(Course, Course.id == Enrolment.course_id)
        .where(cancelled_in(span), _IS_CANCELLATION)
    ).one()
    courses = db.scalar(select(func.count()).where(at_instants(Course.cancelled_at)(span), Course.status.in_(_GONE)))
    return Changed(made, cancelled, by_course, with_cost, int(cents), replaced, courses or 0)


def told(found: ChangeNumbers) -> Report:
    """The report in words."""
    now, before = found.totals.now, found.totals.before
    cancelled, cancelled_table = timeline(_("Cancellations"), found.cancelled)
    replaced, replaced_table = timeline(_("Replacements"), found.replaced)
    reasons = [
        (_("By the participant or the institution"), now.by_participant, before.by_participant),
        (_("Because the course was cancelled"), now.by_course, before.by_course),
        (_("Of these, with a cost"), now.with_cost, before.with_cost),
        (_("Cancelled courses"), now.courses, before.courses),
    ]
    _chart, reason_table = groups(_("Why and at what cost"), _("What"), reasons)
    return Report(
        _("Cancellations and replacements"),
        (
            Metric(_("Cancellations"), now.cancelled, before.cancelled, good=Good.LESS),
            Metric(_("To enrolments made"), now.share, before.share, Measure.PERCENT, Good.LESS),
            Metric(_("Cost charged"), now.cost_cents, before.cost_cents, Measure.EURO, Good.NEITHER),
            Metric(_("Replacements"), now.replaced, before.replaced, good=Good.NEITHER),
            Metric(_("Cancelled courses"), now.courses, before.courses, good=Good.LESS),
        ),
        (cancelled, replaced),
        (cancelled_table, replaced_table, reason_table),
        (_("Counted on the day of cancelling or replacing, whenever the enrolment was made."),),
    )
