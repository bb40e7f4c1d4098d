"""«Vraag het CNO»: a question and its answer at once, with the pages to go on; or a person."""

import streamlit as st

from core.i18n import _
from core.vocabulary import VISITOR, Role
from pages.shared import chatting
from pages.shared.access import public

signed_in = public()
actor = signed_in.actor if signed_in is not None else VISITOR

st.title(_("Ask CNO"), anchor=False)
if signed_in is not None and signed_in.role is Role.COORDINATOR:
    st.info(_("This page answers participants and institutions. You find their questions in the inbox."))
    st.page_link("coordinator/inbox.py", label=_("Inbox"), icon=":material/inbox:")
    st.stop()
st.caption(
    _("Answers come at once, from our own data. Only you see what is about your account.")
    if signed_in is not None
    else _("Answers come at once. Sign in to ask about your own enrolments and documents.")
)
turns = chatting.turns(actor)
chatting.answer_waiting(actor, turns)
if not turns:
    chatting.suggestions(signed_in)
for place, turn in enumerate(turns):
    chatting.draw(turn, place, is_last=place == len(turns) - 1)
chatting.box()
if turns:
    chatting.ending(turns)
chatting.human_dialog(signed_in, turns)
