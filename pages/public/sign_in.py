"""«Aanmelden»: personal account LEFT, institution account RIGHT (R8); whoever is signed in goes on to the portal."""

import streamlit as st

from core.i18n import _
from core.vocabulary import Role
from pages.shared import signing, site
from pages.shared.access import public

signed_in = public()
if signed_in is not None:
    st.switch_page(site.HOME[signed_in.role].file)
st.title(_("Sign in"), anchor=False)
signing.forms((Role.PERSON, Role.INSTITUTION))
