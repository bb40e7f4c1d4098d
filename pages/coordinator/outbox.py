"""Outgoing mail: what waits, what left, what failed and why, and what leaves by itself in the coming 14 days."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext, number
from core.labels import label
from core.queries import coming, outbox
from core.vocabulary import ComingKind, Role
from pages.shared import address, leaving, outgoing, paging
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.outgoing import View

signed_in = require(Role.COORDINATOR)
PAGE_SIZE = 25
CHOICES = {"lijst": Choice(View, View.WAITING), "soort": Choice(ComingKind, ComingKind.DEBIT_NOTE)}


def first_page() -> None:
    """Callback: another list begins at its first page."""
    paging.first("outbox_page")


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
page = paging.current("outbox_page")
if view is View.COMING:
    with read() as db:
        numbers = coming.counts(db, signed_in.actor, leaving.DAYS)
    kind = st.segmented_control(
        _("Kind"),
        list(ComingKind),
        required=True,
        format_func=lambda each: f"{label(each)} ({number(numbers[each])})",
        key="soort",
        label_visibility="collapsed",
        on_change=first_page,
    )
    address.tell(CHOICES)
    with read() as db:
        rows = coming.coming(db, signed_in.actor, kind, leaving.DAYS, page=page, size=PAGE_SIZE).rows
    total = numbers[kind]
    st.caption(leaving.meaning(kind))
    if not total:
        st.info(_("Nothing of this kind leaves in the coming 14 days."), icon=":material/event_available:")
    leaving.draw(rows)
    leaving.dialog(signed_in.actor, rows)
else:
    address.tell(CHOICES)
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
paging.pages(total, PAGE_SIZE, "outbox_page")
