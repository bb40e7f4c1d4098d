"""The list of the inbox: which conversations, how long each waits and who has it; the keys J and K walk through it."""

import math

import streamlit as st

from core import clock
from core.i18n import _, day, ngettext
from core.labels import label
from core.queries.inbox import ThreadPage, ThreadRow
from core.vocabulary import Shelf, ThreadState, Whose
from pages.shared import cards, paging
from pages.shared.address import Choice

PAGE_SIZE, PAGE = 12, "thread_page"
#: What stands in the page's address; `gesprek` is the conversation shown.
CHOICES = {
    "lade": Choice(Shelf, Shelf.WAITING),
    "van": Choice(Whose, Whose.ALL),
    "zoek_mail": Choice(empty=""),
    "gesprek": Choice(int),
}
_DAY = 24


def filters() -> tuple[Shelf, Whose, str]:
    """Where conversations lie, who has them, and the words to look for."""
    with st.container(horizontal=True, vertical_alignment="center"):
        shelf = st.segmented_control(
            _("State"),
            list(Shelf),
            required=True,
            format_func=label,
            key="lade",
            label_visibility="collapsed",
            on_change=_another_list,
        )
        whose = st.segmented_control(
            _("Who has it"),
            list(Whose),
            required=True,
            format_func=label,
            key="van",
            label_visibility="collapsed",
            on_change=_another_list,
        )
        text = st.text_input(
            _("Search"),
            key="zoek_mail",
            type="search",
            live=True,
            placeholder=_("Subject, address, name or words of a mail"),
            label_visibility="collapsed",
            on_change=_another_list,
        )
    return shelf, whose, text or ""


def _another_list() -> None:
    paging.first(PAGE)
    st.session_state["gesprek"] = None


def draw(found: ThreadPage, chosen: int | None) -> None:
    """One page of the list."""
    many = ngettext("{count} conversation", "{count} conversations", found.total)
    st.caption(
        _("The first {conversations}: give another word to find fewer.").format(conversations=many)
        if found.is_more
        else many
    )
    places = [row.thread_id for row in found.rows]
    at = places.index(chosen) if chosen in places else None
    for place, row in enumerate(found.rows):
        shortcut = None if at is None else {at + 1: "J", at - 1: "K"}.get(place)
        st.button(
            _text(row),
            key=f"open_{row.thread_id}",
            width="stretch",
            type="primary" if row.thread_id == chosen else "secondary",
            wrap=True,
            shortcut=shortcut,
            on_click=st.session_state.__setitem__,
            args=("gesprek", row.thread_id),
        )
    if math.ceil(found.total / PAGE_SIZE) > 1:
        paging.pages(found.total, PAGE_SIZE, PAGE)


def _text(row: ThreadRow) -> str:
    parts = [cards.plain(_short(row.address, 34)), _state(row)]
    if row.holder:
        parts.append(f":material/person: {cards.plain(_short(row.holder, 20))}")
    if row.mails > 1:
        parts.append(f":material/forum: {row.mails}")
    return f"**{cards.plain(_short(row.subject or _('(no subject)'), 46))}**  \n{' · '.join(parts)}"


def _state(row: ThreadRow) -> str:
    if row.state is ThreadState.CLOSED:
        return day(clock.day_of(row.last_mail_at))
    if row.snoozed_until is not None and row.snoozed_until > clock.today():
        return _("until {day}").format(day=day(row.snoozed_until))
    return _("waits {time}").format(time=waited(row))


def waited(row: ThreadRow) -> str:
    """How long somebody waits, as coarse as one needs it."""
    minutes = max(1, int((clock.now() - row.waiting_since).total_seconds() // 60))
    hours = minutes // 60
    if hours >= 2 * _DAY:
        return ngettext("{count} day", "{count} days", hours // _DAY)
    if hours >= 1:
        return ngettext("{count} hour", "{count} hours", hours)
    return ngettext("{count} minute", "{count} minutes", minutes)


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
