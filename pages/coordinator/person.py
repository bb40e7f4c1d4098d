"""One person: data, sign-in, links, remarks, and the whole history on one page."""

import streamlit as st

from core.access import NotFound
from core.db import read
from core.i18n import _, day
from core.queries import dossiers, people
from core.vocabulary import Party, PayerKind, Role
from pages.shared import (
    account_statement,
    cards,
    file_account,
    file_history,
    file_merge,
    file_person,
    file_remarks,
    own_record,
    people_rows,
)
from pages.shared.access import require

signed_in = require(Role.COORDINATOR)
text = st.query_params.get("id", "")
person_id = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
try:
    with read() as db:
        shown = dossiers.person(db, signed_in.actor, person_id)
        alike = people.doubles_of(db, signed_in.actor, person_id)
except NotFound:
    st.title(_("A person"), anchor=False)
    st.info(_("This person is not known. Search under «People and institutions»."), icon=":material/person_search:")
    st.page_link("coordinator/people.py", label=_("People and institutions"), icon=":material/group:")
    st.stop()
st.page_link("coordinator/people.py", label=_("People and institutions"), icon=":material/arrow_back:")
st.title(cards.plain(shown.name), anchor=False)
st.caption(_("known since {date}").format(date=day(shown.created_at.date())))
if shown.merged_into_id:
    st.warning(_("This was a double and was merged into another person."), icon=":material/call_merge:")
    st.page_link(
        "coordinator/person.py",
        label=_("Open that person"),
        icon=":material/arrow_forward:",
        query_params={"id": str(shown.merged_into_id)},
    )
if alike:
    with st.expander(_("Likely known twice"), icon=":material/people_alt:", expanded=True):
        for row in alike:
            people_rows.person(row)
details, year, account, history, remarks, merging = st.tabs(
    [_("Data"), _("School year"), _("Statement of account"), _("History"), _("Remarks"), _("Merge a double")],
    key="person_tabs",
    on_change="rerun",
)
if details.open:
    with details:
        first, second = st.columns(2)
        with first:
            file_person.data(shown)
        with second:
            file_account.section(shown.account, Party.PERSON, shown.person_id)
            file_person.links(shown.links)
if year.open:
    with year:
        own_record.section(signed_in.actor, person_id)
if account.open:
    with account:
        payer = (PayerKind.PERSON, person_id)
        account_statement.draw(signed_in.actor, payer, f"/download/person/{person_id}/statement.pdf")
if history.open:
    with history:
        file_history.section(signed_in.actor, Party.PERSON, shown.person_id)
if remarks.open:
    with remarks:
        file_remarks.section(signed_in.actor, Party.PERSON, shown.person_id)
if merging.open and not shown.merged_into_id:
    with merging:
        file_merge.section(signed_in.actor, Party.PERSON, shown.person_id, shown.name)
file_person.end_dialog(shown.links)
file_person.link_dialog(shown.person_id)
