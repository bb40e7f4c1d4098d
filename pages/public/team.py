"""The coordinators' own sign-in."""

import streamlit as st

from core.i18n import _
from core.vocabulary import Role
from pages.shared import signing
from pages.shared.access import public

signed_in = public()
st.title(_("Sign in for the CNO team"), anchor=False)
if signed_in is None:
    with st.container(width=480):
        signing.forms((Role.COORDINATOR,))
elif signed_in.role is Role.COORDINATOR:
    st.page_link("coordinator/today.py", label=_("Today"), icon=":material/today:")
else:
    st.info(
        _("You are signed in as {name}. Sign out first to use another account.").format(name=signed_in.name),
        icon=":material/lock:",
    )
