"""Charts that can be read at a glance; what they show stands in words beside them."""

from collections.abc import Mapping

import streamlit as st

from core.documents.reports import Chart, Measure, shown
from core.i18n import _, number
from core.money import euro

_ROW = 46  # pixels of a bar with its name above it
_SPEC = {
    "encoding": {"y": {"field": "name", "type": "nominal", "sort": None, "axis": None}},
    "layer": [
        {
            "mark": {"type": "bar", "height": 14, "yOffset": 10, "cornerRadius": 3},
            "encoding": {"x": {"field": "value", "type": "quantitative", "axis": None}},
        },
        {
            "mark": {"type": "text", "align": "left", "yOffset": -8, "fontSize": 14, "limit": 0},
            "encoding": {"x": {"datum": 0}, "text": {"field": "words", "type": "nominal"}},
        },
    ],
}


def bars(values: Mapping[str, float], *, unit: str) -> None:
    """Horizontal bars, each with its name and number above it, in the order given.

    `unit` says what is counted, to who cannot see the chart.
    """
    words = {name: f"{name}: {number(round(value, 1))}" for name, value in values.items()}
    st.vega_lite_chart(
        [{"name": name, "value": value, "words": words[name]} for name, value in values.items()],
        _SPEC,
        height=_ROW * len(values),
        alt=f"{unit}: {', '.join(words.values())}",
    )


def amounts(values: Mapping[str, int], *, unit: str) -> None:
    """The same of amounts in cents."""
    words = {name: f"{name}: {euro(cents)}" for name, cents in values.items()}
    st.vega_lite_chart(
        [{"name": name, "value": cents / 100, "words": words[name]} for name, cents in values.items()],
        _SPEC,
        height=_ROW * len(values),
        alt=f"{unit}: {', '.join(words.values())}",
    )


#: Thousands with a point, whatever the browser's language.
_AXIS = "replace(format(datum.value, ',~f'), regexp(',', 'g'), '.')"
_TICKS = {
    Measure.NUMBER: _AXIS,
    Measure.EURO: f"'€ ' + {_AXIS}",
    Measure.PERCENT: f"{_AXIS} + ' %'",
    Measure.DURATION: f"{_AXIS} + ' min'",
}
#: What a value is divided by before it is drawn: cents to euros, parts to percents, seconds to minutes.
_UNITS = {Measure.NUMBER: 1.0, Measure.EURO: 100.0, Measure.PERCENT: 0.01, Measure.DURATION: 60.0}
_NOW, _BEFORE = "#1d4f91", "#b9cbe3"
_BAR, _COLUMNS = 44, 280  # pixels of a group of two bars, and of a chart over time


def compared(chart: Chart) -> None:
    """Two bars a name: this period, and a year before in a lighter colour; over time as columns."""
    series = (_("This period"), _("A year before"))
    rows = [
        {"name": name, "series": which, "value": value / _UNITS[chart.measure], "words": shown(value, chart.measure)}
        for which, values in zip(series, (chart.now, chart.before), strict=True)
        for name, value in zip(chart.names, values, strict=True)
        if value is not None
    ]
    told = [
        f"{name}: {shown(now, chart.measure)} ({shown(before, chart.measure)})"
        for name, now, before in zip(chart.names, chart.now, chart.before, strict=True)
    ]
    st.vega_lite_chart(
        rows,
        _compared_spec(chart, series),
        height=_COLUMNS if chart.is_timeline else _BAR * len(chart.names) + 60,
        alt=_("{title}; in brackets a year before. {values}").format(title=chart.title, values=", ".join(told)),
    )


def _compared_spec(chart: Chart, series: tuple[str, str]) -> dict[str, object]:
    """Columns from left to right over time, bars from top to bottom for groups."""
    name = {"field": "name", "type": "nominal", "sort": None, "title": None}
    name["axis"] = {"labelAngle": -40 if len(chart.names) > 6 else 0} if chart.is_timeline else {"labelLimit": 260}
    amount = {"field": "value", "type": "quantitative", "title": None}
    amount["axis"] = {"labelExpr": _TICKS[chart.measure], "tickCount": 5}
    if chart.measure is Measure.NUMBER:
        amount["axis"]["tickMinStep"] = 1
    within = {"field": "series", "sort": [series[1], series[0]] if chart.is_timeline else list(series)}
    along, across, offset = ("x", "y", "xOffset") if chart.is_timeline else ("y", "x", "yOffset")
    return {
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            along: name,
            across: amount,
            offset: within,
            "color": {
                "field": "series",
                "scale": {"domain": list(series), "range": [_NOW, _BEFORE]},
                "legend": {"orient": "top", "title": None},
            },
            "tooltip": [
                {"field": "name", "title": " "},
                {"field": "series", "title": " "},
                {"field": "words", "title": " "},
            ],
        },
    }
