"""People and institutions: one box to find anybody in, forgiving a typing error; the best first."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.labels import label
from core.queries import people
from core.vocabulary import Party, Role, SignInState
from pages.shared import address, newcomers, paging, people_rows
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.COORDINATOR)
PAGE_SIZE = 20
CHOICES = {"wie": Choice(Party, Party.PERSON), "zoek_wie": Choice(empty=""), "aanmelden": Choice(SignInState)}


def first_page() -> None:
    """Callback: another list begins at its first page."""
    paging.first("who_page")


address.adopt(CHOICES)
st.title(_("People and institutions"), anchor=False)
with st.container(horizontal=True, vertical_alignment="center"):
    party = st.segmented_control(
        _("Whom?"),
        list(Party),
        required=True,
        format_func={Party.PERSON: _("Participants"), Party.INSTITUTION: _("Institutions")}.get,
        key="wie",
        label_visibility="collapsed",
        on_change=first_page,
    )
    text = st.text_input(
        _("Search"),
        key="zoek_wie",
        type="search",
        live=True,
        placeholder=_("Name, address (also a former one), telephone, school")
        if party is Party.PERSON
        else _("Name, town, postcode, number, KBO, billing address"),
        label_visibility="collapsed",
        on_change=first_page,
    )
    state: SignInState | None = st.selectbox(
        _("Signing in"),
        list(SignInState),
        index=None,
        format_func=label,
        key="aanmelden",
        placeholder=_("Signing in: all"),
        label_visibility="collapsed",
        width=220,
        on_change=first_page,
    )
with st.container(horizontal=True, vertical_alignment="center"):
    newcomers.buttons()
    st.page_link("coordinator/doubles.py", label=_("Likely doubles"), icon=":material/people_alt:")
address.tell(CHOICES)
page = paging.current("who_page")
if party is Party.PERSON:
    with read() as db:
        persons = people.persons(db, signed_in.actor, text or "", state=state, page=page, size=PAGE_SIZE)
    total, is_cut = persons.total, persons.is_cut
    if text or state:
        st.caption(ngettext("{count} participant found", "{count} participants found", total))
    else:
        st.caption(_("The newest participants. Type a part of a name or address to find anybody."))
    for person in persons.rows:
        people_rows.person(person)
else:
    with read() as db:
        schools = people.institutions(db, signed_in.actor, text or "", state=state, page=page, size=PAGE_SIZE)
    total, is_cut = schools.total, schools.is_cut
    st.caption(ngettext("{count} institution", "{count} institutions", total))
    for school in schools.rows:
        people_rows.institution(school)
if is_cut:
    st.info(_("More match than are shown here. Type more to narrow it down."), icon=":material/filter_list:")
if not total:
    st.info(_("Nobody found. Try part of the name, or another spelling."), icon=":material/person_search:")
paging.pages(total, PAGE_SIZE, "who_page")
newcomers.dialog(signed_in.actor)
