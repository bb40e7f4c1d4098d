"""«Boekhouding»: a period as ledger lines with its control totals, exported once; and the exports that were made."""

from datetime import timedelta

import streamlit as st

from core import clock
from core.db import read
from core.i18n import _, day
from core.queries import ledger, ledger_scope
from core.vocabulary import CoordinatorRole, Role
from pages.shared import ledger_rows, paging
from pages.shared.access import require

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE = 12, "ledger_page"
actor = signed_in.actor
is_finance = signed_in.coordinator_role is CoordinatorRole.FINANCE
yesterday = clock.today() - timedelta(days=1)

with read() as db:
    following = ledger_scope.next_first_day(db)
month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
first = following or month
st.title(_("Bookkeeping"), anchor=False)
st.caption(_("Notes, the bank and placed payments as ledger lines: each of them stands in one export."))
if not is_finance:
    st.info(_("Only accounts with the role «finance» export a period."), icon=":material/lock:")
with st.container(border=True):
    st.subheader(_("The next period"), anchor=False)
    if first > yesterday:
        st.success(
            _("Everything until {day} has been exported.").format(day=day(yesterday)), icon=":material/done_all:"
        )
    else:
        first, last = ledger_rows.days(first, yesterday, is_fixed=following is not None)
        with read() as db:
            shown = ledger.preview(db, actor, first, last)
        ledger_rows.totals(shown)
        if is_finance:
            ledger_rows.export_button(first, last, is_off=not shown.controls.entries)
st.subheader(_("Exports"), anchor=False)
with read() as db:
    rows = ledger.exports(db, actor, page=paging.current(PAGE), size=PAGE_SIZE)
    total = ledger.count_exports(db, actor)
if not rows:
    st.info(_("Nothing has been exported yet."), icon=":material/table:")
for row in rows:
    ledger_rows.export(row, is_finance=is_finance)
paging.pages(total, PAGE_SIZE, PAGE)
ledger_rows.dialog(rows)
