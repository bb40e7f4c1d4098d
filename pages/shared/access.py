"""Who is signed in, and who may see a page. The first statement of every page is `require(...)` or `public()`."""

from typing import NoReturn

import streamlit as st

from core.db import read, write
from core.i18n import _
from core.queries.accounts import SignedIn
from core.services import sign_ins
from core.vocabulary import VISITOR, Actor, Role
from pages.http.session import COOKIE
from pages.shared import cards, decided, signing, site

_RUN = "_signed_in"


def refresh() -> SignedIn | None:
    """Look up, once a run, who is signed in: by this tab's sign-in, else by the browser's cookie."""
    found = lookup()
    st.session_state[_RUN] = found
    return found


def lookup() -> SignedIn | None:
    """Who is signed in as of now; a sign-in that was ended on the server counts no more."""
    identity = st.session_state.get(signing.SIGN_IN)
    with read() as db:
        decided.refresh(db)
        if identity is not None:
            found = sign_ins.still_stands(db, identity)
        else:
            secret = st.context.cookies.get(COOKIE)
            has_cookie = isinstance(secret, str) and not st.session_state.get(signing.SIGNED_OUT)
            found = sign_ins.by_cookie(db, secret) if has_cookie else None
    if found is None:
        if identity is not None:
            signing.forget()
        return None
    st.session_state[signing.SIGN_IN] = found.sign_in_id
    if found.needs_touch:
        with write() as db:
            sign_ins.touch(db, found.sign_in_id)
    return found


def actor() -> Actor:
    """On whose behalf an action happens, looked up afresh; what it answers is said in that account's language."""
    found = lookup()
    signing.speak(found.language if found else None)
    return found.actor if found else VISITOR


def public() -> SignedIn | None:
    """Everybody may see this page; returns who is signed in, if anybody is."""
    found: SignedIn | None = st.session_state.get(_RUN)
    return found


def require(*roles: Role) -> SignedIn:
    """Only accounts of these kinds go on; others see the sign-in form in place, and the page ends."""
    found = public()
    if found is None or found.role not in roles:
        _turn_away(found, roles)
    return found


def _turn_away(found: SignedIn | None, roles: tuple[Role, ...]) -> NoReturn:
    if found is None:
        st.title(_("Sign in"), anchor=False)
        st.info(_("You must sign in to see this page."), icon=":material/lock:")
        signing.forms(roles)
    else:
        wrong_account(found)
    st.stop()


def wrong_account(found: SignedIn) -> None:
    """Who is signed in cannot go on here; the ways out."""
    st.title(_("This page is for another kind of account"), anchor=False)
    st.info(
        _("You are signed in as {name}. Sign out first to use another account.").format(name=cards.plain(found.name)),
        icon=":material/lock:",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        home = site.HOME[found.role]
        st.button(_("Sign out"), key="sign_out_here", on_click=signing.sign_out, icon=":material/logout:")
        st.page_link(home.file, label=_(home.title), icon=home.icon)
