"""«Account aanmaken» (R12): for who never followed a course; a likely double gets no second account (R10, D12)."""

from functools import partial

import streamlit as st

from core.db import Db, read
from core.i18n import _, language
from core.queries import institutions
from core.services import accounts
from core.services.accounts import Creation, NewPerson
from core.settings import settings
from core.vocabulary import Actor
from pages.shared import creating, forms
from pages.shared.access import public
from pages.shared.feedback import attempt, refusal

signed_in = public()
st.title(_("Create account"), anchor=False)
outcome: Creation | None = st.session_state.get("account_outcome")
if signed_in is not None:
    st.info(_("You already have an account and are signed in."), icon=":material/check_circle:")
    st.stop()
if outcome is not None:
    creating.outcome(outcome)
    st.stop()

st.info(
    _(
        "Have you followed a course with us before? Then you already have an account, and your history is kept there. "
        "Ask for a new password, or write to {address} if you are not sure which address we know."
    ).format(address=settings().mail_address),
    icon=":material/history:",
)
st.page_link("public/new_password.py", label=_("New password"), icon=":material/key:")


def _year(text: str) -> int | None:
    """A year as it was typed; 0, which is refused, for anything that is no year."""
    tidy = text.strip()
    return None if not tidy else int(tidy) if tidy.isascii() and tidy.isdigit() else 0


def create(db: Db, actor: Actor) -> Creation:
    """Make the account from the form."""
    state = st.session_state
    return accounts.create_account(
        db,
        actor,
        NewPerson(
            first_name=state["new_first_name"],
            last_name=state["new_last_name"],
            email=state["new_email"],
            password=state["new_password"],
            birth_year=_year(state["new_birth_year"]),
            phone=state["new_phone"],
            institution_id=state.get("new_school"),
            language=language(),
        ),
    )


with st.container(border=True, width=720):
    first, second = st.columns(2)
    with first:
        forms.text(_("First name"), key="new_first_name", autocomplete="given-name", longest=100)
        refusal("create", "first_name")
    with second:
        forms.text(_("Last name"), key="new_last_name", autocomplete="family-name", longest=100)
        refusal("create", "last_name")
    first, second = st.columns(2)
    with first:
        forms.email(_("E-mail address"), key="new_email")
        refusal("create", "email")
    with second:
        forms.new_password(_("Password"), key="new_password")
        refusal("create", "password")
    first, second = st.columns(2)
    with first:
        forms.text(_("Year of birth (optional)"), key="new_birth_year", longest=4, autocomplete="bday-year")
        refusal("create", "birth_year")
    with second:
        forms.phone(_("Telephone (optional)"), key="new_phone")
    sought = st.text_input(
        _("Your school (optional)"),
        key="search_school",
        type="search",
        live=True,
        placeholder=_("Name, town or number"),
    )
    with read() as db:
        hits = institutions.search(db, sought or "", limit=8)
    names = {hit.institution_id: f"{hit.name}, {hit.city}" for hit in hits}
    if names:
        st.radio(_("Which one?"), list(names), format_func=names.get, index=None, key="new_school")
    st.caption(_("Year of birth, telephone and school only serve to recognise you if you have an account already."))
    refusal("create")
    st.button(
        _("Create account"),
        key="create_account",
        type="primary",
        icon=":material/person_add:",
        on_click=attempt,
        args=("create", create),
        kwargs={"then": partial(st.session_state.__setitem__, "account_outcome")},
    )
