"""«Mijn gegevens»: the own data, institutions, password, address, language (R13, R17, D10)."""

import streamlit as st

from core.db import Db, read
from core.i18n import _
from core.labels import label
from core.queries import persons
from core.services.persons import Details, change_details
from core.vocabulary import Actor, JobFunction, Level, Role, Subject
from pages.shared import forms, own_account, own_institutions
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
        forms.text(_("First name"), own.first_name, key="first_name", autocomplete="given-name", longest=100)
        refusal("details", "first_name")
    with second:
        forms.text(_("Last name"), own.last_name, key="last_name", autocomplete="family-name", longest=100)
        refusal("details", "last_name")
    street, postcode, city = st.columns([3, 1, 2])
    with street:
        forms.text(_("Street and number"), own.street, key="street", autocomplete="street-address", longest=200)
    with postcode:
        forms.text(_("Postcode"), own.postcode, key="postcode", autocomplete="postal-code", longest=12)
    with city:
        forms.text(_("Town"), own.city, key="city", autocomplete="address-level2", longest=100)
    first, second = st.columns(2)
    with first:
        forms.phone(_("Telephone"), own.phone, key="phone")
    functions = list(JobFunction)
    second.selectbox(
        _("Function"),
        functions,
        index=functions.index(own.function) if own.function else None,
        format_func=label,
        key="function",
        placeholder=_("Choose your function"),
        on_change="ignore",
    )
    for name, members, chosen, key in (
        (_("Levels"), Level, own.levels, "levels"),
        (_("Subjects"), Subject, own.subjects, "subjects"),
    ):
        st.multiselect(
            name,
            list(members),
            chosen,
            format_func=label,
            key=key,
            placeholder=_("Choose one or more"),
            select_all=False,
            wrap=True,
            on_change="ignore",
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
