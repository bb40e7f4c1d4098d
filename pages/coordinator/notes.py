"""«Debetnota's»: find any note by number, reference, amount, payer, person, school or course; by how it stands."""

import streamlit as st

from core.db import read
from core.i18n import _, ngettext, number
from core.money import euro
from core.queries import note_search
from core.queries.note_search import Asked, Show
from core.rules import ageing
from core.vocabulary import Role
from pages.shared import address, note_list, paging
from pages.shared.access import require
from pages.shared.address import Choice

signed_in = require(Role.COORDINATOR)
PAGE_SIZE, PAGE = 25, "notes_page"


def band_of(text: str) -> int:
    """A band of what is open, as the address writes it."""
    return list(range(ageing.BANDS))[int(text)]


CHOICES = {
    "toon": Choice(Show, Show.ALL),
    "zoek_nota": Choice(empty=""),
    "ouderdom": Choice(band_of),
    "instelling": Choice(int),
    "persoon_id": Choice(int),
    "nascholing_id": Choice(int),
}

address.adopt(CHOICES)
st.title(_("Debit notes"), anchor=False)
st.text_input(
    _("Search"),
    key="zoek_nota",
    type="search",
    live=True,
    placeholder=_("Number, reference (+++), amount (€ 190), payer, participant, school or course"),
    label_visibility="collapsed",
    on_change=paging.first,
    args=(PAGE,),
)
show = st.pills(
    _("Which notes?"),
    list(Show),
    required=True,
    format_func=note_list.name_of,
    key="toon",
    label_visibility="collapsed",
    on_change=paging.first,
    args=(PAGE,),
)
note_list.narrowed(signed_in.actor, PAGE)
address.tell(CHOICES)
asked = Asked(
    show=Show(show),
    text=st.session_state["zoek_nota"] or "",
    band=st.session_state["ouderdom"],
    institution_id=st.session_state["instelling"],
    person_id=st.session_state["persoon_id"],
    course_id=st.session_state["nascholing_id"],
)
with read() as db:
    found = note_search.search(db, signed_in.actor, asked, page=paging.current(PAGE), size=PAGE_SIZE)
if found.is_capped:
    words = _("more than {count} notes").format(count=number(note_search.MOST))
else:
    words = ngettext("{count} note", "{count} notes", found.total)
if found.left_cents is not None:
    words += " · " + _("{amount} open").format(amount=euro(found.left_cents))
st.caption(words)
if found.is_cut:
    st.info(_("More match than are shown here. Type more to narrow it down."), icon=":material/filter_list:")
if not found.total:
    st.info(_("No notes found. Try part of the name, the whole number or another list."), icon=":material/search_off:")
for row in found.rows:
    note_list.row(row)
paging.pages(found.total, PAGE_SIZE, PAGE)
