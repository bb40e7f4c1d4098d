"""Beside a conversation: who writes, at which school, which seats, and what the team noted."""

import streamlit as st

from core.i18n import _, short_day
from core.labels import icon, label
from core.queries.inbox_sender import Sender
from core.vocabulary import Party
from pages.shared import cards, site


def draw(sender: Sender) -> None:
    """Everything known of the sender's address."""
    st.markdown(f"**{_('The sender')}**")
    if not sender.known:
        st.caption(_("This address is not known to us."))
    for who in sender.known:
        door = site.ONE_PERSON if who.party is Party.PERSON else site.ONE_INSTITUTION
        st.page_link(
            door.file,
            label=cards.plain(who.name if who.is_own else _("{name} (earlier address)").format(name=who.name)),
            icon=door.icon,
            query_params={"id": str(who.identity)},
        )
    for identity, name in sender.schools:
        st.page_link(
            site.ONE_INSTITUTION.file,
            label=cards.plain(name),
            icon=site.ONE_INSTITUTION.icon,
            query_params={"id": str(identity)},
        )
    if sender.seats:
        st.markdown(f"**{_('Enrolments')}**")
    for row in sender.seats:
        when = f"{short_day(row.first_day)} · " if row.first_day else ""
        st.caption(
            f"{icon(row.status)} {when}{cards.plain(row.course_title)} · {cards.plain(row.person_name)} · "
            f"{label(row.status)}"
        )
    if sender.remarks:
        st.markdown(f"**{_('Remarks')}**")
    for remark in sender.remarks:
        st.caption(f"{cards.plain(remark.text)} — {cards.plain(remark.author)}, {short_day(remark.written_at.date())}")
