"""Payments: read bank files, see what was placed by itself, place what is not certain, undo; credit that is kept."""

from collections.abc import Callable

import streamlit as st

from core.db import read
from core.i18n import _, day, number
from core.queries import payments
from core.queries.payments import Found
from core.vocabulary import CoordinatorRole, Role
from pages.shared import address, bank_dialogs, bank_reading, bank_rows, paging
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.bank_rows import View
from pages.shared.feedback import refusal

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE = 20, "payments_page"
CHOICES = {"lijst": Choice(View, View.WAITING)}
actor = signed_in.actor
can_place = signed_in.coordinator_role is CoordinatorRole.FINANCE

address.adopt(CHOICES)
with read() as db:
    waiting = payments.count_waiting(db, actor)
    newest = payments.newest_booked(db)

st.title(_("Payments"), anchor=False)
if newest is None:
    st.caption(_("No bank file has been read yet."))
else:
    st.caption(_("The bank files run until {day}.").format(day=day(newest)))
if can_place:
    bank_reading.draw()
else:
    st.info(_("Only accounts with the role «finance» read bank files and place payments."), icon=":material/lock:")
view = View(
    st.segmented_control(
        _("Which list?"),
        list(View),
        required=True,
        format_func=lambda each: bank_rows.name_of(each) + (f" ({number(waiting)})" if each is View.WAITING else ""),
        key="lijst",
        label_visibility="collapsed",
        on_change=paging.first,
        args=(PAGE,),
    )
)
address.tell(CHOICES)
refusal(bank_rows.PLACE)
text = ""
if view is View.PLACED:
    text = st.text_input(
        _("Search by payer, note number or account"),
        key="payments_search",
        type="search",
        placeholder=_("Part of it is enough"),
        live=True,
        on_change=paging.first,
        args=(PAGE,),
    )
LISTS: dict[View, Callable[..., Found]] = {
    View.WAITING: payments.waiting,
    View.PLACED: lambda db, who, **part: payments.placed(db, who, text, **part),
    View.CREDITS: payments.credits_kept,
    View.FILES: payments.files,
}
with read() as db:
    found = LISTS[view](db, actor, page=paging.current(PAGE), size=PAGE_SIZE)
bank_rows.draw(view, found, can_place=can_place)
paging.pages(found.total, PAGE_SIZE, PAGE)
if can_place:
    bank_dialogs.draw(actor)
