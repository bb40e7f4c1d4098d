"""«Onze cursisten»: the linked persons, the trash can, the yearly question, the invitation to forward (R37, R45)."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.queries import colleagues, institutions
from core.vocabulary import Role
from pages.shared import paging, school_people
from pages.shared.access import require

signed_in = require(Role.INSTITUTION)
PAGE_SIZE = 20


def first_page() -> None:
    """Callback: another list begins at its first page."""
    paging.first("people_page")


st.title(_("Our participants"), anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    text = st.text_input(
        _("Search by name"),
        key="people_search",
        type="search",
        live=True,
        placeholder=_("Part of a name"),
        on_change=first_page,
        width=320,
    )
    only_to_ask = st.toggle(_("Only those to confirm"), key="people_to_ask", on_change=first_page)
with read() as db:
    found = colleagues.linked(
        db,
        signed_in.actor,
        text or "",
        only_to_ask=only_to_ask,
        page=paging.current("people_page"),
        size=PAGE_SIZE,
    )
    own = institutions.own(db, signed_in.actor)
if found.to_ask:
    st.info(
        ngettext(
            "Is {count} colleague still linked to your institution? One click a person confirms it for a year.",
            "Are {count} colleagues still linked to your institution? One click a person confirms it for a year.",
            found.to_ask,
        ),
        icon=":material/how_to_reg:",
    )
st.caption(ngettext("{count} linked person", "{count} linked persons", found.total))
if not found.total:
    st.info(
        _("Nobody found. Try part of the name.") if text or only_to_ask else _("Nobody is linked yet."),
        icon=":material/group:",
    )
for row in found.rows:
    school_people.draw(row)
paging.pages(found.total, PAGE_SIZE, "people_page")
school_people.invitation(own.name)
school_people.remove_dialog(found.rows)
