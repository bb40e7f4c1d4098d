"""Outgoing mail: what waits, what left, what failed and why, and what leaves in the coming 14 days."""

import math

import pandas as pd
import streamlit as st

from core.db import read
from core.i18n import _, moment, ngettext, short_day
from core.labels import label
from core.money import euro
from core.queries import billing, outbox
from core.services import outbox as services
from core.vocabulary import OutgoingState, Role
from pages.shared.access import require
from pages.shared.feedback import attempt, refusal

signed_in = require(Role.COORDINATOR)
PAGE_SIZE = 25
COMING_DAYS = 14
VIEWS = {
    "waiting": (_("Waiting"), outbox.WAITING),
    "sent": (_("Sent"), (OutgoingState.SENT,)),
    "troubled": (_("Failed or uncertain"), outbox.TROUBLED),
    "coming": (_("Coming 14 days"), ()),
}
st.title(_("Outgoing mail"), anchor=False)
view = st.segmented_control(
    _("View"),
    list(VIEWS),
    default="waiting",
    required=True,
    format_func=lambda key: VIEWS[key][0],
    key="outbox_view",
    label_visibility="collapsed",
)
if view == "coming":
    with read() as db:
        coming = billing.count_coming(db, COMING_DAYS)
        due = billing.coming_debit_notes(db, COMING_DAYS, page=st.session_state.get("coming_page") or 1, size=PAGE_SIZE)
    st.markdown(ngettext("{count} debit note leaves", "{count} debit notes leave", coming))
    if due:
        table = pd.DataFrame(
            {
                _("Leaves on"): [row.due_on for row in due],
                _("Payer"): [row.payer_name for row in due],
                _("Participant"): [row.person_name for row in due],
                _("Course"): [row.course_title for row in due],
                _("Amount"): [euro(row.cents) for row in due],
            }
        )
        st.dataframe(
            table,
            hide_index=True,
            column_config={_("Leaves on"): st.column_config.DateColumn(format="DD/MM/YYYY")},
            alt=_("Debit notes that leave in the coming 14 days"),
        )
    if coming > PAGE_SIZE:
        st.pagination(math.ceil(coming / PAGE_SIZE), key="coming_page")
    st.stop()
text = st.text_input(
    _("Search"),
    key="outbox_search",
    type="search",
    live=True,
    placeholder=_("Address or subject"),
    label_visibility="collapsed",
)
with read() as db:
    found = outbox.mails(
        db,
        signed_in.actor,
        VIEWS[view][1],
        text=text or "",
        page=st.session_state.get("outbox_page") or 1,
        size=PAGE_SIZE,
    )
st.caption(ngettext("{count} mail", "{count} mails", found.total))
if not found.total:
    st.info(_("No mails here."), icon=":material/mark_email_read:")
for row in found.rows:
    heading = f"{short_day(row.created_at)} · {row.recipient} · {row.subject}"
    with st.expander(heading, key=f"mail_{row.mail_id}", on_change="rerun", icon=":material/mail:") as detail:
        if not detail.open:
            continue
        st.markdown(
            f"{label(row.state)} · {label(row.kind)} · {_('made on {moment}').format(moment=moment(row.created_at))}"
        )
        if row.sent_at:
            st.markdown(_("Sent on {moment}").format(moment=moment(row.sent_at)))
        if row.error:
            st.error(
                _("Attempt {attempts}: {error}").format(attempts=row.attempts, error=row.error), icon=":material/error:"
            )
        with read() as db:
            st.text(outbox.body(db, signed_in.actor, row.mail_id))
        refusal(f"mail_{row.mail_id}")
        if row.state is OutgoingState.PENDING:
            st.button(
                _("Keep back"),
                key=f"hold_{row.mail_id}",
                icon=":material/pause:",
                on_click=attempt,
                args=(
                    f"mail_{row.mail_id}",
                    lambda db, actor, identity=row.mail_id: services.hold(db, actor, identity),
                ),
            )
        elif row.state in (OutgoingState.HELD, OutgoingState.FAILED, OutgoingState.UNCERTAIN):
            st.button(
                _("Send now"),
                key=f"release_{row.mail_id}",
                icon=":material/send:",
                on_click=attempt,
                args=(
                    f"mail_{row.mail_id}",
                    lambda db, actor, identity=row.mail_id: services.release(db, actor, identity),
                ),
            )
pages = math.ceil(found.total / PAGE_SIZE)
if pages > 1:
    st.pagination(pages, key="outbox_page")
