"""One note: what it says, its files, everything that happened to it, and what can be done with it."""

import streamlit as st

from core.access import NotFound
from core.db import read
from core.i18n import _, short_day
from core.labels import colour, label
from core.money import euro
from core.queries import one_note
from core.rules.billing import printed_ogm
from core.vocabulary import CoordinatorRole, NoteKind, Role
from pages.shared import bank_dialogs, cards, note_actions, note_life, note_list
from pages.shared.access import require

signed_in = require(Role.COORDINATOR)
text = st.query_params.get("id", "")
note_id = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
try:
    with read() as db:
        shown = one_note.note(db, signed_in.actor, note_id)
except NotFound:
    st.title(_("A note"), anchor=False)
    st.info(_("This note is not known. Search under «Debit notes»."), icon=":material/search_off:")
    st.page_link("coordinator/notes.py", label=_("Debit notes"), icon=":material/receipt_long:")
    st.stop()
is_finance = signed_in.coordinator_role is CoordinatorRole.FINANCE
is_debit = shown.kind is NoteKind.DEBIT
st.page_link("coordinator/notes.py", label=_("Debit notes"), icon=":material/arrow_back:")
with st.container(horizontal=True, vertical_alignment="center"):
    st.title(f"{label(shown.kind)} {cards.plain(shown.number)}", anchor=False, width="content")
    if shown.left_cents < 0:
        st.badge(_("Paid too much"), color="red")
    elif shown.state is not None:
        st.badge(label(shown.state), color=colour(shown.state))
facts = [_("issued on {date}").format(date=short_day(shown.issued_on))]
if shown.due_on is not None:
    facts.append(_("to be paid by {date}").format(date=short_day(shown.due_on)))
if shown.ogm:
    facts.append(printed_ogm(shown.ogm))
if shown.is_imported:
    facts.append(_("imported from the former system"))
st.caption(" · ".join(facts))
if shown.corrects is not None:
    words = _("Corrects {number}").format(number=cards.plain(shown.corrects.number))
    note_list.link(shown.corrects.note_id, words)
amounts = [(_("Amount of the note"), shown.total_cents)]
if is_debit:
    amounts += [
        (_("Credited"), shown.credited_cents),
        (_("Paid"), shown.paid_cents),
        (_("Paid too much"), -shown.left_cents) if shown.left_cents < 0 else (_("Still open"), shown.left_cents),
    ]
with st.grid(len(amounts), min_column_width=150):
    for name, cents in amounts:
        with st.container(border=True, gap="xxsmall"):
            st.metric(name, euro(cents))
note_actions.buttons(shown, is_finance=is_finance)
first, second = st.columns(2)
with first:
    note_life.payer(shown)
    note_life.lines(shown)
with second:
    note_life.story(shown, can_undo=is_finance)
with st.expander(_("Audit trail"), icon=":material/history:", key="note_trail", on_change="rerun") as trail:
    if trail.open:
        note_life.trail(signed_in.actor, shown.note_id)
note_actions.dialogs(shown)
if is_finance:
    bank_dialogs.draw(signed_in.actor)
