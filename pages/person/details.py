"""«Mijn gegevens»: the own data, institutions, password, address, language (R13, R17, D10)."""

import streamlit as st

from core.db import Db, read
from core.i18n import _
from core.labels import label
from core.queries import persons
from core.services.persons import Details, change_details
from core.vocabulary import Actor, JobFunction, Level, Role, Subject
from pages.shared import own_account, own_institutions
from pages.shared.access import require
from pages.shared.feedback import attempt, refusal

signed_in = require(Role.PERSON)
with read() as db:
    own = persons.own_details(db, signed_in.actor)
    linked = persons.own_institutions(db, signed_in.actor)


def save(db: Db, actor: Actor) -> None:
    """Save the own data as they stand in the form."""
    state = st.session_state
    change_details(
        db,
        actor,
        Details(
            first_name=state["first_name"],
            last_name=state["last_name"],
            phone=state["phone"],
            street=state["street"],
            postcode=state["postcode"],
            city=state["city"],
            function=state["function"],
            levels=frozenset(state["levels"]),
            subjects=frozenset(state["subjects"]),
        ),
    )


st.title(_("My details"), anchor=False)
with st.container(border=True):
    st.subheader(_("Personal data"), anchor=False)
    first, second = st.columns(2)
    with first:
        st.text_input(_("First name"), own.first_name, key="first_name", autocomplete="given-name", max_chars=100)
        refusal("details", "first_name")
        st.text_input(_("Street and number"), own.street, key="street", autocomplete="street-address", max_chars=200)
        st.text_input(
            _("Telephone"),
            own.phone,
            key="phone",
            type="phone",
            placeholder="0470 00 00 00",
            autocomplete="tel",
            max_chars=40,
        )
    with second:
        st.text_input(_("Last name"), own.last_name, key="last_name", autocomplete="family-name", max_chars=100)
        refusal("details", "last_name")
        postcode, city = st.columns([1, 2])
        postcode.text_input(_("Postcode"), own.postcode, key="postcode", autocomplete="postal-code", max_chars=12)
        city.text_input(_("Town"), own.city, key="city", autocomplete="address-level2", max_chars=100)
        functions = list(JobFunction)
        st.selectbox(
            _("Function"),
            functions,
            index=functions.index(own.function) if own.function else None,
            format_func=label,
            key="function",
            placeholder=_("Choose your function"),
        )
    first.multiselect(
        _("Levels"), list(Level), own.levels, format_func=label, key="levels", placeholder=_("Choose one or more")
    )
    second.multiselect(
        _("Subjects"),
        list(Subject),
        own.subjects,
        format_func=label,
        key="subjects",
        placeholder=_("Choose one or more"),
    )
    refusal("details")
    st.button(
        _("Save"),
        key="save_details",
        type="primary",
        icon=":material/save:",
        on_click=attempt,
        args=("details", save),
        kwargs={"done": _("Your details have been saved.")},
    )
own_institutions.section(linked)
own_account.section(signed_in)
