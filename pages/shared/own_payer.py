"""Changing who pays, in the week before the debit note leaves (R15)."""

from collections.abc import Sequence

import streamlit as st

from core.db import read
from core.i18n import _, day, say
from core.queries.accounts import SignedIn
from core.queries.enrolments import EnrolmentRow, PossiblePayer, possible_payers
from core.services import payers
from core.vocabulary import PayerKind
from pages.shared import cards
from pages.shared.feedback import attempt, close_dialog, dialog_subject, refusal


def dialog(signed_in: SignedIn, rows: Sequence[EnrolmentRow]) -> None:
    """The question who pays, for the enrolment it was asked of."""
    subject = dialog_subject("payer")
    row = next((row for row in rows if row.enrolment_id == subject), None)
    if row is None:
        return
    with read() as db:
        found = possible_payers(db, signed_in.actor)

    @st.dialog(_("Who pays?"), icon=":material/account_balance_wallet:", on_dismiss=close_dialog)
    def ask() -> None:
        st.markdown(f"**{cards.plain(row.course_title)}**")
        if row.debit_note_on is not None:
            st.caption(
                _("The debit note leaves on {date}; until then this can change.").format(date=day(row.debit_note_on))
            )
        chosen = _choice(row, found)
        refusal("payer", "payer")
        refusal("payer")
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Leave it as it is"), key="keep_payer", on_click=close_dialog)
            st.button(
                _("Save"),
                key="confirm_payer",
                type="primary",
                on_click=attempt,
                args=("payer", lambda db, actor: payers.change_payer(db, actor, row.enrolment_id, chosen or None)),
                kwargs={"done": _("Saved. Whoever is concerned is told by mail.")},
            )

    ask()


def _choice(row: EnrolmentRow, found: Sequence[PossiblePayer]) -> int:
    """Myself (0), or one of the linked institutions that may be named."""
    names = {0: _("Myself")} | {each.institution_id: name_of(each) for each in found if each.refusal is None}
    by_school = row.payer_kind is PayerKind.INSTITUTION
    current = next((each.institution_id for each in found if by_school and each.name == row.payer_name), 0)
    options = list(names)
    chosen: int = st.radio(
        _("Payer"),
        options,
        index=options.index(current) if current in options else 0,
        format_func=names.get,
        key=f"payer_of_{row.enrolment_id}",
        label_visibility="collapsed",
    )
    for each in found:
        if each.refusal is not None:
            st.caption(f":material/block: {cards.plain(say(each.refusal))}")
    return chosen


def name_of(payer: PossiblePayer) -> str:
    """An institution in the choice of payers; some want to be asked first."""
    text = _("Institution {name}").format(name=payer.name)
    return f"{text} ({_('is asked first')})" if payer.is_asked_first else text
