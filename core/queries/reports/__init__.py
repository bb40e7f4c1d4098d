"""The reports of CNO («Rapporten»): only the one that is asked for is computed, by the database."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from core import access, clock
from core.db import Db
from core.documents.reports import Report
from core.queries.reports import changes, enrolments, mailbox, money, money_words, occupancy, reach
from core.queries.reports.changes import ChangeNumbers
from core.queries.reports.enrolments import EnrolmentNumbers
from core.queries.reports.mailbox import MailboxNumbers
from core.queries.reports.money import OpenNumbers, TurnoverNumbers
from core.queries.reports.occupancy import OccupancyNumbers
from core.queries.reports.reach import Per, ReachNumbers
from core.rules.periods import Span
from core.vocabulary import Actor, ActorKind

__all__ = ["Numbers", "Per", "ReportKind", "report", "told"]
Numbers = (
    EnrolmentNumbers | OccupancyNumbers | TurnoverNumbers | OpenNumbers | ReachNumbers | ChangeNumbers | MailboxNumbers
)


class ReportKind(StrEnum):
    """Which report; the value stands in the page's address."""

    ENROLMENTS = "inschrijvingen"
    OCCUPANCY = "bezetting"
    TURNOVER = "omzet"
    OPEN = "openstaand"
    REACH = "bereik"
    CHANGES = "annuleringen"
    MAILBOX = "postvak"


def report(db: Db, actor: Actor, kind: ReportKind, period: Span, per: Per = Per.LEVEL) -> Numbers:
    """One report of a period, cut at today, beside the same days of the year before. Raises NotFound for outsiders."""
    if actor.kind is not ActorKind.COORDINATOR:
        raise access.NotFound
    return _NUMBERS[kind](db, period.so_far(clock.today()), period, per)


_NUMBERS: dict[ReportKind, Callable[[Db, Span, Span, Per], Numbers]] = {
    ReportKind.ENROLMENTS: lambda db, span, _whole, _per: enrolments.numbers(db, span),
    ReportKind.OCCUPANCY: lambda db, span, whole, _per: occupancy.numbers(db, span, whole),
    ReportKind.TURNOVER: lambda db, span, _whole, _per: money.turnover(db, span),
    ReportKind.OPEN: lambda db, span, _whole, _per: money.open_amounts(db, span, clock.today()),
    ReportKind.REACH: lambda db, span, _whole, per: reach.numbers(db, span, per),
    ReportKind.CHANGES: lambda db, span, _whole, _per: changes.numbers(db, span),
    ReportKind.MAILBOX: lambda db, span, _whole, _per: mailbox.numbers(db, span),
}
_WORDS: dict[type[Any], Callable[[Any], Report]] = {
    EnrolmentNumbers: enrolments.told,
    OccupancyNumbers: occupancy.told,
    TurnoverNumbers: money_words.turnover_told,
    OpenNumbers: money_words.open_told,
    ReachNumbers: reach.told,
    ChangeNumbers: changes.told,
    MailboxNumbers: mailbox.told,
}


def told(found: Numbers) -> Report:
    """A report in the language of the moment, for a screen or a workbook."""
    return _WORDS[type(found)](found)
