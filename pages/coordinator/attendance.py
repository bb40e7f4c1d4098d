"""«Aanwezigheden»: the course days, and the list of one to tap who is there or to type in from paper."""

import streamlit as st

from core import clock
from core.access import NotFound
from core.db import read
from core.i18n import _, ngettext
from core.queries import attendance
from core.queries.attendance import When
from core.vocabulary import CoordinatorRole, Role
from pages.shared import access, address, paging, presence_days, presence_list
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE = 20, "day_page"
CHOICES = {"dag": Choice(int), "wanneer": Choice(When, When.TODAY)}


def first_page() -> None:
    """Callback: another list begins at its first page."""
    paging.first(PAGE)


address.adopt(CHOICES)
day_id: int | None = st.session_state.get("dag")
if day_id is not None:
    address.tell(CHOICES)
    try:
        with read() as db:
            day = attendance.of_day(db, signed_in.actor, day_id)
    except NotFound:
        st.title(_("This course day was not found"), anchor=False)
        st.page_link("coordinator/attendance.py", label=_("All course days"), icon=":material/arrow_back:")
        st.stop()
    st.page_link("coordinator/attendance.py", label=_("All course days"), icon=":material/arrow_back:")
    presence_days.heading(day)
    with st.container(horizontal=True):
        presence_days.print_button(day)
        st.page_link(
            "coordinator/course.py",
            label=_("Open the course"),
            icon=":material/groups:",
            query_params={"id": str(day.course_id)},
        )
    may_note = signed_in.coordinator_role is not CoordinatorRole.READER
    presence_list.draw(day_id, signed_in.actor, access.actor, may_note=may_note)
    st.stop()

st.title(_("Attendance"), anchor=False)
st.segmented_control(
    _("Which course days"),
    list(When),
    key="wanneer",
    required=True,
    format_func=presence_days.name_of,
    label_visibility="collapsed",
    on_change=first_page,
)
address.tell(CHOICES)
when = When(st.session_state["wanneer"])
with read() as db:
    found = attendance.days(db, signed_in.actor, when, page=paging.current(PAGE), size=PAGE_SIZE)
st.caption(ngettext("{count} course day", "{count} course days", found.total))
if not found.total:
    st.info(presence_days.nothing(when, clock.today()), icon=":material/event_available:")
for row in found.rows:
    presence_days.row(row, "coordinator/attendance.py")
paging.pages(found.total, PAGE_SIZE, PAGE)
