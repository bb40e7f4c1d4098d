"""What a report shows, whichever door shows it: measures, charts and tables beside the year before; and as XLSX."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.documents import sheets
from core.documents.sheets import Column
from core.i18n import _, duration, number, percentage
from core.money import euro, whole_euro

Amount = float | None


class Measure(StrEnum):
    """What a number counts: things, cents, a part of one, or seconds."""

    NUMBER = "number"
    EURO = "euro"
    PERCENT = "percent"
    DURATION = "hours"


class Good(StrEnum):
    """Whether more of it is good news."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a period beside that of the year before; None: there is none."""

    name: str
    now: Amount
    before: Amount
    measure: Measure = Measure.NUMBER
    good: Good = Good.MORE


@dataclass(frozen=True, slots=True)
class Chart:
    """Names with two numbers each. `is_timeline`: the names follow one another in time."""

    title: str
    names: tuple[str, ...]
    now: tuple[Amount, ...]
    before: tuple[Amount, ...]
    measure: Measure = Measure.NUMBER
    is_timeline: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart; euros are cents, durations seconds."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report in the language of the moment; `remarks` say what was counted, in full sentences."""

    title: str
    metrics: tuple[Metric, ...]
    charts: tuple[Chart, ...]
    tables: tuple[Table, ...]
    remarks: tuple[str, ...] = ()


def shown(amount: Amount, measure: Measure) -> str:
    """A number as it is read."""
    if amount is None:
        return "–"
    match measure:
        case Measure.EURO:
            return euro(round(amount))
        case Measure.PERCENT:
            return percentage(amount)
        case Measure.DURATION:
            return duration(round(amount))
        case Measure.NUMBER:
            return number(amount)


def at_a_glance(amount: Amount, measure: Measure) -> str:
    """A number in large type: amounts in whole euros."""
    return whole_euro(amount) if measure is Measure.EURO and amount is not None else shown(amount, measure)


def difference(metric: Metric) -> str | None:
    """The difference with the year before, in words that begin with a sign; None when there is nothing to compare."""
    if metric.now is None or metric.before is None:
        return None
    more = metric.now - metric.before
    if round(more, 3) == 0:
        return None
    sign = "-" if more < 0 else "+"
    if metric.measure is Measure.PERCENT:
        return _("{points} points").format(points=f"{sign}{number(round(abs(more) * 100, 1))}")
    text = f"{sign}{at_a_glance(abs(more), metric.measure)}"
    return f"{text} ({sign}{percentage(abs(more) / metric.before)})" if metric.before > 0 else text


def to_xlsx(report: Report, period: Sequence[str]) -> bytes:
    """The report as a workbook: what it is about, the measures, and a sheet for each table."""
    facts = [(text, None, None, None) for text in (report.title, *period, *report.remarks)]
    measures = [
        (metric.name, shown(metric.now, metric.measure), shown(metric.before, metric.measure), difference(metric))
        for metric in report.metrics
    ]
    first = (Column(_("What")), Column(_("This period")), Column(_("A year before")), Column(_("Difference")))
    pages: dict[str, tuple[Sequence[Column], Sequence[Sequence[object]]]] = {
        _("Overview"): (first, [*measures, ("", None, None, None), *facts])
    }
    for table in report.tables:
        rows = [[_cell(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows]
        pages[table.title] = (table.columns, rows)
    return sheets.workbook(pages)


def _cell(value: object, column: Column) -> object:
    is_seconds = column.kind == Measure.DURATION and isinstance(value, int | float)
    return round(value / 60) if is_seconds and isinstance(value, int | float) else value
