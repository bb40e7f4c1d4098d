"""Charts that can be read at a glance; what they show stands in words beside them."""

from collections.abc import Mapping

import streamlit as st

from core.i18n import number

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
