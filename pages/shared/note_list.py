"""How notes look in the lists of finance, and what a list is narrowed down to."""

import streamlit as st

from core.access import NotFound
from core.db import read
from core.i18n import _, ngettext, short_day
from core.labels import colour, label
from core.money import euro
from core.queries import debtors
from core.queries.note_rows import NoteFound
from core.queries.note_search import Show
from core.rules import ageing
from core.vocabulary import Actor, NoteKind
from pages.shared import cards, paging


def name_of(show: Show) -> str:
    """The name of a list."""
    return {
        Show.ALL: _("All notes"),
        Show.OPEN: _("Still to be paid"),
        Show.OVERDUE: _("Overdue"),
        Show.PAID: _("Paid in full"),
        Show.CREDITED: _("With a credit note"),
        Show.TOO_MUCH: _("Paid too much"),
        Show.REMINDED: _("Reminded"),
        Show.ON_HOLD: _("Not to be reminded"),
        Show.HELD: _("Mail kept back"),
        Show.REFUSED: _("Mail did not arrive"),
        Show.CREDIT_NOTES: _("Credit notes"),
    }[show]


def row(found: NoteFound) -> None:
    """A note: its number opens its page."""
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            link(found.note_id, f"**{cards.plain(found.number)}**")
            with st.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
                if found.kind is NoteKind.CREDIT:
                    st.badge(label(found.kind), color="gray")
                elif found.left_cents < 0:
                    st.badge(_("Paid too much"), color="red")
                elif found.state is not None:
                    st.badge(label(found.state), color=colour(found.state))
                st.markdown(f"**{euro(found.total_cents)}**", width="content")
        st.markdown(f"{cards.plain(found.payer_name)} · {cards.plain(found.course_title)}")
        st.caption(" · ".join(fact for fact in _facts(found) if fact))


def _facts(found: NoteFound) -> tuple[str, ...]:
    others = found.lines - 1
    who = cards.plain(found.person_name) if found.person_name != found.payer_name else ""
    if others:
        who = f"{cards.plain(found.person_name)} {ngettext('and {count} other', 'and {count} others', others)}"
    due = _("to be paid by {date}").format(date=short_day(found.due_on)) if found.due_on else ""
    is_part = found.kind is NoteKind.DEBIT and found.left_cents not in (0, found.total_cents)
    left = ""
    if is_part and found.left_cents > 0:
        left = _("{amount} open").format(amount=euro(found.left_cents))
    elif is_part:
        left = _("{amount} paid too much").format(amount=euro(-found.left_cents))
    return who, cards.plain(found.course_code), short_day(found.issued_on), due, left


def link(note_id: int, text: str) -> None:
    """The way to the page of a note."""
    st.page_link("coordinator/note.py", label=text, icon=":material/receipt_long:", query_params={"id": str(note_id)})


def narrowed(actor: Actor, page: str) -> None:
    """What a list is narrowed down to, each with a click that takes it away."""
    state = st.session_state
    named = []
    if state.get("ouderdom") is not None:
        named.append(("ouderdom", ageing.names()[state["ouderdom"]]))
    for key, kind in (
        ("instelling", debtors.Kind.INSTITUTION),
        ("persoon_id", debtors.Kind.PERSON),
        ("nascholing_id", debtors.Kind.COURSE),
    ):
        if state.get(key) is not None:
            try:
                with read() as db:
                    named.append((key, debtors.name_of(db, actor, kind, state[key])))
            except NotFound:
                state[key] = None
    if not named:
        return

    def drop(key: str) -> None:
        state[key] = None
        paging.first(page)

    with st.container(horizontal=True, gap="small"):
        for key, name in named:
            st.button(
                cards.plain(name), key=f"drop_{key}", icon=":material/close:", on_click=drop, args=(key,),
                help=_("Show the notes of others again"),
            )  # fmt: skip
