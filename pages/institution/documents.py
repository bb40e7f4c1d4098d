"""«Onze documenten»: notes and their state, certificates, the school year at a glance (R24, R39, R40)."""

import streamlit as st

from core.db import read
from core.i18n import _
from core.queries import paid_enrolments
from core.queries.paid_enrolments import Wanted
from core.rules import school_year as years
from core.vocabulary import Role
from pages.shared import address, paging, school_documents
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.INSTITUTION)
PARTS = {"notas": _("Debit and credit notes"), "attesten": _("Certificates"), "schooljaar": _("The school year")}
CHOICES = {
    "soort": Choice(lambda text: text if text in PARTS else "notas", "notas"),
    "jaar": Choice(int),
    "persoon": Choice(empty=""),
    "cursus": Choice(empty=""),
}


def first_page() -> None:
    """Callback: another list begins at its first page."""
    paging.first("note_page")
    paging.first("certificate_page")


address.adopt(CHOICES)
with read() as db:
    all_years = paid_enrolments.school_years(db, signed_in.actor)
st.title(_("Our documents"), anchor=False)
part = st.segmented_control(
    _("Kind"), list(PARTS), required=True, format_func=PARTS.get, key="soort", label_visibility="collapsed"
)
is_year = part == "schooljaar"
with st.container(horizontal=True, vertical_alignment="bottom"):
    if is_year and st.session_state["jaar"] is None and all_years:
        st.session_state["jaar"] = all_years[0]
    if not is_year:
        for key, label, hint in (
            ("persoon", _("Participant"), _("Part of a name")),
            ("cursus", _("Course"), _("Title or code")),
        ):
            st.text_input(label, key=key, type="search", live=True, placeholder=hint, on_change=first_page, width=260)
    st.selectbox(
        _("School year"),
        [*all_years] if is_year else [None, *all_years],
        format_func=lambda year: years.text(year) if year else _("All school years"),
        key="jaar",
        width=200,
        on_change=first_page,
    )
address.tell(CHOICES)
wanted = Wanted(
    person=st.session_state.get("persoon") or "",
    course=st.session_state.get("cursus") or "",
    school_year=st.session_state["jaar"],
)
match part:
    case "attesten":
        school_documents.certificates(signed_in.actor, wanted)
    case "schooljaar":
        school_documents.school_year(signed_in.actor, wanted.school_year)
    case _notes:
        school_documents.notes(signed_in.actor, wanted)
