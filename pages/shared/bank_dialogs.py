"""Placing a bank line by hand: on notes that are searched, with a rest that is kept, aside; undoing; using credit."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.access import NotFound
from core.db import Db, read
from core.i18n import _
from core.money import euro
from core.queries import note_choices
from core.queries import payments as payments_queries
from core.queries.note_choices import NoteChoice
from core.queries.payments import WaitingRow
from core.rules.proposals import Part
from core.services import payments
from core.vocabulary import Actor
from pages.shared import bank_rows, cards, forms
from pages.shared.feedback import attempt, close_dialog, dialog_subject, refusal

_KNOWN = "_bank_choices"


def draw(actor: Actor) -> None:
    """The dialog that was opened, if any."""
    for name, show in (
        ("divide_line", _divide),
        ("aside_line", _aside),
        ("undo_line", _undo),
        ("spend_credit", _spend),
    ):
        subject = dialog_subject(name)
        if subject is not None:
            show(actor, int(subject))


def _end(place: str, keep: str, do: str, action: Callable[[Db, Actor], object], *, done: str, is_off: bool) -> None:
    refusal(place)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(keep, key=f"keep_{place}", on_click=close_dialog)
        st.button(
            do,
            key=f"do_{place}",
            type="primary",
            disabled=is_off,
            on_click=attempt,
            args=(place, action),
            kwargs={"done": done},
        )


def _waits(actor: Actor, transaction_id: int) -> WaitingRow | None:
    """The line; None (and the dialog closes) when somebody placed it meanwhile."""
    try:
        with read() as db:
            return payments_queries.waiting_line(db, actor, transaction_id)
    except NotFound:
        close_dialog()
        return None


def _divide(actor: Actor, transaction_id: int) -> None:
    row = _waits(actor, transaction_id)
    if row is None:
        return

    @st.dialog(_("Which notes does this pay?"), icon=":material/call_split:", width="medium", on_dismiss=close_dialog)
    def ask() -> None:
        bank_rows.line(row.line, row.left_cents)
        chosen = _chosen(actor, transaction_id)
        left, parts = abs(row.left_cents), []
        for note in chosen:
            cents = _amount(note, row.left_cents, left)
            left -= cents
            parts += _part(note, cents, row.left_cents)
        parts += _rest(chosen, left, row.left_cents)
        _end(
            "divide",
            _("Cancel"),
            _("Place the payment"),
            lambda db, who: payments.place(db, who, transaction_id, parts),
            done=_("The payment has been placed."),
            is_off=not parts,
        )

    ask()


def _search(*, key: str, value: str = "") -> str:
    name = _("Search by note number, reference or payer")
    return st.text_input(name, value, key=key, type="search", live=True, placeholder=_("Part of it is enough")) or ""


def _chosen(actor: Actor, transaction_id: int) -> list[NoteChoice]:
    """The notes that are ticked, found by what is typed; without typing those of who seems to have paid."""
    text = _search(key=f"choice_search_{transaction_id}")
    with read() as db:
        found = {each.note_id: each for each in note_choices.choices(db, actor, text, of_line=transaction_id)}
    line, known = st.session_state.get(_KNOWN, (0, {}))
    known = (known if line == transaction_id else {}) | found
    st.session_state[_KNOWN] = (transaction_id, known)  # what is ticked stays, also while another search hides it
    key = f"choice_notes_{transaction_id}"
    ticked = [each for each in st.session_state.get(key, []) if each in known]
    options = list(dict.fromkeys([*ticked, *found]))
    picked = st.multiselect(
        _("Notes"),
        options,
        format_func=lambda each: _choice_text(known[each]),
        key=key,
        placeholder=_("Choose one or more notes") if options else _("No notes found"),
    )
    return [known[each] for each in picked]


def _choice_text(note: NoteChoice) -> str:
    left = _("{amount} open").format(amount=euro(note.left_cents)) if note.left_cents > 0 else _("settled")
    if note.left_cents < 0:
        left = _("{amount} paid too much").format(amount=euro(-note.left_cents))
    return f"{note.number} · {note.payer_name} · {left}"


def _amount(note: NoteChoice, line_cents: int, left: int) -> int:
    """The amount for a note, in cents: what it asks, as far as the line reaches."""
    asked = max(0, note.left_cents if line_cents > 0 else -note.left_cents) or (left if line_cents < 0 else 0)
    value = st.number_input(
        f"{note.number} · {cards.plain(note.payer_name)} (€)",
        min_value=0.0,
        value=min(asked, left) / 100,
        step=1.0,
        format="%.2f",
        key=f"amount_{note.note_id}",
    )
    return round(float(value) * 100)


def _part(note: NoteChoice, cents: int, line_cents: int) -> Sequence[Part]:
    """Money that left gives back what was paid too much of the note, else credit that is kept with it."""
    if not cents:
        return ()
    if line_cents > 0:
        return (Part(note.note_id, cents),)
    return (Part(note.note_id, -cents, is_kept=note.left_cents >= 0),)


def _rest(chosen: Sequence[NoteChoice], left: int, line_cents: int) -> Sequence[Part]:
    """What is not divided: it keeps waiting, or is kept as credit of the payer of the first note."""
    if left < 0:
        st.caption(f":red[{_('{amount} more than the line holds.').format(amount=euro(-left))}]")
    if left <= 0 or not chosen:
        return ()
    st.caption(_("{amount} is left, and keeps waiting.").format(amount=euro(left)))
    text = _("Keep {amount} as credit of {payer}").format(amount=euro(left), payer=cards.plain(chosen[0].payer_name))
    if line_cents > 0 and st.checkbox(text, key="choice_keep"):
        return (Part(chosen[0].note_id, left, is_kept=True),)
    return ()


def _aside(actor: Actor, transaction_id: int) -> None:
    row = _waits(actor, transaction_id)
    if row is None:
        return

    @st.dialog(_("Set this line aside?"), icon=":material/move_to_inbox:", on_dismiss=close_dialog)
    def ask() -> None:
        bank_rows.line(row.line, row.left_cents)
        st.markdown(_("For what is no payment of a note: bank costs, another service of the university, a reversal."))
        forms.text(_("Why (for us only)"), key="aside_remark", longest=200)
        _end(
            "aside",
            _("Cancel"),
            _("Put aside"),
            lambda db, who: payments.set_aside(db, who, transaction_id, forms.kept("aside_remark")),
            done=_("The line has been set aside; it stands under «Placed»."),
            is_off=False,
        )

    ask()


def _undo(_actor: Actor, transaction_id: int) -> None:
    @st.dialog(_("Undo the placing?"), icon=":material/undo:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(_("The whole line waits again, and its notes are open again. What was done stays readable."))
        _end(
            "undo_placing",
            _("Cancel"),
            _("Undo"),
            lambda db, who: payments.undo(db, who, transaction_id),
            done=_("Undone: the line waits again."),
            is_off=False,
        )

    ask()


def _spend(actor: Actor, kept_with: int) -> None:
    @st.dialog(_("Use credit for another note"), icon=":material/redeem:", width="medium", on_dismiss=close_dialog)
    def ask() -> None:
        with read() as db:
            kept = {row.note_id: row for row in payments_queries.credits_kept(db, actor).rows}.get(kept_with)
            if kept is None:
                return
            text = _search(key=f"spend_search_{kept_with}", value=kept.payer_name)
            found = [each for each in note_choices.choices(db, actor, text) if each.left_cents > 0]
        st.markdown(_("{payer} has {amount}.").format(payer=cards.plain(kept.payer_name), amount=euro(kept.cents)))
        note = st.selectbox(
            _("Note"), found, format_func=_choice_text, key="spend_note", placeholder=_("No notes found")
        )
        cents = min(kept.cents, note.left_cents) if note is not None else 0
        _end(
            "spend",
            _("Cancel"),
            _("Use {amount}").format(amount=euro(cents)),
            lambda db, who: payments.spend(db, who, kept_with, note.note_id if note else 0, cents),
            done=_("The credit has been used."),
            is_off=note is None,
        )

    ask()
