"""«Rapporten»: one report at a time over any period, beside the same days of the year before."""

from datetime import date
from urllib.parse import urlencode

import streamlit as st

from core import clock
from core.db import read
from core.i18n import _
from core.queries import reports
from core.queries.reports import Per, ReportKind
from core.queries.reports.words import period_words
from core.rules.periods import Preset, span_of
from core.vocabulary import Role
from pages.shared import address, report_view
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.COORDINATOR)
KINDS = {
    ReportKind.ENROLMENTS: _("Enrolments"),
    ReportKind.OCCUPANCY: _("Occupancy"),
    ReportKind.TURNOVER: _("Turnover"),
    ReportKind.OPEN: _("Open amounts"),
    ReportKind.REACH: _("Reach"),
    ReportKind.CHANGES: _("Cancellations and replacements"),
    ReportKind.MAILBOX: _("Mailbox"),
}
PRESETS = {
    Preset.SCHOOL_YEAR: _("This school year"),
    Preset.LAST_SCHOOL_YEAR: _("Last school year"),
    Preset.CALENDAR_YEAR: _("This calendar year"),
    Preset.TWELVE_MONTHS: _("Last 12 months"),
    Preset.OWN: _("Own dates"),
}
GROUPS = {Per.LEVEL: _("Level"), Per.SUBJECT: _("Subject"), Per.NETWORK: _("Network"), Per.REGION: _("Province")}
DAY = Choice(date.fromisoformat, code_of=date.isoformat)
CHOICES = {
    "rapport": Choice(ReportKind, ReportKind.ENROLMENTS),
    "periode": Choice(Preset, Preset.SCHOOL_YEAR),
    "per": Choice(Per, Per.LEVEL),
    "van": DAY,
    "tot": DAY,
}

address.adopt(CHOICES)
st.title(_("Reports"), anchor=False)
kind = st.pills(
    _("Report"), list(KINDS), required=True, format_func=KINDS.get, key="rapport", label_visibility="collapsed"
)
with st.container(horizontal=True, vertical_alignment="bottom"):
    preset = st.selectbox(_("Period"), list(PRESETS), format_func=PRESETS.get, key="periode", width=220)
    if preset is Preset.OWN:
        for key, name in (("van", _("From")), ("tot", _("Up to and including"))):
            st.date_input(name, key=key, format="DD/MM/YYYY", value=None, min_value=date(2000, 1, 1), width=170)
    if kind is ReportKind.REACH:
        per = st.segmented_control(_("Divided by"), list(GROUPS), required=True, format_func=GROUPS.get, key="per")
told = address.tell(CHOICES)
period = span_of(preset, clock.today(), st.session_state["van"], st.session_state["tot"])
with read() as db:
    found = reports.report(db, signed_in.actor, kind, period, st.session_state["per"])
words = [text for text in period_words(period.so_far(clock.today())) if text]
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.caption(", ".join(words), width="content")
    st.link_button(
        _("Download as XLSX"),
        f"/download/report.xlsx?{urlencode({name: codes[0] for name, codes in told.items()})}",
        icon=":material/table:",
    )
report_view.draw(reports.told(found))
