"""Signing in and out: the forms, the check of the password, the ticket that becomes a cookie."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit_authenticator.controllers import AuthenticationController

from core.db import read, write
from core.i18n import _, ngettext, set_language
from core.queries import accounts
from core.services import sign_ins
from core.settings import settings
from core.vocabulary import Language, Role
from pages.http.session import PATH
from pages.shared import mishaps

SIGN_IN = "_sign_in_id"
SIGNED_OUT = "_signed_out"
LANGUAGE = "_language"
_TICKET = "_ticket"
_TICKET_SHOWN_SECONDS = 15
ONE_FORM = 520  # pixels: the width of a single form


class _Credentials(Mapping[str, dict[str, Any]]):
    """The accounts of one role as streamlit-authenticator wants them, read one at a time.

    An unknown address gets a dummy hash, so that the time an answer takes tells nothing.
    """

    def __init__(self, role: Role) -> None:
        self._role = role
        self._read: dict[str, dict[str, Any]] = {}
        self.account_ids: dict[str, int] = {}

    def __getitem__(self, email: str) -> dict[str, Any]:
        if email not in self._read:
            with read() as db:
                found = accounts.credentials(db, self._role, email)
            if found is not None:
                self.account_ids[email] = found.account_id
            self._read[email] = {
                "email": email,
                "name": found.name if found else "",
                "password": found.password_hash if found and found.password_hash else accounts.dummy_hash(),
                "roles": [self._role.value],
            }
        return self._read[email]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def check(role: Role, email: str, password: str) -> int | None:
    """The account of an address and its password, or None; always takes the time of one password check."""
    credentials = _Credentials(role)
    controller = AuthenticationController({"usernames": {}}, auto_hash=False)
    controller.authentication_model.credentials["usernames"] = credentials
    return credentials.account_ids.get(email) if controller.login(email, password) else None


def network() -> str:
    """The address the browser comes from, for the brake on wrong passwords."""
    return st.context.ip_address or "loopback"


def sign_in(role: Role, place: str) -> None:
    """Callback of a sign-in form; what is wrong is kept for the form to show."""
    speak()
    message = f"{place}_message"
    st.session_state.pop(message, None)
    email = accounts.address_key(str(st.session_state.get(f"{place}_email") or ""))
    password = str(st.session_state.get(f"{place}_password") or "")
    try:
        wrong = _try_in(role, email, password)
    except Exception:  # a callback's own exception would show Streamlit's page, in English
        wrong = mishaps.report("sign_in")
    if wrong:
        st.session_state[message] = wrong


def _try_in(role: Role, email: str, password: str) -> str:
    """Brake, password, sign-in row, ticket; returns what is wrong, or nothing."""
    if not email or not password:
        return _("Fill in your e-mail address and your password.")
    with write() as db:
        wait = sign_ins.take_attempt(db, role, email, network())
    if wait:
        return ngettext(
            "Too many attempts. Try again in {count} second, or ask for a new password.",
            "Too many attempts. Try again in {count} seconds, or ask for a new password.",
            wait,
        )
    account_id = check(role, email, password) if len(password.encode()) <= 72 else None
    if account_id is None:
        return _("This address and password do not belong together.")
    with write() as db:
        sign_ins.note_success(db, role, email, network())
        identity, ticket = sign_ins.start(db, account_id)
    forget()
    st.session_state[SIGN_IN] = identity
    st.session_state[_TICKET] = (ticket, time.monotonic() + _TICKET_SHOWN_SECONDS)
    st.session_state[SIGNED_OUT] = False
    st.session_state.pop(LANGUAGE, None)
    return ""


def hand_over_ticket() -> None:
    """Let the browser fetch its cookie with the ticket: the only script of the site."""
    ticket, until = st.session_state.get(_TICKET, ("", 0.0))
    if time.monotonic() > until:
        st.session_state.pop(_TICKET, None)
        return
    st.html(
        f"<script>if(window.cnoTicket!=='{ticket}'){{window.cnoTicket='{ticket}';"
        f"fetch('{PATH}',{{method:'POST',body:'{ticket}',credentials:'same-origin'}})}}</script>",
        unsafe_allow_javascript=True,
    )


def sign_out() -> None:
    """Callback: end this browser's sign-in on the server."""
    identity = st.session_state.get(SIGN_IN)
    if identity is not None:
        with write() as db:
            sign_ins.end(db, identity)
    forget()
    st.session_state[SIGNED_OUT] = True


def forget() -> None:
    """Forget in this tab who was signed in, and everything shown to that account."""
    for key in list(st.session_state):
        if key not in (LANGUAGE, SIGNED_OUT) and not str(key).endswith(("_message", "_email")):
            del st.session_state[key]


def choose_language(language: Language) -> None:
    """Callback of the switch in the header.

    The browser names a choice by its label, which is about to change: so every choice is set anew by its value.
    """
    for key, value in list(st.session_state.items()):
        if value is not None and not isinstance(value, bool):  # buttons cannot be set
            st.session_state[key] = value
    st.session_state[LANGUAGE] = language
    speak()


def speak(of_account: Language | None = None) -> None:
    """Show texts in the language of the switch, else of the account, else in Dutch.

    Each run, and the callback before it, is a new thread that knows no language yet.
    """
    set_language(st.session_state.get(LANGUAGE) or of_account or Language.DUTCH)


def form(role: Role, title: str, icon: str, purpose: str) -> None:
    """One sign-in form, with the hints a password manager needs."""
    place = f"sign_in_{role}"
    with st.container(border=True, height="stretch"):
        st.subheader(f"{icon} {title}", anchor=False)
        st.caption(purpose)
        with st.form(place, border=False, enter_to_submit=True):
            st.text_input(
                _("E-mail address"),
                key=f"{place}_email",
                type="email",
                placeholder=_("name@example.com"),
                autocomplete="username",
                validate="",
            )
            st.text_input(_("Password"), key=f"{place}_password", type="password", autocomplete="current-password")
            if message := st.session_state.get(f"{place}_message"):
                st.error(message, icon=":material/error:")
            st.form_submit_button(
                _("Sign in"),
                key=f"{place}_submit",
                type="primary",
                width="stretch",
                on_click=sign_in,
                args=(role, place),
            )
        links(role)


def links(role: Role) -> None:
    """What somebody who cannot sign in looks for, below the form."""
    st.page_link(
        "public/new_password.py",
        label=_("Forgotten your password?"),
        icon=":material/key:",
        query_params={"soort": role.value},
    )
    if role is Role.PERSON:
        st.page_link("public/create_account.py", label=_("Create account"), icon=":material/person_add:")
    if role is not Role.COORDINATOR:
        st.caption(
            _("Not sure which address we know you by? Write to {address}.").format(address=settings().mail_address)
        )


def forms(roles: Sequence[Role]) -> None:
    """The sign-in forms for these kinds of account: personal LEFT, institution RIGHT (R8)."""
    titles = {
        Role.PERSON: (
            _("Personal account"),
            ":material/person:",
            _("For teachers and all who follow courses: enrol, certificates, course material."),
        ),
        Role.INSTITUTION: (
            _("Institution account"),
            ":material/apartment:",
            _("For the secretariat or the head of a school: which courses you pay for."),
        ),
        Role.COORDINATOR: (_("CNO team"), ":material/badge:", _("For staff of the CNO only.")),
    }
    chosen = [role for role in titles if role in roles]
    with st.container(width="stretch" if len(chosen) > 1 else ONE_FORM):
        for column, role in zip(st.columns(len(chosen)), chosen, strict=True):
            with column:
                form(role, *titles[role])
