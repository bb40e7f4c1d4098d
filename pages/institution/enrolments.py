"""«Onze nascholingen»: every enrolment the institution pays, what is asked of it, and what it can do (R38, R42)."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.queries import paid_enrolments, questions
from core.queries.paid_enrolments import Period, Wanted
from core.vocabulary import Role
from pages.shared import address, paging, payer_tasks, school_dialogs, school_filters, school_rows, subscribing
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.feedback import dialog_from_address, open_dialog

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


dialog_from_address({"annuleren": "cancel", "vervangen": "replace"})
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
    school_rows.unnamed_places(unnamed, period="periode", person="cursist")
period = st.segmented_control(
    _("Period"),
    list(NAMES),
    required=True,
    format_func=NAMES.get,
    key="periode",
    label_visibility="collapsed",
    on_change=first_page,
)
school_filters.draw("cursist", "nascholing", "schooljaar", all_years, first_page)
address.tell(CHOICES)
wanted = Wanted(
    period or Period.COMING,
    st.session_state["cursist"] or "",
    st.session_state["nascholing"] or "",
    st.session_state["schooljaar"],
)
with read() as db:
    found = paid_enrolments.paid(db, signed_in.actor, wanted, page=paging.current("enrolment_page"), size=PAGE_SIZE)
    filled_in = questions.answers(db, signed_in.actor, [row.enrolment_id for row in found.rows])
    chains = paid_enrolments.earlier_holders(db, signed_in.actor, found.rows)
picked = school_rows.picked()
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    count = ngettext("{count} enrolment", "{count} enrolments", found.total)
    hint = _("tick several to cancel them together") if found.total > 1 and wanted.period is Period.COMING else ""
    st.caption(" · ".join(filter(None, (count, hint))), width="content")
    if picked:
        st.button(
            ngettext("Cancel {count} chosen", "Cancel {count} chosen", len(picked)),
            key="cancel_picked",
            icon=":material/cancel:",
            on_click=open_dialog,
            args=("cancel", "picked"),
        )
if not found.total:
    if wanted != Wanted(wanted.period):
        nothing = _("Nothing fits. Try fewer words, another school year, or the other list.")
    elif wanted.period is Period.COMING:
        nothing = _("Nothing here. Enrol colleagues from a course's page; those who name you as payer appear here too.")
    else:
        nothing = _("Nothing here yet: courses that are over, and enrolments that were cancelled, come here.")
    st.info(nothing, icon=":material/event_available:")
for row in found.rows:
    school_rows.draw(row, chains.get(row.enrolment_id, ()), filled_in.get(row.enrolment_id, ()))
paging.pages(found.total, PAGE_SIZE, "enrolment_page")
subscribing.section(
    signed_in.actor,
    _("Who of your institution follows a course when, in your calendar; it is kept up to date by itself."),
)
school_dialogs.draw(signed_in)
