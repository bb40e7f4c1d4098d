"""The header and footer of every page: where one is, «Aanmelden» or «Mijn portaal» at the top right, the language."""

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import Page

from core.i18n import _, language
from core.queries.accounts import SignedIn
from core.services import accounts, institutions
from core.settings import settings
from core.vocabulary import Language, Role
from pages.shared import cards, feedback, signing, site
from pages.shared.decided import decided

Pages = Mapping[site.Door, Page]


def draw(signed_in: SignedIn | None, pages: Pages) -> None:
    """The first row of every page, and the tabs of the own portal below it."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center", gap="xxsmall"):
            st.image("pages/static/icon.png", width=34)
            st.page_link(pages[site.CATALOGUE], label=f"**CNO** · {_('Courses')}", icon="")
            st.page_link(pages[site.HELP], label=_("How does the website work?"), icon="")
            if signed_in is None or signed_in.role is not Role.COORDINATOR:
                st.page_link(pages[site.ASK], label=_("Ask CNO"), icon="")
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
    if signed_in is not None:
        _portal(signed_in, pages)
        if not signed_in.is_confirmed:
            _ask_to_confirm(signed_in)
        elif signed_in.is_undeliverable and signed_in.role is not Role.COORDINATOR:
            _ask_for_working_address(signed_in, pages)
        if signed_in.has_refusing_billing:
            _ask_for_billing_address(signed_in, pages)


def _portal(signed_in: SignedIn, pages: Pages) -> None:
    """The tabs of a portal that has several pages, and whose portal it is."""
    own = {door: page for door, page in pages.items() if door.audience is signed_in.role and door.is_listed}
    if signed_in.role is Role.COORDINATOR or len(own) < 2:
        return
    with st.container(
        border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"
    ):
        with st.container(horizontal=True, width="content", gap="small"):
            for door, page in own.items():
                st.page_link(page, label=_(door.title), icon=door.icon)
        st.caption(cards.plain(signed_in.name), width="content")


def _ask_to_confirm(signed_in: SignedIn) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            ":material/mark_email_unread: "
            + _("Confirm your address first: click the link in the mail that we sent to {address}.").format(
                address=cards.plain(signed_in.email)
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


def _ask_for_working_address(signed_in: SignedIn, pages: Pages) -> None:
    """Mail to this account came back: the owner shows that the address works, or gives another one."""
    with st.container(border=True):
        st.markdown(
            ":material/unsubscribe: "
            + _(
                "Our mail to {address} came back, so our messages no longer reach you. Does the address work again? "
                "Then click the link that we send to it. Otherwise give us another address."
            ).format(address=cards.plain(signed_in.email))
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                _("Send the link"),
                key="confirm_again",
                icon=":material/send:",
                on_click=feedback.attempt,
                args=("confirm_again", accounts.ask_confirmation_again),
                kwargs={"done": _("A new link is on its way. Look in your mailbox.")},
            )
            st.page_link(pages[site.DETAILS[signed_in.role]], label=_("Change my address"), icon=":material/edit:")
        feedback.refusal("confirm_again")


def _ask_for_billing_address(signed_in: SignedIn, pages: Pages) -> None:
    """Notes could not be brought to a billing address: the institution gives another one, or says that it works."""
    with st.container(border=True):
        st.markdown(
            ":material/unsubscribe: "
            + _(
                "Our mail to your billing address came back. Until you give another one, debit and credit notes go "
                "to your other addresses."
            )
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                _("The address works again"),
                key="billing_works",
                icon=":material/check:",
                on_click=feedback.attempt,
                args=("billing_works", institutions.trust_billing_again),
                kwargs={"done": _("Thank you. Notes go to your billing address again.")},
            )
            st.page_link(
                pages[site.DETAILS[signed_in.role]], label=_("Change the billing address"), icon=":material/edit:"
            )
        feedback.refusal("billing_works")


def _portal_name(role: Role) -> str:
    return _("Dashboards") if role is Role.COORDINATOR else _("My portal")


def footer(signed_in: SignedIn | None, pages: Pages) -> None:
    """Who we are and how to reach us, below every page."""
    own = decided()
    st.divider()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(
            f"{own.organiser_name} · {own.organiser_parent}  \n{own.organiser_street}, {own.organiser_postcode} "
            f"{own.organiser_city} · {settings().mail_address}",
            width="content",
        )
        with st.container(horizontal=True, width="content", gap="small"):
            for door in (site.VERIFY, site.TEAM) if signed_in is None else (site.VERIFY,):
                st.page_link(pages[door], label=_(door.title), icon=door.icon)
