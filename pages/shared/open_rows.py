"""What is open, row by row: the bands of age, and each payer or course with the way to its notes."""

import streamlit as st

from core.i18n import _, ngettext
from core.money import euro
from core.queries.debtors import Ages, Kind, Owing
from core.queries.note_search import Show
from core.rules import ageing
from pages.shared import cards

_FILES = {
    Kind.INSTITUTION: "coordinator/institution.py",
    Kind.PERSON: "coordinator/person.py",
    Kind.COURSE: "coordinator/course.py",
}
_NARROWED_BY = {Kind.INSTITUTION: "instelling", Kind.PERSON: "persoon_id", Kind.COURSE: "nascholing_id"}


def bands(found: Ages) -> None:
    """A line for each band, with the way to its notes, and the total that they add up to."""
    for number, (name, cents, notes) in enumerate(zip(ageing.names(), found.bands, found.notes, strict=True)):
        with st.container(
            border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"
        ):
            _to_notes(f"**{name}** · {_notes(notes)}", ouderdom=str(number))
            st.markdown(f"**{euro(cents)}**", width="content")
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.markdown(f"{_('Together')}: **{euro(found.cents)}**", width="content")


def owing(row: Owing, place: str) -> None:
    """A payer or a course: how much, how much of it is overdue, and the ways to the notes and to the file."""
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.page_link(
                _FILES[row.kind],
                label=f"{place}. **{cards.plain(row.name)}**",
                query_params={"id": str(row.identity)},
            )
            st.markdown(f"**{euro(row.cents)}**", width="content")
        overdue = sum(row.bands[1:])
        facts = [cards.plain(row.remark)]
        facts.append(_("{amount} overdue").format(amount=euro(overdue)) if overdue else _("nothing overdue"))
        if row.bands[-1]:
            facts.append(
                _("{amount} longer than {days} days").format(amount=euro(row.bands[-1]), days=ageing.OVERDUE_UP_TO[-1])
            )
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.caption(" · ".join(fact for fact in facts if fact), width="content")
            _to_notes(_notes(row.notes), **{_NARROWED_BY[row.kind]: str(row.identity)})


def _notes(count: int) -> str:
    return ngettext("{count} note", "{count} notes", count)


def _to_notes(text: str, **narrowed: str) -> None:
    st.page_link(
        "coordinator/notes.py",
        label=text,
        icon=":material/receipt_long:",
        query_params={"toon": Show.OPEN.value, **narrowed},
        width="content",
    )
