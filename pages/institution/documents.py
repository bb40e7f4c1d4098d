"""«Onze documenten»: notes and their state, certificates, the school year at a glance (R24, R39, R40)."""

import streamlit as st

from core.db import read
from core.i18n import _
from core.queries import paid_enrolments
from core.queries.paid_enrolments import Wanted
from core.vocabulary import Role
from pages.shared import account_statement, address, paging, school_documents, school_filters, school_record
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.INSTITUTION)
PARTS = {
    "notas": _("Debit and credit notes"),
    "rekening": _("Statement of account"),
    "attesten": _("Certificates"),
    "schooljaar": _("School year"),
}
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
if part == "rekening":
    address.tell(CHOICES)
    account_statement.draw(signed_in.actor, None)
    st.stop()
is_year = part == "schooljaar"
if not is_year:
    school_filters.draw("persoon", "cursus", "jaar", all_years, first_page)
elif all_years:
    school_filters.only_school_year("jaar", all_years)
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
        school_record.draw(signed_in.actor, wanted.school_year)
    case _notes:
        school_documents.notes(signed_in.actor, wanted)
