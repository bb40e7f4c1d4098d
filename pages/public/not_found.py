"""Where a mistyped or old address ends."""

import streamlit as st

from core.i18n import _
from pages.shared.access import public

public()
st.title(_("Page not found"), anchor=False)
st.info(_("This address does not exist, or not any more. Perhaps it was cut off."), icon=":material/explore_off:")
with st.container(horizontal=True):
    st.page_link("public/catalogue.py", label=_("Find a course"), icon=":material/school:")
    st.page_link("public/help.py", label=_("How does the website work?"), icon=":material/help:")
