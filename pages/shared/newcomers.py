"""Making a participant or an institution by hand: who is likely known already is shown before anything is made."""

import streamlit as st

from core.db import Db, read
from core.i18n import _
from core.labels import label
from core.queries import doubles, people
from core.rules.accounts import BirthYearNotValid, Likeness
from core.rules.doubles import new_place
from core.services import newcomers
from core.services.institutions import Data
from core.services.newcomers import NewInstitution, NewPerson
from core.vocabulary import Actor, Language, Network, Party
from pages.shared import forms, people_rows
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

_SHOWN = 5


def buttons() -> None:
    """The ways to make somebody new."""
    for party, name, icon in (
        (Party.PERSON, _("New participant"), ":material/person_add:"),
        (Party.INSTITUTION, _("New institution"), ":material/add_business:"),
    ):
        st.button(name, key=f"new_{party}", icon=icon, on_click=open_dialog, args=("newcomer", party.value))


def dialog(actor: Actor) -> None:
    """The form of the one that was clicked."""
    subject = dialog_subject("newcomer")
    if subject == Party.PERSON:
        _person(actor)
    elif subject == Party.INSTITUTION:
        _institution(actor)


def year(text: str) -> int | None:
    """A year as typed; raises BirthYearNotValid for what is none."""
    if not text.strip():
        return None
    if not (text.strip().isascii() and text.strip().isdigit()):
        raise BirthYearNotValid(field="birth_year", first="1900", last="2015")
    return int(text)


def _person(reader: Actor) -> None:
    @st.dialog(_("New participant"), icon=":material/person_add:", width="large", on_dismiss=close_dialog)
    def ask() -> None:
        first, second = st.columns(2)
        with first:
            forms.text(_("First name"), key="new_first_name", longest=100)
            refusal("newcomer", "first_name")
            forms.text(_("Year of birth (optional)"), key="new_birth_year", longest=4)
            refusal("newcomer", "birth_year")
        with second:
            forms.text(_("Last name"), key="new_last_name", longest=100)
            refusal("newcomer", "last_name")
            forms.phone(_("Telephone (optional)"), key="new_phone")
        _address()
        names = [forms.kept("new_first_name"), forms.kept("new_last_name")]
        typed = forms.kept("new_birth_year")
        known_year = int(typed) if typed.isascii() and typed.isdigit() else None
        new = Likeness(*names, known_year, forms.kept("new_phone"))
        with read() as db:
            alike = doubles.like_person(db, reader, new, email=forms.kept("new_email").strip()) if any(names) else {}
            rows = people.persons_by_id(db, list(alike)[:_SHOWN])
        _warning(bool(rows))
        for row in rows.values():
            people_rows.person(row)
        _end(bool(rows), " ".join(names), _add_person)

    ask()


def _add_person(db: Db, actor: Actor) -> int:
    form = NewPerson(
        forms.kept("new_first_name"),
        forms.kept("new_last_name"),
        email=forms.kept("new_email"),
        birth_year=year(forms.kept("new_birth_year")),
        phone=forms.kept("new_phone"),
        language=st.session_state["new_language"],
    )
    return newcomers.add_person(db, actor, form, is_another=bool(st.session_state.get("new_is_another")))


def _institution(reader: Actor) -> None:
    @st.dialog(_("New institution"), icon=":material/add_business:", width="large", on_dismiss=close_dialog)
    def ask() -> None:
        forms.text(_("Name"), key="new_name", longest=200)
        refusal("newcomer", "name")
        first, second = st.columns(2)
        with first:
            st.selectbox(_("Network"), list(Network), format_func=label, key="new_network")
            forms.text(_("Street and number"), key="new_street", longest=200)
            forms.text(_("Postcode"), key="new_postcode", longest=12)
            forms.text(_("Town"), key="new_city", longest=100)
        with second:
            forms.phone(_("Telephone (optional)"), key="new_phone")
            forms.text(_("Institution number"), key="new_number", longest=10)
            refusal("newcomer", "number")
            forms.text(_("KBO number"), key="new_kbo", longest=20)
            refusal("newcomer", "kbo")
        _address()
        name = forms.kept("new_name")
        rest = {field: forms.kept(f"new_{field}") for field in ("kbo", "street", "postcode")}
        new = new_place(name, forms.kept("new_city"), **rest)
        with read() as db:
            alike = doubles.like_institution(db, reader, new) if name else {}
            rows = people.institutions_by_id(db, list(alike)[:_SHOWN])
        _warning(bool(rows))
        for row in rows.values():
            people_rows.institution(row)
        _end(bool(rows), name, _add_institution)

    ask()


def _add_institution(db: Db, actor: Actor) -> int:
    texts = {name: forms.kept(f"new_{name}") for name in ("name", "street", "postcode", "city")}
    form = NewInstitution(
        Data(**texts, network=st.session_state["new_network"]),
        email=forms.kept("new_email"),
        phone=forms.kept("new_phone"),
        number=forms.kept("new_number"),
        kbo=forms.kept("new_kbo"),
        language=st.session_state["new_language"],
    )
    return newcomers.add_institution(db, actor, form, is_another=bool(st.session_state.get("new_is_another")))


def _address() -> None:
    first, second = st.columns(2)
    with first:
        forms.email(_("E-mail address (without one there is no account)"), key="new_email", autocomplete="off")
        refusal("newcomer", "email")
    with second:
        st.selectbox(_("Language"), list(Language), format_func=label, key="new_language")


def _warning(is_like: bool) -> None:
    if is_like:
        st.warning(_("Is it one of these? Then open that file instead."), icon=":material/people_alt:")


def _end(is_like: bool, name: str, add: object) -> None:
    if is_like:
        st.checkbox(_("I looked: this is another one"), key="new_is_another")
    refusal("newcomer")
    st.caption(_("With an address, an invitation leaves at once with a link to choose a password."))

    def show(_identity: int) -> None:
        st.session_state["zoek_wie"] = name

    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(_("Do not make it"), key="keep_newcomer", on_click=close_dialog)
        st.button(
            _("Make it"),
            key="confirm_newcomer",
            type="primary",
            on_click=attempt,
            args=("newcomer", add),
            kwargs={"done": _("Made. You find it in the list below."), "then": show},
        )
