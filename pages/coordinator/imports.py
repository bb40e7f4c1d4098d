"""The history import (D15): choose files, a dry run with every fault, everything in or nothing, undo."""

import streamlit as st

from core.db import read
from core.i18n import _
from core.queries import imports
from core.vocabulary import Role
from pages.shared import importing, past_imports
from pages.shared.access import require
from pages.shared.feedback import refusal

signed_in = require(Role.COORDINATOR)

st.title(_("Import the history"), anchor=False)
st.markdown(
    _(
        "Participants, institutions, courses, enrolments, notes and certificates of before the platform, from Excel or"
        " CSV. First every row is checked; only when nothing is wrong, everything goes in at once. Nobody gets a mail."
    )
)
with st.container(border=True):
    st.markdown(f"#### {_('1. Prepare the files')}")
    importing.templates()
with st.container(border=True):
    st.markdown(f"#### {_('2. Choose the files and check them')}")
    uploads = importing.chosen()
    importing.check_button(uploads)
    refusal(importing.PLACE)
    report = importing.checked(signed_in.actor, uploads)
if report is not None:
    with st.container(border=True):
        st.markdown(f"#### {_('3. Look at the result')}")
        importing.outcome(report)
    with st.container(border=True):
        st.markdown(f"#### {_('4. Import')}")
        importing.take_in(uploads, report)
st.subheader(_("Earlier imports"), anchor=False)
with read() as db:
    found = imports.page_of(db, signed_in.actor, page=past_imports.current_page(), size=past_imports.PAGE_SIZE)
past_imports.draw(found, signed_in.actor)
