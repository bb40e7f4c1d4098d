"""The coordinators' own sign-in."""

import streamlit as st

from core.i18n import _
from core.vocabulary import Role
from pages.shared import signing
from pages.shared.access import public, wrong_account

signed_in = public()
if signed_in is None:
    st.title(_("Sign in for the CNO team"), anchor=False)
    signing.forms((Role.COORDINATOR,))
elif signed_in.role is Role.COORDINATOR:
    st.switch_page("coordinator/today.py")
else:
    wrong_account(signed_in)
