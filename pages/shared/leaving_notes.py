"""The rows of the debit notes that leave: by day, a note each; keeping one back with the reason, letting it leave."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby

import streamlit as st

from core.db import Db
from core.i18n import _, moment, ngettext, weekday
from core.money import euro
from core.queries.coming import ComingRow
from core.queries.due_notes import KeptSeat, LeavingNote
from core.services import coming_changes, held_notes
from core.vocabulary import Actor, ComingKind
from pages.shared import cards, forms
from pages.shared.feedback import attempt, close_dialog, dialog_subject, open_dialog, refusal

_DIALOG = "keep_note"


class View(StrEnum):
    """The lists, named as the address shows them."""

    TODAY = "vandaag"
    TOMORROW = "morgen"
    WEEK = "week"
    MONTH = "maand"
    KEPT = "tegengehouden"


#: How many days ahead each list looks.
DAYS = {View.TODAY: 0, View.TOMORROW: 1, View.WEEK: 7, View.MONTH: 31}


def name_of(view: View) -> str:
    """What a list is called on the screen."""
    return {
        View.TODAY: _("Leaves today"),
        View.TOMORROW: _("Until tomorrow"),
        View.WEEK: _("Coming 7 days"),
        View.MONTH: _("Coming 31 days"),
        View.KEPT: _("Kept back"),
    }[view]


def nothing_in(view: View) -> str:
    """What to say when a list is empty."""
    return _("No debit note is kept back.") if view is View.KEPT else _("No debit note leaves in this time.")


def as_coming(row: LeavingNote | KeptSeat) -> ComingRow:
    """A row as the dialog with its mails knows it."""
    return ComingRow(ComingKind.DEBIT_NOTE, row.enrolment_id, row.leaves_on, row.payer_name, "", row.cents)


def draw(rows: Sequence[LeavingNote | KeptSeat], *, can_act: bool) -> None:
    """The rows, by the day on which they leave."""
    for on, notes in groupby(rows, key=lambda row: row.leaves_on):
        st.markdown(f"**{weekday(on)}**")
        for row in notes:
            with st.container(border=True, gap="xxsmall"):
                _facts(row)
                if can_act:
                    _actions(row)


def _facts(row: LeavingNote | KeptSeat) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="stretch", gap="xxsmall"):
            st.markdown(f"**{cards.plain(row.payer_name)}**")
            st.caption(" · ".join(cards.plain(fact) for fact in _about(row) if fact))
        st.markdown(euro(row.cents), width="content")
    if isinstance(row, KeptSeat):
        by = _("Kept back by {name} on {moment}").format(name=cards.plain(row.kept_by), moment=moment(row.kept_at))
        reason = f": {cards.plain(row.reason)}" if row.reason else ""
        st.markdown(f":material/pause: {by}{reason}")


def _about(row: LeavingNote | KeptSeat) -> tuple[str, ...]:
    if isinstance(row, KeptSeat) or row.seats == 1:
        return row.person_name, row.course_title
    seats = ngettext("{count} enrolment on one note", "{count} enrolments on one note", row.seats)
    return seats, _("reference: {reference}").format(reference=row.reference) if row.reference else ""


def _actions(row: LeavingNote | KeptSeat) -> None:
    identity, kind = row.enrolment_id, ComingKind.DEBIT_NOTE
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("View and change"),
            key=f"view_{identity}",
            icon=":material/visibility:",
            on_click=open_dialog,
            args=("leaving", f"{kind}:{identity}"),
        )
        if isinstance(row, KeptSeat):
            st.button(
                _("Let it leave"),
                key=f"release_{identity}",
                icon=":material/play_arrow:",
                on_click=attempt,
                args=(f"note_{identity}", lambda db, actor: coming_changes.release(db, actor, kind, identity)),
            )
        else:
            st.button(
                _("Keep back"),
                key=f"hold_{identity}",
                icon=":material/pause:",
                on_click=open_dialog,
                args=(_DIALOG, identity),
            )
    refusal(f"note_{identity}")


def dialog() -> None:
    """Why a note is kept back."""
    identity = dialog_subject(_DIALOG)
    if not isinstance(identity, int):
        return
    key = f"keep_reason_{identity}"

    def act(db: Db, actor: Actor) -> int:
        return held_notes.hold(db, actor, identity, forms.kept(key))

    @st.dialog(_("Keep this debit note back"), icon=":material/pause:", on_dismiss=close_dialog)
    def show() -> None:
        st.caption(_("It does not leave until somebody lets it. Who pays is not told."))
        forms.text(_("Why is it kept back?"), key=key, longest=200)
        refusal(_DIALOG, "reason")
        refusal(_DIALOG)
        st.button(
            _("Keep back"),
            key="confirm_keep",
            type="primary",
            icon=":material/pause:",
            on_click=attempt,
            args=(_DIALOG, act),
            kwargs={"done": _("Kept back. You find it under «Kept back».")},
        )

    show()
