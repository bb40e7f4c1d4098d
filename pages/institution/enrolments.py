"""«Onze nascholingen»: every enrolment the institution pays, what is asked of it, and what it can do (R38, R42)."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.queries import paid_enrolments
from core.queries.paid_enrolments import Period, Wanted
from core.rules import school_year as years
from core.vocabulary import Role
from pages.shared import address, paging, payer_tasks, school_dialogs, school_rows
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.feedback import open_dialog

signed_in = require(Role.INSTITUTION)
PAGE_SIZE = 20
CHOICES = {
    "periode": Choice(Period, Period.COMING),
    "schooljaar": Choice(int),
    "cursist": Choice(empty=""),
    "nascholing": Choice(empty=""),
}
NAMES = {Period.COMING: _("Coming"), Period.PAST: _("Past and cancelled")}


def first_page() -> None:
    """Callback: another list begins at its first page."""
    paging.first("enrolment_page")


address.adopt(CHOICES)
with read() as db:
    all_years = paid_enrolments.school_years(db, signed_in.actor)
    requests = paid_enrolments.open_requests(db, signed_in.actor)
    unnamed = paid_enrolments.unnamed(db, signed_in.actor)

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title(_("Our courses"), anchor=False, width="content")
    st.page_link("public/catalogue.py", label=f"**{_('Enrol colleagues')}**", icon=":material/group_add:")
payer_tasks.draw(requests)
if unnamed:
    st.warning(
        ngettext("{count} reserved place has no name yet.", "{count} reserved places have no name yet.", unnamed),
        icon=":material/badge:",
    )
period = st.segmented_control(
    _("Period"),
    list(NAMES),
    required=True,
    format_func=NAMES.get,
    key="periode",
    label_visibility="collapsed",
    on_change=first_page,
)
with st.container(horizontal=True, vertical_alignment="bottom"):
    for key, label, hint in (
        ("cursist", _("Participant"), _("Part of a name")),
        ("nascholing", _("Course"), _("Title or code")),
    ):
        st.text_input(label, key=key, type="search", live=True, placeholder=hint, on_change=first_page, width=260)
    st.selectbox(
        _("School year"),
        [None, *all_years],
        format_func=lambda year: years.text(year) if year else _("All school years"),
        key="schooljaar",
        width=200,
        on_change=first_page,
    )
address.tell(CHOICES)
wanted = Wanted(
    period or Period.COMING,
    st.session_state["cursist"] or "",
    st.session_state["nascholing"] or "",
    st.session_state["schooljaar"],
)
with read() as db:
    found = paid_enrolments.paid(db, signed_in.actor, wanted, page=paging.current("enrolment_page"), size=PAGE_SIZE)
    chains = paid_enrolments.earlier_holders(db, signed_in.actor, found.rows)
picked = school_rows.picked()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.caption(ngettext("{count} enrolment", "{count} enrolments", found.total), width="content")
    if picked:
        st.button(
            ngettext("Cancel {count} chosen", "Cancel {count} chosen", len(picked)),
            key="cancel_picked",
            icon=":material/cancel:",
            on_click=open_dialog,
            args=("cancel", "picked"),
        )
if not found.total:
    st.info(
        _("Nothing here. Enrol colleagues from a course's page; those who name you as payer appear here too.")
        if wanted == Wanted()
        else _("Nothing fits. Try fewer words, another school year, or the other list."),
        icon=":material/event_available:",
    )
for row in found.rows:
    school_rows.draw(row, chains.get(row.enrolment_id, ()))
paging.pages(found.total, PAGE_SIZE, "enrolment_page")
school_dialogs.draw(signed_in)
