"""The rows of «Onze cursisten», the pop-up of the trash can, the invitation to forward."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

import streamlit as st

from core.i18n import _, day, short_day
from core.queries.colleagues import ComingCourse, LinkedPerson
from core.services import affiliations
from core.settings import settings
from pages.shared import cards
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal


def draw(row: LinkedPerson) -> None:
    """Somebody linked: since when, the courses to come, «still linked» when it is asked, the trash can."""
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key=f"person_{row.affiliation_id}",
    ):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(row.name)}**")
            st.caption(_("linked since {date}").format(date=day(row.started_on)))
            for course in row.coming:
                st.markdown(f":material/event: {_coming(course)}")
            refusal(f"keep_{row.affiliation_id}")
        with st.container(horizontal=True, width="content"):
            if row.is_asked:
                st.button(
                    _("Yes, still linked"),
                    key=f"keep_{row.affiliation_id}",
                    icon=":material/how_to_reg:",
                    on_click=attempt,
                    args=(
                        f"keep_{row.affiliation_id}",
                        lambda db, actor: affiliations.keep(db, actor, row.affiliation_id),
                    ),
                    kwargs={"done": lambda name: _("{name} is still linked.").format(name=cards.plain(name))},
                )
            st.button(
                "",
                key=f"remove_{row.affiliation_id}",
                icon=":material/delete:",
                help=_("Remove {name} from the list").format(name=cards.plain(row.name)),
                on_click=open_dialog,
                args=("remove", row.affiliation_id),
            )


def _coming(course: ComingCourse) -> str:
    on = f" – {short_day(course.first_day)}" if course.first_day else ""
    return f"{cards.plain(course.title)}{on}"


def remove_dialog(rows: Sequence[LinkedPerson]) -> None:
    """The pop-up of the trash can: what stays, then «OK» (R45, D7)."""
    subject = dialog_subject("remove")
    row = next((row for row in rows if row.affiliation_id == subject), None)
    if row is None:
        return

    @st.dialog(_("Remove from the list?"), icon=":material/delete:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(
            _("**{name}** will no longer be linked to your institution and is told by mail.").format(
                name=cards.plain(row.name)
            )
        )
        if row.coming:
            st.warning(_("These enrolments stay, and you stay the payer:"), icon=":material/event:")
            for course in row.coming:
                st.markdown(f"- {_coming(course)}")
            st.caption(_("Cancel or replace them under «Our courses» if you want that too."))
        refusal("remove")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Keep in the list"), key="keep_person", on_click=close_dialog)
            st.button(
                _("OK"),
                key="confirm_remove",
                type="primary",
                on_click=attempt,
                args=("remove", lambda db, actor: affiliations.remove(db, actor, row.affiliation_id)),
                kwargs={
                    "done": lambda name: _("{name} is no longer in your list, and was told by mail.").format(
                        name=cards.plain(name)
                    )
                },
            )

    ask()


def invitation(institution_name: str) -> None:
    """Why nobody can be added here, and a mail to forward instead (R44)."""
    st.subheader(f":material/person_add: {_('Somebody is missing?')}", anchor=False)
    st.markdown(
        _(
            "The privacy law does not let you add colleagues yourself: each colleague makes the link in the own "
            "portal. Copy this text into a mail to your colleague."
        )
    )
    text = _(
        "Dear colleague,\n\n"
        "So that {institution} can enrol you in courses of the CNO, do this once:\n\n"
        "1. Sign in: {url}/aanmelden\n"
        "   Never followed a course of the CNO? Then create an account first: {url}/account-aanmaken\n"
        "2. Go to My portal > My details > Institutions I am attached to.\n"
        "3. Search for «{institution}» and click Link.\n\n"
        "Kind regards"
    ).format(institution=institution_name, url=settings().public_url)
    st.code(text, language=None, wrap_lines=True)
    subject = _("Your link to {institution} at the CNO").format(institution=institution_name)
    st.link_button(
        _("Open in my mail program"),
        f"mailto:?{urlencode({'subject': subject, 'body': text}, quote_via=quote)}",
        key="invitation",
        icon=":material/mail:",
    )
