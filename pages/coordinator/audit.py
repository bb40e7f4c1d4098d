"""«Logboek»: who did what, when, to what; the latest first."""

import streamlit as st

from core.db import read
from core.i18n import _, number
from core.labels import label
from core.queries import audit_trail as queries
from core.queries.audit_trail import WantedTraces
from core.vocabulary import ActorKind, AuditTag, Role
from pages.shared import address, traces
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.COORDINATOR)
CHOICES = {
    "wie": Choice(empty=""),
    "tekst": Choice(empty=""),
    "soort": Choice(ActorKind),
    "wat": Choice(AuditTag),
    "over": Choice(),
    "nummer": Choice(int),
}
PAGES = "_audit_pages"  # the last event of each page gone by


def first_page() -> None:
    """Callback of a filter: another list begins at its latest event."""
    st.session_state[PAGES] = []


def older(event_id: int) -> None:
    """Callback: the events before this one."""
    st.session_state[PAGES] = [*st.session_state.get(PAGES, []), event_id]


def newer() -> None:
    """Callback: the page before."""
    st.session_state[PAGES] = st.session_state.get(PAGES, [])[:-1]


if address.adopt(CHOICES):
    first_page()
st.title(_("Audit trail"), anchor=False)
with st.grid(4, min_column_width=200):
    st.text_input(_("Who"), key="wie", placeholder=_("Part of a name"), on_change=first_page)
    st.selectbox(
        _("Kind of actor"),
        list(ActorKind),
        index=None,
        format_func=label,
        key="soort",
        placeholder=_("Everybody"),
        on_change=first_page,
    )
    st.selectbox(
        _("What"),
        list(AuditTag),
        index=None,
        format_func=label,
        key="wat",
        placeholder=_("Everything"),
        on_change=first_page,
    )
    st.text_input(_("In the details"), key="tekst", placeholder=_("Number, address, value"), on_change=first_page)
    st.selectbox(
        _("About"),
        list(traces.SUBJECTS),
        index=None,
        format_func=lambda each: _(traces.SUBJECTS[each]),
        key="over",
        placeholder=_("Everything"),
        on_change=first_page,
    )
    st.number_input(_("With this id"), min_value=1, value=None, key="nummer", placeholder="–", on_change=first_page)
    since = st.date_input(_("From"), None, format="DD/MM/YYYY", key="audit_from", on_change=first_page)
    until = st.date_input(_("Until"), None, format="DD/MM/YYYY", key="audit_until", on_change=first_page)
st.caption(
    _("Names and details are looked for in the latest {count} events that the other filters leave.").format(
        count=number(queries.LOOKED_AT)
    )
)
address.tell(CHOICES)
kept = st.session_state
wanted = WantedTraces(
    who=kept["wie"] or "",
    kind=kept["soort"],
    tag=kept["wat"],
    text=kept["tekst"] or "",
    from_day=since,
    until_day=until,
    subject_type=kept["over"] or "",
    subject_id=kept["nummer"],
)
gone = kept.get(PAGES) or []
with read() as db:
    found = queries.traces(db, signed_in.actor, wanted, before=gone[-1] if gone else None)
if not found.rows:
    st.info(_("Nothing in the trail fits."), icon=":material/search_off:")
for row in found.rows:
    traces.row(row)
with st.container(horizontal=True, horizontal_alignment="center"):
    st.button(_("Newer"), key="audit_newer", icon=":material/arrow_back:", disabled=not gone, on_click=newer)
    st.button(
        _("Older"),
        key="audit_older",
        icon=":material/arrow_forward:",
        disabled=not found.has_more,
        on_click=older,
        args=(found.rows[-1].event_id if found.rows else 0,),
    )
