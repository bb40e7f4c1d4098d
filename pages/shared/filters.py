"""The filters of the catalogue, each with its counts and kept in the address."""

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from core import clock
from core.i18n import _
from core.labels import label
from core.queries.courses import Counts, CourseFilter, Form
from core.vocabulary import Level, Subject, Theme

PERIODS = {"1m": 31, "3m": 92, "6m": 183}


def draw(counts: Counts, text: str, first_page: Callable[[], None]) -> CourseFilter:
    """The filters; what they and the search text ask for. `first_page` is called on every change."""
    with st.expander(_("Filters"), icon=":material/tune:", key="filters"):
        first, second, third = st.columns(3)
        levels = first.multiselect(
            _("Level"),
            [level for level in Level if counts.levels.get(level)],
            format_func=lambda level: f"{label(level)} ({counts.levels[level]})",
            key="niveau",
            bind="query-params",
            placeholder=_("All levels"),
            on_change=first_page,
        )
        subjects = second.multiselect(
            _("Subject"),
            [subject for subject in Subject if counts.subjects.get(subject)],
            format_func=lambda subject: f"{label(subject)} ({counts.subjects[subject]})",
            key="vak",
            bind="query-params",
            placeholder=_("All subjects"),
            on_change=first_page,
        )
        themes = third.multiselect(
            _("Theme"),
            [theme for theme in Theme if counts.themes.get(theme)],
            format_func=lambda theme: f"{label(theme)} ({counts.themes[theme]})",
            key="thema",
            bind="query-params",
            placeholder=_("All themes"),
            on_change=first_page,
        )
        forms = {Form.CAMPUS: _("On campus"), Form.ONLINE: _("Online")}
        periods = {"1m": _("Within a month"), "3m": _("Within three months"), "6m": _("Within half a year")}
        form = first.segmented_control(
            _("Place"), list(forms), format_func=forms.get, key="vorm", bind="query-params", on_change=first_page
        )
        period = second.selectbox(
            _("Period"),
            list(periods),
            index=None,
            format_func=periods.get,
            key="periode",
            bind="query-params",
            placeholder=_("Any time"),
            on_change=first_page,
        )
        highest = third.number_input(
            _("Highest price (€)"),
            min_value=0,
            step=50,
            value=None,
            key="prijs",
            bind="query-params",
            on_change=first_page,
        )
        has_places = st.toggle(_("Only with places left"), key="vrij", bind="query-params", on_change=first_page)
    return CourseFilter(
        text=text,
        levels=tuple(levels),
        subjects=tuple(subjects),
        themes=tuple(themes),
        form=form,
        until_day=clock.today() + timedelta(days=PERIODS[period]) if period else None,
        has_places=has_places,
        highest_cents=int(highest) * 100 if highest is not None else None,
    )
