"""All courses of CNO: find, filter, see how full they are, open one, make a new one."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.queries import course_list, saved_views
from core.queries.course_list import Order, When
from core.vocabulary import CourseStatus, ImportPurpose, Occupancy, Role
from pages.shared import address, course_lines, kept_views, paging
from pages.shared.access import require

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE = 20, "course_page"
WHEN = {When.COMING: _("Coming and going on"), When.PAST: _("Past"), When.ALL: _("All")}
ORDERS = {
    Order.SOONEST: _("Soonest first"),
    Order.LATEST: _("Latest first"),
    Order.EMPTIEST: _("Emptiest first"),
    Order.FULLEST: _("Fullest first"),
    Order.TITLE: _("By title"),
    Order.CODE: _("By code"),
    Order.CHANGED: _("Newest first"),
}
VIEWS = {
    _("Coming courses"): {},
    _("Below the minimum"): {"bezetting": [Occupancy.BELOW_MINIMUM]},
    _("Full or with a waiting list"): {"bezetting": [Occupancy.FULL, Occupancy.WAITING]},
    _("In preparation"): {"toestand": [CourseStatus.DRAFT], "periode": [When.ALL]},
    _("Cancelled"): {"toestand": [CourseStatus.CANCELLING, CourseStatus.CANCELLED], "periode": [When.ALL]},
}


def first_page() -> None:
    """Callback of every choice: another list begins at its first page."""
    paging.first(PAGE)


address.adopt(course_lines.CHOICES)
with read() as db:
    teachers = course_list.teachers(db, signed_in.actor)
    kept = saved_views.own(db, signed_in.actor, "courses")

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title(_("Courses"), anchor=False, width="content")
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        st.page_link("coordinator/teachers.py", label=_("Teachers"), icon=":material/co_present:")
        st.page_link(
            "coordinator/imports.py",
            label=_("Import a list"),
            icon=":material/upload_file:",
            query_params={"wat": ImportPurpose.COURSES},
        )
        st.page_link("coordinator/course_edit.py", label=f"**{_('New course')}**", icon=":material/add:")
with st.container(horizontal=True, vertical_alignment="bottom"):
    st.text_input(
        _("Search"),
        key="zoek",
        type="search",
        live=True,
        placeholder=_("Title, code, teacher or town"),
        label_visibility="collapsed",
        on_change=first_page,
    )
    kept_views.draw("courses", course_lines.CHOICES, VIEWS, kept, first_page)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.segmented_control(
        _("Period"),
        list(WHEN),
        required=True,
        format_func=WHEN.get,
        key="periode",
        label_visibility="collapsed",
        on_change=first_page,
    )
    st.selectbox(
        _("Sort"),
        list(ORDERS),
        format_func=ORDERS.get,
        key="sorteer",
        label_visibility="collapsed",
        width=220,
        on_change=first_page,
    )
course_lines.filters(teachers, first_page)
address.tell(course_lines.CHOICES)
wanted = course_lines.wanted()
with read() as db:
    found = course_list.courses(
        db, signed_in.actor, wanted, st.session_state["sorteer"], page=paging.current(PAGE), size=PAGE_SIZE
    )
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    with st.container(horizontal=True, width="content", vertical_alignment="center"):
        st.markdown(f"**{ngettext('{count} course', '{count} courses', found.total)}**", width="content")
        if wanted.text or course_lines.chosen():
            st.button(
                _("Clear all filters"),
                key="clear_course_filters",
                type="tertiary",
                icon=":material/filter_alt_off:",
                on_click=course_lines.clear,
            )
    course_lines.legend()
if not found.total:
    st.info(_("No course fits. Try fewer words or filters."), icon=":material/search_off:")
for row in found.rows:
    course_lines.line(row)
paging.pages(found.total, PAGE_SIZE, PAGE)
