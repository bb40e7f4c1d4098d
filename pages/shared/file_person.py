"""The data of a person in a coordinator's file: edit, links and their end."""

from collections.abc import Sequence

import streamlit as st

from core.db import Db
from core.i18n import _, day
from core.labels import label
from core.queries.dossiers import LinkRow, PersonFile
from core.services import affiliation_care, persons
from core.services.persons import Details, change_details
from core.vocabulary import Actor, JobFunction, Level, Subject
from pages.shared import cards, choosing, forms, newcomers
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal


def data(shown: PersonFile) -> None:
    """Everything that can be changed, in one form."""
    key = f"file_{shown.person_id}"

    def save(db: Db, actor: Actor) -> None:
        state = st.session_state
        names = ("first_name", "last_name", "phone", "street", "postcode", "city")
        texts = {name: state[f"{key}_{name}"] for name in names}
        change_details(
            db,
            actor,
            Details(
                **texts,
                function=state[f"{key}_function"],
                levels=frozenset(state[f"{key}_levels"]),
                subjects=frozenset(state[f"{key}_subjects"]),
            ),
            person_id=shown.person_id,
        )
        persons.change_birth_year(db, actor, shown.person_id, newcomers.year(state[f"{key}_birth_year"]))

    with st.container(border=True):
        st.subheader(_("Personal data"), anchor=False)
        forms.text(_("First name"), shown.first_name, key=f"{key}_first_name", longest=100)
        refusal("file", "first_name")
        forms.text(_("Last name"), shown.last_name, key=f"{key}_last_name", longest=100)
        refusal("file", "last_name")
        forms.text(_("Year of birth"), str(shown.birth_year or ""), key=f"{key}_birth_year", longest=4)
        refusal("file", "birth_year")
        forms.phone(_("Telephone"), shown.phone, key=f"{key}_phone")
        forms.text(_("Street and number"), shown.street, key=f"{key}_street", longest=200)
        forms.text(_("Postcode"), shown.postcode, key=f"{key}_postcode", longest=12)
        forms.text(_("Town"), shown.city, key=f"{key}_city", longest=100)
        functions = list(JobFunction)
        st.selectbox(
            _("Function"),
            functions,
            index=functions.index(shown.function) if shown.function else None,
            format_func=label,
            key=f"{key}_function",
            placeholder=_("Choose a function"),
        )
        for name, kind, chosen, title in (
            ("levels", Level, shown.levels, _("Levels")),
            ("subjects", Subject, shown.subjects, _("Subjects")),
        ):
            st.multiselect(
                title, list(kind), default=chosen, format_func=label, key=f"{key}_{name}", placeholder=_("Choose")
            )
        refusal("file")
        st.button(
            _("Save the data"),
            key=f"save_file_{shown.person_id}",
            type="primary",
            icon=":material/save:",
            on_click=attempt,
            args=("file", save),
            kwargs={"done": _("The data have been saved.")},
        )


def links(rows: Sequence[LinkRow]) -> None:
    """The institutions of a person, now and earlier; a coordinator makes a link only when asked to (R44)."""
    with st.container(border=True):
        st.subheader(_("Institutions"), anchor=False)
        for row in rows:
            with st.container(gap="xxsmall"):
                st.page_link(
                    "coordinator/institution.py",
                    label=cards.plain(f"{row.name}, {row.city}"),
                    icon=":material/apartment:",
                    query_params={"id": str(row.other_id)},
                )
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.caption(period(row), width="content")
                    if row.ended_on is None:
                        st.button(
                            _("End this link"),
                            key=f"end_{row.affiliation_id}",
                            type="tertiary",
                            icon=":material/link_off:",
                            on_click=open_dialog,
                            args=("end", row.affiliation_id),
                        )
        if not rows:
            st.caption(_("Not linked to an institution."))
        st.caption(_("Only the person decides on a link, in «My portal»; or you make it when asked to."))
        st.button(
            _("Link to an institution"),
            key="new_link",
            icon=":material/add_link:",
            on_click=open_dialog,
            args=("link",),
        )


def link_dialog(person_id: int) -> None:
    """Choose the institution that somebody asked to be linked to; both are told by mail."""
    if dialog_subject("link") is None:
        return

    @st.dialog(_("Link to an institution"), icon=":material/add_link:", on_dismiss=close_dialog)
    def ask() -> None:
        chosen = choosing.institution(_("Institution"), "link")
        st.checkbox(_("The person asked for this"), key="link_asked")
        refusal("link", "asked")
        refusal("link")
        st.caption(_("Both are told by mail; the institution gets a link to undo it."))

        def make(db: Db, actor: Actor) -> int:
            is_asked = bool(st.session_state["link_asked"])
            return affiliation_care.make(db, actor, person_id, chosen or 0, is_asked=is_asked)

        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Do not link"), key="keep_unlinked", on_click=close_dialog)
            st.button(
                _("Link"),
                key="confirm_link",
                type="primary",
                disabled=chosen is None,
                on_click=attempt,
                args=("link", make),
                kwargs={"done": _("Linked. Both are told by mail.")},
            )

    ask()


def period(row: LinkRow) -> str:
    """Since when, and until when."""
    since = _("since {date}").format(date=day(row.started_on))
    return since if row.ended_on is None else f"{since} · {_('ended on {date}').format(date=day(row.ended_on))}"


def end_dialog(rows: Sequence[LinkRow]) -> None:
    """The question before a link is ended; the person is told by mail."""
    subject = dialog_subject("end")
    row = next((row for row in rows if row.affiliation_id == subject), None)
    if row is None:
        return

    @st.dialog(_("End this link?"), icon=":material/link_off:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(
            _("The link with **{name}** ends today and the person is told by mail. Standing enrolments stay.").format(
                name=cards.plain(row.name)
            )
        )
        refusal("end")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Keep the link"), key="keep_link", on_click=close_dialog)
            st.button(
                _("End this link"),
                key="confirm_end",
                type="primary",
                on_click=attempt,
                args=("end", lambda db, actor: affiliation_care.end(db, actor, row.affiliation_id)),
                kwargs={"done": _("The link has been ended.")},
            )

    ask()
