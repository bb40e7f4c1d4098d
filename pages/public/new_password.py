"""«Nieuw wachtwoord» (R11): ask the link, or choose the password by the link in the mail."""

from functools import partial

import streamlit as st

from core.db import Db, read
from core.errors import DomainError
from core.i18n import N_, _, say
from core.queries.accounts import address_of_link
from core.services import accounts
from core.settings import settings
from core.vocabulary import Actor, Role, TokenPurpose
from pages.shared import cards, forms, signing, site
from pages.shared.access import public
from pages.shared.decided import decided
from pages.shared.feedback import attempt, refusal


class PasswordsDiffer(DomainError):
    """The password and its repetition are not the same."""

    message = N_("The two passwords are not the same.")


signed_in = public()
st.title(_("New password"), anchor=False)
secret = str(st.query_params.get("code") or "")
ROLES = {
    Role.PERSON: _("Personal account"),
    Role.INSTITUTION: _("Institution account"),
    Role.COORDINATOR: _("CNO team"),
}


def ask(db: Db, actor: Actor) -> bool:
    """Mail a link if there is such an account; the screen says the same either way."""
    return accounts.request_new_password(
        db, actor, Role(st.session_state["password_role"]), st.session_state["password_email"]
    )


def choose(db: Db, actor: Actor) -> Role:
    """Set the password when both boxes agree. Raises PasswordsDiffer."""
    if st.session_state["chosen_password"] != st.session_state["chosen_again"]:
        raise PasswordsDiffer(field="again")
    return accounts.set_new_password(db, actor, secret, st.session_state["chosen_password"])


if st.session_state.get("password_set"):
    st.success(_("Your password has been changed. Sign in with it."), icon=":material/check_circle:")
    signing.forms((st.session_state["password_set"],))
    st.stop()
if secret:
    try:
        with read() as db:
            address = address_of_link(db, TokenPurpose.NEW_PASSWORD, secret)
    except DomainError as refused:
        if signed_in is None:
            st.error(say(refused), icon=":material/link_off:")
            st.page_link("public/new_password.py", label=_("Ask for a new link"), icon=":material/refresh:")
        else:
            name = cards.plain(signed_in.name)
            st.success(_("You are signed in as {name}.").format(name=name), icon=":material/check_circle:")
            home = site.HOME[signed_in.role]
            st.page_link(home.file, label=_(home.title), icon=home.icon)
        st.stop()
    with st.container(border=True, width=signing.ONE_FORM):
        st.markdown(_("Choose a new password for **{address}**.").format(address=cards.plain(address)))
        forms.new_password(_("New password"), key="chosen_password")
        refusal("choose", "password")
        forms.new_password(_("Once more"), key="chosen_again")
        refusal("choose", "again")
        refusal("choose")
        st.button(
            _("Save the password"),
            key="choose_password",
            type="primary",
            icon=":material/save:",
            on_click=attempt,
            args=("choose", choose),
            kwargs={"then": partial(st.session_state.__setitem__, "password_set")},
        )
    st.stop()
if st.session_state.get("password_asked"):
    st.success(
        _("If we know this address, a mail with a link is on its way. The link is valid for {minutes} minutes.").format(
            minutes=decided().password_link_minutes
        ),
        icon=":material/mark_email_read:",
    )
    st.markdown(
        _("No mail after a few minutes? Then we may know you by another address. Write to {address}.").format(
            address=settings().mail_address
        )
    )
    st.stop()
st.markdown(_("Fill in your address. A mail with a link to choose a new password leaves at once."))
with st.container(border=True, width=signing.ONE_FORM):
    asked = str(st.query_params.get("soort") or "")
    roles = list(ROLES) if asked == Role.COORDINATOR else [Role.PERSON, Role.INSTITUTION]
    st.radio(
        _("Which account?"),
        roles,
        index=roles.index(Role(asked)) if asked in roles else 0,
        format_func=ROLES.get,
        key="password_role",
        horizontal=True,
    )
    forms.email(_("E-mail address"), key="password_email", autocomplete="username")
    refusal("ask", "email")
    st.button(
        _("New password"),
        key="ask_password",
        type="primary",
        icon=":material/send:",
        on_click=attempt,
        args=("ask", ask),
        kwargs={"then": lambda _sent: st.session_state.__setitem__("password_asked", True)},
    )
