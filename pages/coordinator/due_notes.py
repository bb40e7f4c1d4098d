"""The debit notes that leave: today, tomorrow, in the coming days; what is kept back and why; issue what is due."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.money import euro
from core.queries import coming, due_notes
from core.vocabulary import ComingKind, CoordinatorRole, Role
from pages.shared import address, issuing_notes, leaving, leaving_notes, paging
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.leaving_notes import DAYS, View

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE = 20, "due_notes_page"
CHOICES = {"lijst": Choice(View, View.TODAY)}
actor = signed_in.actor
can_act = signed_in.coordinator_role is not CoordinatorRole.READER

address.adopt(CHOICES)
st.title(_("Debit notes that leave"), anchor=False)
st.caption(
    _("They leave by themselves on their day, from the hour that the settings name. What you keep back waits for you.")
)
view = View(
    st.segmented_control(
        _("Which list?"),
        list(View),
        required=True,
        format_func=leaving_notes.name_of,
        key="lijst",
        label_visibility="collapsed",
        on_change=paging.first,
        args=(PAGE,),
    )
)
address.tell(CHOICES)
with read() as db:
    page = paging.current(PAGE)
    if view is View.KEPT:
        found = due_notes.kept(db, actor, page=page, size=PAGE_SIZE)
    else:
        found = due_notes.leaving(db, actor, DAYS[view], page=page, size=PAGE_SIZE)
    rows = coming.with_changes(db, ComingKind.DEBIT_NOTE, [leaving_notes.as_coming(row) for row in found.rows])
if found.total:
    st.markdown(f"**{ngettext('{count} debit note', '{count} debit notes', found.total)}** · {euro(found.cents)}")
if can_act and view is View.TODAY:
    issuing_notes.draw(actor, found.total)
if not found.total:
    st.info(leaving_notes.nothing_in(view), icon=":material/event_available:")
leaving_notes.draw(found.rows, can_act=can_act)
paging.pages(found.total, PAGE_SIZE, PAGE)
if can_act:
    leaving.dialog(actor, rows)
    leaving_notes.dialog()
