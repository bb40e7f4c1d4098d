"""Outgoing mail: what waits, what left, what failed and why, and what leaves in the coming 14 days."""

import math

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.queries import billing, outbox
from core.vocabulary import Role
from pages.shared import address, outgoing
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.outgoing import View

signed_in = require(Role.COORDINATOR)
PAGE_SIZE = 25
CHOICES = {"lijst": Choice(View, View.WAITING)}


def first_page() -> None:
    """Callback: another list begins at its first page."""
    st.session_state["outbox_page"] = 1


address.adopt(CHOICES)
st.title(_("Outgoing mail"), anchor=False)
view = st.segmented_control(
    _("View"),
    list(View),
    required=True,
    format_func=outgoing.name_of,
    key="lijst",
    label_visibility="collapsed",
    on_change=first_page,
)
address.tell(CHOICES)
page = st.session_state.get("outbox_page") or 1
if view is View.COMING:
    with read() as db:
        total = billing.count_coming(db, outgoing.COMING_DAYS)
        due = billing.coming_debit_notes(db, outgoing.COMING_DAYS, page=page, size=PAGE_SIZE)
    st.caption(ngettext("{count} debit note leaves", "{count} debit notes leave", total))
    if not total:
        st.info(_("No debit notes leave in the coming 14 days."), icon=":material/receipt_long:")
    outgoing.coming(due)
else:
    text = st.text_input(
        _("Search"),
        key="outbox_search",
        type="search",
        live=True,
        placeholder=_("Address or subject"),
        label_visibility="collapsed",
        on_change=first_page,
    )
    with read() as db:
        found = outbox.mails(db, signed_in.actor, outgoing.STATES[view], text=text or "", page=page, size=PAGE_SIZE)
    total = found.total
    st.caption(ngettext("{count} mail", "{count} mails", total))
    if not total:
        st.info(_("No mails here."), icon=":material/mark_email_read:")
    for row in found.rows:
        outgoing.mail(row, signed_in.actor)
if total > PAGE_SIZE:
    st.pagination(math.ceil(total / PAGE_SIZE), key="outbox_page")
