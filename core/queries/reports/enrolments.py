"""Enrolments made in a period: how many, by whom, who pays, and how they stand today."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, distinct, func, select

from core.db import Db
from core.documents.reports import Good, Measure, Metric, Report
from core.i18n import _
from core.labels import label
from core.models import Enrolment
from core.queries.reports.spans import Flow, Pair, at_instants, both, counted, flows
from core.queries.reports.words import groups, timeline
from core.rules.periods import Span
from core.vocabulary import ActorKind, EnrolmentStatus, PayerKind

made_in = at_instants(Enrolment.created_at)
#: Taking over somebody's seat is no new enrolment.
IS_NEW = Enrolment.replaces_id.is_(None)
#: Whom a period reaches: who holds a seat of an enrolment made (or taken over) in it.
HOLDS_SEAT = Enrolment.status == EnrolmentStatus.CONFIRMED


@dataclass(frozen=True, slots=True)
class Made:
    """The enrolments of a period. `participants` are different persons who hold a seat."""

    total: int
    by_state: dict[EnrolmentStatus, int]
    by_maker: dict[ActorKind, int]
    paid_by_institution: int
    participants: int


@dataclass(frozen=True, slots=True)
class EnrolmentNumbers:
    """The report «Inschrijvingen»."""

    made: Flow
    totals: Pair[Made]


_MAKERS = (ActorKind.PERSON, ActorKind.INSTITUTION, ActorKind.COORDINATOR)


def numbers(db: Db, span: Span) -> EnrolmentNumbers:
    """The enrolments made in a span and in the year before."""
    pair = both(span)
    return EnrolmentNumbers(
        flows(db, span, made_in, {"made": counted(IS_NEW)})["made"], Pair(_made(db, pair.now), _made(db, pair.before))
    )


def _made(db: Db, span: Span) -> Made:
    states, makers = tuple(EnrolmentStatus), _MAKERS
    columns: list[ColumnElement[int]] = [
        counted(IS_NEW),
        counted(IS_NEW & (Enrolment.payer_kind == PayerKind.INSTITUTION)),
    ]
    columns += [counted(IS_NEW & (Enrolment.status == state)) for state in states]
    columns += [counted(IS_NEW & (Enrolment.enrolled_by == maker)) for maker in makers]
    total, by_institution, *rest = db.execute(select(*columns).where(made_in(span))).one()
    return Made(
        total=total,
        by_state=dict(zip(states, rest[: len(states)], strict=True)),
        by_maker=dict(zip(makers, rest[len(states) :], strict=True)),
        paid_by_institution=by_institution,
        participants=participants(db, span),
    )


def participants(db: Db, span: Span) -> int:
    """How many different persons hold a seat of what was enrolled in a span."""
    people = select(func.count(distinct(Enrolment.person_id))).where(made_in(span), HOLDS_SEAT)
    return db.scalar(people) or 0


def told(found: EnrolmentNumbers) -> Report:
    """The report in words."""
    now, before = found.totals.now, found.totals.before
    chart, table = timeline(_("Enrolments made"), found.made)
    states = [(label(state), now.by_state[state], before.by_state[state]) for state in now.by_state]
    makers = [(label(maker), now.by_maker[maker], before.by_maker[maker]) for maker in now.by_maker]
    by_state, state_table = groups(_("How they stand today"), _("State"), states)
    _by_maker, maker_table = groups(_("Who made the enrolment"), _("Made by"), makers)
    return Report(
        _("Enrolments"),
        (
            Metric(_("Enrolments"), now.total, before.total),
            Metric(_("Participants"), now.participants, before.participants),
            Metric(_("Paid by an institution"), *_shares(found.totals), Measure.PERCENT, Good.NEITHER),
            Metric(
                _("Cancelled since"),
                now.by_state[EnrolmentStatus.CANCELLED],
                before.by_state[EnrolmentStatus.CANCELLED],
                good=Good.LESS,
            ),
        ),
        (chart, by_state),
        (table, state_table, maker_table),
        (
            _("Counted on the day they were made; taking over a seat is no new enrolment."),
            _("Participants are different persons who hold a confirmed seat."),
        ),
    )


def _shares(totals: Pair[Made]) -> tuple[float | None, float | None]:
    shares = [made.paid_by_institution / made.total if made.total else None for made in (totals.now, totals.before)]
    return shares[0], shares[1]
