"""The catalogue: search, filters, cards. Everything chosen is in the address, so that it can be shared."""

import math

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.labels import icon
from core.queries import courses
from core.queries.courses import Sort
from pages.shared import cards, filters
from pages.shared.access import public

public()
PAGE_SIZE = 12
FILTERS = ("zoek", "niveau", "vak", "thema", "vorm", "periode", "vrij", "prijs", "blad")
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
wanted = filters.draw(counts, query or "", first_page)
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
