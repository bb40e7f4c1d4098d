"""How bank lines look in their lists, and what can be done with each."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

import streamlit as st

from core.db import Db
from core.i18n import _, moment, ngettext, short_day
from core.labels import label
from core.money import euro
from core.queries.payments import CreditRow, FileRow, Found, LineRow, PartRow, PlacedRow, WaitingRow
from core.rules.proposals import Part
from core.services import payments
from core.vocabulary import Actor, MatchKind, PlacedAs
from pages.shared import cards
from pages.shared.feedback import attempt, open_dialog

PLACE = "payments"


class View(StrEnum):
    """The lists of the page; the value stands in its address."""

    WAITING = "te-plaatsen"
    PLACED = "geplaatst"
    CREDITS = "tegoeden"
    FILES = "bestanden"


def name_of(view: View) -> str:
    """The name of a list."""
    return {
        View.WAITING: _("To place"),
        View.PLACED: _("Placed"),
        View.CREDITS: _("Credit kept"),
        View.FILES: _("Bank files"),
    }[view]


def draw(view: View, found: Found, *, can_place: bool) -> None:
    """The rows of a list, or what it means that there are none."""
    empty = {
        View.WAITING: _("No payment waits for you."),
        View.PLACED: _("No payments found."),
        View.CREDITS: _("No credit is kept for anybody."),
        View.FILES: _("No bank file has been read yet."),
    }
    if not found.total:
        st.success(empty[view], icon=":material/done_all:")
    rows = {View.WAITING: _waiting, View.PLACED: _placed, View.CREDITS: _credit, View.FILES: _file}
    for row in found.rows:
        with st.container(border=True, gap="xsmall"):
            rows[view](row, can_place=can_place)


def line(row: LineRow, cents: int) -> None:
    """What the bank says: who, when, how much, and the words of the payer."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{cards.plain(row.name) or _('(no name)')}**", width="content")
        st.markdown(f"**{euro(cents)}**", width="content")
    facts = [short_day(row.booked_on), row.iban, _("of {amount}").format(amount=euro(row.cents))]
    st.caption(" · ".join(cards.plain(fact) for fact in facts[: 3 if cents != row.cents else 2] if fact))
    if row.said:
        st.markdown(f"«{cards.plain(row.said)}»")


def parts_of(parts: Sequence[PartRow]) -> None:
    """Where the money goes or went, one line a part."""
    for part in parts:
        amount = euro(abs(part.cents))
        if part.placed_as is PlacedAs.ASIDE:
            text = f"{amount} · {_('Set aside')} {cards.plain(part.remark)}"
        else:
            kept = f" · {label(PlacedAs.KEPT)}" if part.placed_as is PlacedAs.KEPT else ""
            text = f"{amount} · {cards.plain(part.number)} · {cards.plain(part.payer_name)}{kept}"
        back = f" · {_('paid back')}" if part.cents < 0 else ""
        st.markdown(f":material/subdirectory_arrow_right: {text}{back}")


def _waiting(row: WaitingRow, *, can_place: bool) -> None:
    line(row.line, row.left_cents)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(label(row.kind), color="gray" if row.kind is MatchKind.UNKNOWN else "orange")
        st.markdown(cards.plain(row.reason), width="stretch")
    parts_of(row.parts)
    if not can_place:
        return
    identity = row.line.transaction_id
    with st.container(horizontal=True):
        if row.parts:
            st.button(
                _("Confirm"),
                key=f"confirm_{identity}",
                type="primary",
                icon=":material/check:",
                on_click=attempt,
                args=(PLACE, partial(_confirm, identity, row.parts)),
                kwargs={"done": _("The payment has been placed.")},
            )
        for name, text, icon in (
            ("divide", _("Choose notes"), ":material/call_split:"),
            ("aside", _("Put aside"), ":material/move_to_inbox:"),
        ):
            key = f"{name}_{identity}"
            st.button(text, key=key, icon=icon, on_click=open_dialog, args=(f"{name}_line", identity))


def _confirm(transaction_id: int, parts: Sequence[PartRow], db: Db, actor: Actor) -> int:
    chosen = [
        Part(part.note_id, part.cents, part.placed_as is PlacedAs.KEPT) for part in parts if part.note_id is not None
    ]
    return payments.place(db, actor, transaction_id, chosen)


def _placed(row: PlacedRow, *, can_place: bool) -> None:
    line(row.line, row.line.cents)
    parts_of(row.parts)
    how = _("By itself, {moment}") if row.is_automatic else _("{name}, {moment}")
    st.caption(how.format(moment=moment(row.made_at), name=cards.plain(row.made_by)))
    if can_place:
        identity = row.line.transaction_id
        st.button(
            _("Undo"),
            key=f"undo_{identity}",
            icon=":material/undo:",
            on_click=open_dialog,
            args=("undo_line", identity),
        )


def _credit(row: CreditRow, *, can_place: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{cards.plain(row.payer_name)}**", width="content")
        st.markdown(f"**{euro(row.cents)}**", width="content")
    st.caption(_("Kept with note {number}. Paid back? Place the outgoing bank line.").format(number=row.number))
    if can_place:
        st.button(
            _("Use for another note"),
            key=f"spend_{row.note_id}",
            icon=":material/redeem:",
            on_click=open_dialog,
            args=("spend_credit", row.note_id),
        )


def _file(row: FileRow, *, can_place: bool) -> None:  # noqa: ARG001 - one signature for all lists
    st.markdown(f"**{cards.plain(row.name)}**")
    lines = ngettext("{count} line", "{count} lines", row.lines)
    new = ngettext("{count} new", "{count} new", row.added)
    st.caption(f"{moment(row.made_at)} · {cards.plain(row.made_by)} · {lines}, {new}")
    for doubt in row.doubts:
        st.caption(f":orange[:material/warning: {cards.plain(doubt)}]")
