"""Importing the history (D15) or courses to come: choose files, a dry run with every fault, everything in, undo."""

import streamlit as st

from core.db import read
from core.i18n import _
from core.labels import label
from core.queries import imports
from core.vocabulary import ImportPurpose, Role
from pages.shared import address, importing, past_imports
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.feedback import refusal

signed_in = require(Role.COORDINATOR)
CHOICES = {"wat": Choice(ImportPurpose, ImportPurpose.HISTORY)}
ABOUT = {
    ImportPurpose.HISTORY: _(
        "Participants, institutions, courses, enrolments, notes and certificates of before the platform, from Excel or"
        " CSV. First every row is checked; only when nothing is wrong, everything goes in at once. Nobody gets a mail."
    ),
    ImportPurpose.COURSES: _(
        "A list of courses to come, from Excel or CSV. First every row is checked; only when nothing is wrong, all of"
        " them go in at once, in preparation: visitors see them once you publish them."
    ),
}

address.adopt(CHOICES)
st.title(_("Import"), anchor=False)
purpose = ImportPurpose(
    st.segmented_control(
        _("What do you import?"),
        list(ImportPurpose),
        required=True,
        format_func=label,
        key="wat",
        label_visibility="collapsed",
    )
)
address.tell(CHOICES)
st.markdown(ABOUT[purpose])
with st.container(border=True):
    st.markdown(f"#### {_('1. Prepare the files')}")
    importing.templates(purpose)
with st.container(border=True):
    st.markdown(f"#### {_('2. Choose the files and check them')}")
    uploads = importing.chosen(purpose)
    importing.check_button(uploads)
    refusal(importing.PLACE)
    report = importing.checked(signed_in.actor, uploads, purpose)
if report is not None:
    with st.container(border=True):
        st.markdown(f"#### {_('3. Look at the result')}")
        importing.outcome(report)
    with st.container(border=True):
        st.markdown(f"#### {_('4. Import')}")
        importing.take_in(uploads, report, purpose)
st.subheader(_("Earlier imports"), anchor=False)
with read() as db:
    found = imports.page_of(db, signed_in.actor, page=past_imports.current_page(), size=past_imports.PAGE_SIZE)
past_imports.draw(found, signed_in.actor)
