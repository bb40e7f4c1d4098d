"""What the reports have in common when they are put in words: steps of time, a table and a chart of them."""

from collections.abc import Sequence

from core.documents.reports import Amount, Chart, Measure, Table
from core.documents.sheets import Column
from core.i18n import _, day, day_and_month, month
from core.queries.reports.spans import Flow, Pair
from core.rules.periods import Span, Step


def period_words(span: Span) -> tuple[str, str]:
    """Which days are looked at, and which they are compared with."""
    if span.days == 0:
        return _("This period is still to come."), ""
    before = span.year_before()
    return (
        _("{first} to {last}").format(first=day(span.first), last=day(span.last)),
        _("compared with {first} to {last}").format(first=day(before.first), last=day(before.last)),
    )


def step_names(step: Step, spans: Sequence[Span]) -> tuple[str, ...]:
    """The steps of a period as a reader calls them."""
    match step:
        case Step.MONTH:
            return tuple(month(span.first) for span in spans)
        case Step.YEAR:
            return tuple(str(span.first.year) for span in spans)
        case Step.WEEK:
            return tuple(f"{day_and_month(span.first)} – {day_and_month(span.last)}" for span in spans)
        case Step.DAY:
            return tuple(day_and_month(span.first) for span in spans)


def heading(step: Step) -> str:
    """What a step is."""
    return {Step.DAY: _("Day"), Step.WEEK: _("Week"), Step.MONTH: _("Month"), Step.YEAR: _("Year")}[step]


def timeline(title: str, flow: Flow, measure: Measure = Measure.NUMBER) -> tuple[Chart, Table]:
    """A chart over time, and the table behind it with its total."""
    return timeline_of(title, flow.step, flow.spans, (flow.now, flow.before), measure, total=flow.total)


def timeline_of(
    title: str,
    step: Step,
    spans: Sequence[Span],
    values: tuple[Sequence[Amount], Sequence[Amount]],
    measure: Measure,
    *,
    total: Pair[int] | None = None,
) -> tuple[Chart, Table]:
    """The same from numbers that are no counts, without a total when none is given."""
    names = step_names(step, spans)
    chart = Chart(title, names, tuple(values[0]), tuple(values[1]), measure, is_timeline=True)
    rows = [(name, now, before, _less(now, before)) for name, now, before in zip(names, *values, strict=True)]
    if total is not None:
        rows.append((_("Total"), total.now, total.before, _less(total.now, total.before)))
    return chart, Table(title, columns(heading(step), measure), tuple(rows))


def groups(
    title: str, name: str, rows: Sequence[tuple[str, Amount, Amount]], measure: Measure = Measure.NUMBER
) -> tuple[Chart, Table]:
    """A chart of groups and the table behind it, in the order given; `name` is what the groups are."""
    names, now, before = zip(*rows, strict=True) if rows else ((), (), ())
    table = Table(title, columns(name, measure), tuple((*row, _less(row[1], row[2])) for row in rows))
    return Chart(title, names, now, before, measure), table


def columns(first: str, measure: Measure = Measure.NUMBER) -> tuple[Column, ...]:
    """A name, this period, the year before, the difference."""
    kind = measure.value
    return (
        Column(first),
        Column(_("This period"), kind),
        Column(_("A year before"), kind),
        Column(_("Difference"), kind),
    )


def _less(now: Amount, before: Amount) -> Amount:
    return None if now is None or before is None else now - before
