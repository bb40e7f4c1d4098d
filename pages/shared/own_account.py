"""The own account: password, address, language, «Overal afmelden»."""

import streamlit as st

from core.db import Db
from core.i18n import _
from core.labels import label
from core.queries.accounts import SignedIn
from core.services import accounts, addresses, sign_ins
from core.vocabulary import Actor, Language
from pages.shared import cards, forms, signing
from pages.shared.feedback import attempt, refusal


def section(signed_in: SignedIn) -> None:
    """Everything about signing in, for whichever kind of account."""
    first, second = st.columns(2)
    with first.container(border=True, height="stretch"):
        _password(signed_in)
    with second.container(border=True, height="stretch"):
        _address(signed_in)
    with st.container(border=True):
        _language_and_devices(signed_in)


def _password(signed_in: SignedIn) -> None:
    def change(db: Db, actor: Actor) -> None:
        state = st.session_state
        accounts.change_password(
            db, actor, state["present_password"], state["changed_password"], sign_in_id=signed_in.sign_in_id
        )

    st.subheader(_("Password"), anchor=False)
    forms.password(_("Present password"), key="present_password")
    refusal("password", "present")
    forms.new_password(_("New password"), key="changed_password")
    refusal("password", "password")
    st.button(
        _("Change password"),
        key="change_password",
        icon=":material/key:",
        on_click=attempt,
        args=("password", change),
        kwargs={
            "done": _("Your password has been changed. Other devices have been signed out."),
            "then": forms.emptied("present_password", "changed_password"),
        },
    )


def _address(signed_in: SignedIn) -> None:
    def change(db: Db, actor: Actor) -> None:
        state = st.session_state
        addresses.request_change(db, actor, state["new_address"], state["address_password"])

    st.subheader(_("E-mail address"), anchor=False)
    st.markdown(_("We know you by **{address}**.").format(address=cards.plain(signed_in.email)))
    forms.email(_("New address"), key="new_address")
    refusal("address", "email")
    forms.password(_("Your password"), key="address_password")
    refusal("address", "password")
    st.button(
        _("Change address"),
        key="change_address",
        icon=":material/alternate_email:",
        on_click=attempt,
        args=("address", change),
        kwargs={
            "done": _("We sent a link to the new address. Click it to make the change."),
            "then": forms.emptied("new_address", "address_password"),
        },
    )


def _language_and_devices(signed_in: SignedIn) -> None:
    def change_language(db: Db, actor: Actor) -> None:
        chosen = Language(st.session_state["own_language"])
        accounts.set_language(db, actor, chosen)
        signing.choose_language(chosen)

    languages = list(Language)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.selectbox(
            _("Language of the site and of our mails"),
            languages,
            index=languages.index(signed_in.language),
            format_func=label,
            key="own_language",
            width=320,
            on_change=attempt,
            args=("language", change_language),
            kwargs={"done": _("Your language has been saved.")},
        )
        st.button(
            _("Sign out everywhere"),
            key="sign_out_everywhere",
            icon=":material/devices:",
            help=_("Also on other computers and telephones."),
            on_click=attempt,
            args=("devices", sign_ins.end_everywhere),
        )
    refusal("language")
