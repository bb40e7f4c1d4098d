"""«Mijn nascholingen»: coming and past, and in each row what can be done now or why not (R20, R25)."""

import streamlit as st

from core.db import read
from core.i18n import _
from core.queries import enrolments, questions
from core.vocabulary import Role
from pages.shared import own_payer, own_questions, portal, subscribing
from pages.shared.access import require
from pages.shared.feedback import dialog_from_address

signed_in = require(Role.PERSON)
dialog_from_address({"annuleren": "cancel"})
with read() as db:
    rows = enrolments.own_enrolments(db, signed_in.actor)
    forms = questions.own_forms(db, signed_in.actor)
coming = sorted((row for row in rows if row.is_coming), key=lambda row: (row.first_day is None, row.first_day))
past = [row for row in rows if not row.is_coming]

st.title(_("My courses"), anchor=False)
if not rows:
    st.info(_("You have not enrolled in a course yet."), icon=":material/event_available:")
    st.page_link("public/catalogue.py", label=_("Find a course"), icon=":material/school:")
    st.stop()
st.subheader(_("Coming"), anchor=False)
own_questions.open_ones(rows, forms)
for row in coming:
    portal.enrolment(row, forms.get(row.enrolment_id))
if not coming:
    st.caption(_("No coming courses."))
    st.page_link("public/catalogue.py", label=_("Find a course"), icon=":material/school:")
if past:
    st.subheader(_("Past and cancelled"), anchor=False)
    for row in past:
        portal.enrolment(row)
subscribing.section(
    signed_in.actor,
    _("Your confirmed courses in your own calendar; what is moved or cancelled is put right by itself."),
)
portal.cancel_dialog(rows)
own_payer.dialog(signed_in, rows)
own_questions.dialog(rows, forms)
