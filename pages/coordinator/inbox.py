"""The inbox: what the bot did not answer. Read, reply, close; the reply leaves in the same thread."""

import math

import streamlit as st

from core.db import Db, read
from core.i18n import _, ngettext
from core.labels import label
from core.queries import inbox
from core.services import inbox as services
from core.vocabulary import Actor, Role, ThreadState
from pages.shared import conversations, forms
from pages.shared.access import require
from pages.shared.feedback import attempt, refusal

signed_in = require(Role.COORDINATOR)
PAGE_SIZE = 15


def reply(db: Db, actor: Actor) -> int:
    """Send what stands in the box, and close the conversation."""
    return services.reply(db, actor, int(st.session_state["thread"]), st.session_state["reply_text"])


st.title(_("Inbox"), anchor=False)
with st.container(horizontal=True, vertical_alignment="center"):
    state = st.segmented_control(
        _("State"),
        list(ThreadState),
        default=ThreadState.OPEN,
        required=True,
        format_func=label,
        key="thread_state",
        label_visibility="collapsed",
    )
    text = st.text_input(
        _("Search"),
        key="thread_search",
        type="search",
        live=True,
        placeholder=_("Subject or address"),
        label_visibility="collapsed",
    )
with read() as db:
    found = inbox.threads(
        db, signed_in.actor, state=state, text=text or "", page=st.session_state.get("thread_page") or 1, size=PAGE_SIZE
    )
    chosen = st.session_state.get("thread") or (found.rows[0].thread_id if found.rows else None)
    shown = inbox.conversation(db, signed_in.actor, int(chosen)) if chosen else None
if not found.total and shown is None:
    st.success(_("Nothing waits here."), icon=":material/done_all:")
    st.stop()
names, conversation = st.columns([2, 3], gap="medium")
with names:
    st.caption(ngettext("{count} conversation", "{count} conversations", found.total))
    for row in found.rows:
        st.button(
            conversations.row_text(row),
            key=f"open_{row.thread_id}",
            width="stretch",
            type="primary" if row.thread_id == chosen else "secondary",
            wrap=True,
            on_click=st.session_state.__setitem__,
            args=("thread", row.thread_id),
        )
    pages = math.ceil(found.total / PAGE_SIZE)
    if pages > 1:
        st.pagination(pages, key="thread_page")
with conversation:
    if shown is None:
        st.stop()
    st.session_state["thread"] = shown.thread_id
    conversations.draw(shown)
    if shown.state is ThreadState.OPEN:
        with st.form("reply_form", border=False, enter_to_submit=False):
            st.text_area(_("Your answer"), key="reply_text", height=180, placeholder=_("Dear …"))
            refusal("reply", "text")
            refusal("reply")
            st.form_submit_button(
                _("Send and close"),
                key="send_reply",
                type="primary",
                icon=":material/send:",
                on_click=attempt,
                args=("reply", reply),
                kwargs={"done": _("Your answer is on its way."), "then": forms.emptied("reply_text")},
            )
        refusal("close")
        st.button(
            _("Close without answer"),
            key=f"close_{shown.thread_id}",
            icon=":material/done:",
            on_click=attempt,
            args=("close", lambda db, actor: services.close(db, actor, shown.thread_id)),
            kwargs={"done": _("The conversation is closed.")},
        )
    else:
        refusal("reopen")
        st.button(
            _("Open again"),
            key=f"reopen_{shown.thread_id}",
            icon=":material/undo:",
            on_click=attempt,
            args=("reopen", lambda db, actor: services.reopen(db, actor, shown.thread_id)),
            kwargs={"done": _("The conversation is open again.")},
        )
