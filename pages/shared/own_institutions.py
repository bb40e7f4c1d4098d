"""«Instellingen waar ik aan verbonden ben»: searched as one types, linked by the person alone (R13, R16)."""

from collections.abc import Sequence

import streamlit as st

from core.db import read
from core.i18n import _, day
from core.labels import label
from core.queries import institutions
from core.queries.persons import LinkedInstitution
from core.services import affiliations
from pages.shared import cards
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal


def section(linked: Sequence[LinkedInstitution]) -> None:
    """The institutions of a person, and the search for another."""
    with st.container(border=True):
        st.subheader(_("Institutions I am attached to"), anchor=False)
        st.caption(_("Only you can make this link. Your school is told by mail; after that you can name it as payer."))
        for row in linked:
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(
                    f":material/apartment: **{cards.plain(row.name)}**, {cards.plain(row.city)}  \n"
                    f":small[{_('since {date}').format(date=day(row.started_on))} · {label(row.payer_policy)}]"
                )
                st.button(
                    _("End this link"),
                    key=f"unlink_{row.affiliation_id}",
                    icon=":material/link_off:",
                    on_click=open_dialog,
                    args=("unlink", row.affiliation_id),
                )
        if not linked:
            st.info(_("You are not linked to an institution yet."), icon=":material/apartment:")
        text = st.text_input(
            _("Search your school"),
            key="search_institution",
            type="search",
            live=True,
            placeholder=_("Name, town, postcode or number"),
        )
        with read() as db:
            hits = institutions.search(db, text or "", limit=8)
        known = {row.institution_id for row in linked}
        for hit in hits:
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"{cards.plain(hit.name)}, {hit.postcode} {cards.plain(hit.city)}")
                st.button(
                    _("Linked") if hit.institution_id in known else _("Link"),
                    key=f"link_{hit.institution_id}",
                    icon=":material/add_link:",
                    disabled=hit.institution_id in known,
                    on_click=attempt,
                    args=(
                        "link",
                        lambda db, actor, identity=hit.institution_id: affiliations.link(db, actor, identity),
                    ),
                    kwargs={
                        "done": _("You are now linked to {name}. The institution is told by mail.").format(
                            name=cards.plain(hit.name)
                        )
                    },
                )
        if text and len(text) > 1 and not hits:
            st.caption(_("No school found. Try part of the name, or the town."))
        refusal("link")
    _unlink_dialog(linked)


def _unlink_dialog(linked: Sequence[LinkedInstitution]) -> None:
    subject = dialog_subject("unlink")
    row = next((row for row in linked if row.affiliation_id == subject), None)
    if row is None:
        return

    @st.dialog(_("End this link?"), icon=":material/link_off:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(
            _(
                "You will no longer be linked to **{name}** and cannot name it as payer any more. "
                "Standing enrolments stay."
            ).format(name=cards.plain(row.name))
        )
        refusal("unlink")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Keep the link"), key="keep_link", on_click=close_dialog)
            st.button(
                _("End this link"),
                key="confirm_unlink",
                type="primary",
                on_click=attempt,
                args=("unlink", lambda db, actor: affiliations.unlink(db, actor, row.affiliation_id)),
                kwargs={"done": _("The link has been ended.")},
            )

    ask()
