"""Charts that can be read at a glance; what they show stands in words beside them."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.i18n import number


def bars(values: Mapping[str, float], *, name: str, unit: str) -> None:
    """Horizontal bars, the longest first. `name` and `unit` say what is counted, also to who cannot see the chart."""
    frame = pd.DataFrame({name: list(values), unit: list(values.values())})
    words = ", ".join(f"{label}: {number(round(value, 1))}" for label, value in values.items())
    st.bar_chart(
        frame,
        x=name,
        y=unit,
        x_label=unit,
        y_label="",
        horizontal=True,
        sort=f"-{unit}",
        height=60 + 36 * len(values),
        alt=f"{unit}: {words}",
    )
