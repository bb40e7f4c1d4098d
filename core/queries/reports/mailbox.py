"""The mailbox: what was asked, what the bot answered, what a coordinator got, and how long people waited."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Float, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.db import Db, is_sqlite
from core.documents.reports import Good, Measure, Metric, Report, Table
from core.documents.sheets import Column
from core.i18n import _, number
from core.labels import label
from core.models import IncomingMail, OutgoingMail
from core.queries.reports.spans import Flow, Pair, at_instants, both, counted, flows
from core.queries.reports.words import groups, timeline
from core.rules.periods import Span
from core.vocabulary import IncomingState, Intent, MailKind

arrived_in = at_instants(IncomingMail.arrived_at)
_BY_BOT = IncomingMail.state == IncomingState.HANDLED
_HANDED_OVER = IncomingMail.state.in_((IncomingState.HELD, IncomingState.QUARANTINED))
#: What nobody asked: automatic mail, bounces, our own.
_IS_QUESTION = IncomingMail.state != IncomingState.IGNORED


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions: all, answered by the bot, handed over to a coordinator; the rest is being handled."""

    total: int = 0
    by_bot: int = 0
    handed_over: int = 0

    def __add__(self, other: "Asked") -> "Asked":
        return Asked(self.total + other.total, self.by_bot + other.by_bot, self.handed_over + other.handed_over)

    @property
    def share(self) -> float | None:
        """The part that the bot answered; None when nothing was asked."""
        return self.by_bot / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Waited:
    """How long people waited for an answer, seconds: half of them at most `median`, 95 of a hundred at most `p95`."""

    answered: int
    median: int | None
    p95: int | None


@dataclass(frozen=True, slots=True)
class MailboxNumbers:
    """The report «Postvak»."""

    asked: Flow
    totals: Pair[Asked]
    intents: dict[Intent | None, Pair[Asked]]
    by_bot: Pair[Waited]
    by_coordinator: Pair[Waited]


def numbers(db: Db, span: Span) -> MailboxNumbers:
    """What came in during a span, and in the year before."""
    pair = both(span)
    now, before = _intents(db, pair.now), _intents(db, pair.before)
    members: tuple[Intent | None, ...] = (*Intent, None)
    return MailboxNumbers(
        asked=flows(db, span, arrived_in, {"asked": counted(_IS_QUESTION)})["asked"],
        totals=Pair(sum(now.values(), Asked()), sum(before.values(), Asked())),
        intents={
            each: Pair(now.get(each, Asked()), before.get(each, Asked()))
            for each in members
            if each in now or each in before
        },
        by_bot=Pair(_waited(db, pair.now, MailKind.ANSWER), _waited(db, pair.before, MailKind.ANSWER)),
        by_coordinator=Pair(_waited(db, pair.now, MailKind.PERSONAL), _waited(db, pair.before, MailKind.PERSONAL)),
    )


def _intents(db: Db, span: Span) -> dict[Any, Asked]:
    found = db.execute(
        select(IncomingMail.intent, func.count(), counted(_BY_BOT), counted(_HANDED_OVER))
        .where(arrived_in(span), _IS_QUESTION)
        .group_by(IncomingMail.intent)
    )
    return {intent: Asked(total, by_bot, handed) for intent, total, by_bot, handed in found}


def _waited(db: Db, span: Span, kind: MailKind) -> Waited:
    """From each question to the first answer of a kind in its conversation; by nearest rank, the same everywhere."""
    answer = (
        select(func.min(OutgoingMail.created_at))
        .where(
            OutgoingMail.thread_id == IncomingMail.thread_id,
            OutgoingMail.kind == kind,
            OutgoingMail.created_at >= IncomingMail.arrived_at,
        )
        .correlate(IncomingMail)
        .scalar_subquery()
    )
    handled = _BY_BOT if kind is MailKind.ANSWER else _HANDED_OVER
    questions = select(IncomingMail.arrived_at, answer.label("answered_at")).where(arrived_in(span), handled)
    found = questions.cte("questions").prefix_with("MATERIALIZED")  # else each answer is looked up twice
    seconds = _seconds(db, found.c.answered_at) - _seconds(db, found.c.arrived_at)
    waits = sorted(db.scalars(select(seconds).where(found.c.answered_at.is_not(None))))
    return Waited(len(waits), _ranked(waits, 50), _ranked(waits, 95))


def _ranked(waits: list[float], percentage: int) -> int | None:
    """The nearest rank of a percentage: the first of which that part of all is not longer."""
    return round(waits[-(-len(waits) * percentage // 100) - 1]) if waits else None


def _seconds(db: Db, instant: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[float]:
    """An instant as seconds, to subtract."""
    if is_sqlite(db):
        return func.julianday(instant) * 86_400
    return cast(extract("epoch", instant), Float)


def told(found: MailboxNumbers) -> Report:
    """The report in words."""
    now, before = found.totals.now, found.totals.before
    chart, table = timeline(_("Questions"), found.asked)
    listed = sorted(found.intents.items(), key=lambda item: -item[1].now.total)
    by_intent, _plain = groups(
        _("What people ask"),
        _("Question"),
        [
            (label(intent) if intent else _("Not understood"), pair.now.total, pair.before.total)
            for intent, pair in listed
        ],
    )
    bot, team = found.by_bot, found.by_coordinator
    return Report(
        _("Mailbox"),
        (
            Metric(_("Questions"), now.total, before.total, good=Good.NEITHER),
            Metric(_("Answered by the bot"), now.share, before.share, Measure.PERCENT),
            Metric(_("Handed over"), now.handed_over, before.handed_over, good=Good.LESS),
            Metric(_("Bot: half within"), bot.now.median, bot.before.median, Measure.DURATION, Good.LESS),
            Metric(_("Bot: 95 % within"), bot.now.p95, bot.before.p95, Measure.DURATION, Good.LESS),
            Metric(_("Coordinator: half within"), team.now.median, team.before.median, Measure.DURATION, Good.LESS),
            Metric(_("Coordinator: 95 % within"), team.now.p95, team.before.p95, Measure.DURATION, Good.LESS),
        ),
        (chart, by_intent),
        (_intent_table(listed, found.totals), table),
        (
            _("Automatic mail and bounces do not count. Waiting ends with the first answer in the conversation."),
            _("{bot} questions were answered by the bot and {team} by a coordinator.").format(
                bot=number(bot.now.answered), team=number(team.now.answered)
            ),
        ),
    )


def _intent_table(listed: list[tuple[Intent | None, Pair[Asked]]], totals: Pair[Asked]) -> Table:
    columns = (
        Column(_("Question")),
        Column(_("Asked"), "number"),
        Column(_("Answered by the bot"), "number"),
        Column(_("Handed over"), "number"),
        Column(_("Asked, a year before"), "number"),
    )
    named = [(label(intent) if intent else _("Not understood"), pair) for intent, pair in listed]
    rows = [
        (name, pair.now.total, pair.now.by_bot, pair.now.handed_over, pair.before.total)
        for name, pair in (*named, (_("Total"), totals))
    ]
    return Table(_("Questions by subject"), columns, tuple(rows))
