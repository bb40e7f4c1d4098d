"""The inbox: what the bot did not answer, with all that is known of the sender: answer, put off, give, merge."""

import streamlit as st

from core.db import read
from core.i18n import _
from core.queries import inbox, inbox_sender
from core.vocabulary import Role, ThreadState
from pages.shared import address, conversations, inbox_answer, inbox_care, inbox_list, inbox_wrong, paging
from pages.shared import inbox_sender as beside
from pages.shared.access import require

signed_in = require(Role.COORDINATOR)

address.adopt(inbox_list.CHOICES)
st.title(_("Inbox"), anchor=False)
shelf, whose, text = inbox_list.filters()
with read() as db:
    found = inbox.threads(
        db,
        signed_in.actor,
        shelf=shelf,
        whose=whose,
        text=text,
        page=paging.current(inbox_list.PAGE),
        size=inbox_list.PAGE_SIZE,
    )
    chosen = st.session_state.get("gesprek") or (found.rows[0].thread_id if found.rows else None)
    shown = inbox.conversation(db, signed_in.actor, chosen) if chosen else None
    if shown is not None and shown.merged_into_id is not None:
        shown = inbox.conversation(db, signed_in.actor, shown.merged_into_id)
    last = next((mail for mail in reversed(shown.mails) if mail.is_incoming), None) if shown else None
    sender = inbox_sender.sender(db, signed_in.actor, last.address if last else "")
address.tell(inbox_list.CHOICES)
if not found.total and shown is None:
    st.success(_("Nothing waits here."), icon=":material/done_all:")
    st.stop()
names, conversation = st.columns([3, 8], gap="medium")
with names:
    inbox_list.draw(found, shown.thread_id if shown else None)
with conversation:
    if shown is None:
        st.stop()
    st.subheader(conversations.title(shown), anchor=False)
    inbox_care.bar(shown, signed_in)
    mails, aside = st.columns([5, 3], gap="medium")
    with mails:
        conversations.draw(shown)
        if shown.state is ThreadState.OPEN:
            inbox_answer.box(shown, last, sender, signed_in)
    with aside:
        if shown.state is ThreadState.OPEN and last is not None:
            inbox_answer.drafts(shown, last, sender, signed_in)
            inbox_wrong.button(last, signed_in)
        beside.draw(sender)
