"""«Vandaag»: what needs a person now, each a count that opens the list."""

from datetime import timedelta

import streamlit as st

from core import clock
from core.db import read
from core.i18n import _, moment, number, weekday
from core.queries import billing, inbox, outbox
from core.vocabulary import Role
from pages.shared.access import require

signed_in = require(Role.COORDINATOR)
with read() as db:
    waiting, since = inbox.waiting(db, signed_in.actor)
    health = outbox.health(db, signed_in.actor)
    due = billing.count_coming(db, days=0)
    coming = billing.count_coming(db, days=14)

st.title(_("Today"), anchor=False)
st.caption(weekday(clock.today()))
is_alive = health.bot_seen_at is not None and clock.now() - health.bot_seen_at < timedelta(minutes=2)
if not is_alive:
    st.error(
        _("The mail bot does not run: mail is neither fetched nor sent. Last seen: {moment}.").format(
            moment=moment(health.bot_seen_at) if health.bot_seen_at else _("never")
        ),
        icon=":material/error:",
    )
with st.grid(4, min_column_width=200):
    st.metric(_("Mails that wait for you"), number(waiting), border=True, icon=":material/inbox:")
    st.metric(_("Mails that failed or are uncertain"), number(health.troubled), border=True, icon=":material/warning:")
    st.metric(_("Debit notes due today"), number(due), border=True, icon=":material/receipt_long:")
    st.metric(_("Addresses that bounce"), number(health.undeliverable), border=True, icon=":material/unsubscribe:")
with st.container(horizontal=True):
    st.page_link("coordinator/inbox.py", label=_("Open the inbox"), icon=":material/inbox:")
    st.page_link("coordinator/outbox.py", label=_("Open the outgoing mail"), icon=":material/outbox:")
if since is not None:
    st.caption(_("The oldest mail has waited since {moment}.").format(moment=moment(since)))
if health.quarantined:
    st.warning(_("{count} mails could not be read and are in quarantine.").format(count=number(health.quarantined)))
st.subheader(_("The mail of today and the coming days"), anchor=False)
st.markdown(
    _("{waiting} mails wait to be sent; {coming} debit notes leave in the coming 14 days.").format(
        waiting=number(health.waiting), coming=number(coming)
    )
)
