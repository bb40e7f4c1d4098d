"""The header and footer of every page: where one is, «Aanmelden» or «Mijn portaal» at the top right, the language."""

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import Page

from core.i18n import _, language
from core.queries.accounts import SignedIn
from core.services import accounts
from core.settings import settings
from core.vocabulary import Language, Role
from pages.shared import feedback, signing, site


def draw(signed_in: SignedIn | None, pages: Mapping[site.Door, Page]) -> None:
    """The first row of every page, and the tabs of the own portal below it."""
    role = signed_in.role if signed_in else None
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small"):
            st.page_link(pages[site.CATALOGUE], label=f"**CNO** · {_('Courses')}", icon=":material/school:")
            st.page_link(pages[site.HELP], label=_("How does the website work?"), icon=":material/help:")
        with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small"):
            other = Language.ENGLISH if language() is Language.DUTCH else Language.DUTCH
            st.button(
                "English" if other is Language.ENGLISH else "Nederlands",
                key="switch_language",
                type="tertiary",
                icon=":material/translate:",
                on_click=signing.choose_language,
                args=(other,),
            )
            if signed_in is None:
                st.page_link(pages[site.SIGN_IN], label=f"**{_('Sign in')}**", icon=":material/login:")
            else:
                st.page_link(
                    pages[site.HOME[signed_in.role]],
                    label=f"**{_portal_name(signed_in.role)}**",
                    icon=":material/account_circle:",
                )
                st.button(
                    _("Sign out"), key="sign_out", type="tertiary", icon=":material/logout:", on_click=signing.sign_out
                )
    if role in (Role.PERSON, Role.INSTITUTION):
        with st.container(horizontal=True, gap="small", border=True):
            for door, page in pages.items():
                if door.audience is role:
                    st.page_link(page, label=_(door.title), icon=door.icon)
    if signed_in is not None and not signed_in.is_confirmed:
        _ask_to_confirm(signed_in)


def _ask_to_confirm(signed_in: SignedIn) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            ":material/mark_email_unread: "
            + _("Confirm your address first: click the link in the mail that we sent to {address}.").format(
                address=signed_in.email
            )
        )
        st.button(
            _("Send the link again"),
            key="confirm_again",
            icon=":material/send:",
            on_click=feedback.attempt,
            args=("confirm_again", accounts.ask_confirmation_again),
            kwargs={"done": _("A new link is on its way. Look in your mailbox.")},
        )
    feedback.refusal("confirm_again")


def _portal_name(role: Role) -> str:
    return _("Dashboards") if role is Role.COORDINATOR else _("My portal")


def footer() -> None:
    """Who we are and how to reach us, below every page."""
    own = settings()
    st.divider()
    st.caption(
        f"{own.organiser_name} · {own.organiser_parent} · {own.organiser_street}, {own.organiser_postcode} "
        f"{own.organiser_city} · {own.mail_address}"
    )
