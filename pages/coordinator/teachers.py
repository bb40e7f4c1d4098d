"""The teachers: find one, add one, correct a name or an address."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext
from core.queries import teachers
from core.vocabulary import Role
from pages.shared import address, paging, teacher_rows
from pages.shared.access import require
from pages.shared.address import Choice
from pages.shared.feedback import open_dialog, refusal

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE = 20, "teacher_page"
CHOICES = {"zoek_docent": Choice(empty="")}


def first_page() -> None:
    """Callback: another list begins at its first page."""
    paging.first(PAGE)


address.adopt(CHOICES)
st.page_link("coordinator/courses.py", label=_("All courses"), icon=":material/arrow_back:")
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title(_("Teachers"), anchor=False, width="content")
    st.button(
        _("New teacher"),
        key="new_teacher",
        icon=":material/person_add:",
        on_click=open_dialog,
        args=(teacher_rows.DIALOG, teacher_rows.NEW),
    )
text = st.text_input(
    _("Search"),
    key="zoek_docent",
    type="search",
    live=True,
    placeholder=_("Name or address"),
    label_visibility="collapsed",
    on_change=first_page,
)
address.tell(CHOICES)
with read() as db:
    found = teachers.page_of(db, signed_in.actor, text or "", page=paging.current(PAGE), size=PAGE_SIZE)
st.caption(ngettext("{count} teacher", "{count} teachers", found.total))
if not found.total:
    st.info(_("No teacher has this name or address."), icon=":material/person_search:")
refusal(teacher_rows.LINKS)
for row in found.rows:
    teacher_rows.draw(row)
paging.pages(found.total, PAGE_SIZE, PAGE)
teacher_rows.dialogs(found)
