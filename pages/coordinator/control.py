"""«Controle»: do the books add up? Green, or the list of what does not; over everything or over what is new."""

import streamlit as st

from core.db import read
from core.i18n import _, moment, number
from core.labels import label
from core.queries import control
from core.vocabulary import ControlKind, CoordinatorRole, Role
from pages.shared import address, control_rows, paging
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE = 25, "control_page"
CHOICES = {"wat": Choice(ControlKind)}

address.adopt(CHOICES)
st.title(_("Control"), anchor=False)
st.caption(_("Do the notes, their files and mails, and the bank add up? Every night what is new is looked at."))
if signed_in.coordinator_role is not CoordinatorRole.READER:
    control_rows.run(signed_in.actor)
with read() as db:
    counts = control.counts(db, signed_in.actor)
    last, full = control.latest(db, signed_in.actor)
if last is None:
    st.info(_("Nothing has been looked at yet."), icon=":material/info:")
else:
    facts = [_("last looked at {moment}").format(moment=moment(last.started_at))]
    if full is not None and full.finished_at is not None:
        done = _("everything on {moment}: {count} notes and bank lines")
        facts.append(done.format(moment=moment(full.finished_at), count=number(full.checked)))
    elif full is not None:
        facts.append(_("the look over everything was left half-way"))
    st.caption(" · ".join(facts))
    wrong = sum(counts.values())
    if not wrong:
        st.success(_("Everything adds up."), icon=":material/verified:")
wanted = st.session_state.get("wat")
for kind in ControlKind:
    control_rows.check(kind, counts[kind], is_open=kind is wanted, was_looked=last is not None)
address.tell(CHOICES)
if wanted is not None and counts[wanted]:
    st.subheader(label(wanted), anchor=False)
    with read() as db:
        rows = control.findings(db, signed_in.actor, wanted, page=paging.current(PAGE), size=PAGE_SIZE)
    for row in rows:
        control_rows.finding(row)
    paging.pages(counts[wanted], PAGE_SIZE, PAGE)
