"""A change asked for by mail: the page shows what is and what it would cost; only the click here does it."""

from functools import partial

import streamlit as st

from core import tokens
from core.db import read
from core.errors import DomainError
from core.i18n import _, say
from core.labels import label
from core.vocabulary import TokenPurpose
from pages.shared import mailed_change
from pages.shared.access import public

signed_in = public()
purpose, secret = str(st.query_params.get("doel") or ""), str(st.query_params.get("code") or "")
FORMS = {
    TokenPurpose.PAYER_POLICY.value: mailed_change.policy,
    TokenPurpose.BILLING_ADDRESS.value: mailed_change.billing,
    TokenPurpose.CANCEL.value: mailed_change.cancelling,
}

st.title(label(TokenPurpose(purpose)) if purpose in FORMS else _("Change by link"), anchor=False)
if finished := st.session_state.get(f"changed_{secret}"):
    st.success(finished, icon=":material/check_circle:")
    if signed_in is None:
        st.page_link("public/sign_in.py", label=_("Sign in"), icon=":material/login:")
    st.page_link("public/catalogue.py", label=_("Find a course"), icon=":material/school:")
    st.stop()
try:
    with read() as db:
        if purpose not in FORMS:
            raise tokens.LinkNotValid
        draw = FORMS[purpose](db, secret)
except DomainError as refused:
    st.error(say(refused), icon=":material/link_off:")
    st.page_link("public/sign_in.py", label=_("Sign in"), icon=":material/login:")
    st.page_link("public/help.py", label=_("How does the website work?"), icon=":material/help:")
    st.stop()
with st.container(border=True, width=640):
    draw(partial(st.session_state.__setitem__, f"changed_{secret}"))
