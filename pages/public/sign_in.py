"""«Aanmelden»: personal account LEFT, institution account RIGHT (R8)."""

import streamlit as st

from core.i18n import _
from core.vocabulary import Role
from pages.shared import signing, site
from pages.shared.access import public

signed_in = public()
st.title(_("Sign in"), anchor=False)
if signed_in is None:
    signing.forms((Role.PERSON, Role.INSTITUTION))
else:
    st.success(_("You are signed in as {name}.").format(name=signed_in.name), icon=":material/check_circle:")
    home = site.HOME[signed_in.role]
    st.page_link(home.file, label=_(home.title), icon=home.icon)
    st.page_link("public/catalogue.py", label=_("Find a course"), icon=":material/school:")
