"""What follows asking for an account: look in the mailbox, or a likely double (R10, D12)."""

import streamlit as st

from core.i18n import _
from core.services.accounts import Creation
from core.settings import settings


def outcome(found: Creation) -> None:
    """The screen after the form was sent."""
    if found is Creation.LIKELY_DOUBLE:
        st.warning(
            _(
                "You probably already have an account with us, under another address. "
                "We have just sent a mail to that address. Look in all your mailboxes."
            ),
            icon=":material/mark_email_read:",
        )
        nothing_came = _("Nothing found? Write to {address}, with the name of your school and a course you followed.")
        st.markdown(nothing_came.format(address=settings().mail_address))
    else:
        st.success(
            _("Look in your mailbox: we have sent you a mail with a link. Click it to confirm your address."),
            icon=":material/mark_email_unread:",
        )
        st.markdown(_("No mail after a few minutes? Look in the folder with unwanted mail."))
        st.page_link("public/sign_in.py", label=_("Sign in"), icon=":material/login:")
    st.button(
        _("I made a typing error: start again"),
        key="start_again",
        type="tertiary",
        icon=":material/undo:",
        on_click=st.session_state.pop,
        args=("account_outcome", None),
    )
