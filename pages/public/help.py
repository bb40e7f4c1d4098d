"""«Hoe werkt de website?» (R3, R26): one part for who enrols, one for the institution that enrols colleagues."""

from pathlib import Path

import streamlit as st

from core.i18n import LOCALE_FOLDER, _, language
from core.settings import settings
from pages.shared.access import public
from pages.shared.decided import decided

public()
folder: Path = LOCALE_FOLDER / "help" / language()
facts = {
    "mail": settings().mail_address,
    "note_days": decided().debit_note_after_days,
    "certificate_days": decided().certificate_after_days,
    "link_minutes": decided().password_link_minutes,
    "offer_hours": decided().waiting_list_offer_hours,
    "term_days": decided().payment_term_days,
}
st.title(_("How does the website work?"), anchor=False)
participant, institution = st.tabs(
    [f":material/person: {_('I enrol myself')}", f":material/apartment: {_('I enrol colleagues')}"]
)
for tab, name in ((participant, "participant"), (institution, "institution")):
    with tab:
        for part in (folder / f"{name}.md").read_text(encoding="utf-8").format(**facts).split("\n## ")[0:]:
            heading, _newline, body = part.removeprefix("## ").partition("\n")
            with st.container(border=True):
                st.subheader(heading, anchor=False)
                st.markdown(body)
with st.container(horizontal=True):
    st.page_link("public/catalogue.py", label=_("Find a course"), icon=":material/school:")
    st.page_link("public/sign_in.py", label=_("Sign in"), icon=":material/login:")
    st.page_link("public/create_account.py", label=_("Create account"), icon=":material/person_add:")
