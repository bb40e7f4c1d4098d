"""The catalogue: search, filters, cards. Everything chosen is in the address, so that it can be shared."""

import math

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.queries import courses
from core.queries.courses import Sort
from pages.shared import address, cards, filters
from pages.shared.access import public

public()
PAGE_SIZE = 12
SORTS = {
    Sort.DATE: _("Soonest first"),
    Sort.NEWEST: _("Newest first"),
    Sort.TITLE: _("By title"),
    Sort.PRICE: _("By price"),
}


def first_page() -> None:
    """Callback of every filter: begin at the first page again."""
    st.session_state["blad"] = 1


if address.adopt(filters.CHOICES) or "_counts" not in st.session_state:
    with read() as db:  # once a visit: the browser names a choice by its label, which holds the count
        st.session_state["_counts"] = courses.counts(db)
st.title(_("Find a course"), anchor=False)
st.markdown(_("In-service training for teachers, heads and whole school teams. You sign in only to enrol."))
query = st.text_input(
    _("Search"),
    key="zoek",
    type="search",
    live=True,
    placeholder=_("Title, subject, teacher, town or code"),
    label_visibility="collapsed",
    on_change=first_page,
)
wanted = filters.draw(st.session_state["_counts"], query or "", first_page)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        summary = st.empty()
        if query or filters.chosen():
            st.button(
                _("Clear all filters"),
                key="clear_filters",
                type="tertiary",
                icon=":material/filter_alt_off:",
                on_click=filters.clear,
            )
    sort = st.selectbox(
        _("Sort"), list(SORTS), format_func=SORTS.get, key="sorteer", label_visibility="collapsed", width=220
    )
with read() as db:
    page = max(1, st.session_state["blad"])
    found = courses.search(db, wanted, sort, page=page, page_size=PAGE_SIZE)
    pages = math.ceil(found.total / PAGE_SIZE)
    if page > pages > 0:  # an old link
        page = pages
        found = courses.search(db, wanted, sort, page=page, page_size=PAGE_SIZE)
    st.session_state["blad"] = page
summary.markdown(f"**{ngettext('{count} course', '{count} courses', found.total)}**", width="content")
if not found.total:
    st.info(_("No course fits. Try fewer words or filters."), icon=":material/search_off:")
with st.grid(3, min_column_width=300):
    for row in found.rows:
        cards.course(row)
if pages > 1:
    with st.container(horizontal_alignment="center"):
        st.pagination(pages, key="blad")
st.session_state[filters.LATEST] = address.tell(filters.CHOICES)
