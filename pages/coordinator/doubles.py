"""Likely doubles of the whole house: compare and merge them, or say that they are none (D12)."""

import streamlit as st

from core.db import read
from core.i18n import _
from core.queries import doubles
from core.vocabulary import Party, Role
from pages.shared import address, double_rows, paging
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.feedback import refusal

signed_in = require(Role.COORDINATOR)
PAGE_SIZE = 10
CHOICES = {"wie": Choice(Party, Party.PERSON), "welke": Choice(empty="")}


def first_page() -> None:
    """Callback: another list begins at its first page."""
    paging.first("doubles_page")


address.adopt(CHOICES)
st.page_link("coordinator/people.py", label=_("People and institutions"), icon=":material/arrow_back:")
st.title(_("Likely doubles"), anchor=False)
st.caption(_("Looked for every night: the same name with the same year of birth, telephone or school."))
with read() as db:
    waiting = doubles.count(db, signed_in.actor)
names = {Party.PERSON: _("Participants"), Party.INSTITUTION: _("Institutions")}
with st.container(horizontal=True, vertical_alignment="center"):
    party = st.segmented_control(
        _("Whom?"),
        list(Party),
        required=True,
        format_func=lambda each: f"{names[each]} ({waiting[each]})",
        key="wie",
        label_visibility="collapsed",
        on_change=first_page,
    )
    which = st.segmented_control(
        _("Which ones?"),
        ["", "geen"],
        required=True,
        format_func={"": _("To look at"), "geen": _("No double")}.get,
        key="welke",
        label_visibility="collapsed",
        on_change=first_page,
    )
address.tell(CHOICES)
is_dismissed = which == "geen"
with read() as db:
    found = doubles.page(
        db,
        signed_in.actor,
        party,
        is_dismissed=is_dismissed,
        page=paging.current("doubles_page"),
        size=PAGE_SIZE,
    )
refusal("doubles")
for each in found.rows:
    double_rows.row(each)
if not found.total:
    st.success(_("Nobody was set apart.") if is_dismissed else _("No likely doubles."), icon=":material/done_all:")
paging.pages(found.total, PAGE_SIZE, "doubles_page")
double_rows.dialog(signed_in.actor, party)
