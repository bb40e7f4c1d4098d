"""A report on the screen: the measures, the charts, and the table behind them."""

import streamlit as st

from core.documents.reports import Good, Measure, Metric, Report, Table, at_a_glance, difference, shown
from core.i18n import _
from pages.shared import cards, charts

_COLOURS = {Good.MORE: "normal", Good.LESS: "inverse", Good.NEITHER: "off"}


def draw(report: Report) -> None:
    """Everything of a report, the most telling first."""
    with st.grid(3, min_column_width=220):
        for metric in report.metrics:
            _metric(metric)
    for chart in report.charts:
        st.subheader(chart.title, anchor=False)
        if any(chart.now) or any(chart.before):
            charts.compared(chart)
        else:
            st.info(_("Nothing in this period, and nothing a year before."), icon=":material/monitoring:")
    for table in report.tables:
        with st.expander(table.title, icon=":material/table:", expanded=False):
            _table(table)
    for remark in report.remarks:
        st.caption(remark)


def _metric(metric: Metric) -> None:
    """A number, its difference with the year before, and that year's number."""
    with st.container(border=True, gap="xxsmall", height="stretch"):
        st.metric(
            metric.name,
            at_a_glance(metric.now, metric.measure),
            delta=difference(metric),
            delta_color=_COLOURS[metric.good],
        )
        st.caption(_("a year before: {value}").format(value=at_a_glance(metric.before, metric.measure)))


def _table(table: Table) -> None:
    """The numbers as they are read; names to the left, numbers to the right."""
    lines = [
        [column.heading for column in table.columns],
        ["---" if column.kind == "text" else "--:" for column in table.columns],
        *([_words(value, column.kind) for value, column in zip(row, table.columns, strict=True)] for row in table.rows),
    ]
    st.markdown("\n".join(f"| {' | '.join(cells)} |" for cells in lines))


def _words(value: object, kind: str) -> str:
    if kind != "text" and (value is None or isinstance(value, int | float)):
        return shown(value, Measure(kind))
    return cards.plain(str(value)).replace("|", "\\|")
