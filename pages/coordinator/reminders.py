"""Reminders of unpaid notes: what leaves at the next run, what does not and why, what to follow up, what was sent."""

import streamlit as st

from core.db import read
from core.i18n import _, number, weekday
from core.queries import reminders, reminders_sent
from core.queries.reminders import Shelf
from core.vocabulary import CoordinatorRole, Role
from pages.shared import address, paging, reminder_ladder, reminder_rows
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE = 20, "reminders_page"
CHOICES = {"lijst": Choice(Shelf, Shelf.LEAVES)}
actor = signed_in.actor
can_change = signed_in.coordinator_role is CoordinatorRole.FINANCE

address.adopt(CHOICES)
with read() as db:
    outlook = reminders.outlook(db, actor)

st.title(_("Reminders"), anchor=False)
reminder_rows.outlook(outlook)
if not can_change:
    st.info(_("Only accounts with the role «finance» hold reminders or change the steps."), icon=":material/lock:")
shelf = Shelf(
    st.segmented_control(
        _("Which list?"),
        list(Shelf),
        required=True,
        format_func=lambda each: (
            reminder_rows.name_of(each) + (f" ({number(outlook.counts[each])})" if each in outlook.counts else "")
        ),
        key="lijst",
        label_visibility="collapsed",
        on_change=paging.first,
        args=(PAGE,),
    )
)
address.tell(CHOICES)
st.caption(reminder_rows.meaning(shelf).format(day=weekday(outlook.on)))
page = paging.current(PAGE)
if shelf is Shelf.LADDER:
    reminder_ladder.draw(can_change=can_change)
elif shelf is Shelf.SENT:
    text = st.text_input(
        _("Search by payer or note number"),
        key="reminders_search",
        type="search",
        placeholder=_("Part of it is enough"),
        live=True,
        on_change=paging.first,
        args=(PAGE,),
    )
    with read() as db:
        found = reminders_sent.sent(db, actor, text or "", page=page, size=PAGE_SIZE)
    reminder_rows.sent(found)
    paging.pages(found.total, PAGE_SIZE, PAGE)
else:
    with read() as db:
        found = reminders.due(db, actor, shelf, page=page, size=PAGE_SIZE)
    reminder_rows.due(shelf, found, outlook, can_change=can_change)
    paging.pages(found.total, PAGE_SIZE, PAGE)
    if can_change:
        reminder_rows.hold_dialog(found)
