"""«Openstaand»: all that is still to be paid, by how long it is overdue, by payer and by course, down to the notes."""

from enum import StrEnum

import streamlit as st

from core.db import read
from core.i18n import _, ngettext, number
from core.money import euro, whole_euro
from core.queries import debtors
from core.queries.note_search import Show
from core.rules import ageing
from core.vocabulary import Role
from pages.shared import address, charts, open_rows, paging
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE = 25, "open_page"


class Per(StrEnum):
    """What the list is divided by; the value stands in the page's address."""

    PAYER = "betaler"
    COURSE = "nascholing"


CHOICES = {"per": Choice(Per, Per.PAYER)}

address.adopt(CHOICES)
st.title(_("Open amounts"), anchor=False)
with read() as db:
    found = debtors.ages(db, signed_in.actor)
facts = (
    (_("Still to be paid"), found.cents, sum(found.notes), Show.OPEN),
    (_("Of which overdue"), found.overdue_cents, sum(found.notes[1:]), Show.OVERDUE),
    (_("Paid too much"), found.too_much_cents, found.too_much_notes, Show.TOO_MUCH),
)
with st.grid(3, min_column_width=220):
    for name, cents, notes, show in facts:
        with st.container(border=True, gap="xxsmall"):
            st.metric(name, whole_euro(cents))
            st.page_link(
                "coordinator/notes.py",
                label=ngettext("{count} note", "{count} notes", notes),
                icon=":material/arrow_forward:",
                query_params={"toon": show},
            )
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.subheader(_("By how long it is overdue"), anchor=False, width="content")
    st.link_button(_("Download as XLSX"), "/download/open-amounts.xlsx", icon=":material/table:")
charts.amounts(dict(zip(ageing.names(), found.bands, strict=True)), unit=_("Still to be paid"))
open_rows.bands(found)
per = st.segmented_control(
    _("Divided by"),
    list(Per),
    required=True,
    format_func={Per.PAYER: _("By payer"), Per.COURSE: _("By course")}.get,
    key="per",
    label_visibility="collapsed",
    on_change=paging.first,
    args=(PAGE,),
)
address.tell(CHOICES)
query = debtors.payers if per is Per.PAYER else debtors.courses
with read() as db:
    owed = query(db, signed_in.actor, page=paging.current(PAGE), size=PAGE_SIZE)
many = (
    ngettext("{count} payer", "{count} payers", owed.total)
    if per is Per.PAYER
    else ngettext("{count} course with open notes", "{count} courses with open notes", owed.total)
)
st.caption(f"{many} · {_('together {amount}').format(amount=euro(owed.cents))}")
if not owed.total:
    st.success(_("Everything has been paid."), icon=":material/done_all:")
start = (paging.current(PAGE) - 1) * PAGE_SIZE
for place, row in enumerate(owed.rows, start=start + 1):
    open_rows.owing(row, number(place))
paging.pages(owed.total, PAGE_SIZE, PAGE)
