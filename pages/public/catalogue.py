"""The catalogue: search, filters, cards. Everything chosen is in the address, so that it can be shared."""

import math
from datetime import timedelta

import streamlit as st

from core import clock
from core.db import read
from core.i18n import _, ngettext
from core.labels import icon, label
from core.queries import courses
from core.queries.courses import CourseFilter, Form, Sort
from core.vocabulary import Level, Subject, Theme
from pages.shared import cards
from pages.shared.access import public

public()
PAGE_SIZE = 12
FILTERS = ("zoek", "niveau", "vak", "thema", "vorm", "periode", "vrij", "prijs", "blad")
PERIODS = {"1m": 31, "3m": 92, "6m": 183}
SORTS = {
    Sort.DATE: _("Soonest first"),
    Sort.NEWEST: _("Newest first"),
    Sort.TITLE: _("By title"),
    Sort.PRICE: _("By price"),
}


def clear() -> None:
    """Callback: look for everything again."""
    for key in FILTERS:
        st.session_state[key] = {"zoek": "", "vrij": False, "blad": 1}.get(
            key, [] if key in ("niveau", "vak", "thema") else None
        )


def first_page() -> None:
    """Callback of every filter: begin at the first page again."""
    st.session_state["blad"] = 1


st.title(_("Find a course"), anchor=False)
with read() as db:
    counts = courses.counts(db)

query = st.text_input(
    _("Search"),
    key="zoek",
    type="search",
    live=True,
    placeholder=_("Title, subject, teacher, town or code"),
    label_visibility="collapsed",
    bind="query-params",
    on_change=first_page,
)
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
        _("Highest price (€)"), min_value=0, step=50, value=None, key="prijs", bind="query-params", on_change=first_page
    )
    has_places = st.toggle(_("Only with places left"), key="vrij", bind="query-params", on_change=first_page)

wanted = CourseFilter(
    text=query or "",
    levels=tuple(levels),
    subjects=tuple(subjects),
    themes=tuple(themes),
    form=form,
    until_day=clock.today() + timedelta(days=PERIODS[period]) if period else None,
    has_places=has_places,
    highest_cents=int(highest) * 100 if highest is not None else None,
)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    summary = st.empty()
    sort = st.selectbox(
        _("Sort"),
        list(SORTS),
        format_func=SORTS.get,
        key="sorteer",
        bind="query-params",
        label_visibility="collapsed",
        width=220,
    )
with read() as db:
    found = courses.search(db, wanted, sort, page=st.session_state.get("blad") or 1, page_size=PAGE_SIZE)
summary.markdown(f"**{ngettext('{count} course', '{count} courses', found.total)}**")
if not found.total:
    st.info(_("No course fits. Try fewer words or filters."), icon=":material/search_off:")
    st.button(_("Clear all filters"), key="clear_filters", on_click=clear, icon=":material/filter_alt_off:")
with st.grid(3, min_column_width=300):
    for row in found.rows:
        cards.course(row, icon)
pages = math.ceil(found.total / PAGE_SIZE)
if pages > 1:
    with st.container(horizontal_alignment="center"):
        st.pagination(pages, key="blad", bind="query-params")
