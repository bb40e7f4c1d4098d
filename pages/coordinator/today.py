"""«Vandaag»: what needs a person now, each a count that opens the list."""

from datetime import timedelta

import streamlit as st

from core import clock
from core.db import read
from core.i18n import _, moment, ngettext, number, weekday
from core.queries import billing, inbox, outbox
from core.vocabulary import Role
from pages.shared import outgoing
from pages.shared.access import require
from pages.shared.outgoing import View

signed_in = require(Role.COORDINATOR)
with read() as db:
    waiting, since = inbox.waiting(db, signed_in.actor)
    health = outbox.health(db, signed_in.actor)
    due = billing.count_coming(db, days=0)
    coming = billing.count_coming(db, days=outgoing.COMING_DAYS)


def count(name: str, value: int, icon: str, way: str, view: View | None = None) -> None:
    """A count, and the way to the list behind it: the inbox, or a list of the outgoing mail."""
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.metric(name, number(value), icon=icon)
        st.space("stretch")
        st.page_link(
            "coordinator/outbox.py" if view else "coordinator/inbox.py",
            label=way,
            icon=":material/arrow_forward:",
            query_params={"lijst": view} if view else None,
        )


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
if health.quarantined:
    st.warning(
        ngettext(
            "{count} mail could not be read and is in quarantine.",
            "{count} mails could not be read and are in quarantine.",
            health.quarantined,
        ),
        icon=":material/report:",
    )
with st.grid(2, min_column_width=240):
    count(_("Mails that wait for you"), waiting, ":material/inbox:", _("Open the inbox"))
    these_mails = _("Look at these mails")
    failed = _("Mails that failed or are uncertain")
    count(failed, health.troubled, ":material/warning:", these_mails, View.TROUBLED)
    count(_("Mails to be sent"), health.waiting, ":material/outbox:", these_mails, View.WAITING)
    soon = _("Debit notes in the coming 14 days")
    count(soon, coming, ":material/receipt_long:", _("Look at these notes"), View.COMING)
facts = []
if since is not None:
    facts.append(f":material/schedule: {_('The oldest mail has waited since {moment}.').format(moment=moment(since))}")
if due:
    facts.append(
        ":material/receipt_long: "
        + ngettext("{count} debit note leaves today.", "{count} debit notes leave today.", due)
    )
if health.undeliverable:
    facts.append(
        ":material/unsubscribe: "
        + ngettext("{count} address refuses our mail.", "{count} addresses refuse our mail.", health.undeliverable)
    )
for fact in facts:
    st.markdown(fact)
