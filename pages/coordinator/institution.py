"""One institution: data, who may name it as payer, where notes go, its account and staff, the whole history."""

import streamlit as st

from core.access import NotFound
from core.db import read
from core.i18n import _
from core.queries import dossiers, institutions
from core.vocabulary import Party, PayerKind, Role
from pages.shared import (
    account_statement,
    cards,
    file_account,
    file_history,
    file_institution,
    file_merge,
    file_person,
    file_remarks,
    paging,
    school_details,
    school_record,
)
from pages.shared.access import require

signed_in = require(Role.COORDINATOR)
STAFF = 20
text = st.query_params.get("id", "")
institution_id = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
page = paging.current("staff_page")
try:
    with read() as db:
        shown = institutions.one(db, signed_in.actor, institution_id)
        account = dossiers.account_of(db, signed_in.actor, Party.INSTITUTION, institution_id)
        staff = dossiers.staff(db, signed_in.actor, institution_id, page=page, size=STAFF)
        links = dossiers.count_staff(db, signed_in.actor, institution_id)
except NotFound:
    st.title(_("An institution"), anchor=False)
    st.info(_("This institution is not known. Search under «People and institutions»."), icon=":material/search:")
    st.page_link("coordinator/people.py", label=_("People and institutions"), icon=":material/group:")
    st.stop()
st.page_link(
    "coordinator/people.py",
    label=_("People and institutions"),
    icon=":material/arrow_back:",
    query_params={"wie": Party.INSTITUTION.value},
)
st.title(cards.plain(shown.name), anchor=False)
st.caption(cards.plain(cards.address(shown.street, shown.postcode, shown.city)))
if shown.merged_into_id:
    st.warning(_("This was a double and was merged into another institution."), icon=":material/call_merge:")
    st.page_link(
        "coordinator/institution.py",
        label=_("Open that institution"),
        icon=":material/arrow_forward:",
        query_params={"id": str(shown.merged_into_id)},
    )
details, people, year, account_tab, history, remarks, merging = st.tabs(
    [
        _("Data"),
        _("Participants"),
        _("School year"),
        _("Statement of account"),
        _("History"),
        _("Remarks"),
        _("Merge a double"),
    ],
    key="institution_tabs",
    on_change="rerun",
)
if details.open:
    with details:
        first, second = st.columns(2)
        with first:
            file_institution.data(institution_id, shown)
        with second:
            file_account.section(account, Party.INSTITUTION, institution_id)
            file_institution.billing(institution_id, shown)
        school_details.contacts(shown, institution_id)
if people.open:
    with people:
        file_institution.staff(staff)
        paging.pages(links, STAFF, "staff_page")
if year.open:
    with year:
        school_record.of_school(signed_in.actor, institution_id)
if account_tab.open:
    with account_tab:
        payer = (PayerKind.INSTITUTION, institution_id)
        account_statement.draw(signed_in.actor, payer, f"/download/institution/{institution_id}/statement.pdf")
if history.open:
    with history:
        file_history.section(signed_in.actor, Party.INSTITUTION, institution_id)
if remarks.open:
    with remarks:
        file_remarks.section(signed_in.actor, Party.INSTITUTION, institution_id)
if merging.open and not shown.merged_into_id:
    with merging:
        file_merge.section(signed_in.actor, Party.INSTITUTION, institution_id, shown.name)
file_person.end_dialog(staff)
