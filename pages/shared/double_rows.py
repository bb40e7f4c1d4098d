"""How a likely double looks in the list: the two beside each other, why they are alike, and what can be done."""

import streamlit as st

from core.i18n import _, short_day
from core.labels import label
from core.queries.doubles import DoubleRow
from core.queries.people import PersonRow
from core.services import doubles
from core.vocabulary import Actor, Party
from pages.shared import cards, file_merge, people_rows
from pages.shared.feedback import attempt, dialog_subject, open_dialog


def row(each: DoubleRow) -> None:
    """Two that are likely the same."""
    with st.container(border=True, key=f"double_{each.double_id}"):
        st.caption(f":material/people_alt: {' · '.join(label(reason) for reason in each.reasons)}")
        for column, one in zip(st.columns(2), (each.first, each.second), strict=True):
            with column:
                (people_rows.person if isinstance(one, PersonRow) else people_rows.institution)(one)
        if each.dismissed_at is None:
            _open(each)
        else:
            _dismissed(each)


def _open(each: DoubleRow) -> None:
    with st.container(horizontal=True):
        st.button(
            _("Compare and merge"),
            key=f"merge_{each.double_id}",
            type="primary",
            icon=":material/call_merge:",
            on_click=open_dialog,
            args=("merge_pair", f"{each.kept_id}-{each.absorbed_id}"),
        )
        st.button(
            _("No double"),
            key=f"dismiss_{each.double_id}",
            icon=":material/person_off:",
            on_click=attempt,
            args=("doubles", lambda db, actor: doubles.dismiss(db, actor, each.double_id)),
            kwargs={"done": _("Noted: no double. It stands under «No double» if you change your mind.")},
        )


def _dismissed(each: DoubleRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if each.dismissed_at is not None:
            said = _("{name} said on {date} that these are two.")
            st.caption(said.format(name=cards.plain(each.dismissed_by), date=short_day(each.dismissed_at.date())))
        st.button(
            _("May be a double after all"),
            key=f"reopen_{each.double_id}",
            icon=":material/undo:",
            on_click=attempt,
            args=("doubles", lambda db, actor: doubles.reopen(db, actor, each.double_id)),
            kwargs={"done": _("It stands among the likely doubles again.")},
        )


def dialog(reader: Actor, party: Party) -> None:
    """The comparison of the two that were clicked."""
    subject = str(dialog_subject("merge_pair") or "")
    kept, _dash, absorbed = subject.partition("-")
    if absorbed:
        file_merge.dialog(reader, party, int(kept), int(absorbed), can_swap=True)
