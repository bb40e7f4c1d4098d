"""The remarks of coordinators in somebody's file."""

import streamlit as st

from core.db import Db, read
from core.i18n import _, moment
from core.queries import dossiers
from core.services import remarks
from core.vocabulary import Actor, Party
from pages.shared import cards, forms
from pages.shared.feedback import attempt, refusal


def section(reader: Actor, party: Party, identity: int) -> None:
    """Write one, and those that were written; the own ones can be changed."""
    with read() as db:
        rows = dossiers.remarks(db, reader, party, identity)
    key = f"remark_{party}_{identity}"

    def write(db: Db, actor: Actor) -> int:
        return remarks.write(db, actor, party, identity, st.session_state[key])

    st.caption(_("For the team only: never shown to participants or institutions."))
    st.text_area(_("New remark"), key=key, height=100, max_chars=4000)
    refusal("remark", "text")
    refusal("remark")
    st.button(
        _("Keep the remark"),
        key=f"write_{key}",
        icon=":material/add_comment:",
        on_click=attempt,
        args=("remark", write),
        kwargs={"done": _("The remark has been kept."), "then": forms.emptied(key)},
    )
    for row in rows:
        with st.container(border=True, gap="xsmall"):
            changed = f" · {_('changed on {moment}').format(moment=moment(row.changed_at))}" if row.changed_at else ""
            st.caption(f"{cards.plain(row.author)} · {moment(row.written_at)}{changed}")
            if row.author_id == reader.account_id:
                _own(row.remark_id, row.text)
            else:
                st.text(row.text)
    if not rows:
        st.info(_("No remarks yet."), icon=":material/comment:")


def _own(remark_id: int, text: str) -> None:
    key = f"remark_text_{remark_id}"

    def change(db: Db, actor: Actor) -> None:
        remarks.change(db, actor, remark_id, st.session_state[key])

    st.text(text)
    with st.expander(_("Change"), icon=":material/edit:", key=f"open_{key}"):
        st.text_area(_("Remark"), text, key=key, height=100, max_chars=4000, label_visibility="collapsed")
        refusal(key, "text")
        refusal(key)
        st.button(
            _("Save the remark"),
            key=f"save_{key}",
            on_click=attempt,
            args=(key, change),
            kwargs={"done": _("The remark has been changed.")},
        )
